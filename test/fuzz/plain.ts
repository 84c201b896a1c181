// Strided arrays in plain JavaScript, with shared buffers: what a tensor should hold after any sequence of operations. Sums are
// done in the order that docs/architecture.md states, so that they can be held to the bit.

import type { DType } from '../../src/index.js';

export interface Plain {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Shared by views. */
  readonly buffer: Float32Array | Float64Array | Int32Array;
}

export const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => count(shape.slice(axis + 1)));
}

function newBuffer(dtype: DType, length: number): Plain['buffer'] {
  return dtype === 'float32'
    ? new Float32Array(length)
    : dtype === 'float64'
      ? new Float64Array(length)
      : new Int32Array(length);
}

/** A new array of `values`, row-major. */
export function plain(dtype: DType, shape: readonly number[], values: ArrayLike<number>): Plain {
  const buffer = newBuffer(dtype, count(shape));
  buffer.set(values);
  return { dtype, shape, strides: rowMajor(shape), buffer };
}

/** Every index of `shape`, row-major. */
export function indicesOf(shape: readonly number[]): number[][] {
  let indices: number[][] = [[]];
  for (const size of shape) {
    indices = indices.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i]));
  }
  return indices;
}

function place(a: Plain, index: readonly number[]): number {
  const added = index.length - a.shape.length;
  return a.strides.reduce((sum, stride, axis) => sum + stride * (a.shape[axis] === 1 ? 0 : index[axis + added]!), 0);
}

/** The element at `index` of a shape that `a` broadcasts to. */
export function at(a: Plain, index: readonly number[]): number {
  return a.buffer[place(a, index)]!;
}

export function put(a: Plain, index: readonly number[], value: number): void {
  a.buffer[place(a, index)] = value;
}

/** Its elements, row-major. */
export function values(a: Plain): number[] {
  return indicesOf(a.shape).map((index) => at(a, index));
}

export function isContiguous({ shape, strides }: Plain): boolean {
  const full = rowMajor(shape);
  return count(shape) === 0 || shape.every((size, axis) => size === 1 || strides[axis] === full[axis]);
}

/** Another view of the same buffer. */
export function viewOf(a: Plain, shape: readonly number[], strides: readonly number[] = rowMajor(shape)): Plain {
  return { ...a, shape, strides };
}

export function copyOf(a: Plain, shape: readonly number[] = a.shape): Plain {
  return plain(a.dtype, shape, values(a));
}

export function transpose(a: Plain, i: number, j: number): Plain {
  const swap = (list: readonly number[]) => list.map((x, axis) => list[axis === i ? j : axis === j ? i : axis] ?? x);
  return viewOf(a, swap(a.shape), swap(a.strides));
}

export function expand(a: Plain, shape: readonly number[]): Plain {
  const added = shape.length - a.shape.length;
  const strides = shape.map((size, axis) =>
    axis < added || a.shape[axis - added] !== size ? 0 : a.strides[axis - added]!,
  );
  return viewOf(a, shape, strides);
}

export function broadcast(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    shape.push(x === 1 ? y : x);
  }
  return shape;
}

/** `op` of each pair of elements, rounded once by the buffer. */
export function binary(
  a: Plain,
  b: Plain | number,
  shape: readonly number[],
  op: (x: number, y: number) => number,
): Plain {
  const list = indicesOf(shape).map((index) => op(at(a, index), typeof b === 'number' ? b : at(b, index)));
  return plain(a.dtype, shape, list);
}

export function unary(a: Plain, op: (x: number) => number): Plain {
  return plain(a.dtype, a.shape, values(a).map(op));
}

type Round = (x: number) => number;
const rounding = (dtype: DType): Round => (dtype === 'float32' ? Math.fround : (x) => x);

/** The sum of `n` terms: four partial sums up to 64 terms, more are cut in two. */
function pairwise(term: (i: number) => number, begin: number, n: number, round: Round): number {
  if (n > 64) {
    const half = Math.floor(n / 2 / 64) * 64 || 64;
    return round(pairwise(term, begin, half, round) + pairwise(term, begin + half, n - half, round));
  }
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) sums[i % 4] = round(sums[i % 4]! + term(begin + i));
  return round(round(sums[0]! + sums[1]!) + round(sums[2]! + sums[3]!));
}

/** The sum along a row: the whole vectors lane by lane, the lanes of the tail, then the lanes. */
function alongRow(row: readonly number[], dtype: DType, round: Round): number {
  const width = dtype === 'float32' ? 4 : 2;
  const vectors = Math.floor(row.length / width);
  const lanes = Array.from({ length: width }, (_, lane) => pairwise((i) => row[i * width + lane]!, 0, vectors, round));
  for (let i = vectors * width; i < row.length; i++) lanes[i % width] = round(lanes[i % width]! + row[i]!);
  return width === 2
    ? round(lanes[0]! + lanes[1]!)
    : round(round(lanes[0]! + lanes[2]!) + round(lanes[1]! + lanes[3]!));
}

/** The sum over neighbouring axes, which keep size 1. */
function sumRun(a: Plain, first: number, last: number): Plain {
  const round = rounding(a.dtype);
  const inner = count(a.shape.slice(last + 1));
  const shape = a.shape.map((size, axis) => (axis >= first && axis <= last ? 1 : size));
  const run = indicesOf(a.shape.slice(first, last + 1));
  const list = indicesOf(shape).map((index) => {
    const row = run.map((part) => at(a, [...index.slice(0, first), ...part, ...index.slice(last + 1)]));
    return inner === 1 ? alongRow(row, a.dtype, round) : pairwise((i) => row[i]!, 0, row.length, round);
  });
  return plain(a.dtype, shape, list);
}

/** The shape without `axes`, or with 1 in their places. */
export function reduced(shape: readonly number[], axes: readonly number[], keepdim: boolean): number[] {
  return shape.flatMap((size, axis) => (axes.includes(axis) ? (keepdim ? [1] : []) : [size]));
}

/** The sum over ascending `axes`: neighbours as one axis, separate ones from the last to the first. */
export function sum(a: Plain, axes: readonly number[], keepdim: boolean): Plain {
  let out = a;
  for (let i = axes.length - 1; i >= 0; i--) {
    const last = axes[i]!;
    while (i > 0 && axes[i - 1] === axes[i]! - 1) i--;
    out = sumRun(out, axes[i]!, last);
  }
  return plain(a.dtype, reduced(a.shape, axes, keepdim), values(out));
}

/** Where the largest element stands first along `axis`, NaN above all, and what it is. */
export function maximum(a: Plain, axis: number): { values: number[]; indices: number[] } {
  const outer = indicesOf(a.shape.map((size, i) => (i === axis ? 1 : size)));
  const best = outer.map((index) => {
    let [found, value] = [0, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < a.shape[axis]!; i++) {
      const x = at(
        a,
        index.map((part, j) => (j === axis ? i : part)),
      );
      if (i === 0 || x > value || (Number.isNaN(x) && !Number.isNaN(value))) [found, value] = [i, x];
    }
    return [found, value] as const;
  });
  return { values: best.map(([, value]) => value), indices: best.map(([found]) => found) };
}

/** a @ b of matrices: one sum from 0 over ascending k, a product and a sum rounded apart. */
export function matmul(a: Plain, b: Plain): Plain {
  const round = rounding(a.dtype);
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const list = indicesOf([m, n]).map(([i, j]) => {
    let total = 0;
    for (let l = 0; l < k; l++) total = round(total + round(at(a, [i!, l]) * at(b, [l, j!])));
    return total;
  });
  return plain(a.dtype, [m, n], list);
}

/** exp(a - max) / Σ exp(a - max) along `axis`, in float64. */
export function softmax(a: Plain, axis: number): Plain {
  const largest = plain('float64', reduced(a.shape, [axis], true), maximum(a, axis).values);
  const wide = plain('float64', a.shape, values(a));
  const powers = binary(wide, largest, a.shape, (x, y) => Math.exp(x - y));
  return plain(a.dtype, a.shape, values(binary(powers, sum(powers, [axis], true), a.shape, (x, y) => x / y)));
}
