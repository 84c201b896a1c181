// Reductions and their gradients.

import { elementCount } from '../../base/shape.js';
import { binary } from '../arrays/binary.js';
import { scatterAdd } from '../arrays/indexing.js';
import { reducedShape } from '../arrays/layout.js';
import * as arrays from '../arrays/reduce.js';
import type { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** `dout` of a reduction over `axes` of an array of `shape`, repeated along them. */
function spread(dout: StridedArray, shape: readonly number[], axes: readonly number[]): StridedArray {
  return dout
    .contiguous()
    .view(reducedShape(shape, axes, true))
    .expand(shape);
}

/** Σ over `axes`. */
export function sum(a: Operand, axes: readonly number[], keepdim: boolean): Operand {
  const { shape } = a.array;
  return operate('sum', [a], () => ({
    out: arrays.sum(a.array, axes, keepdim),
    backward: () => (dout) => [spread(dout, shape, axes)],
  }));
}

/** Σ over `axes`, divided by how many elements were added. */
export function mean(a: Operand, axes: readonly number[], keepdim: boolean): Operand {
  const { shape } = a.array;
  const n = elementCount(axes.map((axis) => shape[axis]!));
  return operate('mean', [a], () => ({
    out: binary('div', arrays.sum(a.array, axes, keepdim), n),
    backward: () => (dout) => [binary('div', spread(dout, shape, axes), n)],
  }));
}

/** The largest elements along an axis, whose gradient goes to the first index of each, and those indices (int32). */
export function maximum(a: Operand, axis: number, keepdim: boolean): { values: Operand; indices: StridedArray } {
  const { shape } = a.array;
  const reduced = reducedShape(shape, [axis], keepdim);
  let indices: StridedArray | undefined;
  const values = operate('max', [a], () => {
    const found = arrays.maximum(a.array, axis);
    indices = found.indices.view(reduced);
    return {
      out: found.values.view(reduced),
      kept: [indices],
      backward: (save) => {
        const chosen = save(found.indices);
        return (dout) => [scatterAlong(dout, chosen, shape, axis)];
      },
    };
  });
  return { values, indices: indices! };
}

/** Zeros of `shape`, but `dout` where `indices` points along `axis`. */
function scatterAlong(dout: StridedArray, indices: StridedArray, shape: readonly number[], axis: number): StridedArray {
  const inner = elementCount(shape.slice(axis + 1));
  const rows = indices.clone();
  const values = rows.elements();
  values.forEach((index, i) => {
    values[i] = (Math.floor(i / inner) * shape[axis]! + index) * inner + (i % inner);
  });
  return scatterAdd(dout, { rows, width: 1 }, shape);
}

/** The largest element of all; its gradient is shared evenly by the elements equal to it. */
export function maxOfAll(a: Operand): Operand {
  return operate('max', [a], () => {
    const out = arrays.maxOfAll(a.array);
    return {
      out,
      backward: (save) => {
        const [array, top] = [save(a.array), save(out)];
        return (dout) => [evenShares(array, top, dout)];
      },
    };
  });
}

/** dout / ties where an element is equal to `top`, 0 elsewhere. */
function evenShares(a: StridedArray, top: StridedArray, dout: StridedArray): StridedArray {
  const [value, gradient] = [top.elements()[0]!, dout.elements()[0]!];
  const shares = a.clone();
  const elements = shares.elements();
  const isTop = (x: number) => x === value || (Number.isNaN(x) && Number.isNaN(value));
  let ties = 0;
  for (const x of elements) if (isTop(x)) ties++;
  elements.forEach((x, i) => {
    elements[i] = isTop(x) ? gradient / ties : 0;
  });
  return shares;
}
