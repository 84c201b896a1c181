// Sums, means, maxima and the like, of all elements or along axes.

import { checkedDim, elementCount } from '../base/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { dims, flag, int, workedOn } from './arguments.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import type { Given, Run } from './native.js';
import { isTensor, mapped, throughFloats } from './tensors.js';
import { type Context, Tuple, type Value } from './values.js';

const keepdim = (given: Value | undefined) => ({ keepdim: flag(given) });

export const sum: Run = (context, [x, dim, keep]) =>
  throughFloats(workedOn(context, x), (tensor) => tensor.sum(dims(dim), keepdim(keep)));

export const mean: Run = (context, [x, dim, keep]) =>
  floats(workedOn(context, x), 'mean').mean(dims(dim), keepdim(keep));

/** A float tensor; PyTorch takes no ints for `name`. */
export function floats(tensor: Tensor, name: string): Tensor {
  if (tensor.dtype !== 'int32') return tensor;
  throw new Fault(`expected floats for ${name}, got ints; .float() makes floats of them`);
}

export const max: Run = (context, [x, dim, keep]) => extreme(context, x, dim, keep, 1);
export const min: Run = (context, [x, dim, keep]) => extreme(context, x, dim, keep, -1);

/** The largest elements of `sign` times a tensor, times `sign`. */
function extreme(
  context: Context,
  x: Value | undefined,
  dim: Value | undefined,
  keep: Value | undefined,
  sign: 1 | -1,
): Value {
  const tensor = workedOn(context, x);
  const signed = (value: Tensor) => (sign === 1 ? value : value.neg());
  if (dim !== undefined && isTensor(dim)) throw new Fault('expected an axis, got a tensor');
  if (dim === undefined || dim === null) return throughFloats(tensor, (all) => signed(signed(all).max()));
  const axis = int(dim);
  let indices: Tensor | undefined;
  const values = throughFloats(tensor, (all) => {
    const found = signed(all).max(axis, keepdim(keep));
    indices = found.indices;
    return signed(found.values);
  });
  return new Tuple([values, indices!], ['values', 'indices']);
}

export const argmax: Run = (context, [x, dim, keep]) => {
  const tensor = workedOn(context, x);
  const wide = tensor.dtype === 'int32' ? tensor.to('float64') : tensor;
  return wide.argmax(dim === undefined || dim === null ? undefined : int(dim), keepdim(keep));
};

/** Variance, divided by n - 1 unless that is switched off. */
export function variance(context: Context, [x, dim, unbiased, keep, correction]: Given): Tensor {
  // var(0, True) says that it is unbiased, var(unbiased=False) that it is not.
  const tensor = floats(workedOn(context, x), 'var');
  const axes = dims(dim);
  const listed = axes === undefined ? tensor.shape.map((_, axis) => axis) : typeof axes === 'number' ? [axes] : axes;
  const n = elementCount(listed.map((axis) => tensor.shape[checkedDim('dim', axis, tensor.ndim)]!));
  const less = correction === undefined ? Number(flag(unbiased, true)) : int(correction);
  const squares = tensor.sub(tensor.mean(listed, { keepdim: true })).pow(2);
  return squares.sum(listed, keepdim(keep)).div(n - less);
}

/** Of all elements, or along an axis: whether all of them, or any, are other than 0. */
export const truthOf =
  (isAll: boolean): Run =>
  (context, [x, dim, keep]) => {
    const tensor = workedOn(context, x);
    const bits = mapped(context, tensor, (value) => Number(isAll === (value === 0)));
    const counts = throughFloats(bits, (ones) => ones.sum(dims(dim), keepdim(keep)));
    const found = counts.dtype === 'int32' ? counts : counts.to('int32');
    return new Mask(
      context.hg.tensor({
        dtype: 'int32',
        shape: found.shape,
        data: found.data.map((n) => Number((n === 0) === isAll)),
      }),
    );
  };
