// The matchers of `handgrad/vitest`.

import { describe, expect, test } from 'vitest';
import '../src/vitest.js';
import { defineProof } from '../src/proof/proof.js';
import { prove } from '../src/proof/prove.js';
import { hg } from './support/handgrad.js';

const squares = (factor: number, claims = true) =>
  prove(
    hg,
    defineProof({
      name: 'squares',
      inputs: (hg) => ({ x: hg.randn([3, 4], { requiresGrad: true }) }),
      forward: ({ x }) => ({ loss: x.pow(2).sum() }),
      backward: (t, d) => {
        if (claims) d.x = t.x.mul(factor);
      },
    }),
  );
const undecided = () =>
  prove(
    hg,
    defineProof({
      inputs: (hg) => ({ x: hg.zeros([3], { requiresGrad: true }) }),
      forward: ({ x }) => ({ loss: x.log().sum() }),
      backward: (t, d) => {
        d.x = t.x.pow(-1);
      },
    }),
  );

/** The matchers, whatever they are given. */
type Loose = Record<'toBeProved' | 'toMatchGradient', (...args: unknown[]) => void>;

describe('toBeProved', () => {
  test('passes what is right, and fails with the report what is not', () => {
    expect(squares(2)).toBeProved();
    expect(squares(3)).not.toBeProved();
    expect(() => expect(squares(3)).toBeProved()).toThrow(/First wrong step: dx: 3\/2 times what it should be/);
    expect(() => expect(squares(2, false)).toBeProved()).toThrow(/1 unclaimed/);
    expect(() => expect(squares(2)).not.toBeProved()).toThrow(/not all right/);
  });

  test('fails what is undecided, unless that may pass', () => {
    expect(() => expect(undecided()).toBeProved()).toThrow(/1 undecided/);
    expect(undecided()).toBeProved({ undecided: 'pass' });
    expect(() => expect(squares(3)).toBeProved({ undecided: 'pass' })).toThrow(/1 wrong/);
  });

  test('takes reports only', () => {
    expect(() => expect(3).toBeProved()).toThrow(/expected a report of prove\(\)/);
  });
});

describe('toMatchGradient', () => {
  const truth = hg.randn([40], { dtype: 'float64' });
  const reference = truth.to('float32');
  const near = hg.tensor(reference.data.map((x, i) => (i % 7 === 0 ? x * (1 + 2 ** -23) : x)));

  test('without a truth only the same bits are a match', () => {
    expect(reference.clone()).toMatchGradient(reference);
    expect(() => expect(near).toMatchGradient(reference)).toThrow(/1 undecided/);
  });

  test('with a truth rounding is one, too, and twice the gradient is none', () => {
    expect(near).toMatchGradient(reference, { truth });
    expect(() => expect(reference.mul(2)).toMatchGradient(reference, { truth })).toThrow(/2 times what it should be/);
  });
});

test('options that there are none of, and further arguments, are refused', () => {
  const [report, array] = [squares(2), hg.ones([2])];
  const refused: [call: (matchers: Loose) => void, message: RegExp][] = [
    [(given) => given.toBeProved({ undecide: 'fail' }), /options: expected undecided, got "undecide"/],
    [(given) => given.toBeProved('pass'), /options: expected an object, got "pass"/],
    [(given) => given.toBeProved(null), /options: expected an object, got null/],
    [(given) => given.toBeProved({ undecided: true }), /undecided: expected fail or pass, got true/],
    [(given) => given.toBeProved({}, {}), /toBeProved: expected at most 1 argument/],
    [(given) => given.toMatchGradient(array, { truht: array }), /options: expected truth, got "truht"/],
    [(given) => given.toMatchGradient(array, array), /options: expected a plain object, got a Tensor/],
    [(given) => given.toMatchGradient(array, {}, 1), /toMatchGradient: expected at most 2 arguments/],
  ];
  for (const [call, message] of refused) {
    for (const matchers of [expect(report), expect(report).not]) {
      expect(() => call(matchers as unknown as Loose)).toThrow(message);
    }
  }
});

test('toEqual compares the values of tensors', () => {
  const x = hg.tensor([[1, 2]]);
  expect(x).toEqual(hg.tensor([[1, 2]]));
  expect({ x: [x] }).toStrictEqual({ x: [x.clone()] });
  expect(x).not.toEqual(hg.tensor([[1, 3]]));
  expect(x).not.toEqual(hg.tensor([1, 2]));
  expect(x).not.toEqual(hg.tensor([[1, 2]], { dtype: 'float64' }));
  expect(x).not.toEqual([[1, 2]]);
  expect(hg.tensor([Number.NaN])).toEqual(hg.tensor([Number.NaN]));
});
