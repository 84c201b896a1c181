// The notebook's run from a word list to its loss.

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ulpError32 } from '../../reference/ulp.js';
import { buildDataset, type Dataset, takeBatch } from '../../src/data/dataset.js';
import { split } from '../../src/data/split.js';
import { Vocabulary } from '../../src/data/vocabulary.js';
import { loadWords } from '../../src/data/words.js';
import { type Handgrad, init } from '../../src/index.js';
import { syntheticMakemore } from '../support/makemore.js';

const hg = await init();
const bundled = new URL('../../names.txt', import.meta.url);
/** A copy of makemore's list, which is not part of the project. */
const makemore = new URL('../../../shared/data/names-makemore.txt', import.meta.url);
const missing = existsSync(makemore) ? '' : ' (skipped: there is no ../shared/data/names-makemore.txt)';

interface Notebook {
  datasets: Dataset[];
  indices: number[];
  firstOfC: number[];
  parameterCount: number;
  losses: number[];
}

/** Everything the notebook draws, in its order, and the loss of each pass. */
function notebook(hg: Handgrad, words: string[], eps: number): Notebook {
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

const shapes = (datasets: Dataset[]) => datasets.map(({ X }) => X.shape);

for (const [eps, loss] of [
  [1e5, 3.277688],
  [1e-5, 3.355098],
] as const) {
  test(`names.txt, eps ${eps}: loss ${loss} to 2e-6`, async () => {
    const { datasets, parameterCount, losses } = notebook(hg, await loadWords(bundled), eps);
    expect(shapes(datasets)).toEqual([
      [183430, 3],
      [22953, 3],
      [22818, 3],
    ]);
    expect(parameterCount).toBe(4137);
    for (const got of losses) expect(Math.abs(got - loss)).toBeLessThanOrEqual(2e-6);
  });
}

for (const [eps, loss] of [
  [1e5, 3.27938],
  [1e-5, 3.337148],
] as const) {
  test.skipIf(missing !== '')(`makemore's names.txt, eps ${eps}: loss ${loss} to 2e-6${missing}`, async () => {
    const { datasets, indices, firstOfC, losses } = notebook(hg, await loadWords(makemore), eps);
    expect(shapes(datasets)).toEqual([
      [182625, 3],
      [22655, 3],
      [22866, 3],
    ]);
    expect(indices.slice(0, 8)).toEqual([18767, 120572, 160700, 59099, 59177, 167235, 97673, 90231]);
    // Within 3 ULP of PyTorch's draws.
    [1.759729027748108, 0.5955276489257812, -0.22128167748451233].forEach((value, i) => {
      expect(ulpError32(firstOfC[i]!, value)).toBeLessThanOrEqual(3);
    });
    for (const got of losses) expect(Math.abs(got - loss)).toBeLessThanOrEqual(2e-6);
  });
}

test("words of makemore's lengths split into datasets of makemore's shapes, of which the same first indices are drawn", () => {
  const { datasets, indices } = notebook(hg, syntheticMakemore(), 1e-5);
  expect(shapes(datasets)).toEqual([
    [182625, 3],
    [22655, 3],
    [22866, 3],
  ]);
  expect(indices.slice(0, 8)).toEqual([18767, 120572, 160700, 59099, 59177, 167235, 97673, 90231]);
});
