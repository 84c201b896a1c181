// PyTorch's generator on the CPU.

import { integer, oneOf } from '../base/check.js';
import { disposeSymbol, Identified, textOf } from '../base/identified.js';
import { checkedElement, type DType, dtypes, type FloatDType, floatDTypes, type NdArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { checkedShape, elementCount } from '../base/shape.js';
import { show } from '../base/show.js';
import { strictArguments } from '../base/surplus.js';
import type { Core } from '../core/core.js';
import { Mt19937 } from './mt19937.js';
import { checkedSeed } from './seed.js';
import { decodeState, encodeState } from './torchState.js';

const uint64 = 2n ** 64n;

/** Options of a draw of floating-point numbers. */
export interface FloatOptions {
  /** float32 unless said otherwise. */
  readonly dtype?: FloatDType;
}

/**
 * Random numbers equal to those of `torch.Generator()` on the CPU: integers and uniform numbers to the bit; normal numbers of
 * float32 too, where PyTorch runs its AVX2 code (x86), and those of float64 within 4 ULP. A new one has PyTorch's default seed.
 *
 *     using generator = hg.generator().manualSeed(2147483647);
 *     const C = generator.randn([27, 10]);
 */
export class Generator extends Identified {
  readonly #mt: Mt19937;
  #initialSeed = 0n;

  /** @internal */
  constructor(core: Core) {
    super();
    this.#mt = new Mt19937(core, 'generator');
    this.manualSeed(67280421310721n);
  }

  /** `value` when it is a generator of `core`; otherwise a TypeError or CoreError that names the argument. @internal */
  static checked(name: string, value: unknown, core: Core): Generator {
    if (!Generator.is(value)) throw new TypeError(`${name}: expected a Generator, got ${show(value)}`);
    value.#mt.expectCore(core, name);
    return value;
  }

  /** Whether `value` is one. @internal */
  static is(value: unknown): value is Generator {
    return #mt in Object(value);
  }

  /** @internal */
  get core(): Core {
    return this.#mt.core;
  }

  /** What holds its state. @internal */
  get owned(): readonly [Mt19937] {
    return [this.#mt];
  }

  /**
   * Begins again from `seed`, an integer from -2^63 to 2^64 - 1; one beyond 2^53 must be a bigint. Seeds with the same low 32
   * bits give the same numbers. Throws TypeError or RangeError for others. `generator.manualSeed(42)`
   */
  manualSeed(seed: number | bigint): this {
    const value = checkedSeed(seed, -(2n ** 63n), uint64 - 1n);
    this.#mt.core.exports.initGenrand(this.#mt.pointer, Number(BigInt.asIntN(32, value)));
    this.#initialSeed = BigInt.asUintN(64, value);
    return this;
  }

  /** `Generator(initialSeed=42)` */
  override toString(): string {
    return textOf('Generator', { initialSeed: this.#initialSeed });
  }

  /** The seed last given, modulo 2^64. */
  get initialSeed(): bigint {
    return this.#initialSeed;
  }

  /**
   * Integers from `low` to `high` - 1, int32, as `torch.randint(low, high, shape)`. Throws TypeError or RangeError unless low and
   * high are 32-bit integers and low < high. `generator.randint(0, 182625, [32])`
   */
  randint(low: number, high: number, shape: readonly number[]): NdArray {
    checkedElement('low', low, 'int32');
    checkedElement('high', high, 'int32');
    if (high <= low) throw new RangeError(`high: expected an integer above low, ${low}, got ${show(high)}`);
    return this.#draw('int32', shape, (out, state, n) => {
      this.#mt.core.exports.randint(out, state, n, low, high - low);
    });
  }

  /** Uniform numbers on [0, 1). Throws TypeError or RangeError for a bad shape or dtype. `generator.rand([32, 10])` */
  rand(shape: readonly number[], options?: FloatOptions): NdArray {
    const dtype = floatDType(options);
    return this.#draw(dtype, shape, this.#mt.core.kernels[dtype].rand);
  }

  /** Standard normal numbers. Throws TypeError or RangeError for a bad shape or dtype. `generator.randn([27, 10])` */
  randn(shape: readonly number[], options?: FloatOptions): NdArray {
    const dtype = floatDType(options);
    return this.#draw(dtype, shape, this.#mt.core.kernels[dtype].randn);
  }

  /** A permutation of 0 … n-1, int32, [n]. Throws TypeError or RangeError unless n is an integer of at least 0. `generator.randperm(10)` */
  randperm(n: number): NdArray {
    return this.#draw('int32', [integer('n', n, 0, 2 ** 31 - 1)], this.#mt.core.exports.randperm);
  }

  /** The state, byte for byte that of `torch.Generator().get_state()`; `torch.Generator().set_state()` takes it too. */
  getState(): Uint8Array {
    const { words, normal } = this.#mt;
    return encodeState({ seed: this.#initialSeed, words, normal });
  }

  /**
   * Continues from a state of `getState()` or of PyTorch: `generator.setState(bytes)`. Throws TypeError for what is no
   * Uint8Array, FormatError for what is no state.
   */
  setState(bytes: Uint8Array): void {
    const { seed, words, normal } = decodeState(bytes);
    this.#mt.words = words;
    this.#mt.normal = normal;
    this.#initialSeed = seed;
  }

  /** Address of the state, for kernels that draw from this stream. @internal */
  get pointer(): number {
    return this.#mt.pointer;
  }

  /** Gives the state's memory back. Any later draw, seeding, reading or writing of the state throws ReleasedError. */
  dispose(): void {
    this.#mt.release();
  }

  [disposeSymbol](): void {
    this.dispose();
  }

  #draw(dtype: DType, shape: readonly number[], fill: (out: number, state: number, n: number) => void): NdArray {
    const { core, pointer } = this.#mt;
    const sizes = checkedShape('shape', shape);
    const n = elementCount(sizes);
    const data = core.scratch(n * dtypes[dtype].bytes, (out) => {
      fill(out, pointer, n);
      return core.memory.view(dtype, out, n).slice();
    });
    return { dtype, shape: sizes, data };
  }
}

strictArguments(Generator.prototype);

/** What `draw` returns; where it throws, the state of `generator` is what it was. */
export function unlessItFails<Result>(generator: Generator, draw: () => Result): Result {
  const [mt] = generator.owned;
  const [words, normal] = [mt.words, mt.normal];
  try {
    return draw();
  } catch (error) {
    mt.words = words;
    mt.normal = normal;
    throw error;
  }
}

function floatDType(given: FloatOptions | undefined): FloatDType {
  return oneOf('dtype', options('options', given, ['dtype']).dtype ?? 'float32', floatDTypes);
}
