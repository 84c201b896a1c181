// Faults of one line in seven functions: each is found, the first wrong step is named, and no diagnosis is wrong.

import { describe, expect, test } from 'vitest';
import { prove } from '../../src/proof/prove.js';
import { hg } from '../support/handgrad.js';
import { notebook, withBackward } from './functions.js';
import { notebookFaults } from './notebookFaults.js';
import { sixFunctions } from './sixFunctions.js';

const all = [{ ...notebook({ H: 24 }), faults: notebookFaults }, ...sixFunctions.map((make) => make())];

describe.each(all.map((written) => [written.proof.name!, written] as const))('%s', (_, written) => {
  test.each(['float32', 'float64'] as const)('is right in %s', (dtype) => {
    const report = prove(hg, withBackward(written, written.backward), { dtype });
    expect(report.gradients.filter(({ verdict }) => verdict !== 'exact' && verdict !== 'rounding')).toEqual([]);
    expect(report).toMatchObject({ ok: true, root: null, reference: { trusted: true, control: { found: true } } });
    expect(report.gradients.flatMap(({ notes }) => notes).filter((note) => !note.startsWith('zero here'))).toEqual([]);
  });

  test.each(written.faults)('d%s: %s -> %s (%s)', (root, from, to, kind) => {
    expect(written.backward).toContain(from);
    const report = prove(hg, withBackward(written, written.backward.replace(from, to)), { seed: 1 });
    const found = report.gradients.find(({ name }) => name === report.root);
    expect(report.ok).toBe(false);
    expect({ root: report.root, kind: found?.diagnosis?.kind ?? null }).toEqual({ root, kind });
    // What is computed from the wrong gradient has inherited its fault, or is right where the fault does not reach.
    expect(report.gradients.filter(({ name, verdict }) => name !== root && verdict === 'wrong')).toEqual([]);
  });
});

test('there are faults enough, each gradient of the notebook among them at least twice, and every kind', () => {
  expect(notebookFaults.length).toBeGreaterThanOrEqual(60);
  expect(all.slice(1).flatMap(({ faults }) => faults).length).toBeGreaterThanOrEqual(40);
  const count = new Map<string, number>();
  for (const [root] of notebookFaults) count.set(root, (count.get(root) ?? 0) + 1);
  expect([...count.values()].filter((times) => times < 2)).toEqual([]);
  expect(count.size).toBe(26);
  const kinds = new Set(all.flatMap(({ faults }) => faults.map(([, , , kind]) => kind)));
  expect([...kinds].filter((kind) => kind !== null).sort()).toEqual([
    'accumulated-twice',
    'constant',
    'copied',
    'extra-branch',
    'factor',
    'factor-of-branch',
    'mean-instead-of-sum',
    'missing-branch',
    'missing-derivative',
    'missing-upstream',
    'not-accumulated',
    'not-summed',
    'other-gradient',
    'other-value',
    'overwritten',
    'shifted',
    'sign',
    'sign-of-branch',
    'transposed',
    'wrong-axis',
  ]);
});
