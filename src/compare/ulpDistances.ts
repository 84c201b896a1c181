// Units in the last place between two arrays, in any floating-point dtype that files have.

import type { StoredFloat } from '../base/ndarray.js';
import { roundingOf, ulpDistance } from './ulp.js';

const word = new DataView(new ArrayBuffer(4));

/** The `ulpDistance` from each of `a` to that of `b`, for narrow dtypes too; what such a dtype lacks is between its steps. */
export function ulpDistances(a: ArrayLike<number>, b: ArrayLike<number>, dtype: StoredFloat): Float64Array {
  const distance =
    dtype === 'float64'
      ? (x: number, y: number) => ulpDistance(x, y, dtype)
      : (x: number, y: number) => Math.abs(stepsTo(x, dtype) - stepsTo(y, dtype));
  const distances = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) distances[i] = distance(a[i]!, b[i]!);
  return distances;
}

/**
 * How many steps it takes from 0 to `x`. Below the smallest normal value all have one size; from there on the bits of a float32
 * count them, which has more of them by a power of two, and float16 begins 112 powers of two later.
 */
function stepsTo(x: number, dtype: Exclude<StoredFloat, 'float64'>): number {
  const { smallest, epsilon } = roundingOf[dtype];
  const magnitude = Math.abs(x);
  if (magnitude < smallest) return x / (smallest * epsilon);
  word.setFloat32(0, magnitude);
  const first = dtype === 'float16' ? 112 * 2 ** 23 : 0;
  return (Math.sign(x) * (word.getUint32(0) - first)) / (2 ** 23 * epsilon);
}
