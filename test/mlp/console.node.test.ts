// What console.log makes of the objects that have a core behind them: a line, and nothing of their insides.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { init, Vocabulary } from '../../src/index.js';
import { examplesOf, modelOf, words } from '../support/model.js';

const hg = await init();

const model = () => modelOf(hg);
const dataset = examplesOf(words);
const generator = hg.generator().manualSeed(42);
const session = () => model().session({ dataset, vocabulary: new Vocabulary(words), generator, steps: 10 });

test.each<[string, () => object]>([
  ['Generator(initialSeed=42)', () => generator],
  ['PythonRandom()', () => hg.pythonRandom(1)],
  ['Trainer()', () => hg.trainer(model(), { dataset, generator })],
  ['Scope(size=0, closed=true)', closedScope],
  ['Session(state=ready, stepCount=0)', session],
  [
    `Model(vocabSize=${new Vocabulary(words).size}, blockSize=3, embed=10, hidden=8, eps=0.00001, dtype=float32)`,
    model,
  ],
])('%s', (text, make) => {
  const object = make();
  expect(inspect(object, { depth: 10, showHidden: true })).toBe(text);
  expect(inspect([object], { breakLength: Infinity })).toBe(`[ ${text} ]`);
  expect(String(object)).toBe(text);
  expect(JSON.parse(JSON.stringify({ object }))).toEqual({ object: text });
  expect(() => structuredClone(object)).toThrow('its save(), checkpoint() or getState()');
  // A proxy, a copy, and one that only has the prototype can't be looked into, and are printed all the same.
  const bare = Object.create(Object.getPrototypeOf(object));
  for (const other of [
    bare,
    Object.assign(Object.create(Object.getPrototypeOf(object)), object),
    new Proxy(object, {}),
  ]) {
    expect(inspect(other)).toMatch(new RegExp(`^${object.constructor.name}[( ]`));
  }
});

function closedScope(): object {
  const scope = hg.scope();
  scope.close();
  return scope;
}
