// What the notebook draws from a word list, and its losses.

import { buildDataset, type Dataset, takeBatch } from '../../src/data/dataset.js';
import { split } from '../../src/data/split.js';
import { Vocabulary } from '../../src/data/vocabulary.js';
import type { Handgrad } from '../../src/handgrad.js';

export interface Notebook {
  datasets: Dataset[];
  indices: number[];
  firstOfC: number[];
  parameterCount: number;
  losses: number[];
}

/** Everything the notebook draws, in its order, and the loss of each pass. */
export function notebook(hg: Handgrad, words: string[], eps: number): Notebook {
  const vocabulary = new Vocabulary(words);
  hg.pythonRandom(42).shuffle(words);
  const datasets = Object.values(split(words)).map((part) => buildDataset(part, vocabulary, 3));
  return hg.scope(() => {
    const generator = hg.generator().manualSeed(456789096543);
    const bnGenerator = hg.generator().manualSeed(0);
    const model = hg.createModel({ vocabSize: vocabulary.size, eps, generator, bnGenerator });
    const indices = Array.from(hg.randint(0, datasets[0]!.Y.data.length, [32], { generator }).data);
    const batch = takeBatch(datasets[0]!, indices);
    const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
    return {
      datasets,
      indices,
      firstOfC: Array.from(model.parameters.C.data.slice(0, 3)),
      parameterCount: model.parameterCount,
      losses: [model.autograd(Xb, Yb), model.stepwise(Xb, Yb), model.fused(Xb, Yb)].map(({ loss }) => loss),
    };
  });
}

export const shapes = (datasets: Dataset[]) => datasets.map(({ X }) => X.shape);
