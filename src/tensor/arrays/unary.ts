// Operations of one array element by element.

import type { Kernels } from '../../core/exports.js';
import { StridedArray } from './strided.js';

type Ternary = { [Name in keyof Kernels]: Parameters<Kernels[Name]>['length'] extends 3 ? Name : never }[keyof Kernels];

/** The kernels of an output, an input and a number of elements; draws have a state in the place of the input. */
export type UnaryKernel = Exclude<Ternary, 'rand' | 'randn'>;

/** op a. */
export function unary(name: UnaryKernel, a: StridedArray): StridedArray {
  const dtype = a.floatDType();
  const out = StridedArray.allocate(a.core, dtype, a.shape);
  a.core.kernels[dtype][name](out.pointer, a.contiguous().pointer, a.count);
  return out;
}

/** a to a scalar power. */
export function pow(a: StridedArray, exponent: number): StridedArray {
  const dtype = a.floatDType();
  const out = StridedArray.allocate(a.core, dtype, a.shape);
  a.core.kernels[dtype].pow(out.pointer, a.contiguous().pointer, exponent, a.count);
  return out;
}

/** The gradient at a, (1 - out²) dout, for out = tanh(a). */
export function tanhBackward(out: StridedArray, dout: StridedArray): StridedArray {
  const dtype = out.floatDType();
  const da = StridedArray.allocate(out.core, dtype, out.shape);
  out.core.kernels[dtype].tanhBackward(da.pointer, out.contiguous().pointer, dout.contiguous().pointer, out.count);
  return da;
}
