// Mutated cells of Python: each runs to its end, or has an error with a place; nothing is thrown, whatever the cell says.

import { readFileSync } from 'node:fs';
import type { Handgrad } from '../../src/index.js';
import { cell, forward, steps } from '../lesson/sources.js';
import { Finding, type Target, type World } from './harness.js';
import { lesson, newHandle } from './library.js';
import type { Random } from './random.js';

export const cellsTarget: Target = {
  name: 'cells',
  runs: 100_000,
  quick: 600,
  together: 500,
  patience: 60,
  open: async () => new Cells(await newHandle()),
};

const golden = JSON.parse(readFileSync(new URL('../golden/fixtures/lesson.json', import.meta.url), 'utf8')) as {
  source: string;
}[];
const plain = golden.map(({ source }) => source);
const gradients = [...Object.values(steps), cell(), forward + cell()];
const words = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'mia', 'amelia', 'harper', 'evelyn', 'abigail', 'ella'];

const tokens = [
  ...'0 1 -1 2 3.5 1e999 10**9 True None "" \'a\' x y z [] {} () [0] (1,) ... : , . = == += -= *= /= + - * / // % ** @ & | ~ not and or in is if else'.split(
    ' ',
  ),
  ...'for while def return lambda break pass print len range list dict set zip sum max min abs int float str sorted enumerate open torch F'.split(
    ' ',
  ),
  ...'.T .shape .sum(0) .view(-1) .item() .clone() .grad .max(1) [0] [:, None] [...] [::2] [x > 0] torch.ones(2, 3) torch.arange(4) (x, y)'.split(
    ' ',
  ),
  ...[
    '\n',
    '\n    ',
    '\t',
    ' ',
    '\r\n',
    '#',
    '\\',
    "'",
    '"',
    "'''",
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '\u00a0',
    '“',
    '😀',
    '\0',
    '\u202e',
    '\ud800',
    "f'{x:>5}'",
  ],
  ...[
    'dlogits',
    'dh',
    'dcounts',
    'probs',
    'logits',
    'h',
    'W2',
    'Yb',
    'Xb',
    'C',
    'dC',
    'cmp("h", dh, h)',
    'dh = dh',
    'h = dh',
    'loss.backward()',
  ],
];

/** What the engine says where nobody has checked. */
const engine =
  /Cannot (read|set|mix|convert|destructure)|is not (a function|iterable|a constructor|defined)|Invalid (array|string|count)|of undefined|\[object|allocation failed/;

class Cells implements World {
  readonly #hg: Handgrad;

  constructor(hg: Handgrad) {
    this.#hg = hg;
  }

  run(random: Random): void {
    const isJudged = random.chance(1 / 40);
    const source = mutated(random.pick(isJudged ? gradients : [...plain, ...gradients]), random);
    const fail = (key: string, detail = '') =>
      new Finding(
        key.replace(/\d+/g, '#').slice(0, 120),
        `${key} ${detail}: ${isJudged ? 'judge' : 'run'}(${JSON.stringify(source)})`,
      );
    const before = this.#hg.usedBytes;
    let error: { message: string; line: number; column: number } | null;
    try {
      error = this.#hg.scope(() => (isJudged ? this.#judge(source, random) : this.#run(source)));
    } catch (thrown) {
      throw fail(`throws ${thrown}`, (thrown as Error).stack);
    }
    if (this.#hg.usedBytes !== before) throw fail('bytes are left', String(this.#hg.usedBytes - before));
    if (error === null) return;
    const { message, line, column } = error;
    if (engine.test(message)) throw fail(`the engine's message ${message}`);
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(message)) throw fail('a message has control characters', message);
    const lines = source.split(/\r\n?|\n/);
    if (!(line >= 1 && line <= lines.length && column >= 1))
      throw fail('a place is outside of the cell', `${line}:${column} ${message}`);
  }

  #run(source: string) {
    const notebook = new lesson.Notebook(this.#hg, { steps: 20_000, words });
    notebook.run(
      'import torch, math, random\nimport torch.nn.functional as F\nx = torch.ones(2, 3)\ny = [1, 2]\nz = 0.5',
    );
    const { error, output } = notebook.run(source);
    structuredClone(output);
    return error;
  }

  #judge(source: string, random: Random) {
    const given = random.chance(0.5) ? ('unwritten' as const) : [];
    const judgement = lesson.judge(this.#hg, source, {
      words,
      hidden: 3,
      embed: 2,
      batch: 4,
      steps: 20_000,
      given,
      strict: random.chance(0.5),
    });
    structuredClone(judgement);
    String(judgement.report);
    return judgement.error;
  }
}

/** A cell with a few tokens or characters replaced, left out, repeated or moved. */
function mutated(source: string, random: Random): string {
  const parts = source.match(/\w+|\s+|[^\w\s]/gu) ?? [''];
  for (let times = random.chance(0.6) ? 1 : random.between(2, 6); times > 0; times--) {
    const at = random.below(parts.length);
    const length = random.chance(0.8) ? 1 : random.below(10);
    const choice = random.below(6);
    if (choice < 2) parts.splice(at, length, random.pick(tokens));
    else if (choice === 2) parts.splice(at, 0, random.pick(tokens));
    else if (choice === 3) parts.splice(at, length);
    else if (choice === 4) parts.splice(at, 0, ...parts.slice(at, at + random.below(8)));
    else parts.splice(random.below(parts.length), 0, ...parts.splice(at, length));
    if (parts.length === 0) parts.push('');
  }
  return parts.join('');
}
