// What pictures are drawn from: arrays with a shape, typed arrays, numbers, and rows of numbers.

import { list, number } from '../base/check.js';
import { ShapeError } from '../base/errors.js';
import { checkedNdArray, dtypeOf, type NdArray, type TypedArray } from '../base/ndarray.js';
import { show } from '../base/show.js';

/** What a picture is drawn from: a `Tensor` or another array with a shape, a typed array, numbers, or rows of numbers. */
export type PictureSource = NdArray | TypedArray | readonly number[] | readonly (readonly number[])[];

/** Values with their shape, whatever they came in. */
export interface Drawn {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The values of `source`, read once. Throws TypeError, DTypeError, RangeError or ShapeError that names the argument. */
export function checkedSource(name: string, source: PictureSource): Drawn {
  if (dtypeOf(source) !== undefined) {
    const values = list(name, source, number);
    return { shape: [values.length], values };
  }
  if (!Array.isArray(source)) {
    if (typeof source !== 'object' || source === null) {
      throw new TypeError(`${name}: expected an array with dtype, shape and data, or numbers, got ${show(source)}`);
    }
    const { shape, data } = checkedNdArray(name, source as NdArray);
    return { shape, values: data };
  }
  if (source.length === 0 || !Array.isArray(source[0])) {
    const values = list(name, source, number);
    return { shape: [values.length], values };
  }
  const rows = list(name, source, (row, given) => list(row, given, number));
  const columns = rows[0]!.length;
  const ragged = rows.findIndex((row) => row.length !== columns);
  if (ragged >= 0) {
    throw new ShapeError(
      `${name}[${ragged}]: expected ${columns} numbers as in the first row, got ${rows[ragged]!.length}`,
    );
  }
  return { shape: [rows.length, columns], values: rows.flat() };
}

/** The largest magnitude among the finite values; 0 where there is none. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  return largest;
}

/** The smallest and the largest of the finite values; undefined where there is none. */
export function extent(values: ArrayLike<number>): [low: number, high: number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}
