// What comes out of the sandbox is read before it is believed.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../site/src/proof/readAnswer.js';
import { readReport } from '../../site/src/proof/readReport.js';
import { init } from '../../src/index.js';
import { defineProof, prove } from '../../src/proof.js';
import { reportHtml } from '../../src/report.js';

const hg = await init();
const proof = defineProof({
  name: 'two faults',
  inputs: () => ({ x: hg.randn([3, 4], { requiresGrad: true }), w: hg.randn([4], { requiresGrad: true }) }),
  forward: ({ x, w }) => {
    const y = x.mul(w);
    return { y, loss: y.tanh().sum() };
  },
  backward: (t, d) => {
    d.y = t.y.tanh().pow(2).mul(-1).add(1).mul(2);
    d.x = d.y.mul(t.w);
  },
});
const proved = prove(hg, proof);
const sent = () => structuredClone({ ...proved });

type Path = readonly (string | number)[];

/** The paths of all members of a value, of maps and arrays too. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [path];
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return [path, ...entries.flatMap(([key, member]) => pathsOf(member, [...path, key]))].filter(
    ({ length }) => length > 0,
  );
}

/** Puts `value` where `path` leads. */
function put(root: object, path: Path, value: unknown): void {
  const step = (at: object, key: string | number) => (at instanceof Map ? at.get(key) : Reflect.get(at, key));
  const owner = path.slice(0, -1).reduce<object>(step, root);
  if (owner instanceof Map) owner.set(path.at(-1), value);
  else Reflect.set(owner, path.at(-1)!, value);
}

const paths = pathsOf(sent());

describe('a report', () => {
  test('is read as it is, and its page is that of the original', () => {
    const read = readReport(sent());
    expect(read).toEqual(sent());
    expect(reportHtml(read)).toBe(reportHtml(proved));
  });

  test('with anything anywhere is refused with a TypeError, or is a report all the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything({ withNullPrototype: true }), (path, value) => {
        const forged = sent();
        put(forged, path, value);
        let read: ReturnType<typeof readReport>;
        try {
          read = readReport(forged);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(readReport(read)).toEqual(read);
      }),
      { numRuns: 500 },
    );
  });

  test('with markup in any text is no markup in its page', () => {
    let count = 0;
    for (const path of paths) {
      const forged = sent();
      put(forged, path, '<evil "\'>');
      let read: ReturnType<typeof readReport>;
      try {
        read = readReport(forged);
      } catch {
        continue;
      }
      count++;
      expect(reportHtml(read), path.join()).not.toContain('<evil');
    }
    expect(count).toBeGreaterThan(10);
  });

  test.each<[string, (report: ReturnType<typeof sent>) => void]>([
    ['an array of another length', (it) => put(it, ['values', 'x', 'truth', 'data'], new Float64Array(3))],
    ['an array of another type', (it) => put(it, ['values', 'x', 'truth', 'data'], new Float32Array(12))],
    ['a verdict that there is not', (it) => put(it, ['gradients', 0, 'verdict'], 'perfect')],
    ['a text without end', (it) => put(it, ['name'], 'x'.repeat(20_000))],
  ])('with %s is refused', (_, forge) => {
    const forged = sent();
    forge(forged);
    expect(() => readReport(forged)).toThrow(TypeError);
  });
});

test('an answer is one of those that there are, with the members that it has', () => {
  expect(readAnswer({ kind: 'printed', text: 'a', more: 1 })).toEqual({ kind: 'printed', text: 'a' });
  expect(readAnswer({ kind: 'done', count: { done: 2, right: 1 } })).toEqual({
    kind: 'done',
    count: { done: 2, right: 1 },
  });
  expect(readAnswer({ kind: 'judged', judged: { seed: 3, report: sent() } })).toEqual({
    kind: 'judged',
    judged: { seed: 3, report: sent() },
  });
  for (const refused of [
    null,
    'done',
    {},
    { kind: 'run' },
    { kind: 'printed' },
    { kind: 'done', count: 3 },
    { kind: 'failed' },
  ]) {
    expect(() => readAnswer(refused), JSON.stringify(refused)).toThrow(TypeError);
  }
});
