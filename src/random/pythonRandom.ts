// Python's `random`.

import { integer } from '../base/check.js';
import { FormatError } from '../base/errors.js';
import { disposeSymbol, Identified, textOf } from '../base/identified.js';
import { show } from '../base/show.js';
import { strictArguments } from '../base/surplus.js';
import { plainTypedArray, type TypedArrayConstructor, typedArrayName } from '../base/typedArrays.js';
import type { Core } from '../core/core.js';
import { Mt19937, stateWords } from './mt19937.js';
import { checkedSeed, digits } from './seed.js';

/**
 * Random numbers equal to those of CPython 3's `random.Random(seed)`.
 *
 *     using random = hg.pythonRandom(42);
 *     random.shuffle(words);
 */
export class PythonRandom extends Identified {
  readonly #mt: Mt19937;

  /** @internal */
  constructor(core: Core, seed: number | bigint) {
    super();
    const value = checkedSeed(seed);
    this.#mt = new Mt19937(core, 'random');
    this.#seed(value);
  }

  /** Whether `value` is one. @internal */
  static is(value: unknown): value is PythonRandom {
    return #mt in Object(value);
  }

  /** What holds its state. @internal */
  get owned(): readonly Mt19937[] {
    return [this.#mt];
  }

  /** `PythonRandom()` */
  override toString(): string {
    return textOf('PythonRandom');
  }

  /** Begins again from `seed`, as `random.seed(seed)`; a seed and its negative are one. Throws as the constructor does. */
  seed(seed: number | bigint): void {
    this.#seed(checkedSeed(seed));
  }

  /** A number on [0, 1), a multiple of 2^-53. `random.random()` is 0.6394267984578837 for seed 42. */
  random(): number {
    const upper = this.#mt.next() >>> 5;
    const lower = this.#mt.next() >>> 6;
    return (upper * 2 ** 26 + lower) / 2 ** 53;
  }

  /** An integer of `k` random bits, 0 <= k <= 53. Throws TypeError or RangeError for other k. `random.getrandbits(8)` */
  getrandbits(k: number): number {
    const bits = integer('k', k, 0, 53);
    if (bits === 0) return 0;
    if (bits <= 32) return this.#mt.next() >>> (32 - bits);
    const lower = this.#mt.next();
    return (this.#mt.next() >>> (64 - bits)) * 2 ** 32 + lower;
  }

  /** An integer from 0 to n - 1, as `random.randrange(n)`, n >= 1. Throws TypeError or RangeError for other n. */
  randbelow(n: number): number {
    const bits = bitLength(integer('n', n, 1));
    let value = this.getrandbits(bits);
    while (value >= n) value = this.getrandbits(bits);
    return value;
  }

  /** Shuffles `list` in place. Throws TypeError for what is no array, is frozen or has holes. `random.shuffle(words)` */
  shuffle(list: unknown[]): void {
    if (!Array.isArray(list)) throw new TypeError(`list: expected an array, got ${show(list)}`);
    if (Object.isFrozen(list)) throw new TypeError('list: expected an array that can be changed, got a frozen one');
    for (let i = 0; i < list.length; i++) {
      if (!(i in list)) throw new TypeError(`list[${i}]: expected an element, got a hole`);
    }
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.randbelow(i + 1);
      const value = list[i];
      list[i] = list[j];
      list[j] = value;
    }
  }

  /** A copy of the state: the 624 words and the index of the next one, as in `random.getstate()[1]`. */
  getState(): Uint32Array {
    return this.#mt.words;
  }

  /**
   * Continues from a state of `getState()`, or of Python: `random.setState(Uint32Array.from(words))`.
   * Throws TypeError for what is no Uint32Array, FormatError for what is no state.
   */
  setState(state: Uint32Array): void {
    if (typedArrayName(state) !== 'Uint32Array')
      throw new TypeError(`state: expected a Uint32Array, got ${show(state)}`);
    const words = plainTypedArray(state, Uint32Array as TypedArrayConstructor<Uint32Array>);
    if (words.length !== stateWords + 1) {
      throw new FormatError(`state: expected ${stateWords + 1} words, got ${words.length}`);
    }
    const index = words[stateWords]!;
    if (index > stateWords) throw new FormatError(`state: expected an index from 0 to ${stateWords}, got ${index}`);
    this.#mt.words = words;
  }

  /** Gives the state's memory back. Any later use but `dispose()` throws ReleasedError. */
  dispose(): void {
    this.#mt.release();
  }

  [disposeSymbol](): void {
    this.dispose();
  }

  #seed(value: bigint): void {
    const keys = digits(value);
    const { core, pointer } = this.#mt;
    core.scratch(4 * keys.length, (address) => {
      new Uint32Array(core.memory.wasm.buffer, address, keys.length).set(keys);
      core.exports.initByArray(pointer, address, keys.length);
    });
  }
}

strictArguments(PythonRandom.prototype);

function bitLength(n: number): number {
  return n < 2 ** 32 ? 32 - Math.clz32(n) : 64 - Math.clz32(n / 2 ** 32);
}
