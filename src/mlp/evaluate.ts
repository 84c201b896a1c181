// The loss over a whole split.

import type { Core } from '../core/core.js';
import type { Dataset } from '../data/dataset.js';
import { eachChunk, inference, type Statistics, withoutTape } from './inference.js';
import type { Mlp } from './mlp.js';

/** See `Model.evaluate`. */
export function evaluate(core: Core, model: Mlp, dataset: Dataset, statistics: Statistics): number {
  return withoutTape(core, () => {
    const logits = inference(core, model, statistics);
    let sum = 0;
    eachChunk(core, model, dataset, (Xb, Yb, n) => {
      sum += logits(Xb).crossEntropy(Yb).item() * n;
    });
    return sum / dataset.Y.data.length;
  });
}
