import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Backward, type Handgrad, init } from '../../src/index.js';
import { bundled, examples, exercise4, exercise4Model } from './small.js';

// makemore's list is not part of the project; a copy is read where there is one.
const makemore =
  process.env.MAKEMORE_NAMES ?? fileURLToPath(new URL('../../../shared/data/names-makemore.txt', import.meta.url));

async function losses(hg: Handgrad, path: string | URL, backward: Backward, steps: number, dtype?: 'float64') {
  const { train: dataset } = await examples(hg, path);
  const { model, generator } = exercise4Model(hg, { ...(dtype && { dtype }) });
  const all: number[] = [];
  for await (const progress of model.train({ dataset, generator, steps: 200_000, backward, pauseEvery: steps })) {
    all.push(...progress.losses);
    if (progress.step >= steps) break;
  }
  return all;
}

function largestDifference(actual: number[], expected: number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...actual.map((loss, i) => Math.abs(loss - expected[i]!)));
}

describe("exercise 4's first 100 losses", () => {
  test.each(['fused', 'stepwise', 'autograd'] as const)(
    'are PyTorch’s within 2e-4, bundled list, %s',
    async (backward) => {
      const actual = await losses(await init(), bundled, backward, 100);
      expect(largestDifference(actual, exercise4.losses.bundled)).toBeLessThan(2e-4);
    },
  );

  test('are PyTorch’s within 2e-4, bundled list, float64', async () => {
    const actual = await losses(await init(), bundled, 'fused', 100, 'float64');
    expect(largestDifference(actual, exercise4.losses.bundled)).toBeLessThan(2e-4);
  });

  test.skipIf(!existsSync(makemore))('are PyTorch’s within 2e-4, makemore’s list', async () => {
    const actual = await losses(await init(), makemore, 'fused', 100);
    expect(largestDifference(actual, exercise4.losses.makemore)).toBeLessThan(2e-4);
  });
});
