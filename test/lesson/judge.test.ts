// What is wrong with cells is found on the line where it is wrong.

import { describe, expect, test } from 'vitest';
import { differentiatedNames, intermediateNames, parameterNames } from '../../src/index.js';
import { judge } from '../../src/lesson.js';
import { backward, cell, faults, forward, hg, judged, type Step, steps, words } from './cells.js';

const small = { hidden: 13, embed: 5, batch: 9 };

/** A step on its own, what it reads being given. */
const alone = (source: string, options = {}) => judged(source, { ...small, given: 'unwritten', ...options });

/** A line of a cell: its number, counted from 1. */
const lineOf = (source: string, part: string) => source.slice(0, source.indexOf(part)).split('\n').length;

describe('a cell of all gradients', () => {
  const source = cell();
  const result = judged(source);

  test('is right, each gradient bit for bit', () => {
    expect(result).toMatchObject({ ok: true, error: null, open: [], given: [], output: [] });
    expect(result.report.gradients.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 26 }, () => 'exact'));
    expect(new Set(result.report.gradients.map(({ name }) => name))).toEqual(new Set(differentiatedNames));
  });

  test('has an entry for each line that writes one, with the line that finishes it', () => {
    const at = (part: string) => lineOf(source, part);
    expect(
      result.lines.filter(({ name }) => name === 'dcounts').map(({ line, finishedAt }) => [line, finishedAt]),
    ).toEqual([
      [at('dcounts = '), at('dcounts += ')],
      [at('dcounts += '), at('dcounts += ')],
    ]);
    expect(result.lines.filter(({ name }) => name === 'dC').map(({ line }) => line)).toEqual([
      at('dC = '),
      at('dC[Xb[k, j]] +='),
    ]);
    expect(result.lines.every(({ kind, verdict }) => kind === 'write' && verdict === 'exact')).toBe(true);
  });

  test('can be posted', () => {
    const { report, ...rest } = structuredClone(result);
    expect(rest).toEqual({ ...result, report: undefined, ...rest });
    expect(report.gradients).toEqual(result.report.gradients);
  });

  test('is right behind a forward pass that it computes itself', () => {
    const pasted = judged(forward + backward + source);
    expect([pasted.error, faults(pasted), pasted.ok]).toEqual([null, {}, true]);
    expect(pasted.lines.filter(({ kind, notes }) => kind === 'forward' && notes.length > 0)).toEqual([]);
  });

  test('is right in float64, with other sizes, another eps and another seed', () => {
    const other = source.replace('1e5', '1e-3');
    expect(judged(other, { ...small, eps: 1e-3, seed: 5, bnSeed: 7n, blockSize: 2, dtype: 'float64' })).toMatchObject({
      ok: true,
    });
  });
});

describe('faults', () => {
  test.each<[what: string, step: Step, source: string, verdict: string, text: RegExp]>([
    [
      'the sign',
      'dlogit_maxes',
      'dlogit_maxes = dnorm_logits.sum(1, keepdim=True)',
      'wrong',
      /opposite sign; here that makes no difference/,
    ],
    [
      'a factor',
      'dlogprobs',
      'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(n), Yb] = -1',
      'wrong',
      /9 times what it should be/,
    ],
    [
      'a branch left out',
      'dcounts',
      'dcounts = counts_sum_inv * dprobs',
      'wrong',
      /the branch through counts_sum is missing/,
    ],
    [
      'the second branch of bndiff',
      'dbndiff',
      'dbndiff = bnvar_inv * dbnraw',
      'wrong',
      /the branch through bndiff2 is missing/,
    ],
    ['n for n - 1', 'dbndiff2', 'dbndiff2 = 1.0 / n * torch.ones_like(bndiff2) * dbnvar', 'wrong', /8\/9|0.888/],
    ['no eps', 'dbnvar', 'dbnvar = -0.5 * bnvar ** -1.5 * dbnvar_inv', 'wrong', /^$/],
    ['rows overwritten', 'dC', 'dC = torch.zeros_like(C)\ndC[Xb] += demb', 'wrong', /overwritten instead of added up/],
    [
      'the sum of everything',
      'dcounts_sum_inv',
      'dcounts_sum_inv = counts.sum() * dprobs',
      'wrong',
      /expected shape \[9, 1\], got \[9, \d+\]/,
    ],
    [
      'a sum that is missing',
      'dcounts_sum_inv',
      'dcounts_sum_inv = counts * dprobs',
      'wrong',
      /\.sum\(1, keepdim=True\) is likely missing/,
    ],
    ['a sum that is missing in front', 'db2', 'db2 = dlogits', 'wrong', /\.sum\(0\) is likely missing/],
    ['a sum without an axis', 'db2', 'db2 = dlogits.sum()', 'wrong', /give the axis to sum along/],
    [
      'a sum along the wrong axis',
      'dbnbias',
      'dbnbias = dhpreact.sum(1)',
      'wrong',
      /expected shape \[1, 13\], got \[9\]/,
    ],
    ['the local derivative', 'dhpreact', 'dhpreact = (1.0 - h) * dh', 'wrong', /^$/],
    ['keepdim left out', 'dbnbias', 'dbnbias = dhpreact.sum(0)', 'right', /axes of size 1 ignored/],
  ])('%s', (_, step, source, verdict, text) => {
    const { lines, report } = alone(source);
    const [last] = lines.filter(({ name, line, finishedAt }) => name === step && line === finishedAt);
    const isRight = last!.verdict === 'exact' || last!.verdict === 'rounding';
    const isNoted = last!.notes.some((note) => /wrong for other gradients upstream|opposite sign/.test(note));
    expect(isRight && !isNoted ? 'right' : 'wrong').toBe(verdict);
    expect([last!.diagnosis?.text ?? '', ...last!.notes].join('; ')).toMatch(text);
    expect(report.gradients.map(({ name }) => `d${name}`)).toEqual([step]);
  });

  test('are inherited by what is computed from them, and by nothing else', () => {
    const result = judged(cell({ dh: 'dh = 2 * dlogits @ W2.T' }), small);
    expect(faults(result).dh).toBe('wrong');
    expect(faults(result).dhpreact).toBe('inherited');
    expect(faults(result).dlogits).toBeUndefined();
    expect(faults(result).dW2).toBeUndefined();
    expect(result.report.root).toBe('h');
    expect(result.lines.filter(({ ownFault }) => ownFault).map(({ name }) => name)).toEqual(['dh']);
  });

  test('through an alias name both lines', () => {
    const source = cell({ dhprebn: steps.dhprebn.replace('dbndiff.clone()', 'dbndiff') });
    const { lines } = judged(source, small);
    const written = lineOf(source, 'dbndiff +=');
    const changed = lineOf(source, 'dhprebn +=');
    const entries = lines.filter(({ name }) => name === 'dbndiff');
    expect(entries.map(({ line, kind, verdict }) => [line, kind, verdict])).toEqual([
      [lineOf(source, 'dbndiff ='), 'write', 'wrong'],
      [written, 'write', 'wrong'],
      [changed, 'change', 'wrong'],
    ]);
    expect(entries[1]!.diagnosis!.kind).toBe('overwritten');
    expect(entries[1]!.notes).toContain(
      `written on line ${written}, and changed on line ${changed} through dhprebn, which shares its memory`,
    );
    expect(lines.find(({ name }) => name === 'dhprebn')!.verdict).toBe('rounding');
  });

  test('an alias that is replaced instead of changed does no harm', () => {
    expect(judged(cell({ dhprebn: 'dhprebn = dbndiff\ndhprebn = dhprebn + 1 / n * dbnmeani' }), small).ok).toBe(true);
  });

  test('a value of the forward pass that is changed is told, and harms no proof', () => {
    const { lines, ok } = alone('dlogits = probs\ndlogits[range(n), Yb] -= 1\ndlogits /= n');
    expect(ok).toBe(true);
    expect(
      lines.filter(({ kind }) => kind === 'forward').map(({ line, name, notes }) => [line, name, notes[0]]),
    ).toEqual([
      [2, 'probs', expect.stringContaining('changes probs of the forward pass too')],
      [3, 'probs', expect.stringContaining('changes probs of the forward pass too')],
    ]);
  });

  test('a forward pass that is another one is told', () => {
    const { lines } = alone('bnvar_inv = (bnvar + 1) ** -0.5\ndbndiff = bnvar_inv * dbnraw');
    expect(lines[0]).toMatchObject({
      kind: 'forward',
      name: 'bnvar_inv',
      verdict: null,
      notes: [expect.stringContaining("is not what the notebook's forward pass has")],
    });
  });

  test('a gradient that a function computes is written where that is called', () => {
    const { lines } = alone('def f():\n    x = dlogits @ W2.T\n    return x\n\ndh = f()');
    expect(lines.map(({ line, name }) => [line, name])).toEqual([[5, 'dh']]);
  });

  test('what comes from .grad shows nothing', () => {
    for (const source of [
      'dh = h.grad',
      'dh = h.grad.clone()',
      'x = h.grad\ny = x * 1\ndh = y',
      'dh = torch.zeros_like(h)\ndh += h.grad',
      'x = torch.zeros_like(h)\nx[:] = h.grad\ndh = x * 1',
      'x = torch.zeros_like(h)\nx.add_(h.grad)\ndh = x * 1',
      'x = []\nx.append(h.grad)\ndh = x[0] * 1',
      'def f():\n    x = h.grad\n    y = 1\n    return x * y\ndh = f()',
    ]) {
      const { report, ok } = alone(source);
      expect(report.gradients[0]).toMatchObject({
        verdict: 'undecided',
        notes: expect.arrayContaining([expect.stringContaining('.grad')]),
      });
      expect([ok, report.outcome]).toEqual([false, 'undecided']);
    }
    expect(alone("cmp('h', dlogits @ W2.T, h)\ndh = dlogits @ W2.T").ok).toBe(true);
    expect(alone('dh = h.grad\ndh = dlogits @ W2.T').ok).toBe(true);
    expect(alone('def f():\n    x = h.grad\n    return 1\nf()\ndh = dlogits @ W2.T').ok).toBe(true);
  });
});

test('the shape that a gradient has is data where it is another', () => {
  const rowOf = (source: string) => alone(source).report.gradients[0]!;
  expect(rowOf('dbndiff2 = dbnvar')).toMatchObject({ shape: [9, 13], givenShape: [1, 13], error: null });
  const lacking = rowOf('dbngain = (bnraw * dhpreact).sum(0)');
  expect(lacking).toMatchObject({ verdict: 'exact', shape: [1, 13], givenShape: [13] });
  expect(lacking.error).not.toBe(null);
  expect(rowOf('dbngain = (bnraw * dhpreact).sum(0, keepdim=True)')).not.toHaveProperty('givenShape');
});

describe('another tensor under the name of a gradient', () => {
  const said = (source: string) => {
    const { verdict, diagnosis } = alone(source).lines[0]!;
    return { verdict, ...diagnosis };
  };

  test.each([
    ['dbndiff2 = dbnvar', 'is dbnvar bit for bit, another gradient'],
    ['dbndiff2 = bnvar', 'is bnvar bit for bit, a value of the forward pass'],
    ['dlogits = logits.clone()', 'is logits bit for bit, a value of the forward pass'],
  ])('%s: it %s', (source, text) => {
    expect(said(source)).toEqual({ verdict: 'wrong', kind: 'copied', text });
  });

  test('is named whichever it is', () => {
    const values = [...parameterNames, ...intermediateNames].filter((name) => name !== 'loss');
    values.forEach((value, i) => {
      const gradient = differentiatedNames[(7 * i) % differentiatedNames.length]!;
      const { text } = said(`d${gradient} = ${value}`);
      expect(text, `d${gradient}`).toMatch(new RegExp(`^is (\\w+ or )*${value} bit for bit`));
    });
  });

  test('is not named where it is next to it, nor where all its values are one', () => {
    for (const source of ['dhpreact = dh * (1 + 1e-7)', 'dhpreact = torch.ones_like(h)'])
      expect(said(source).kind, source).not.toBe('copied');
  });
});

describe('what is read without being written', () => {
  test('is an error, unless it is given', () => {
    const source = 'dh = dlogits @ W2.T';
    expect(judged(source, small)).toMatchObject({
      ok: false,
      error: {
        line: 1,
        column: 6,
        message: 'dlogits: expected dlogits to be written before it is read, got none so far',
      },
      lines: [],
    });
    expect(judged(source, { ...small, given: ['dlogits'] })).toMatchObject({
      ok: true,
      given: ['dlogits'],
      error: null,
    });
    expect(judged(source, { ...small, given: 'unwritten' })).toMatchObject({ ok: true, given: ['dlogits'] });
  });

  test('is open, or unclaimed where all of them must be there', () => {
    const { ok, open, report } = alone(steps.dh);
    expect([ok, open.length, report.gradients.length]).toEqual([true, 24, 1]);
    const strict = alone(steps.dh, { strict: true });
    expect([strict.ok, strict.report.outcome]).toEqual([false, 'wrong']);
    expect(strict.report.gradients.filter(({ verdict }) => verdict === 'unclaimed')).toHaveLength(24);
  });

  test('is not given where the cell writes it later', () => {
    const { error } = judged(`${steps.dh}\n${steps.dlogits}`, { ...small, given: 'unwritten' });
    expect(error).toMatchObject({ line: 1, message: expect.stringContaining('dlogits to be written before') });
  });

  test('has the true value, and is judged where the cell goes on with it', () => {
    const { report } = judged('dcounts += dcounts_sum', { ...small, given: ['dcounts', 'dcounts_sum'] });
    expect(report.gradients[0]).toMatchObject({ name: 'counts', verdict: 'wrong' });
    expect(report.gradients[0]!.diagnosis!.text).toContain('twice');
  });

  test('a cell without gradients is not right', () => {
    expect(alone('x = 1')).toMatchObject({ ok: false, error: null, lines: [] });
  });
});

describe('what is given and then changed through another name', () => {
  test('is said to be, and does not blur what was computed from it', () => {
    const source =
      'dlogits = dnorm_logits\ndlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes';
    const { ok, lines } = alone(source);
    expect(ok).toBe(true);
    expect(lines).toMatchObject([
      { line: 1, name: 'dlogits', verdict: 'exact', notes: [] },
      { line: 2, name: 'dlogits', verdict: 'exact', notes: [] },
      {
        line: 2,
        name: 'dnorm_logits',
        kind: 'change',
        notes: ['given, and changed on line 2 through dlogits, which shares its memory'],
      },
    ]);
  });

  test.each(['dlogits *= 1', 'dlogits[0] += 0', 'dlogits = dlogits.detach()'])(
    'is right where %s changes nothing',
    (source) => {
      const { lines } = judged(source, { ...small, given: ['dlogits'] });
      expect(lines).toMatchObject([{ name: 'dlogits', verdict: 'exact', notes: [] }]);
    },
  );

  test('is overwritten where that makes a difference', () => {
    const { lines } = alone('dhprebn = dbndiff\ndhprebn += 1.0/n * (torch.ones_like(hprebn) * dbnmeani)');
    expect(lines.at(-1)).toMatchObject({ name: 'dbndiff', verdict: 'wrong', diagnosis: { kind: 'overwritten' } });
    expect(lines[0]).toMatchObject({ name: 'dhprebn', verdict: 'exact', notes: [] });
  });
});

describe('errors', () => {
  test.each<[what: string, source: string, line: number, message: RegExp, hint: RegExp | null]>([
    [
      'a name',
      'dh = dlogit @ W2.T',
      1,
      /dlogit: expected a name that is defined, got dlogit; the nearest is dlogits/,
      null,
    ],
    [
      'a product',
      'dh = dlogits @ W2',
      1,
      /dlogits @ W2: expected \[m, k\] @ \[k, n\], got \[9, \d+\] @ \[13, \d+\]; the right one's \.T would fit/,
      null,
    ],
    ['another product', 'dW2 = h @ dlogits', 1, /the left one's \.T would fit/, null],
    [
      'shapes',
      'x = 1\ndh = dlogits * W2',
      2,
      /dlogits \* W2: expected shapes that broadcast, got \[9, \d+\] and \[13, \d+\]/,
      null,
    ],
    [
      'a sum before',
      `${steps.dcounts_sum_inv.replace(', keepdim=True', '')}\n${steps.dcounts_sum}\n${steps.dcounts}`,
      4,
      /expected shapes that broadcast/,
      /dcounts_sum_inv has shape \[9\], but counts_sum_inv \[9, 1\]: keepdim=True keeps the axis/,
    ],
    [
      'a sum in the line',
      'db2 = torch.zeros_like(b2)\ndb2 += dlogits',
      2,
      /to change in place/,
      /db2 has the shape of b2, \[\d+\]: \.sum\(0\) is likely missing/,
    ],
    ['an attribute', 'dh = dlogits.sumn(0)', 1, /got sumn; the nearest is sum/, null],
    ['an argument', 'dh = dlogits.sum(0, keepdin=True)', 1, /got "keepdin"; the nearest is keepdim/, null],
    ['another type', "dh = dlogits + 'a'", 1, /two values that \+ takes, got a tensor \[9, \d+\] and a str/, null],
    ['an int at the end', 'x = 1\ndh = 3', 2, /dh to be a tensor of floats, got the int 3/, null],
    [
      'ints at the end',
      'dlogits = F.one_hot(Yb, vocab_size)',
      1,
      /dlogits to be a tensor of floats, got a tensor of ints \[9, 27\]/,
      null,
    ],
    ['float64', 'dh = (dlogits @ W2.T).double()', 1, /dh of float32, got float64/, null],
    ['a class', 'dh = 1\nclass A:\n    pass', 2, /a class, which is not part of it/, null],
    ['another module', 'import numpy as np', 1, /a module of the lesson's Python.*got numpy/, null],
  ])('in %s', (_, source, line, message, hint) => {
    const { error, ok } = alone(source);
    expect(ok).toBe(false);
    expect(error!.message).toMatch(message);
    expect(error!.line).toBe(line);
    if (hint === null) expect(error!.hint).toBeNull();
    else expect(error!.hint).toMatch(hint);
  });

  test('leave what was written before them', () => {
    const source = `${steps.dh}\n${steps.dW2}\nboom\n${steps.db2}`;
    expect(alone(source)).toMatchObject({
      ok: false,
      error: { line: 3 },
      lines: [
        { name: 'dh', verdict: 'exact' },
        { name: 'dW2', verdict: 'exact' },
      ],
    });
  });

  test('of syntax too', () => {
    const source = `${steps.dh}\n${steps.dW2}\ndb2 = dlogits.sum(0\n`;
    expect(alone(source)).toMatchObject({
      error: { line: 3, message: expect.stringContaining('")"') },
      lines: [{ name: 'dh' }, { name: 'dW2' }],
    });
  });

  test('an endless loop too', () => {
    const source = `${steps.dh}\nwhile True:\n    dh = dh * 1`;
    expect(alone(source, { steps: 20_000 })).toMatchObject({
      error: { message: expect.stringContaining('ends within 20000 steps') },
      lines: [{ line: 1, verdict: 'exact' }],
    });
  });

  test('a call that does not end too', () => {
    const source = `def f():\n    while True: pass\n${steps.dh}\nf()\n${steps.dW2}`;
    expect(alone(source, { steps: 20_000 })).toMatchObject({
      error: { line: 2 },
      lines: [{ line: 3, verdict: 'exact' }],
    });
  });

  test('bad options are refused', () => {
    const bad = (options: object) => () => judge(hg, '', { words, ...options } as never);
    expect(bad({ given: ['dlogit'] })).toThrow(
      'given: expected names of gradients, got "dlogit"; the nearest is dlogits',
    );
    expect(bad({ given: 'all' })).toThrow(TypeError);
    expect(bad({ strict: 1 })).toThrow(TypeError);
    expect(bad({ steps: 0 })).toThrow(RangeError);
    expect(bad({ hiden: 3 })).toThrow('the nearest is hidden');
    expect(bad({ batch: 1 })).toThrow(RangeError);
    expect(() => judge(hg, 3 as never, { words })).toThrow(TypeError);
    expect(() => judge({} as never, '', { words })).toThrow(TypeError);
    for (const few of [[], ['a']]) {
      expect(() => judge(hg, '', { words: few })).toThrow(
        `words: expected at least 2 words, of which some are trained on, got ${few.length}`,
      );
    }
    expect(() => (judge as unknown as (...args: unknown[]) => void)(hg, '')).toThrow('words: expected');
  });

  test('leave no memory', () => {
    judged(steps.dh, small);
    const before = hg.usedBytes;
    judged(cell(), small);
    judged('dh = boom', small);
    expect(hg.usedBytes).toBe(before);
  });
});

test('each line that is printed is the statement’s that began it', () => {
  const { output, printedBy } = alone(
    "print('a\\nb', end='')\nfor i in range(2):\n    print(i)\n\nprint()\nprint('c')\n3",
  );
  expect(output).toEqual(['a', 'b0', '1', '', 'c', '3']);
  expect(printedBy).toEqual([1, 1, 2, 5, 6, 7]);
});

test('cmp prints what the notebook prints, and says so where shapes differ', () => {
  const { output, printedBy } = alone(
    "dh = dlogits @ W2.T\ncmp('h', dh, h)\ncmp('W2', dh, W2)\ncmp('bnbias', dhpreact.sum(0), bnbias)",
  );
  expect(output[0]).toBe('h               | exact: True  | approximate: True  | maxdiff: 0.0');
  expect(output[1]).toMatch(/^W2 {14}\| exact: False \| expected shape \[13, \d+\], got \[9, 13\]$/);
  expect(printedBy).toEqual([2, 3, 4, 4]);
  expect(output.slice(2)).toEqual([
    expect.stringContaining('exact: True'),
    expect.stringContaining('axes of size 1 ignored'),
  ]);
});
