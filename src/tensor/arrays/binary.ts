// Operations of two arrays element by element, with broadcasting.

import { DTypeError } from '../../base/errors.js';
import { dtypes } from '../../base/ndarray.js';
import { broadcastShapes, broadcastStrides, walk } from './layout.js';
import { StridedArray } from './strided.js';

export type BinaryName = 'add' | 'sub' | 'mul' | 'div';

/** a op b, broadcast; a number counts as a scalar of the other's dtype. */
export function binary(name: BinaryName, a: StridedArray, b: StridedArray | number): StridedArray {
  const out = StridedArray.allocate(a.core, a.floatDType(), outputShape(a, b));
  writeBinary(name, out, a, b);
  return out;
}

/** a becomes a op b; b broadcasts to a, which is contiguous. */
export function binaryInPlace(name: BinaryName, a: StridedArray, b: StridedArray | number): void {
  a.floatDType();
  if (typeof b !== 'number') b.expectCore(a.core, 'other');
  const copy = typeof b !== 'number' && b.sharesMemoryWith(a) ? b.clone() : null;
  writeBinary(name, a, a, copy ?? b);
  copy?.release();
  a.touch();
}

function outputShape(a: StridedArray, b: StridedArray | number): readonly number[] {
  if (typeof b === 'number') return a.shape;
  if (b.dtype !== a.dtype) throw new DTypeError(`other: expected ${a.dtype}, got ${b.dtype}`);
  return broadcastShapes('other', a.shape, b.shape);
}

function writeBinary(name: BinaryName, out: StridedArray, a: StridedArray, b: StridedArray | number): void {
  const { core, shape } = out;
  const dtype = out.floatDType();
  const { bytes } = dtypes[dtype];
  const kernel = core.kernels[dtype][name];
  const bStrides = typeof b === 'number' ? shape.map(() => 0) : broadcastStrides(b.shape, b.strides, shape);
  const plan = walk(shape, [broadcastStrides(a.shape, a.strides, shape), bStrides]);
  const { rows, columns, rowStrides, columnStrides } = plan;
  const [aStart, bStart] = [a.pointer, typeof b === 'number' ? core.scalar(dtype, b) : b.pointer];
  let to = out.pointer;
  plan.forEachPlane(([aOffset, bOffset]) => {
    const [x, y] = [aStart + aOffset! * bytes, bStart + bOffset! * bytes];
    kernel(to, x, y, rows, columns, rowStrides[0]!, columnStrides[0]!, rowStrides[1]!, columnStrides[1]!);
    to += rows * columns * bytes;
  });
}
