// Other views and copies of the same elements.

import { ShapeError } from '../base/errors.js';
import { checkedDim, elementCount, showShape } from '../base/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { int, sizes, tensorOf } from './arguments.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import type { Given, Run } from './native.js';
import { cost, permuted } from './tensors.js';
import { type Context, described, Tuple, type Value } from './values.js';

export const reshape: Run = (_, [x, ...shape]) => ofShape(x, shape, 'reshape');
export const view: Run = (_, [x, ...shape]) => ofShape(x, shape, 'view');

function ofShape(x: Value | undefined, [shape]: Given, how: 'reshape' | 'view'): Value {
  const change = (tensor: Tensor) => {
    if (how === 'view' && !tensor.array.isContiguous) {
      throw new Fault(
        `expected a tensor whose elements stand in order for view, got ${described(x!)} that was transposed or sliced; .reshape copies it`,
      );
    }
    try {
      return tensor[how](sizes(shape));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new Fault(
        `expected a shape of ${tensor.size} elements for ${described(x!)}, got ${showShape(sizes(shape))}`,
      );
    }
  };
  return x instanceof Mask ? new Mask(change(x.tensor)) : change(tensorOf(x));
}

export function expanded(tensor: Tensor, shape: readonly number[]): Tensor {
  const added = shape.length - tensor.ndim;
  return tensor.expand(shape.map((size, axis) => (size === -1 && axis >= added ? tensor.shape[axis - added]! : size)));
}

export function flattened(tensor: Tensor, start: number, end: number): Tensor {
  const { shape, ndim } = tensor;
  if (ndim === 0) return tensor.reshape(1);
  const [from, to] = [checkedDim('start_dim', start, ndim), checkedDim('end_dim', end, ndim)];
  if (from > to) throw new Fault(`expected start_dim up to end_dim, got ${from} and ${to}`);
  return tensor.reshape(shape.toSpliced(from, to - from + 1, elementCount(shape.slice(from, to + 1))));
}

export function repeated(context: Context, tensor: Tensor, times: readonly number[]): Tensor {
  const added = times.length - tensor.ndim;
  if (added < 0 || times.some((n) => n < 0)) {
    throw new Fault(`expected a number of at least 0 for each axis of ${described(tensor)}, got ${showShape(times)}`);
  }
  const shape = [...Array.from({ length: added }, () => 1), ...tensor.shape];
  const whole = shape.map((size, axis) => size * times[axis]!);
  context.spend(cost(elementCount(whole)));
  const apart = tensor.reshape(shape.flatMap((size) => [1, size]));
  return apart.expand(shape.flatMap((size, axis) => [times[axis]!, size])).reshape(whole);
}

export function turned(tensor: Tensor): Tensor {
  if (tensor.ndim > 2) throw new Fault(`expected at most two axes for t(), got ${showShape(tensor.shape)}`);
  return tensor.ndim < 2 ? tensor : tensor.T;
}

export function sizeOf({ shape, ndim }: Tensor, dim: Value | undefined): Value {
  return dim === undefined ? Tuple.size(shape) : BigInt(shape[checkedDim('dim', int(dim), ndim)]!);
}

export function turnedAll(tensor: Tensor): Tensor {
  return permuted(
    tensor,
    tensor.shape.map((_, axis) => tensor.ndim - 1 - axis),
  );
}
