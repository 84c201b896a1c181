// The exercises in Python, as judge runs them: the solutions are right, and every mistake is found.

import { describe, expect, test } from 'vitest';
import { parseWords } from '../../src/data/words.js';
import { batchNormInOneGo, crossEntropyInOneGo, operationByOperation } from '../../src/lesson/exercises.js';
import { type JudgeOptions, judge } from '../../src/lesson/judge.js';
import { projectFile } from '../support/fixture.js';
import { hg } from '../support/handgrad.js';
import { batchNormMistakes, crossEntropyMistakes, type Mistake, mistakes } from './mistakes.js';

const words = parseWords(await projectFile('names.txt')).slice(0, 1000);
const judged = (source: string, options: Partial<JudgeOptions> = {}) =>
  judge(hg, source, { words, hidden: 24, eps: 1e-5, ...options });

function expectFound(source: string, { root, kind, blurred }: Mistake, options: Partial<JudgeOptions> = {}): void {
  const { report, error } = judged(source, options);
  const row = (sought: string | null) => report.gradients.find(({ name }) => name === sought);
  expect({ root: report.root, kind: row(root)?.diagnosis?.kind ?? null, error }).toEqual({ root, kind, error: null });
  if (blurred === undefined) return;
  const { verdict, notes } = row(blurred[0])!;
  expect(verdict).toBe('rounding');
  expect(notes.join()).toContain(blurred[1]);
}

describe('exercise 1', () => {
  test.each([1e-5, 1e5])('has 26 exact gradients, eps %s', (eps) => {
    const source = operationByOperation.map(({ python }) => python).join('\n');
    const { ok, error, open, report } = judged(source, { eps, hidden: 64, strict: true });
    expect({ ok, error, open }).toEqual({ ok: true, error: null, open: [] });
    expect(report.gradients.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
      operationByOperation.map(({ of }) => `${of} exact`),
    );
  });

  test.each(operationByOperation.map((step) => [step.name, step] as const))('%s alone is exact', (_, step) => {
    const { ok, error, report } = judged(step.python, { given: 'unwritten' });
    expect({ ok, error }).toEqual({ ok: true, error: null });
    expect(report.gradients.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([`${step.of} exact`]);
  });

  test.each(mistakes.map((mistake) => [mistake.python, mistake] as const))('a mistake: %s', (_, mistake) => {
    const at = operationByOperation.findIndex(({ of }) => of === mistake.of);
    const steps = [...operationByOperation.slice(0, at), mistake];
    expectFound(steps.map(({ python }) => python).join('\n'), mistake);
  });
});

describe.each([
  ['exercise 2', crossEntropyInOneGo, crossEntropyMistakes],
  ['exercise 3', batchNormInOneGo, batchNormMistakes],
] as const)('%s', (_, step, found) => {
  test('is right to rounding', () => {
    const { ok, report } = judged(step.python, { given: 'unwritten' });
    expect({ ok, verdicts: report.gradients.map(({ verdict }) => verdict) }).toEqual({
      ok: true,
      verdicts: ['rounding'],
    });
  });

  test.each(found.map((mistake) => [mistake.python, mistake] as const))('a mistake: %s', (_, mistake) => {
    expectFound(mistake.python, mistake, { given: 'unwritten' });
  });
});
