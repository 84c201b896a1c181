import { afterEach, expect, test, vi } from 'vitest';
import { DTypeError, ShapeError } from '../../src/base/errors.js';
import type { FloatDType, NdArray } from '../../src/base/ndarray.js';
import { allclose, isClose, type Tolerance } from '../../src/compare/allclose.js';
import { cmp, formatComparison } from '../../src/compare/cmp.js';
import { compare } from '../../src/compare/compare.js';
import { ndarray } from '../support/arrays.js';
import { fixture, fromPython } from '../support/fixture.js';

interface Closeness {
  dtype: FloatDType;
  tolerance: { rtol?: number; atol?: number; equal_nan?: boolean };
  a: string[];
  b: string[];
  close: boolean[];
}

interface Line {
  name: string;
  dtype: FloatDType;
  shape: number[];
  manual: string[];
  reference: string[];
  line: string;
}

const golden = await fixture<{ closeness: Closeness[]; lines: Line[] }>('compare.json');

afterEach(() => vi.restoreAllMocks());

test('elements are close where torch.isclose finds them close, at the edge of the tolerance and for special values', () => {
  for (const { dtype, tolerance, a, b, close } of golden.closeness) {
    const { equal_nan: equalNan = false, ...rest } = tolerance;
    const found = isClose(dtype, { ...rest, equalNan });
    expect(a.map((value, i) => found(fromPython(value), fromPython(b[i]!)))).toEqual(close);
  }
});

test('the edge of the tolerance has elements on both of its sides', () => {
  for (const dtype of ['float32', 'float64']) {
    const close = golden.closeness.filter((entry) => entry.dtype === dtype).flatMap((entry) => entry.close);
    expect(close.filter(Boolean).length).toBeGreaterThan(100);
    expect(close.filter((value) => !value).length).toBeGreaterThan(100);
  }
});

test("cmp prints the notebook's line to the byte", () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  for (const { name, dtype, shape, manual, reference, line } of golden.lines) {
    cmp(name, ndarray(dtype, manual.map(fromPython), shape), ndarray(dtype, reference.map(fromPython), shape));
    expect(`${log.mock.lastCall}\n`).toBe(line);
  }
});

test('a comparison names the worst element', () => {
  const reference = ndarray('float32', [1, 2, 3, 4, 5, 6], [2, 3]);
  const manual = ndarray('float32', [1, 2, 3, 4, 7, 8], [2, 3]);
  expect(compare('dh', manual, reference)).toEqual({
    name: 'dh',
    shape: [2, 3],
    dtype: 'float32',
    exact: false,
    approximate: false,
    maxdiff: 2,
    worst: { index: [1, 1], manual: 7, reference: 5 },
  });
});

test('a NaN is the worst element and the largest difference', () => {
  const result = compare('dh', ndarray('float64', [9, Number.NaN, 1]), ndarray('float64', [0, 0, 0]));
  expect(result).toMatchObject({ exact: false, approximate: false, maxdiff: Number.NaN });
  expect(result.worst).toEqual({ index: [1], manual: Number.NaN, reference: 0 });
});

test('of several NaNs the first is the worst', () => {
  const { NaN: nan } = Number;
  expect(compare('dh', ndarray('float32', [0, nan, nan]), ndarray('float32', [0, 0, 0])).worst?.index).toEqual([1]);
});

test('NaN is close to NaN when asked, and never exact', () => {
  const nan = ndarray('float32', [Number.NaN]);
  expect(compare('x', nan, nan, { equalNan: true })).toMatchObject({ exact: false, approximate: true });
  expect(allclose(nan, nan)).toBe(false);
});

test('scalars and empty arrays compare', () => {
  expect(compare('loss', ndarray('float32', [2], []), ndarray('float32', [2], [])).worst).toEqual({
    index: [],
    manual: 2,
    reference: 2,
  });
  const empty = ndarray('float32', [], [0, 3]);
  expect(compare('x', empty, empty)).toMatchObject({ exact: true, approximate: true, maxdiff: 0, worst: null });
});

test('int32 differences do not wrap and are written as integers', () => {
  const result = compare('Xb', ndarray('int32', [2147483647]), ndarray('int32', [-2147483648]));
  expect(formatComparison(result)).toBe('Xb              | exact: False | approximate: False | maxdiff: 4294967295');
});

test.each<[string, NdArray, NdArray, new (message?: string) => Error, string]>([
  [
    'shapes',
    ndarray('float32', [1, 2], [1, 2]),
    ndarray('float32', [1, 2]),
    ShapeError,
    'manual: expected shape [2] of reference, got [1, 2]',
  ],
  [
    'dtypes',
    ndarray('float64', [1]),
    ndarray('float32', [1]),
    DTypeError,
    'manual: expected dtype float32 of reference, got float64',
  ],
  [
    'missing values',
    { dtype: 'float32', shape: [3], data: new Float32Array(2) },
    ndarray('float32', [1]),
    ShapeError,
    'manual: expected 3 values of shape [3], got 2',
  ],
  [
    'values of another type',
    { dtype: 'float32', shape: [1], data: new Float64Array(1) },
    ndarray('float32', [1]),
    DTypeError,
    'manual: expected data in Float32Array, got a Float64Array',
  ],
  [
    'no array',
    3 as unknown as NdArray,
    ndarray('float32', [1]),
    TypeError,
    'manual: expected an array with dtype, shape and data, got 3',
  ],
])('arrays that do not fit together are refused: %s', (_, manual, reference, error, message) => {
  expect(() => compare('x', manual, reference)).toThrow(error);
  expect(() => compare('x', manual, reference)).toThrow(message);
});

test.each<[Tolerance, string]>([
  [{ rtol: -1 }, 'rtol: expected a finite number of at least 0, got -1'],
  [{ atol: Number.NaN }, 'atol: expected a finite number of at least 0, got NaN'],
])('a tolerance below 0 is refused: %o', (tolerance, message) => {
  const one = ndarray('float32', [1]);
  expect(() => allclose(one, one, tolerance)).toThrow(message);
});
