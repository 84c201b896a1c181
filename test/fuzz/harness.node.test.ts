import { expect, test } from 'vitest';
import { describe, Finding, fuzz, type Target } from './harness.js';
import { Random } from './random.js';

/** Finds something in every run after the first `good` of a world. */
const failing = (good: number): Target => ({
  name: 'failing',
  runs: 40,
  quick: 1,
  together: 10,
  patience: 1,
  open: () => {
    let runs = 0;
    return {
      run: () => {
        if (runs++ >= good) throw new Finding('too many', 'one more');
      },
    };
  },
});

test('the same seed gives the same choices', () => {
  const draw = (seed: number) => {
    const random = new Random(seed);
    return random.list(5, () => random.below(1000));
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('nothing is found where nothing is wrong', async () => {
  const report = await fuzz(failing(10), { seed: 1 });
  expect(report).toMatchObject({ runs: 40, found: [] });
});

test('a finding is told with the fewest runs of 1, 2, 4, 8, … that find it again', async () => {
  const report = await fuzz(failing(5), { seed: 1, runs: 20 });
  expect(report.found).toMatchObject([{ key: 'too many', call: 'one more', run: 5, after: 5, times: 2 }]);
  expect(describe(report)).toContain('npm run fuzz -- failing --seed 1 --from 0 --runs 6');
  const again = await fuzz(failing(5), { seed: 1, from: 0, runs: 6 });
  expect(again.found).toHaveLength(1);
});

test('the first finding ends the runs where that is asked for', async () => {
  expect(await fuzz(failing(2), { seed: 1, first: true })).toMatchObject({ runs: 3 });
});

test('an error that is no finding counts as one', async () => {
  const broken: Target = {
    ...failing(0),
    open: () => ({
      run: () => {
        throw new TypeError('in the fuzz');
      },
    }),
  };
  expect((await fuzz(broken, { seed: 1, first: true })).found[0]!.key).toBe(
    'not a finding but an error: TypeError: in the fuzz',
  );
});
