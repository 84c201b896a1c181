// The builds, and whether this engine runs them.

import type { Build } from '../../src/core/module.js';
import { projectFile } from './fixture.js';

const modules: Readonly<Record<Build, Uint8Array<ArrayBuffer>>> = {
  strict: await projectFile('build/core.wasm'),
  relaxed: await projectFile('build/core.relaxed.wasm'),
};

/** A build's module. */
export function moduleBytes(build: Build): Uint8Array<ArrayBuffer> {
  return modules[build];
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
