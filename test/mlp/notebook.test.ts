// The notebook's run from a word list to its loss.

import { expect, test } from 'vitest';
import { loadWords } from '../../src/data/words.js';
import { init } from '../../src/index.js';
import { projectUrl } from '../support/fixture.js';
import { syntheticMakemore } from '../support/makemore.js';
import { notebook, shapes } from '../support/notebook.js';

const hg = await init();
const bundled = projectUrl('names.txt');

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

test("words of makemore's lengths split into datasets of makemore's shapes, of which the same first indices are drawn", async () => {
  const { datasets, indices } = notebook(hg, await syntheticMakemore(), 1e-5);
  expect(shapes(datasets)).toEqual([
    [182625, 3],
    [22655, 3],
    [22866, 3],
  ]);
  expect(indices.slice(0, 8)).toEqual([18767, 120572, 160700, 59099, 59177, 167235, 97673, 90231]);
});
