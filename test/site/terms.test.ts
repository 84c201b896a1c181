// The terms that the page shows of a cell add up to the cell, for every value and every gradient.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { work } from '../../site/src/content/formula.js';
import { axesOf, sums } from '../../site/src/content/sums.js';
import { type Known, termsOf } from '../../site/src/content/terms.js';
import type { NdArray } from '../../src/base/ndarray.js';
import { differentiatedNames, intermediateNames, shapes } from '../../src/mlp/layout.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { hg } from '../support/handgrad.js';

interface Sizes {
  B: number;
  T: number;
  V: number;
  E: number;
  H: number;
  eps: number;
}

/** A model's values and gradients, by the names that the page gives them. */
function known({ B, T, V, E, H, eps }: Sizes, seed = 1): Known {
  return hg.scope(() => {
    const generator = hg.generator().manualSeed(seed);
    const sizes = { vocabSize: V, blockSize: T, embed: E, hidden: H, eps };
    const model = hg.createModel({ ...sizes, generator, bnGenerator: generator });
    const [Xb, Yb] = [hg.randint(0, V, [B, T], { generator }), hg.randint(0, V, [B], { generator })];
    const { intermediates, gradients, loss } = model.autograd(Xb, Yb);
    const arrays = new Map<string, NdArray>();
    const add = (tensors: Readonly<Record<string, Tensor>>, prefix = '') => {
      for (const [name, tensor] of Object.entries(tensors)) arrays.set(prefix + name, tensor.toArray());
    };
    add({ Xb, Yb, ...model.parameters, ...intermediates });
    add(gradients, 'd');
    expect(loss).toBeGreaterThan(0);
    return { tensor: (name) => arrays.get(name), eps };
  });
}

/** Half a unit in the last place for each operation, of what is added up. */
const rounding = 2 ** -24;

function expectSum(title: string, place: number, from: Known): void {
  const { data, shape } = from.tensor(title)!;
  let rest = place;
  const index = [...shape]
    .reverse()
    .map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    })
    .reverse();
  const { terms, sum } = termsOf(title, index, from)!;
  // Where h is nearly 1, its square rounds by more than what is left of 1.
  const cancelled = title === 'dhpreact' ? Math.abs(from.tensor('dh')!.data[place]!) : 0;
  const scale = terms.reduce((total, { value }) => total + Math.abs(value), cancelled);
  // Each term rounds at most four times, and their sum once for each.
  expect(Math.abs(sum - data[place]!), `${title}[${index}]`).toBeLessThanOrEqual((terms.length + 8) * rounding * scale);
}

const notebook = known({ B: 32, T: 3, V: 27, E: 10, H: 64, eps: 1e-5 });
const computed = [...intermediateNames, ...differentiatedNames.map((name) => `d${name}`)];

test('there are terms for every value that is computed and for every gradient, and for nothing else', () => {
  expect(Object.keys(sums).sort()).toEqual([...computed].sort());
  for (const [name, shape] of Object.entries(shapes)) expect(axesOf[name]).toHaveLength(shape.length);
  expect(termsOf('C', [0, 0], notebook)).toBeUndefined();
});

describe.each(computed)('%s', (title) => {
  test('every cell of it, or every eleventh of many, is the sum of its terms, to float32 rounding', () => {
    const { length } = notebook.tensor(title)!.data;
    for (let place = 0; place < length; place += length > 200 ? 11 : 1) expectSum(title, place, notebook);
  });
});

test('of any sizes, any cell is the sum of its terms', () => {
  const sizes = fc.record({
    B: fc.integer({ min: 2, max: 9 }),
    T: fc.integer({ min: 1, max: 4 }),
    V: fc.integer({ min: 2, max: 9 }),
    E: fc.integer({ min: 1, max: 5 }),
    H: fc.integer({ min: 1, max: 7 }),
    eps: fc.constantFrom(1e-5, 1e5),
  });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 1000 }), fc.nat(), (given, seed, place) => {
      const model = known(given, seed);
      for (const title of computed) expectSum(title, place % model.tensor(title)!.data.length, model);
    }),
    { numRuns: 40 },
  );
});

describe('terms', () => {
  test('of a weight are one for each example, with numbers for the letters', () => {
    const { terms } = termsOf('dW2', [12, 5], notebook)!;
    expect(terms).toHaveLength(32);
    expect(terms[3]!.label).toBe('h[3, 12] · dlogits[3, 5]');
    expect(terms[3]!.factors.map(({ value }) => value)).toEqual([
      notebook.tensor('h')!.data[3 * 64 + 12],
      notebook.tensor('dlogits')!.data[3 * 27 + 5],
    ]);
  });

  test('of two branches say through what they come', () => {
    const { terms } = termsOf('dcounts', [1, 2], notebook)!;
    expect(terms.map(({ through, label }) => `${through}: ${label}`)).toEqual([
      'probs: counts_sum_inv[1, 0] · dprobs[1, 2]',
      'counts_sum: dcounts_sum[1, 0]',
    ]);
  });

  test('of a character are those of the places where it stands, none where it stands nowhere', () => {
    const Xb = notebook.tensor('Xb')!.data;
    for (let character = 0; character < 27; character++) {
      const { terms } = termsOf('dC', [character, 0], notebook)!;
      expect(terms).toHaveLength([...Xb].filter((other) => other === character).length);
    }
  });

  test('of a logit at its row’s maximum are two, elsewhere one', () => {
    const logits = notebook.tensor('logits')!.data.subarray(0, 27);
    const counts = Array.from(logits, (_, j) => termsOf('dlogits', [0, j], notebook)!.terms.length);
    expect(counts.indexOf(2)).toBe(logits.indexOf(Math.max(...logits)));
    expect(counts.filter((count) => count === 1)).toHaveLength(26);
  });

  test('of several largest logits go to the first', () => {
    const tied = { ...notebook, tensor: (name: string) => (name === 'logits' ? flat : notebook.tensor(name)) };
    const flat: NdArray = { dtype: 'float32', shape: [32, 27], data: new Float32Array(32 * 27) };
    expect(termsOf('logit_maxes', [4, 0], tied)!.terms.map(({ label }) => label)).toEqual(['logits[4, 0]']);
  });

  test('read as one writes them', () => {
    const labels = (title: string, index: number[]) => termsOf(title, index, notebook)!.terms.map(({ label }) => label);
    expect(labels('bnvar_inv', [0, 7])).toEqual(['(bnvar[0, 7] + eps)^-0.5']);
    expect(labels('dbnvar', [0, 7])).toEqual(['-0.5 · (bnvar[0, 7] + eps)^-1.5 · dbnvar_inv[0, 7]']);
    expect(labels('demb', [1, 2, 3])).toEqual(['dembcat[1, 23]']);
    expect(labels('embcat', [1, 23])).toEqual(['emb[1, 2, 3]']);
    expect(labels('bnmeani', [0, 1])[0]).toBe('1/32 · hprebn[0, 1]');
    expect(labels('dlogprobs', [0, notebook.tensor('Yb')!.data[0]!])).toEqual(['-1/32']);
    expect(labels('h', [0, 1])).toEqual(['tanh(hpreact[0, 1])']);
  });

  test.each<[string, number[]]>([
    ['dW2', [64, 0]],
    ['dW2', [0]],
    ['bnvar', [1, 0]],
    ['h', [-1, 0]],
    ['loss', [0]],
  ])('of %s at %j are refused', (title, index) => {
    expect(() => termsOf(title, index, notebook)).toThrow(RangeError);
  });

  test('need the tensors that they are made of', () => {
    const known = { eps: 1, tensor: (name: string) => (name === 'dlogits' ? undefined : notebook.tensor(name)) };
    expect(() => termsOf('dW2', [0, 0], known)).toThrow(/^known: expected a tensor dlogits, got none$/);
  });
});

describe('a formula', () => {
  const scope = { tensor: (name: string) => notebook.tensor(name)!, numbers: new Map([['b', 3]]) };

  test.each<[string, number]>([
    ['1+2*3', 7],
    ['2*3^2', 18],
    ['2^-1', 0.5],
    ['-2^2', -4],
    ['7-2-1', 4],
    ['(7-2)/2', 2.5],
    ['floor(7/2)', 3],
    ['7%4', 3],
    ['b*2', 6],
    ['b==3', 1],
    ['b==1+1', 0],
    ['log(exp(2))', 2],
    ['--b', 3],
  ])('%s is %s', (formula, value) => {
    expect(work(formula, scope).value).toBe(value);
  });

  test.each(['', '1+', '(1', 'h[0,0', 'h[0 0]', '1 1', 'q', 'h[0]', 'h[0,64]', 'argmax(logits', '1)', 'h[0,0.5]'])(
    '"%s" is refused',
    (formula) => {
      expect(() => work(formula, scope)).toThrow(/expected/);
    },
  );
});
