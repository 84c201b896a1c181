// cmp with tensors, as the notebook calls it.

import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { DTypeError, GraphError, ReleasedError } from '../../src/base/errors.js';
import { cmp, formatComparison } from '../../src/compare/cmp.js';
import { compare } from '../../src/compare/compare.js';
import { ndarray } from '../support/arrays.js';
import { hg } from '../support/handgrad.js';

let log: MockInstance;
beforeEach(() => {
  log = vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

/** What has been printed. */
const lines = () => log.mock.calls.map(([line]) => line).join('\n');

describe('the reference of cmp', () => {
  test('is the gradient of a leaf, or of an output that retains it', () => {
    const x = hg.tensor([1, 2], { requiresGrad: true });
    const y = x.mul(3).retainGrad();
    y.mul(2).sum().backward();
    expect(cmp('dx', hg.full([2], 6), x)).toMatchObject({ exact: true, shape: [2], worst: { reference: 6 } });
    expect(cmp('dy', hg.full([2], 2), y)).toMatchObject({ exact: true, maxdiff: 0 });
    expect(cmp('dy', y.grad!, y)).not.toHaveProperty('manualShape');
  });

  test('is itself where it requires no gradient', () => {
    const x = hg.tensor([1, 2], { requiresGrad: true });
    x.sum().backward();
    expect(cmp('dx', hg.ones([2]), x.grad!).exact).toBe(true);
    expect(cmp('x', hg.tensor([1, 2]), x.detach()).exact).toBe(true);
    expect(cmp('x', x, ndarray('float32', [1, 2])).exact).toBe(true);
  });

  test('is asked for where it is not there', () => {
    const x = hg.tensor([1, 2], { requiresGrad: true });
    const y = x.mul(3);
    expect(() => cmp('dx', x, x)).toThrow(/^dx: expected a reference with a gradient, got none; call backward\(\)$/);
    y.sum().backward();
    expect(() => cmp('dy', x, y)).toThrow(/^dy: .*call retainGrad\(\) before backward\(\)$/);
    expect(() => cmp('dy', x, y)).toThrow(GraphError);
    x.grad!.dispose();
    expect(() => cmp('dx', x, x)).toThrow(ReleasedError);
    expect(() => cmp('dx', x, x)).toThrow(/^dx \(reference\): tensor \(float32 \[2\]\): expected a tensor in memory/);
    const released = hg.tensor([1, 2], { name: 'mine' });
    released.dispose();
    expect(() => cmp('dx', released, hg.ones([2]))).toThrow(ReleasedError);
    expect(() => cmp('dx', released, hg.ones([2]))).toThrow(/^dx: mine \(float32 \[2\]\): expected a tensor in memory/);
    expect(log).not.toHaveBeenCalled();
  });
});

test('of a retained output without a gradient, what is missing is said', () => {
  const x = hg.tensor([1, 2], { requiresGrad: true });
  const y = x.mul(3).retainGrad();
  const z = y.mul(2);
  expect(() => cmp('dy', x, y)).toThrow(/^dy: expected a reference with a gradient, got none; call backward\(\)$/);
  z.sum().backward();
  expect(cmp('dy', hg.full([2], 2), y).exact).toBe(true);
  // Too late: what led back to it is gone.
  expect(() => cmp('dz', x, z.retainGrad())).toThrow(/; call retainGrad\(\) before backward\(\)$/);
});

describe('shapes', () => {
  const reference = hg.tensor([[1, 2, 3]]);

  test('that differ by axes of size 1 alone are named in a second line', () => {
    const result = cmp('dbnmeani', hg.tensor([1, 2, 5]), reference);
    expect(result).toMatchObject({ shape: [1, 3], manualShape: [3], maxdiff: 2, worst: { index: [0, 2], manual: 5 } });
    expect(lines()).toBe(
      'dbnmeani        | exact: False | approximate: False | maxdiff: 2.0\n' +
        '                | expected shape [1, 3], got [3]; axes of size 1 ignored',
    );
    expect(cmp('loss', hg.tensor([[7]]), hg.tensor(7)).exact).toBe(true);
  });

  test.each([[[3, 2]], [[6, 1]], [[2, 3, 2]], [[1, 2]], [[0]]])('that differ more compare as unequal: %j', (shape) => {
    const result = cmp('dh', hg.zeros(shape), hg.zeros([2, 3]));
    const nothing = { exact: false, approximate: false, maxdiff: Number.NaN, worst: null };
    expect(result).toEqual({ name: 'dh', shape: [2, 3], manualShape: shape, dtype: 'float32', ...nothing });
    expect(lines()).toBe(`dh              | exact: False | expected shape [2, 3], got [${shape.join(', ')}]`);
    expect(formatComparison(result)).toBe(lines());
  });

  test('of typed arrays are those of the reference, where they have as many elements', () => {
    expect(cmp('x', Float32Array.of(1, 2, 3), reference)).toEqual(compare('x', reference, reference));
    expect(cmp('x', Float32Array.of(1, 2), reference).manualShape).toEqual([2]);
    expect(() => cmp('x', Float64Array.of(1, 2, 3), reference)).toThrow(DTypeError);
  });
});

test.each<[unknown, unknown, RegExp]>([
  [3, hg.ones([1]), /^dh: expected an array with dtype, shape and data, got 3/],
  [
    [1],
    hg.ones([1]),
    /^dh: expected an array with dtype, shape and data, a Float32Array, Float64Array or Int32Array, got \[1\]/,
  ],
  [Uint8Array.of(1), hg.ones([1]), /^dh: expected an array .* a Float32Array, .*, got a Uint8Array/],
  [hg.ones([1]), undefined, /^dh \(reference\): expected an array with dtype, shape and data, got undefined/],
  [hg.ones([1]), null, /^dh \(reference\): expected an array/],
  [hg.ones([1]), Object.create(Object.getPrototypeOf(hg.ones([1]))), /^dh \(reference\): expected an array/],
  [hg.ones([1]), hg.arange(1), /^dh: expected dtype int32 of the reference, got float32/],
])('errors begin with the name of the gradient: %#', (manual, reference, message) => {
  expect(() => cmp('dh', manual as never, reference as never)).toThrow(message);
  expect(() => cmp(1 as never, manual as never, reference as never)).toThrow(/^name: expected a string, got 1/);
  expect(log).not.toHaveBeenCalled();
});

test('a name with control characters is escaped where it is printed, and kept in what is returned', () => {
  const name = 'd\x1b[2Jx';
  expect(cmp(name, hg.ones([1]), hg.ones([1])).name).toBe(name);
  expect(lines()).toBe('d\\u001b[2Jx     | exact: True  | approximate: True  | maxdiff: 0.0');
});

test.each<[object, new () => Error, RegExp]>([
  [{ manualShape: 3 }, TypeError, /^manualShape: expected an array of integers, got 3$/],
  [{ manualShape: null }, TypeError, /^manualShape: expected an array of integers, got null$/],
  [{ manualShape: [-1] }, RangeError, /^manualShape\[0\]: expected an integer of at least 0, got -1$/],
  [{ manualShape: [1], shape: undefined }, TypeError, /^shape: expected an array of integers, got undefined$/],
  [{ manualShape: [1], shape: ['1'] }, TypeError, /^shape\[0\]: expected an integer, got "1"$/],
])('formatComparison refuses the shapes %j', (changed, type, message) => {
  const comparison = compare('x', ndarray('float32', [1]), ndarray('float32', [1]));
  const format = () => formatComparison({ ...comparison, ...changed } as typeof comparison);
  expect(format).toThrow(type);
  expect(format).toThrow(message);
});
