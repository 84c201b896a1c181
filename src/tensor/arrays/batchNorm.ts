// Batch norm, forward and backward.

import { DTypeError, ShapeError } from '../../base/errors.js';
import type { FloatDType } from '../../base/ndarray.js';
import { elementCount, showShape } from '../../base/shape.js';
import { computed } from './kernel.js';
import type { StridedArray } from './strided.js';

/** Batch norm of x [n, features] with gain and bias of `features` elements, and what its backward pass needs. */
export function batchNorm(x: StridedArray, gain: StridedArray, bias: StridedArray, eps: number) {
  const dtype = x.floatDType();
  const [n, features] = x.shape;
  if (x.shape.length !== 2 || n! < 2) {
    throw new ShapeError(`${x.describe()}: expected [n, features] with n of at least 2, got ${showShape(x.shape)}`);
  }
  const scale = contiguousFeatures('gain', gain, dtype, features!);
  const shift = contiguousFeatures('bias', bias, dtype, features!);
  const shapes = [x.shape, x.shape, [features!], [features!]];
  const [out, raw, , inv] = computed('batchNorm', shapes, [x, scale, shift], n!, features!, eps);
  return { out: out!, raw: raw!, inv: inv!, gain: scale };
}

function contiguousFeatures(name: string, a: StridedArray, dtype: FloatDType, features: number): StridedArray {
  if (a.dtype !== dtype) throw new DTypeError(`${name}: expected ${dtype}, got ${a.dtype}`);
  if (a.shape.at(-1) !== features || elementCount(a.shape) !== features) {
    throw new ShapeError(`${name}: expected [${features}] or [1, ${features}], got ${showShape(a.shape)}`);
  }
  return a.contiguous();
}

/** The gradients at x, gain and bias; the last two [features]. */
export function batchNormBackward(raw: StridedArray, inv: StridedArray, gain: StridedArray, dout: StridedArray) {
  const [n, features] = raw.shape as [number, number];
  const shapes = [raw.shape, [features], [features]];
  const [dx, dgain, dbias] = computed('batchNormBackward', shapes, [raw, inv, gain, dout], n, features);
  return { dx: dx!, dgain: dgain!, dbias: dbias! };
}
