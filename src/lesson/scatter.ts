// Values that are put, or added, where indices say.

import { checkedDim, sameShape, showShape } from '../base/shape.js';
import { noGrad } from '../tensor/autograd.js';
import type { Tensor } from '../tensor/tensor.js';
import { flag, int, items, numberOf, tensorOf, workedOn } from './arguments.js';
import { Fault } from './fault.js';
import { setItem } from './indexing.js';
import type { Run } from './native.js';
import { dtypeName, expectChangeable, isTensor, overwrite, withoutWayBack } from './tensors.js';
import { described } from './values.js';

export const indexAdd =
  (isInPlace: boolean): Run =>
  (context, [x, dim, index, source, alpha]) => {
    const [tensor, added, rows] = [workedOn(context, x), workedOn(context, source), tensorOf(index)];
    expectSameDType(tensor, added);
    if (int(dim) !== 0) throw new Fault(`expected axis 0 for index_add, got ${int(dim)}`);
    if (alpha !== undefined) throw new Fault('expected index_add without alpha, got one');
    return put('index_add', isInPlace, tensor, added, (copy) => copy.indexPut_([rows], added, { accumulate: true }));
  };

export const indexPut: Run = (context, [x, indices, values, accumulate]) => {
  const tensor = workedOn(context, x);
  if (!flag(accumulate)) {
    setItem(context, tensor, indices!, values!);
    return tensor;
  }
  const [chosen, added] = [items(indices), workedOn(context, values)];
  expectSameDType(tensor, added);
  return put('index_put_', true, tensor, added, (copy) =>
    copy.indexPut_(chosen.map(tensorOf), added, { accumulate: true }),
  );
};

/** `scatter_` and `scatter_add_` along an axis. */
export const scatter =
  (adds: boolean, isInPlace: boolean): Run =>
  (context, [x, dim, index, source]) => {
    const [tensor, places] = [workedOn(context, x), workedOn(context, index)];
    const axis = checkedDim('dim', int(dim), tensor.ndim);
    if (places.ndim !== tensor.ndim) {
      throw new Fault(`expected indices of as many axes as ${described(tensor)}, got ${showShape(places.shape)}`);
    }
    const values = isTensor(source!) ? tensorOf(source) : numberOf(source);
    if (typeof values !== 'number') expectSameDType(tensor, values);
    const { shape } = tensor;
    const [all, given] = [tensor.data, typeof values === 'number' ? null : values];
    if (given !== null && !sameShape(given.shape, places.shape)) {
      throw new Fault(
        `expected values of the shape of the indices, ${showShape(places.shape)}, got ${showShape(given.shape)}`,
      );
    }
    const [at, from] = [places.data, given?.data];
    for (let i = 0; i < at.length; i++) {
      let [rest, flat, stride] = [i, 0, 1];
      const steps = shape.map(() => 0);
      for (let a = shape.length - 1; a >= 0; a--) {
        steps[a] = a === axis ? at[i]! : rest % places.shape[a]!;
        rest = Math.floor(rest / places.shape[a]!);
        if (steps[a]! < 0 || steps[a]! >= shape[a]!)
          throw new Fault(`expected indices from 0 to ${shape[a]! - 1}, got ${steps[a]}`);
        flat += steps[a]! * stride;
        stride *= shape[a]!;
      }
      const value = from?.[i] ?? (values as number);
      all[flat] = adds ? all[flat]! + value : value;
    }
    const scattered = context.hg.tensor({ dtype: tensor.dtype, shape, data: all });
    return put('scatter', isInPlace, tensor, values, (copy) => overwrite(copy, scattered));
  };

/** What `change` makes of a row-major copy of `tensor`, in its memory or in new. */
function put(
  name: string,
  isInPlace: boolean,
  tensor: Tensor,
  source: Tensor | number,
  change: (copy: Tensor) => void,
): Tensor {
  if (isInPlace) expectChangeable(tensor);
  const copy = tensor.detach().clone();
  noGrad(() => change(copy));
  if (isInPlace) overwrite(tensor, copy);
  return withoutWayBack(name, isInPlace ? tensor : copy, [tensor, source]);
}

export function expectSameDType(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new Fault(`expected two tensors of one dtype, got ${dtypeName(a)} and ${dtypeName(b)}`);
  }
}
