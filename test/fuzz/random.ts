// A small seeded source of random choices: the same seed gives the same choices on every engine.

/** The seed of part `index` of what `seed` seeds. */
export function derive(seed: number, index: number): number {
  let x = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Marsaglia's xorshift of 128 bits. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    this.#a = derive(seed, 0) | 1;
    this.#b = derive(seed, 1);
    this.#c = derive(seed, 2);
    this.#d = derive(seed, 3);
  }

  /** 32 random bits. */
  bits(): number {
    let t = this.#d;
    const s = this.#a;
    this.#d = this.#c;
    this.#c = this.#b;
    this.#b = s;
    t ^= t << 11;
    t ^= t >>> 8;
    this.#a = t ^ s ^ (s >>> 19);
    return this.#a >>> 0;
  }

  /** An integer from 0 to n - 1. */
  below(n: number): number {
    return Math.floor((this.bits() / 2 ** 32) * n);
  }

  /** An integer from `low` to `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** A number from `low` to `high`. */
  real(low: number, high: number): number {
    return low + (this.bits() / 2 ** 32) * (high - low);
  }

  /** True in a share `p` of cases. */
  chance(p: number): boolean {
    return this.bits() < p * 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** `length` items. */
  list<T>(length: number, make: (index: number) => T): T[] {
    return Array.from({ length }, (_, index) => make(index));
  }
}
