// Compiles and instantiates the module over a linear memory.

import { instantiate } from '@assemblyscript/loader';
import { CoreError } from './errors.js';
import type { Exports, Kernels } from './exports.js';
import { Memory } from './memory.js';
import type { FloatDType } from './ndarray.js';
import { Scopes } from './scope.js';

/** `strict` gives the same bytes on every engine; `relaxed` may fuse a product and a sum, where the engine can. */
export type Build = 'strict' | 'relaxed';

/** One instance of the module and its memory. */
export class Core {
  readonly build: Build;
  readonly memory: Memory;
  readonly exports: Exports;
  readonly scopes: Scopes = new Scopes();
  /** The kernels of each floating-point type. */
  readonly kernels: Readonly<Record<FloatDType, Kernels>>;

  readonly #scalar: number;

  private constructor(build: Build, memory: Memory, exports: Exports) {
    this.build = build;
    this.memory = memory;
    this.exports = exports;
    this.#scalar = memory.allocate(8);
    this.kernels = { float32: withoutSuffix(exports, '_f32'), float64: withoutSuffix(exports, '_f64') };
  }

  /** Instantiates a build. Throws CoreError where the engine has no WebAssembly SIMD (relaxed SIMD for that build). */
  static async create(build: Build): Promise<Core> {
    const { wasm } =
      build === 'strict' ? await import('./generated/strict.js') : await import('./generated/relaxed.js');
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    try {
      const { exports } = await instantiate<Exports>(await decompress(wasm), { env: { memory } });
      return new Core(build, new Memory(memory, exports.heapBase()), exports);
    } catch (cause) {
      const needs = build === 'strict' ? 'SIMD' : 'relaxed SIMD';
      throw new CoreError(
        `build: expected an engine that runs WebAssembly with ${needs}, got "${(cause as Error).message}"`,
        {
          cause,
        },
      );
    }
  }

  /** Address of `value` as one element, until the next call. */
  scalar(dtype: FloatDType, value: number): number {
    this.memory.view(dtype, this.#scalar, 1)[0] = value;
    return this.#scalar;
  }

  /** What `use` returns, given the address of `bytes` bytes that are released afterwards. */
  scratch<Result>(bytes: number, use: (pointer: number) => Result): Result {
    const pointer = this.memory.allocate(bytes);
    try {
      return use(pointer);
    } finally {
      this.memory.release(pointer);
    }
  }
}

function withoutSuffix(exports: Exports, suffix: string): Kernels {
  const entries = Object.entries(exports).filter(([name]) => name.endsWith(suffix));
  return Object.fromEntries(
    entries.map(([name, value]) => [name.slice(0, -suffix.length), value]),
  ) as unknown as Kernels;
}

/** The bytes of what `scripts/embed.mjs` wrote. */
async function decompress(base64: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
