// The losses of a training, kept and read back.

import { expect, test } from 'vitest';
import { History } from '../../src/cli/history.js';
import { lossCurve } from '../../src/cli/plot.js';
import { type Extra, FormatError, init } from '../../src/index.js';

const hg = await init();

test('a loss of 0 counts as the smallest loss there is', () => {
  const history = new History();
  history.add(hg, Float32Array.of(0, 1, -1e-9, 1));
  expect(history.curve.every(Number.isFinite)).toBe(true);
  expect(history.curve[0]).toBeLessThan(-100);
  expect(lossCurve(history.curve, 1000, 4)).not.toMatch(/NaN|Infinity/);
  expect(History.from(history.tensors, 4, 'x').tensors).toEqual(history.tensors);
});

test('a long training comes back', () => {
  const steps = 200_000_000;
  const vector = (length: number) =>
    ({ dtype: 'float64', shape: [length], data: new Float64Array(length).fill(0.5) }) as const;
  const tensors = { firstLosses: vector(100), every10k: vector(20_000), lossi: vector(200_000) };
  const history = History.from(tensors, steps, 'x');
  expect(history.step).toBe(steps);
  expect(history.tensors).toEqual(tensors);
  expect(lossCurve(history.curve, 1000, steps)).not.toMatch(/NaN/);
});

const good = () => {
  const history = new History();
  history.add(hg, Float64Array.of(3, 2, 1));
  return history.tensors;
};

test.each<[string, Partial<Extra['tensors']>, RegExp]>([
  ['none', { lossi: undefined as never }, /^x: expected a tensor lossi of 1 values, got none$/],
  ['too many', { every10k: good().firstLosses! }, /^x: expected a tensor every10k of 1 values, got one of 3$/],
  [
    'NaN',
    { lossi: { dtype: 'float64', shape: [1], data: Float64Array.of(Number.NaN) } },
    /^x: lossi: expected finite values, got NaN$/,
  ],
  [
    'an infinity',
    { every10k: { dtype: 'float64', shape: [1], data: Float64Array.of(Infinity) } },
    /^x: every10k: .*Infinity$/,
  ],
  [
    'integers',
    { lossi: { dtype: 'int32', shape: [1], data: Int32Array.of(1) } },
    /^x: lossi: expected float64 of shape \[1\]/,
  ],
  [
    'a row',
    { lossi: { dtype: 'float64', shape: [1, 1], data: Float64Array.of(1) } },
    /^x: lossi: expected float64 of shape \[1\]/,
  ],
])('losses that are %s are refused', (_, tensors, message) => {
  const from = () => History.from({ ...good(), ...tensors } as Extra['tensors'], 3, 'x');
  expect(from).toThrow(FormatError);
  expect(from).toThrow(message);
});
