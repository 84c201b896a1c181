// The loss over a whole split.

import type { Dataset } from '../data/dataset.js';
import { eachChunk, inference, type Statistics, withoutTape } from './inference.js';
import type { Mlp } from './mlp.js';

/** See `Model.evaluate`. */
export function evaluate(model: Mlp, dataset: Dataset, statistics: Statistics): number {
  return withoutTape(model, () => {
    const logits = inference(model, statistics);
    let [sum, N] = [0, 0];
    eachChunk(model, dataset, (Xb, Yb, n) => {
      sum += logits(Xb).crossEntropy(Yb).item() * n;
      N += n;
    });
    return sum / N;
  });
}
