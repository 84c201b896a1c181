// Matrix products.

import { DTypeError, ShapeError } from '../../base/errors.js';
import { showShape } from '../../base/shape.js';
import { StridedArray } from './strided.js';

/** a @ b for a [m, k] and b [k, n]. Either may be a transposed view: a is read through its strides, b is copied where it is one. */
export function matmul(a: StridedArray, b: StridedArray): StridedArray {
  const dtype = a.floatDType();
  if (b.dtype !== dtype) throw new DTypeError(`other: expected ${dtype}, got ${b.dtype}`);
  const [m, k] = a.shape;
  const [rows, n] = b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || rows !== k) {
    const got = `${showShape(a.shape)} and ${showShape(b.shape)}`;
    throw new ShapeError(`other: expected shapes [m, k] and [k, n], got ${got}`);
  }
  const out = StridedArray.allocate(a.core, dtype, [m!, n!]);
  const [aRow, aColumn] = a.strides;
  a.core.kernels[dtype].matmul(out.pointer, a.pointer, b.contiguous().pointer, m!, n!, k!, aRow!, aColumn!);
  return out;
}
