// Other views and copies of the same elements, and their gradients.

import type { DType } from '../../base/ndarray.js';
import { sumTo } from '../arrays/reduce.js';
import { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** The elements of a contiguous array in another shape. */
export function view(a: Operand, sizes: readonly number[]): Operand {
  const { shape } = a.array;
  return operate('view', [a], () => ({
    out: a.array.view(sizes),
    backward: () => (dout) => [dout.contiguous().view(shape)],
  }));
}

/** The elements in another shape, as a view where that is possible. */
export function reshape(a: Operand, sizes: readonly number[]): Operand {
  const { shape } = a.array;
  return operate('reshape', [a], () => ({
    out: a.array.contiguous().view(sizes),
    backward: () => (dout) => [dout.contiguous().view(shape)],
  }));
}

/** The view in which two axes have changed places. */
export function transpose(a: Operand, dim0: number, dim1: number): Operand {
  return operate('transpose', [a], () => ({
    out: a.array.transpose(dim0, dim1),
    backward: () => (dout) => [dout.transpose(dim0, dim1)],
  }));
}

/** The view that repeats the array to a shape it broadcasts to. */
export function expand(a: Operand, sizes: readonly number[]): Operand {
  const { shape } = a.array;
  return operate('expand', [a], () => ({
    out: a.array.expand(sizes),
    backward: () => (dout) => [sumTo(dout, shape)],
  }));
}

/** A view where the array is row-major already, otherwise a row-major copy. */
export function contiguous(a: Operand): Operand {
  return a.array.isContiguous ? view(a, a.array.shape) : clone(a);
}

/** The view that `look` takes of an array, such as a row of it; its gradient is zero elsewhere. */
export function viewed(name: string, a: Operand, look: (array: StridedArray) => StridedArray): Operand {
  const { core, dtype, shape } = a.array;
  return operate(name, [a], () => ({
    out: look(a.array),
    backward: () => (dout) => {
      const da = StridedArray.full(core, dtype, shape, 0);
      look(da).overwrite(dout.toTypedArray());
      return [da];
    },
  }));
}

/** A row-major copy. */
export function clone(a: Operand): Operand {
  return operate('clone', [a], () => ({ out: a.array.clone(), backward: () => (dout) => [dout] }));
}

/** A copy in another dtype. */
export function to(a: Operand, dtype: DType): Operand {
  const from = a.array.dtype;
  return operate('to', [a], () => ({
    out: convert(a.array, dtype),
    backward: () => (dout) => [convert(dout, from)],
  }));
}

function convert(array: StridedArray, dtype: DType): StridedArray {
  return StridedArray.from(array.core, dtype, array.shape, array.toTypedArray());
}
