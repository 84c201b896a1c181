// Modules that the caller brings, and what is said of those that do not compile; loaded when it is needed.

import { ModuleError, PolicyError } from '../base/errors.js';
import { show } from '../base/show.js';
import { sourceName } from '../base/sourceName.js';
import { typedArrayName } from '../base/typedArrays.js';

/** What the bytes of a module come from. A string is a URL. */
export type Fetchable = BufferSource | URL | string | Response;

/** Node's file system, where there is Node: its fetch takes no file: URL. */
const fs = globalThis.process?.getBuiltinModule?.('node:fs');

/** The bytes of a module. Throws ModuleError when they can't be fetched or read. */
export async function bytesOf(source: Fetchable): Promise<BufferSource> {
  if (source instanceof ArrayBuffer || typedArrayName(source) !== undefined) return source as BufferSource;
  if (typeof source !== 'string' && !(source instanceof URL) && !(source instanceof Response)) {
    throw new TypeError(`wasm: expected bytes, a URL, a Response or a WebAssembly.Module, got ${show(source)}`);
  }
  if (fs !== undefined && !(source instanceof Response) && /^\s*file:/i.test(String(source))) {
    return loaded(source, async () => fs.promises.readFile(new URL(source)));
  }
  const response = source instanceof Response ? source : await loaded(source, () => fetch(source));
  const from = response.url || (source instanceof Response ? 'a Response' : source);
  if (!response.ok) {
    throw new ModuleError(`wasm: expected a module from ${sourceName(from)}, got status ${response.status}`);
  }
  return loaded(from, () => response.arrayBuffer());
}

/** What `load` gives; a ModuleError where it fails. */
async function loaded<Result>(from: URL | string, load: () => Promise<Result>): Promise<Result> {
  try {
    return await load();
  } catch (cause) {
    throw new ModuleError(`wasm: expected a module from ${sourceName(from)}, got ${show((cause as Error).message)}`, {
      cause,
    });
  }
}

/** What a failed compilation means: a policy, or bytes that are no module. */
export function compileError(bytes: BufferSource, cause: Error): Error {
  if (/content security policy|unsafe-eval|\bCSP\b|disallowed by embedder/i.test(cause.message)) {
    return new PolicyError(
      "page: expected a Content-Security-Policy that allows WebAssembly, got one that does not; add 'wasm-unsafe-eval' to script-src",
      { cause },
    );
  }
  const view = ArrayBuffer.isView(bytes) ? bytes : { buffer: bytes, byteOffset: 0, byteLength: bytes.byteLength };
  // A detached buffer has no bytes, and no views.
  const first =
    view.byteLength === 0 ? [] : new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, 16));
  const begin = String.fromCharCode(...first);
  const got = begin.startsWith('\0asm') ? cause.message : `${view.byteLength} bytes that begin with ${show(begin)}`;
  return new ModuleError(`wasm: expected a WebAssembly module, got ${got}`, { cause });
}
