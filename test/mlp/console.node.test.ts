// What console.log makes of the objects that have a core behind them: nothing of its insides.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { init } from '../../src/index.js';
import { examplesOf, modelOf, words } from '../support/model.js';

const hg = await init();

const model = () => modelOf(hg);
const trainer = () => hg.trainer(model(), { dataset: examplesOf(words), generator: hg.generator() });

test.each<[string, () => object]>([
  ['Generator', () => hg.generator()],
  ['PythonRandom', () => hg.pythonRandom(1)],
  ['Trainer', trainer],
])('a %s prints as little', (name, make) => {
  expect(inspect(make(), { depth: 10 })).toMatch(
    new RegExp(`^${name} \\{\\s+id: \\d+,\\s+unclonable: Symbol\\(.*\\)\\s+\\}$`),
  );
});

test('a Model prints its parameters and options', () => {
  const printed = model();
  expect(Object.keys(printed).sort()).toEqual(['dtype', 'eps', 'id', 'parameters', 'settings', 'sizes', 'unclonable']);
  expect(inspect(printed, { depth: 10 })).not.toMatch(/Core|Memory|Function/);
});
