// torch.allclose: |a - b| <= atol + rtol |b|, element by element.

import { boolean, finite } from '../base/check.js';
import { DTypeError, ShapeError } from '../base/errors.js';
import { checkedNdArray, type DType, type NdArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { sameShape, showShape } from '../base/shape.js';
import { refuseSurplus } from '../base/surplus.js';

/** How far apart close values may be. */
export interface Tolerance {
  /** Relative to the reference; 1e-5 unless given. */
  readonly rtol?: number;
  /** Absolute; 1e-8 unless given. */
  readonly atol?: number;
  /** Whether NaN is close to NaN; false unless given. */
  readonly equalNan?: boolean;
}

/**
 * Whether every element of `a` is close to that of `b`, as `torch.allclose(a, b)` finds it: |a - b| <= atol + rtol |b|, computed in
 * the arrays' dtype (int32 in float64); infinities are close to their like alone. Two arrays of one shape and one dtype;
 * otherwise ShapeError or DTypeError. Throws RangeError for a tolerance below 0.
 *
 * @example allclose(dlogits, logits.grad!, { rtol: 1e-4 })
 */
export function allclose(a: NdArray, b: NdArray, tolerance?: Tolerance, ...surplus: never[]): boolean {
  refuseSurplus('allclose', 3, surplus);
  const { data: values, reference, dtype } = checkedPair('a', a, 'b', b);
  const close = isClose(dtype, tolerance);
  return values.every((value, index) => close(value, reference[index]!));
}

/** The comparison of one element with its reference. */
export function isClose(dtype: DType, tolerance: Tolerance | undefined): (value: number, reference: number) => boolean {
  const asked = options('tolerance', tolerance, ['rtol', 'atol', 'equalNan']);
  const round = rounding(dtype);
  const rtol = round(finite('rtol', asked.rtol ?? 1e-5, 0));
  const atol = round(finite('atol', asked.atol ?? 1e-8, 0));
  const equalNan = boolean('equalNan', asked.equalNan ?? false);
  return (value, reference) => {
    if (value === reference) return true;
    const difference = Math.abs(round(value - reference));
    if (Number.isFinite(difference)) return difference <= round(atol + Math.abs(round(rtol * reference)));
    return equalNan && Number.isNaN(value) && Number.isNaN(reference);
  };
}

/** Rounds a result in float64 to `dtype`. */
export function rounding(dtype: DType): (value: number) => number {
  return dtype === 'float32' ? Math.fround : (value) => value;
}

/** Two arrays of one shape and one dtype, each read once. */
export function checkedPair(aName: string, a: NdArray, bName: string, b: NdArray) {
  const { dtype, shape, data } = checkedNdArray(aName, a);
  const reference = checkedNdArray(bName, b);
  if (!sameShape(shape, reference.shape)) {
    throw new ShapeError(`${aName}: expected shape ${showShape(reference.shape)} of ${bName}, got ${showShape(shape)}`);
  }
  if (dtype !== reference.dtype) {
    throw new DTypeError(`${aName}: expected dtype ${reference.dtype} of ${bName}, got ${dtype}`);
  }
  return { dtype, shape, data, reference: reference.data };
}
