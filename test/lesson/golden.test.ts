// What cells print is what CPython and PyTorch print for them. Where these raise an error, so does the lesson; it may refuse more.

import { expect, test } from 'vitest';
import { Notebook } from '../../src/lesson.js';
import { fixture } from '../support/fixture.js';
import { hg } from './cells.js';

interface Golden {
  readonly source: string;
  readonly output: readonly string[];
  readonly error: boolean;
}

const golden = await fixture<Golden[]>('lesson.json');
const results = golden.map(({ source }) => {
  const notebook = new Notebook(hg);
  notebook.run('import math, torch\nimport torch.nn.functional as F');
  return notebook.run(source);
});

test('all that cells print is what Python prints', () => {
  golden.forEach(({ source, output, error }, i) => {
    const { output: got, error: refused } = results[i]!;
    if (error)
      expect({ source, output: got, hasFailed: refused !== null }).toEqual({ source, output, hasFailed: true });
    else if (refused === null) expect({ source, output: got }).toEqual({ source, output });
  });
});

/** What the lesson does not have, though Python does. */
const refusals = [
  /a format for int, got 'x'/,
  /expected Python, got ":=\+6/,
  /lists of indices next to each other/,
  /one "…" in/,
  /got (int|numpy)(;|$)/,
  /got bools; \.float\(\) makes numbers of them/,
  /a value that ~ takes/,
  /ints in \[…\] of a tensor, got a bool/,
  /a tensor, a list or a dict to assign an element of, got a tensor of bools/,
  /numbers for arange, got a tensor/,
  /torch\.where\(a > 1\): expected an argument input/,
  /of the names input, got "size"/,
  /two values that < takes, got a tensor/,
  /a number of at least 0 for a power that is no int/,
  /a graph that is still there/,
  /changed in place since/,
];

test('little of it is refused, each for a reason', () => {
  const refused = results.flatMap(({ error }, i) => (error !== null && !golden[i]!.error ? [error.message] : []));
  expect(refused.length).toBeLessThan(golden.length / 30);
  expect(refused.filter((message) => !refusals.some((reason) => reason.test(message)))).toEqual([]);
});

test("no error is the engine's own", () => {
  const engine = /Cannot read|is not a function|is not iterable|of undefined|\[object|NaN, got|BigInt/;
  expect(results.flatMap(({ error }) => (error !== null && engine.test(error.message) ? [error.message] : []))).toEqual(
    [],
  );
});
