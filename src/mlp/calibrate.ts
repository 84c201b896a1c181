// Batch norm's statistics over a whole split, as the notebook computes them once training is over, or over a sample of it.

import { integer } from '../base/check.js';
import { ShapeError } from '../base/errors.js';
import { dtypes, type NdArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { type Dataset, takeBatch } from '../data/dataset.js';
import { eachChunk, hprebn, type Statistics } from './inference.js';
import type { Mlp } from './mlp.js';

/** Which examples are looked at. */
export interface CalibrateOptions {
  /**
   * How many: row ⌊i N / rows⌋ of the N for each i below `rows`, so that they are spread evenly and always the same; all where
   * there are no more. Default all.
   */
  rows?: number;
}

/**
 * See `Model.calibrate`. Sums are float64; with n rows of mean m and sum of squared deviations q, and a chunk's n', m', q',
 * δ = m' - m:
 *
 *     m += δ n' / (n + n')        q += q' + δ² n n' / (n + n')
 */
export function calibrate(model: Mlp, dataset: Dataset, given?: CalibrateOptions): Statistics {
  const { H } = model.sizes;
  const mean = new Float64Array(H);
  const squares = new Float64Array(H);
  let N = 0;
  eachChunk(model, sampled(model, dataset, given), (Xb, _, n) => {
    const x = hprebn(model, Xb).to('float64');
    const chunkMean = x.mean(0);
    const [means, chunkSquares] = [chunkMean.data, x.sub(chunkMean).pow(2).sum(0).data];
    for (let j = 0; j < H; j++) {
      const delta = means[j]! - mean[j]!;
      mean[j]! += (delta * n) / (N + n);
      squares[j]! += chunkSquares[j]! + (delta * delta * N * n) / (N + n);
    }
    N += n;
  });
  if (N < 2) throw new ShapeError(`dataset: expected at least 2 examples, for the variance divides by N - 1, got ${N}`);
  const row = (values: Float64Array): NdArray => ({
    dtype: model.dtype,
    shape: [1, H],
    data: dtypes[model.dtype].array.from(values),
  });
  return { bnmean: row(mean), bnvar: row(squares.map((sum) => sum / (N - 1))) };
}

/** The rows of a dataset that are asked for, `fallback` of them where none are: itself where it has no more, or a copy. */
export function sampled(
  model: Mlp,
  dataset: Dataset,
  given: CalibrateOptions | undefined,
  fallback: number = Infinity,
): Dataset {
  const asked = options('options', given, ['rows']).rows;
  const rows = asked === undefined ? fallback : integer('rows', asked, 2);
  const checked = model.checkDataset(dataset);
  const N = checked.Y.data.length;
  if (rows >= N) return checked;
  const chosen = Array.from({ length: rows }, (_, i) => Math.floor((i * N) / rows));
  const { Xb: X, Yb: Y } = takeBatch(checked, chosen);
  return { X, Y, blockSize: checked.blockSize };
}
