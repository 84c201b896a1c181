// The exercises: their order, their hints, their solutions in TypeScript, and what a proof says of the mistakes in them.

import { describe, expect, test } from 'vitest';
import { batchNormInOneGo, crossEntropyInOneGo, operationByOperation, type Step } from '../../src/lesson/exercises.js';
import { exercise1 } from '../../src/mlp/layout.js';
import type { Proof } from '../../src/proof/proof.js';
import { prove } from '../../src/proof/prove.js';
import { hg } from '../support/handgrad.js';
import { batchNormMistakes, crossEntropyMistakes, type Mistake, mistakes } from './mistakes.js';
import { batchNorm, exercise } from './proofs.js';

const solutions = (language: 'python' | 'typescript') => operationByOperation.map((step) => step[language]).join('\n');
const all = [...operationByOperation, crossEntropyInOneGo, batchNormInOneGo];

/** The solutions up to a mistake, which takes the place of the last: what comes after it may not run. */
const upTo = (mistake: Mistake) => {
  const at = operationByOperation.findIndex(({ of }) => of === mistake.of);
  return [...operationByOperation.slice(0, at), mistake].map(({ typescript }) => typescript).join('\n');
};

function expectFound(proof: Proof, { root, kind, blurred }: Mistake): void {
  const report = prove(hg, proof, { seed: 1 });
  const row = (sought: string | null) => report.gradients.find(({ name }) => name === sought);
  expect({ root: report.root, kind: row(root)?.diagnosis?.kind ?? null }).toEqual({ root, kind });
  if (blurred === undefined) return;
  const { verdict, notes } = row(blurred[0])!;
  expect(verdict).toBe('rounding');
  expect(notes.join()).toContain(blurred[1]);
}

describe('exercise 1', () => {
  test("has the notebook's 26 gradients in its order, but that dbnmeani comes before dhprebn", () => {
    const order = exercise1.map(([, name]) => name);
    const at = order.indexOf('hprebn');
    order.splice(at, 2, 'bnmeani', 'hprebn');
    expect(operationByOperation.map(({ of }) => of)).toEqual(order);
  });

  test('reads no gradient before the step that writes it', () => {
    const known = new Set<string>();
    for (const { name, python } of operationByOperation) {
      known.add(name);
      const read = [...python.matchAll(/\bd[A-Za-z]\w*/g)].map(([word]) => word).filter((word) => word !== 'dim');
      expect(read.filter((word) => !known.has(word))).toEqual([]);
    }
  });

  test.each([1e-5, 1e5])('in TypeScript gives 26 exact gradients, eps %s', (eps) => {
    const report = prove(hg, exercise(solutions('typescript'), { eps }));
    expect(report.gradients.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
      operationByOperation.map(({ of }) => `${of} exact`),
    );
    expect(report.ok).toBe(true);
  });

  test.each(mistakes.map((mistake) => [mistake.python, mistake] as const))('a mistake: %s', (_, mistake) => {
    expectFound(exercise(upTo(mistake), { H: 24 }), mistake);
  });

  test('has a mistake for each gradient', () => {
    expect(new Set(mistakes.map(({ of }) => of))).toEqual(new Set(operationByOperation.map(({ of }) => of)));
  });
});

describe.each([
  ['exercise 2', crossEntropyInOneGo, exercise, crossEntropyMistakes],
  ['exercise 3', batchNormInOneGo, batchNorm, batchNormMistakes],
] as const)('%s', (_, step, proof, found) => {
  test('is right to rounding', () => {
    const { root, gradients } = prove(hg, proof(step.typescript));
    const { verdict } = gradients.find(({ name }) => name === step.of)!;
    expect({ root, verdict }).toEqual({ root: null, verdict: 'rounding' });
  });

  test.each(found.map((mistake) => [mistake.python, mistake] as const))('a mistake: %s', (_, mistake) => {
    expectFound(proof(mistake.typescript), mistake);
  });
});

describe.each(all.map((step) => [step.name, step] as [string, Step]))(
  '%s',
  (name, { of, python, typescript, hints, forward }) => {
    test('writes the gradient of its tensor, last of all', () => {
      expect(name).toBe(`d${of}`);
      expect(python.split('\n').at(-1)).toMatch(new RegExp(`^ *${name}(\\[[^=]*\\])? [-+/]?=`));
      expect(typescript).toContain(`d.${of} = `);
    });

    test('is used where the forward pass names it', () => {
      for (const line of forward) expect(line).toMatch(new RegExp(`=.*\\b${of}\\b`));
      expect(forward.length).toBeGreaterThan(0);
    });

    test('has three hints, of which the last is the solution with holes', () => {
      expect(hints).toHaveLength(3);
      const [rule, shapes, formula] = hints;
      for (const sentence of [rule, shapes]) expect(sentence).toMatch(/^[A-Za-z].*[.?]$/);
      const pieces = formula.split('____').map((piece) => piece.replaceAll(/\s/g, ''));
      expect(pieces.length).toBeGreaterThan(1);
      let [rest, at] = [python.replaceAll(/\s/g, '').replace('ix=Xb[k,j]', ''), 0];
      for (const piece of pieces) {
        at = rest.indexOf(piece);
        expect(at, piece).toBeGreaterThanOrEqual(0);
        rest = rest.slice(at + piece.length);
      }
    });
  },
);
