// Units in the last place.

import { number, oneOf } from '../base/check.js';
import { type FloatDType, floatDTypes, type StoredFloat } from '../base/ndarray.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';

/**
 * How many steps it takes from `a` to `b`, where each step goes to the next number that `dtype` has: 1 for neighbours, 0 for equal
 * numbers (-0 and 0 are equal), NaN when either is NaN. Both are rounded to `dtype` first; distances above 2^53 are rounded to float64.
 *
 * @example ulpDistance(1, 1 + 2 ** -23, 'float32') // 1
 */
export function ulpDistance(a: number, b: number, dtype: FloatDType, ...surplus: never[]): number {
  refuseSurplus('ulpDistance', 3, surplus);
  number('a', a);
  number('b', b);
  oneOf('dtype', dtype, floatDTypes);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  const distance = place(a, dtype) - place(b, dtype);
  return Number(distance < 0n ? -distance : distance);
}

/**
 * The distance from 1 to the next larger value of `dtype`.
 *
 * @example epsilon('float32') // 2 ** -23
 */
export function epsilon(dtype: FloatDType, ...surplus: AsCallback): number {
  refuseSurplus('epsilon', 1, surplus);
  return roundingOf[oneOf('dtype', dtype, floatDTypes)].epsilon;
}

/** For each floating-point dtype: the distance from 1 to the next larger value, the smallest normal value, the largest value. */
export const roundingOf: Readonly<Record<StoredFloat, { epsilon: number; smallest: number; largest: number }>> = {
  float16: { epsilon: 2 ** -10, smallest: 2 ** -14, largest: 65504 },
  bfloat16: { epsilon: 2 ** -7, smallest: 2 ** -126, largest: 2 ** 128 - 2 ** 120 },
  float32: { epsilon: 2 ** -23, smallest: 2 ** -126, largest: 2 ** 128 - 2 ** 104 },
  float64: { epsilon: 2 ** -52, smallest: 2 ** -1022, largest: Number.MAX_VALUE },
};

/** One unit in the last place of `value` in `dtype`. */
export function ulpOf(value: number, dtype: StoredFloat): number {
  const { epsilon, smallest } = roundingOf[dtype];
  return 2 ** Math.floor(Math.log2(Math.max(Math.abs(value), smallest))) * epsilon;
}

const word = new DataView(new ArrayBuffer(8));

/** How many steps it takes from 0 to `value`, less than 0 for a negative one: the bits of |value|, read as an integer, count them. */
function place(value: number, dtype: FloatDType): bigint {
  if (dtype === 'float32') word.setFloat32(0, Math.abs(value));
  else word.setFloat64(0, Math.abs(value));
  const magnitude = dtype === 'float32' ? BigInt(word.getUint32(0)) : word.getBigUint64(0);
  return value < 0 ? -magnitude : magnitude;
}
