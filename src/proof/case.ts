// A wrong gradient as diagnoses see it, and the arithmetic that they share.

import type { NdArray } from '../base/ndarray.js';
import { elementCount, sameShape } from '../base/shape.js';
import type { Final } from './candidate.js';
import type { Run } from './run.js';
import type { Branch } from './tape.js';

export type Values = ArrayLike<number>;

/** Where a wrong gradient stands. */
export interface Context {
  readonly reference: ReadonlyMap<string, NdArray>;
  readonly branches: ReadonlyMap<string, readonly Branch[]>;
  readonly bounds: ReadonlyMap<string, Float64Array>;
  /** The forward pass in float64. */
  readonly run: Run;
  /** How the gradient came to be what it is, where that was recorded. */
  readonly final?: Final | undefined;
}

/** The element at a place. */
export type At = (i: number) => number;

/** A wrong gradient: what it is given the reference's gradients, and what it should be. */
export interface Case {
  readonly name: string;
  readonly candidate: Values;
  readonly truth: Values;
  readonly shape: readonly number[];
  readonly branches: readonly Branch[];
  /** Whether the candidate is `value` to rounding; `size` is how many times larger than the truth what it is made of may be. */
  fits(value: At, size?: number): boolean;
  /** Whether two things are equal to rounding of the truth. */
  areNear(a: At, b: At): boolean;
  readonly context: Context;
}

/** A wrong gradient apart from its proof. */
export type Step = Omit<Case, 'name' | 'context' | 'areNear'>;

/** What is known of values without a chain. */
export type Plain = Pick<Case, 'candidate' | 'truth' | 'shape' | 'fits'>;

/** How many elements are not zero, up to 3. */
export function support(values: Values): number {
  let count = 0;
  for (let i = 0; i < values.length && count < 3; i++) if (values[i] !== 0) count++;
  return count;
}

/** Whether two arrays have the same shape and the same values. */
export function isSame(a: NdArray, b: NdArray): boolean {
  return sameShape(a.shape, b.shape) && a.data.every((value, i) => value === b.data[i]);
}

/** The multiple of `b` that is nearest to `a`. */
export function ratio(a: Values, b: Values): number {
  let [ab, bb] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    ab += a[i]! * b[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / bb;
}

/** Not for what is not finite. */
export function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.min(Math.abs(a), Math.abs(b));
}

/** NaN where one of them is. */
export function largest(values: Values): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return max;
}

/** As Float64Array.from, which is many times slower. */
export function filled(length: number, value: At): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = value(i);
  return values;
}

export function transposedAt(values: Values, [rows, columns]: readonly number[]): At {
  return (i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!;
}

/** The axes of `from` over which a sum gives an array of `to`; undefined where none does. */
export function summedAxes(from: readonly number[], to: readonly number[]): number[] | undefined {
  const added = from.length - to.length;
  if (added < 0) return undefined;
  const axes: number[] = [];
  for (let axis = 0; axis < from.length; axis++) {
    if (axis < added || (to[axis - added] === 1 && from[axis] !== 1)) axes.push(axis);
    else if (to[axis - added] !== from[axis]) return undefined;
  }
  return axes.length === 0 ? undefined : axes;
}

export function summed({ data, shape }: NdArray, axes: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const kept = shape.flatMap((size, axis) => (axes.includes(axis) ? [] : [[size, strides[axis]!] as const]));
  const sums = new Float64Array(kept.reduce((count, [size]) => count * size, 1));
  for (let i = 0; i < data.length; i++) {
    let at = 0;
    for (const [size, stride] of kept) at = at * size + (Math.floor(i / stride) % size);
    sums[at]! += data[i]!;
  }
  return sums;
}
