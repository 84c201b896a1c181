// Seeds: integers, as a number where that is exact and as a bigint of any size.

import { show } from '../base/show.js';

/** `seed` as a bigint; a TypeError or RangeError that names the argument when it is no integer from `minimum` to `maximum`. */
export function checkedSeed(seed: unknown, minimum?: bigint, maximum?: bigint): bigint {
  if (typeof seed !== 'number' && typeof seed !== 'bigint') {
    throw new TypeError(`seed: expected an integer, got ${show(seed)}`);
  }
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    const expected = Number.isInteger(seed) ? 'a bigint beyond 2^53' : 'an integer';
    throw new RangeError(`seed: expected ${expected}, got ${show(seed)}`);
  }
  const value = BigInt(seed);
  if ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum)) {
    throw new RangeError(`seed: expected an integer from ${minimum} to ${maximum}, got ${show(seed)}`);
  }
  return value;
}

/** The absolute value of `seed` in 32-bit digits, the lowest first; [0] for 0. */
export function digits(seed: bigint): Uint32Array {
  const hex = (seed < 0n ? -seed : seed).toString(16);
  return Uint32Array.from({ length: Math.ceil(hex.length / 8) }, (_, i) => {
    const end = hex.length - 8 * i;
    return Number.parseInt(hex.slice(Math.max(0, end - 8), end), 16);
  });
}
