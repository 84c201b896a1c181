import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DType, dtypes, type NdArray } from '../../src/base/ndarray.js';
import { type Printable, type PrintOptions, printed, setPrintOptions } from '../../src/base/print.js';
import { elementCount } from '../../src/base/shape.js';
import { contiguousStrides } from '../../src/tensor/arrays/layout.js';
import { fixture, fromPython } from '../support/fixture.js';

interface Case {
  dtype: DType;
  shape: number[];
  /** Absent where the values are `steps`. */
  data?: (number | string)[];
  options?: Record<string, number | boolean | string>;
  note?: string;
  text: string;
}

const golden = await fixture<Case[]>('printing.json');

beforeEach(() => setPrintOptions({ profile: 'default' }));
afterEach(() => setPrintOptions({ profile: 'default' }));

/** What test/golden/printing.py calls steps. */
function steps(shape: readonly number[]): number[] {
  return Array.from({ length: elementCount(shape) }, (_, i) => (((i * 37) % 101) - 50) / 16);
}

/** What is printed of a row-major array. */
function printable({ dtype, shape, data }: NdArray): Printable {
  return { dtype, shape, strides: contiguousStrides(shape), at: (offset) => data[offset]! };
}

/** An array of a case of the fixture. */
function arrayOf({ dtype, shape, data }: Case): Printable {
  const values = data?.map((value) => fromPython(`${value}`)) ?? steps(shape);
  return printable({ dtype, shape, data: dtypes[dtype].array.from(values) });
}

test('the fixture has cases of every kind', () => {
  expect(golden.length).toBeGreaterThan(250);
  for (const part of [
    '...',
    'e+',
    'e-',
    'nan',
    '-inf',
    '-0.',
    'size=(',
    'dtype=torch.int32',
    'requires_grad',
    ',\n      ',
  ]) {
    expect(golden.filter(({ text }) => text.includes(part)).length).toBeGreaterThan(3);
  }
});

test('every array prints as in PyTorch', () => {
  for (const entry of golden) {
    setPrintOptions({ profile: 'default' });
    const { sci_mode: sciMode, ...rest } = entry.options ?? {};
    const numbers = Object.entries(rest).map(([name, value]) => [
      name,
      value === 'inf' ? Number.POSITIVE_INFINITY : value,
    ]);
    setPrintOptions({
      ...Object.fromEntries(numbers),
      ...(sciMode === undefined ? {} : { sciMode: sciMode as boolean }),
    });
    expect(printed(arrayOf(entry), entry.note === undefined ? [] : [entry.note])).toBe(entry.text);
  }
});

test('without elements, the shape is printed', () => {
  expect(printed({ dtype: 'float64', shape: [2, 3], strides: [3, 1], at: null }, ['released'])).toBe(
    'tensor(..., size=(2, 3), dtype=torch.float64, released)',
  );
});

test('what is not shown is not read', () => {
  const read = new Set<number>();
  const at = (offset: number) => {
    read.add(offset);
    return offset;
  };
  expect(printed({ dtype: 'int32', shape: [1001], strides: [2], at }, [])).toBe(
    'tensor([   0,    2,    4,  ..., 1996, 1998, 2000], dtype=torch.int32)',
  );
  expect([...read]).toEqual([0, 2, 4, 1996, 1998, 2000]);
});

describe('setPrintOptions', () => {
  const pi = printable({ dtype: 'float64', shape: [2], data: Float64Array.of(Math.PI, 1000000) });

  test('keeps what is not given, and a profile sets all', () => {
    setPrintOptions({ precision: 2 });
    setPrintOptions({ sciMode: false });
    expect(printed(pi, [])).toBe('tensor([      3.14, 1000000.00], dtype=torch.float64)');
    setPrintOptions({ sciMode: null });
    expect(printed(pi, [])).toBe('tensor([3.14e+00, 1.00e+06], dtype=torch.float64)');
    setPrintOptions({ profile: 'short', precision: 1 });
    expect(printed(pi, [])).toBe('tensor([3.1e+00, 1.0e+06], dtype=torch.float64)');
    setPrintOptions({ profile: 'default' });
    expect(printed(pi, [])).toBe('tensor([3.1416e+00, 1.0000e+06], dtype=torch.float64)');
  });

  test.each<[unknown, RegExp]>([
    [undefined, /^options: expected an object, got undefined/],
    [null, /^options: expected an object, got null/],
    [{ sci_mode: true }, /^options: .*the nearest is sciMode/],
    [{ precision: 2, threshold: -1 }, /^threshold: expected an integer of at least 0, got -1/],
    [{ precision: 101 }, /^precision: expected an integer from 0 to 100, got 101/],
    [{ precision: Number.POSITIVE_INFINITY }, /^precision: expected an integer/],
    [{ precision: 2, edgeitems: 1.5 }, /^edgeitems: expected an integer/],
    [{ precision: 2, linewidth: 0 }, /^linewidth: expected an integer of at least 1, got 0/],
    [{ precision: 2, linewidth: null }, /^linewidth: expected an integer, got null/],
    [{ precision: 2, sciMode: 1 }, /^sciMode: expected true or false, got 1/],
    [{ precision: 2, profile: 'long' }, /^profile: expected default or short or full, got "long"/],
  ])('refuses %o and changes nothing', (settings, message) => {
    const before = printed(pi, []);
    expect(() => setPrintOptions(settings as PrintOptions)).toThrow(message);
    expect(printed(pi, [])).toBe(before);
  });
});
