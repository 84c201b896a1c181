// The builds, and whether this engine runs them.

import { readFileSync } from 'node:fs';
import type { Build } from '../../src/core/module.js';

/** A build's module. */
export function moduleBytes(build: Build): Uint8Array<ArrayBuffer> {
  const file = build === 'strict' ? 'core.wasm' : 'core.relaxed.wasm';
  return new Uint8Array(readFileSync(new URL(`../../build/${file}`, import.meta.url)));
}

/** Each build, what a suite over it is called, and whether it is skipped: Node has relaxed SIMD from 22 on. */
export const builds: readonly { build: Build; label: string; skipped: boolean }[] = (
  ['strict', 'relaxed'] as const
).map((build) => {
  const skipped = !WebAssembly.validate(moduleBytes(build));
  return {
    build,
    label: skipped ? `${build} build (skipped: this engine has no relaxed SIMD)` : `${build} build`,
    skipped,
  };
});
