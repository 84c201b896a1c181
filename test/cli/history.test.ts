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
  expect(history.curve[0]).toBeLessThan(-300);
  expect(lossCurve(history)).not.toMatch(/NaN|Infinity/);
  expect(History.from({ tensors: history.tensors, metadata: {} }, 4, 'x').tensors).toEqual(history.tensors);
});

test('a point is a step up to 400 of them, then the mean of 2, of 4 and so on, wherever slices end', () => {
  const losses = Float64Array.from({ length: 1300 }, (_, i) => 10 ** (i % 8));
  const whole = new History();
  whole.add(hg, losses.subarray(0, 400));
  expect([whole.stepsPerPoint, whole.curve.length]).toEqual([1, 400]);
  whole.add(hg, losses.subarray(400, 401));
  expect([whole.stepsPerPoint, whole.curve.length]).toEqual([2, 201]);
  expect(whole.curve.at(-1)).toBe(0);
  whole.add(hg, losses.subarray(401));
  expect([whole.stepsPerPoint, whole.curve.length]).toEqual([4, 325]);
  // (0 + 1 + 2 + 3) / 4 and (4 + 5 + 6 + 7) / 4 in turn.
  for (const [i, log] of whole.curve.entries()) expect(log).toBeCloseTo(i % 2 === 0 ? 1.5 : 5.5, 12);
  let parts = new History();
  for (const [from, to] of [
    [0, 399],
    [399, 800],
    [800, 801],
    [801, 1300],
  ] as const) {
    parts = History.from(parts, from, 'x');
    parts.add(hg, losses.subarray(from, to));
  }
  expect(parts.tensors).toEqual(whole.tensors);
});

test('where nothing is known of the first steps, the later ones are told', () => {
  const losses = Float64Array.from({ length: 11_000 }, (_, i) => 1 + (i % 5));
  let history = History.from({ tensors: {}, metadata: {} }, 90, 'x');
  expect([history.step, history.since, history.curve]).toEqual([90, 90, []]);
  history.add(hg, losses.subarray(90, 500));
  history = History.from(history, 500, 'x');
  history.add(hg, losses.subarray(500));
  expect(history.firstLosses).toEqual([...losses.subarray(90, 100)]);
  expect(history.every10k).toEqual([losses[10_000]]);
  expect([history.stepsPerPoint, history.curve.length]).toEqual([32, Math.ceil(10_910 / 32)]);
  const whole = new History();
  whole.add(hg, losses.subarray(90));
  expect(history.curve).toEqual(whole.curve);
  expect(lossCurve(history)).not.toMatch(/NaN/);
  expect(History.from(history, 11_000, 'x')).toEqual(history);
});

test.each([
  ['4', /^x: lossesFrom: expected a step from 0 to 3, got 4$/],
  ['1.5', /^x: lossesFrom: .*got "1.5"/],
  ['-0', /^x: lossesFrom: .*got "-0"/],
])('losses from step %s of 3 are refused', (lossesFrom, message) => {
  expect(() => History.from({ tensors: good(), metadata: { lossesFrom } }, 3, 'x')).toThrow(message);
});

test('a long training comes back, with what dev gave', () => {
  const steps = 200_000_000;
  const vector = (length: number) =>
    ({ dtype: 'float64', shape: [length], data: new Float64Array(length).fill(0.5) }) as const;
  // 524,288 steps a point.
  const dev = { dtype: 'float64', shape: [2, 2], data: Float64Array.of(1e8, 2.5, 2e8, 2.25) } as const;
  const tensors = { firstLosses: vector(100), every10k: vector(20_000), lossi: vector(382), dev };
  const history = History.from({ tensors, metadata: {} }, steps, 'x');
  expect(history.step).toBe(steps);
  expect(history.tensors).toEqual(tensors);
  expect(history.dev).toEqual([
    [1e8, 2.5],
    [2e8, 2.25],
  ]);
  expect(lossCurve(history)).not.toMatch(/NaN/);
});

test('a loss of dev that is not finite is left out', () => {
  const history = new History();
  for (const loss of [Infinity, Number.NaN, 2]) history.addDev(loss);
  expect(history.dev).toEqual([[0, 2]]);
});

const good = () => {
  const history = new History();
  history.add(hg, Float64Array.of(3, 2, 1));
  return history.tensors;
};

const devOf = (shape: number[], ...values: number[]) =>
  ({ dtype: 'float64', shape, data: Float64Array.from(values) }) as const;

test.each<[string, Partial<Extra['tensors']>, RegExp]>([
  ['none', { lossi: undefined as never }, /^x: expected a tensor lossi of 3 values, got none$/],
  ['too many', { every10k: good().firstLosses! }, /^x: expected a tensor every10k of 1 values, got one of 3$/],
  [
    'NaN',
    { lossi: { dtype: 'float64', shape: [3], data: Float64Array.of(1, Number.NaN, 1) } },
    /^x: lossi: expected finite values, got NaN$/,
  ],
  [
    'an infinity',
    { every10k: { dtype: 'float64', shape: [1], data: Float64Array.of(Infinity) } },
    /^x: every10k: .*Infinity$/,
  ],
  [
    'integers',
    { lossi: { dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) } },
    /^x: lossi: expected float64 of shape \[3\]/,
  ],
  [
    'a row',
    { lossi: { dtype: 'float64', shape: [1, 3], data: Float64Array.of(1, 2, 3) } },
    /^x: lossi: expected float64 of shape \[3\]/,
  ],
  ['of dev and no pairs', { dev: devOf([2], 1, 2) }, /^x: dev: expected float64 of shape \[2, 2\]/],
  ['of dev and no numbers', { dev: devOf([1, 2], 1, Number.NaN) }, /^x: dev: expected finite values, got NaN$/],
  ['of dev in no order', { dev: devOf([2, 2], 2, 0.5, 2, 0.5) }, /^x: dev: expected ascending steps up to 3, got 2$/],
  ['of dev and a later step', { dev: devOf([1, 2], 4, 0.5) }, /^x: dev: expected ascending steps up to 3, got 4$/],
  ['of dev and half a step', { dev: devOf([1, 2], 0.5, 0.5) }, /^x: dev: expected ascending steps up to 3, got 0.5$/],
])('losses that are %s are refused', (_, tensors, message) => {
  const from = () => History.from({ tensors: { ...good(), ...tensors } as Extra['tensors'], metadata: {} }, 3, 'x');
  expect(from).toThrow(FormatError);
  expect(from).toThrow(message);
});
