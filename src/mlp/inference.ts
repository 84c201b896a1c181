// The model in use: batch norm with the statistics of a whole split instead of a minibatch's.

import { finite } from '../base/check.js';
import type { NdArray } from '../base/ndarray.js';
import { fields } from '../base/options.js';
import { expectShape } from '../base/shape.js';
import type { Dataset } from '../data/dataset.js';
import { noGrad } from '../tensor/autograd.js';
import { checkedValues, fromData } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Mlp } from './mlp.js';

/** Batch norm's mean and unbiased variance over a split, bnmean and bnvar, [1, H] each. */
export interface Statistics {
  readonly bnmean: NdArray;
  readonly bnvar: NdArray;
}

/** Elements that the widest intermediate of a chunk has at most. */
const chunkElements = 2 ** 18;

/**
 * Calls `visit` with the examples of a dataset that the model has checked, so many rows at a time as fit in a chunk: Xb [n, T] and
 * Yb [n]. What it allocates is released after each chunk.
 */
export function eachChunk(model: Mlp, { X, Y }: Dataset, visit: (Xb: Tensor, Yb: Tensor, n: number) => void): void {
  const { core } = model;
  const { T, V, E, H } = model.sizes;
  const N = Y.data.length;
  const rows = Math.max(1, Math.floor(chunkElements / Math.max(T * E, H, V)));
  for (let start = 0; start < N; start += rows) {
    const end = Math.min(start + rows, N);
    withoutTape(model, () => {
      const Xb = fromData(core, X.data.subarray(start * T, end * T), { shape: [end - start, T] });
      visit(Xb, fromData(core, Y.data.subarray(start, end)), end - start);
    });
  }
}

/** What `compute` returns; the tensors made in it leave no tape and are released. */
export function withoutTape<Result>(model: Mlp, compute: () => Result): Result {
  return noGrad(() => model.core.scopes.run(compute));
}

/** hprebn = embcat @ W1 + b1 of contexts Xb [n, T]: [n, H]. */
export function hprebn({ parameters: { C, W1, b1 } }: Mlp, Xb: Tensor): Tensor {
  return C.index(Xb).view(Xb.shape[0]!, -1).matmul(W1).add(b1);
}

/** The function from contexts Xb [n, T] to logits [n, V] by `statistics`. Throws as `checkedStatistics` does. */
export function inference(model: Mlp, statistics: Statistics): (Xb: Tensor) => Tensor {
  const { core, dtype, eps } = model;
  const { bnmean, bnvar } = checkedStatistics(model, statistics);
  const { W2, b2, bngain, bnbias } = model.parameters;
  const mean = fromData(core, bnmean, { dtype });
  const inv = fromData(core, bnvar, { dtype }).add(eps).pow(-0.5);
  return (Xb) => {
    const hpreact = bngain.mul(hprebn(model, Xb).sub(mean)).mul(inv).add(bnbias);
    return hpreact.tanh().matmul(W2).add(b2);
  };
}

/**
 * The parts of `statistics`, read once: both finite, of shape [1, H], the variance not negative. Throws ShapeError, DTypeError,
 * RangeError or TypeError for others, and CoreError for tensors of another core than the model's.
 */
export function checkedStatistics(model: Mlp, statistics: Statistics): Statistics {
  const { core, sizes } = model;
  const checked = (name: keyof Statistics, minimum: number): NdArray => {
    const given = fields('statistics', 'an object with bnmean and bnvar', statistics, (parts) => parts[name]);
    const array = checkedValues(core, name, given);
    expectShape(name, array.shape, [1, sizes.H]);
    array.data.forEach((value, i) => {
      finite(`${name}[0, ${i}]`, value, minimum);
    });
    return array;
  };
  return { bnmean: checked('bnmean', -Infinity), bnvar: checked('bnvar', 0) };
}

/** See `Model.evaluate`. */
export function evaluate(model: Mlp, dataset: Dataset, statistics: Statistics): number {
  return withoutTape(model, () => {
    const logits = inference(model, statistics);
    let [sum, N] = [0, 0];
    eachChunk(model, model.checkDataset(dataset), (Xb, Yb, n) => {
      sum += logits(Xb).crossEntropy(Yb).item() * n;
      N += n;
    });
    return sum / N;
  });
}
