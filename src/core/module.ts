// From what the caller has to a compiled module: bytes, a URL, a Response, a module, or the one that the package brings.

import { UnsupportedError } from '../base/errors.js';
import type { Fetchable } from './moduleSource.js';

/** `strict` gives the same bytes on every engine; `relaxed` may fuse a product and a sum, where the engine can. */
export type Build = 'strict' | 'relaxed';

/** Where a module comes from. A string is a URL. */
export type ModuleSource = Fetchable | WebAssembly.Module;

/** Node's compression, where there is Node. The engine's needs `Response`, which makes Node load fetch: that takes longer than all else. */
const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');

/** Whether this is Node, or something that has its modules. */
export const onNode: boolean = zlib !== undefined;

/** Modules of one function with one instruction, of SIMD and of relaxed SIMD; an engine without it does not validate them. */
const probes: Record<Build, readonly number[]> = {
  strict: [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ],
  relaxed: [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
    253, 128, 2, 11,
  ],
};

/** Whether the engine runs a build. */
export function supports(build: Build): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(probes[build]));
}

/** Throws UnsupportedError, with what to do, where the engine does not run a build. */
export function checkSupport(build: Build): void {
  if (typeof WebAssembly !== 'object') {
    throw new UnsupportedError('engine: expected WebAssembly, got none; is it switched off?');
  }
  if (!supports('strict')) {
    throw new UnsupportedError('engine: expected WebAssembly with SIMD, got none; a newer engine has it');
  }
  if (build === 'relaxed' && !supports('relaxed')) {
    throw new UnsupportedError("build: expected an engine with relaxed SIMD, got one without; use 'strict' or 'auto'");
  }
}

/** The compiled module of a build: from `source`, or the package's own. Throws ModuleError or PolicyError. */
export async function compile(build: Build, source: ModuleSource | undefined): Promise<WebAssembly.Module> {
  if (isModule(source)) return source as WebAssembly.Module;
  const bytes =
    source === undefined
      ? await embedded(build)
      : await (await import('./moduleSource.js')).bytesOf(source as Fetchable);
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    const { compileError } = await import('./moduleSource.js');
    throw compileError(bytes, cause as Error);
  }
}

async function embedded(build: Build): Promise<BufferSource> {
  const { wasm } = build === 'strict' ? await import('./generated/strict.js') : await import('./generated/relaxed.js');
  const bytes = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
  if (zlib !== undefined) return zlib.inflateRawSync(bytes);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();
}

/** Without a type predicate: TypeScript's Module is an empty interface, which everything fits. */
function isModule(source: unknown): boolean {
  return source instanceof WebAssembly.Module;
}
