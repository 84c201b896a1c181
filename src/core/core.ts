// One instance of the module over its linear memory.

import { demangle } from '@assemblyscript/loader';
import { integer, oneOf } from '../base/check.js';
import { ModuleError, OutOfMemoryError } from '../base/errors.js';
import type { FloatDType } from '../base/ndarray.js';
import { options } from '../base/options.js';
import type { Exports, Kernels } from './exports.js';
import { Memory } from './memory.js';
import { type Build, checkSupport, compile, type ModuleSource, onNode, supports } from './module.js';
import { Scopes } from './scope.js';

/** How a core is made. */
export interface CoreOptions {
  /**
   * `strict`, the default, gives the same bytes on every engine; `relaxed` may fuse a product and a sum, on engines with relaxed
   * SIMD; `auto` is relaxed where the engine has it, strict elsewhere.
   */
  build?: Build | 'auto';
  /**
   * The module to use instead of the one that the package brings: bytes, a URL (of a file too where there is Node's file system), a
   * Response or a compiled module.
   */
  wasm?: ModuleSource;
  /** Linear memory in pages of 64 KiB: to begin with (default 1) and at most (default 65,536, which is 4 GiB). */
  memory?: { initialPages?: number; maximumPages?: number };
}

const mostPages = 65536;
/** Functions that tell this package's module from others: at least one of each part. */
const expected = ['heapBase', 'initGenrand', 'add_f32', 'add_f64', 'fused_f32', 'descend_f64'] as const;

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

  /** A new core. Throws UnsupportedError, PolicyError, ModuleError, OutOfMemoryError, TypeError or RangeError. */
  static async create(given?: CoreOptions): Promise<Core> {
    const { build: wanted = 'strict', wasm, memory: size } = checkedCoreOptions(given);
    const pages = options('memory', size, ['initialPages', 'maximumPages']);
    const chosen = oneOf('build', wanted, ['strict', 'relaxed', 'auto']);
    const build = chosen === 'auto' ? (supports('relaxed') ? 'relaxed' : 'strict') : chosen;
    const maximum = integer('memory.maximumPages', pages.maximumPages ?? mostPages, 1, mostPages);
    const initial = integer('memory.initialPages', pages.initialPages ?? 1, 1, maximum);
    checkSupport(build);
    const module = await compile(build, wasm);
    const memory = allocate(initial, maximum);
    const exports = await instance(module, memory);
    return new Core(build, new Memory(memory, exports.heapBase()), exports);
  }

  /** Releases everything in its memory; any further use of it throws CoreError or ReleasedError. */
  dispose(): void {
    this.memory.close();
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

/** `given` when its names are known; otherwise a TypeError. */
export function checkedCoreOptions(given: CoreOptions | undefined): CoreOptions {
  return options('options', given, ['build', 'wasm', 'memory']);
}

function withoutSuffix(exports: Exports, suffix: string): Kernels {
  const entries = Object.entries(exports).filter(([name]) => name.endsWith(suffix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(0, -suffix.length), value])) as Kernels;
}

function allocate(initial: number, maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial, maximum });
  } catch (cause) {
    const advice = onNode
      ? '; Node.js reserves 10 GiB of addresses for it, but not with --disable-wasm-trap-handler'
      : '';
    throw new OutOfMemoryError(
      `memory: expected room for ${initial} to ${maximum} pages, got "${(cause as Error).message}"${advice}`,
      { cause },
    );
  }
}

async function instance(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Exports> {
  try {
    const imports = { env: { memory } };
    const instance = onNode
      ? new WebAssembly.Instance(module, imports)
      : await WebAssembly.instantiate(module, imports);
    const exports = demangle<Exports>(instance.exports);
    if (expected.every((name) => typeof exports[name] === 'function')) return exports;
  } catch (cause) {
    throw new ModuleError(`wasm: expected the module of this package, got "${(cause as Error).message}"`, { cause });
  }
  throw new ModuleError('wasm: expected the module of this package, got one without its functions');
}
