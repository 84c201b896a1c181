// The notebook's own cells, one after another, where its text is at hand.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judge, Notebook } from '../../src/lesson.js';
import { cell, forward, hg, setup, words } from './cells.js';

const file = new URL('../../../shared/seed/000_d2090630c7690f59.txt', import.meta.url);
const text = existsSync(file) ? readFileSync(file, 'utf8') : null;

/** The code of a cell by its number: what stands before its output or prose. */
function code(number: number, end: RegExp): string {
  const after = text!.split(`In [${number}]:\n`)[1]!;
  return after.slice(0, end.exec(after)!.index);
}

const next = /^In \[/m;
const cells = () => ({
  before: [
    code(14, next),
    code(15, next),
    code(16, /^\{1/m),
    code(17, /^torch\.Size/m),
    code(18, next),
    code(19, /^4137/m),
    code(20, next),
  ],
  forward: code(52, /^tensor\(/m),
  exercise1: code(65, /^logprobs +\|/m),
  exercise2: code(67, /^logits +\|/m),
  exercise3: code(68, /^hprebn +\|/m),
});

test.skipIf(text === null)('run verbatim, with every line of exercise 1 exact', () => {
  const { before, forward, exercise1, exercise2, exercise3 } = cells();
  const notebook = new Notebook(hg, { words });
  for (const source of [...before, forward]) expect(notebook.run(`In [1]:\n${source}`).error).toBeNull();
  const { output, error } = notebook.run(exercise1);
  expect(error).toBeNull();
  expect(output).toHaveLength(26);
  for (const line of output) expect(line).toMatch(/^\w+ *\| exact: True {2}\| approximate: True {2}\| maxdiff: 0\.0$/);
  expect(output[0]).toBe('logprobs        | exact: True  | approximate: True  | maxdiff: 0.0');
  for (const source of [exercise2, exercise3]) {
    const { output } = notebook.run(source);
    expect(output[0]).toMatch(/^\w+ *\| exact: (True |False) \| approximate: True {2}\| maxdiff: \d/);
  }
});

test.skipIf(text === null)('are judged right', () => {
  const { forward, exercise1, exercise2, exercise3 } = cells();
  hg.scope(() => {
    const whole = judge(hg, forward + exercise1, { words });
    expect([whole.error, whole.ok, whole.report.gradients.length]).toEqual([null, true, 26]);
    expect(whole.report.gradients.every(({ verdict }) => verdict === 'exact')).toBe(true);
    expect(judge(hg, exercise2, { words })).toMatchObject({ ok: true, lines: [{ verdict: 'rounding' }, {}, {}] });
    expect(judge(hg, exercise3, { words, given: ['dhpreact'] })).toMatchObject({ ok: true, given: ['dhpreact'] });
  });
});

test('the cells of these tests do the same', () => {
  const notebook = new Notebook(hg, { words });
  for (const source of [setup, forward]) expect(notebook.run(source)).toEqual({ output: [], error: null });
  expect(notebook.run(cell())).toEqual({ output: [], error: null });
});
