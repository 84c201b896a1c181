// Sums and maxima over axes.

import { ShapeError } from '../../base/errors.js';
import { elementCount } from '../../base/shape.js';
import { reducedShape, repeatedAxes } from './layout.js';
import { StridedArray } from './strided.js';

/** Σ over `axes`, from the last to the first; neighbouring axes are summed as one. */
export function sum(a: StridedArray, axes: readonly number[], keepdim: boolean): StridedArray {
  let partial = a.contiguous();
  for (const [first, last] of runs(axes).reverse()) partial = sumRun(partial, first, last);
  const shape = reducedShape(a.shape, axes, keepdim);
  return partial === a ? a.clone() : partial.view(shape);
}

/** The sum that undoes a broadcast: `a` added up to `shape`, of which `a.shape` is a broadcast. */
export function sumTo(a: StridedArray, shape: readonly number[]): StridedArray {
  const axes = repeatedAxes(shape, a.shape);
  return axes.length === 0 ? a : sum(a, axes, true).view(shape);
}

/** Along one axis, the largest elements and the indices (int32) where each stands first; the axis keeps size 1. */
export function maximum(a: StridedArray, axis: number): { values: StridedArray; indices: StridedArray } {
  const dtype = a.floatDType();
  const [outer, n, inner] = around(a.shape, axis, axis);
  if (n === 0) throw new ShapeError(`dim: expected an axis with elements, got axis ${axis} of ${a.describe()}`);
  const shape = reducedShape(a.shape, [axis], true);
  const values = StridedArray.allocate(a.core, dtype, shape);
  const indices = StridedArray.allocate(a.core, 'int32', shape);
  a.core.kernels[dtype].maximum(values.pointer, indices.pointer, a.contiguous().pointer, outer, n, inner);
  return { values, indices };
}

function sumRun(a: StridedArray, first: number, last: number): StridedArray {
  const dtype = a.floatDType();
  const [outer, n, inner] = around(a.shape, first, last);
  const out = StridedArray.allocate(
    a.core,
    dtype,
    a.shape.map((size, axis) => (axis >= first && axis <= last ? 1 : size)),
  );
  a.core.kernels[dtype].sum(out.pointer, a.pointer, outer, n, inner);
  return out;
}

/** Ascending axes as runs [first, last] of neighbours. */
function runs(axes: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const axis of axes) {
    const run = found.at(-1);
    if (run !== undefined && run[1] === axis - 1) run[1] = axis;
    else found.push([axis, axis]);
  }
  return found;
}

/** Element counts before, within and after the axes from `first` to `last`. */
function around(shape: readonly number[], first: number, last: number): [number, number, number] {
  return [
    elementCount(shape.slice(0, first)),
    elementCount(shape.slice(first, last + 1)),
    elementCount(shape.slice(last + 1)),
  ];
}

/** All elements in a row. Throws ShapeError where there are none, of which none is the largest. */
function flat(a: StridedArray): StridedArray {
  if (a.count === 0) throw new ShapeError(`${a.describe()}: expected elements, of which one is the largest, got none`);
  return a.contiguous().view([a.count]);
}

/** The largest element of all, []. */
export function maxOfAll(a: StridedArray): StridedArray {
  return maximum(flat(a), 0).values.view([]);
}

/** Index (int32) of the first largest element: along `axis`, or of all in row-major order. */
export function argmax(a: StridedArray, axis: number | undefined, keepdim: boolean): StridedArray {
  if (axis === undefined) {
    return maximum(flat(a), 0).indices.view(keepdim ? a.shape.map(() => 1) : []);
  }
  return maximum(a, axis).indices.view(reducedShape(a.shape, [axis], keepdim));
}
