import { describe, expect, test } from 'vitest';
import * as exact from '../../reference/exact.js';
import { ulpError32 } from '../../reference/ulp.js';
import type { FloatDType } from '../../src/base/ndarray.js';
import { Core } from '../../src/core/core.js';

const core = await Core.create({ build: 'strict' });
const dtypes: FloatDType[] = ['float32', 'float64'];
const round = (dtype: FloatDType, x: number) => (dtype === 'float32' ? Math.fround(x) : x);
type Name = 'neg' | 'sqrt' | 'exp' | 'log' | 'tanh';

/** What `run` leaves at its first pointer, given the address of the inputs at its second. */
function apply(dtype: FloatDType, inputs: ArrayLike<number>, run: (out: number, a: number) => void): number[] {
  const { memory } = core;
  const n = inputs.length;
  return core.scratch(8 * n, (out) =>
    core.scratch(8 * n, (a) => {
      memory.view(dtype, a, n).set(inputs);
      run(out, a);
      return Array.from(memory.view(dtype, out, n));
    }),
  );
}

const unary = (dtype: FloatDType, name: Name, inputs: ArrayLike<number>) =>
  apply(dtype, inputs, (out, a) => core.kernels[dtype][name](out, a, inputs.length));
const pow = (dtype: FloatDType, inputs: ArrayLike<number>, exponent: number) =>
  apply(dtype, inputs, (out, a) => core.kernels[dtype].pow(out, a, exponent, inputs.length));

const limits = {
  float32: { smallest: 2 ** -149, overflows: 88.73, underflows: -104, half: -103.3 },
  float64: { smallest: 2 ** -1074, overflows: 709.79, underflows: -746, half: -744.6 },
};

describe.each(dtypes)('%s: special values', (dtype) => {
  const { smallest, overflows, underflows, half } = limits[dtype];

  test('exp: NaN, infinities, zeros, overflow to Inf, gradual underflow to 0', () => {
    const inputs = [NaN, Infinity, -Infinity, 0, -0, overflows, 1e38, underflows, -1e38, half, smallest];
    expect(unary(dtype, 'exp', inputs)).toEqual([NaN, Infinity, 0, 1, 1, Infinity, Infinity, 0, 0, smallest, 1]);
  });

  test('log: NaN, infinities, zeros, negatives, 1', () => {
    const inputs = [NaN, Infinity, -Infinity, 0, -0, -1, -smallest, 1];
    expect(unary(dtype, 'log', inputs)).toEqual([NaN, Infinity, NaN, -Infinity, -Infinity, NaN, NaN, 0]);
    const subnormals = [smallest, 3 * smallest, 1000 * smallest];
    expect(unary(dtype, 'log', subnormals)).toEqual(subnormals.map((x) => round(dtype, Math.log(x))));
  });

  test('tanh: NaN, infinities, signed zeros, saturation, subnormals', () => {
    const inputs = [NaN, Infinity, -Infinity, 0, -0, 40, -40, 1e38, smallest, -5 * smallest];
    const expected = [NaN, 1, -1, 0, -0, 1, -1, 1, smallest, -5 * smallest];
    expect(unary(dtype, 'tanh', inputs)).toEqual(expected);
  });

  test('neg and sqrt', () => {
    expect(unary(dtype, 'neg', [0, -0, 2, -Infinity, NaN])).toEqual([-0, 0, -2, Infinity, NaN]);
    expect(unary(dtype, 'sqrt', [0, -0, 2, Infinity, -1])).toEqual([0, -0, round(dtype, Math.SQRT2), Infinity, NaN]);
  });
});

describe('float32: errors over 2^20 bit patterns of every sign and exponent', () => {
  const bits = Uint32Array.from({ length: 2 ** 20 }, (_, i) => (i << 12) | ((i * 2654435761) >>> 20));
  const inputs = new Float32Array(bits.buffer);
  test.each([
    ['exp', 0.502],
    ['log', 0.501],
    ['tanh', 0.52],
  ] as const)('%s: at most %d ULP', (name, bound) => {
    const outputs = unary('float32', name, inputs);
    let largest = 0;
    for (const [i, x] of inputs.entries()) largest = Math.max(largest, ulpError32(outputs[i]!, Math[name](x)));
    expect(largest).toBeLessThanOrEqual(bound);
  });
});

describe('float64: errors against 150-bit arithmetic', () => {
  const { exp, log, tanh } = exact;
  const reference = { exp, log, tanh };
  const n = 4000;
  const spread = (from: number, to: number) => (i: number) => from + ((i * Math.SQRT1_2) % 1) * (to - from);
  const sample = (...parts: ((i: number) => number)[]) =>
    Float64Array.from({ length: n }, (_, i) => parts[i % parts.length]!(i));
  const power = spread(-1073, 1023);
  test.each([
    ['exp', 0.75, sample(spread(-745, 709.7), spread(-1, 1), (i) => -(2 ** spread(-70, 0)(i)))],
    [
      'log',
      1,
      sample(
        (i) => 2 ** power(i),
        spread(0.7, 1.5),
        (i) => 1 + 2 ** spread(-52, -2)(i),
      ),
    ],
    ['tanh', 1.2, sample(spread(-22, 22), spread(-1, 1), (i) => 2 ** spread(-1000, 0)(i))],
  ] as const)('%s: at most %d ULP', (name, bound, inputs) => {
    const outputs = unary('float64', name, inputs);
    const errors = Array.from(inputs, (x, i) => exact.ulpError(outputs[i]!, reference[name](x), 53));
    expect(Math.max(...errors)).toBeLessThanOrEqual(bound);
  });

  test.each([-1.5, 2.5, 7, -3, 1 / 3, 0.1, 100.25, 1e-3])('pow with exponent %d: at most 1 ULP', (exponent) => {
    const range = Math.min(1073, 1023 / Math.abs(exponent));
    const inputs = sample(spread(0.5, 2), (i) => 2 ** spread(-range, range)(i), spread(0, 1e-4));
    const outputs = pow('float64', inputs, exponent);
    const errors = Array.from(inputs, (x, i) =>
      Number.isFinite(outputs[i]) && x > 0 ? exact.ulpError(outputs[i]!, exact.pow(x, exponent), 53) : 0,
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  test('the reference gives the known digits', () => {
    const digits = ({ mantissa, scale }: exact.Real) => `${(mantissa * 10n ** 40n) >> BigInt(scale)}`;
    expect(digits(exact.exp(-2.5))).toBe('820849986238987951695286744671598078378');
    expect(digits(exact.log(10))).toBe('23025850929940456840179914546843642076011');
    expect(digits(exact.tanh(0.5))).toBe('4621171572600097585023184836436725487302');
    expect(digits(exact.pow(0.75, -1.5))).toBe('15396007178390020386910634146718865483936');
  });
});

describe.each(dtypes)('%s: pow', (dtype) => {
  const inputs = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.7, -1.3, 3].map((x) => round(dtype, x));
  const r = (x: number) => round(dtype, x);

  test.each([
    [0, () => 1],
    [1, (x: number) => x],
    [2, (x: number) => r(x * x)],
    [3, (x: number) => r(r(x * x) * x)],
    [0.5, (x: number) => r(Math.sqrt(x))],
    [-0.5, (x: number) => r(1 / r(Math.sqrt(x)))],
    [-1, (x: number) => r(1 / x)],
    [-2, (x: number) => r(1 / r(x * x))],
  ])('exponent %d is computed from products, quotients and square roots', (exponent, expected) => {
    expect(pow(dtype, inputs, exponent)).toEqual(inputs.map(expected));
  });

  test.each([-1.5, 2.5, 7, -3, 4, -4, 1 / 3, 1e30, -1e-30])('exponent %d: special bases as in IEEE 754', (exponent) => {
    const special = inputs.slice(0, 7);
    expect(pow(dtype, special, exponent)).toEqual(special.map((x) => (x === 1 ? 1 : r(x ** r(exponent)))));
  });

  test('infinite and NaN exponents as in IEEE 754', () => {
    const bases = [1, -1, 0.5, -2, 0, Infinity, NaN];
    expect(pow(dtype, bases, Infinity)).toEqual([1, 1, 0, Infinity, 0, Infinity, NaN]);
    expect(pow(dtype, bases, -Infinity)).toEqual([1, 1, Infinity, 0, Infinity, 0, NaN]);
    expect(pow(dtype, bases, NaN)).toEqual([1, NaN, NaN, NaN, NaN, NaN, NaN]);
  });

  test('results beyond the range are infinite, below it subnormal or zero', () => {
    const { smallest } = limits[dtype];
    expect(pow(dtype, [2, -2, 0.5, -0.5], 1075)).toEqual([Infinity, -Infinity, 0, -0]);
    expect(pow(dtype, [2, 2 ** 16, 1e-30], Math.log2(smallest))).toEqual([smallest, 0, Infinity]);
  });
});

test.each([-1.5, 2.5, 7, -3, 1 / 3, 100.25, 1e-3])('float32 pow with exponent %d: at most 0.51 ULP', (exponent) => {
  const range = Math.min(127, 126 / Math.abs(exponent));
  const inputs = Float32Array.from({ length: 20_000 }, (_, i) => 2 ** (((i * Math.SQRT2) % (2 * range)) - range));
  const outputs = pow('float32', inputs, exponent);
  const errors = outputs.map((y, i) => exact.ulpError(y, exact.pow(inputs[i]!, Math.fround(exponent)), 24));
  expect(Math.max(...errors)).toBeLessThanOrEqual(0.51);
});

describe.each(dtypes)('%s: lengths 0 to 17', (dtype) => {
  const run: Record<string, (out: number, a: number, n: number) => void> = { ...core.kernels[dtype] } as never;
  run['pow -1.5'] = (out, a, n) => core.kernels[dtype].pow(out, a, -1.5, n);
  run['pow 2'] = (out, a, n) => core.kernels[dtype].pow(out, a, 2, n);

  test.each(['neg', 'sqrt', 'exp', 'log', 'tanh', 'pow -1.5', 'pow 2'])(
    '%s: in place as apart, nothing beyond the end',
    (name) => {
      const all = Array.from({ length: 20 }, (_, i) => 0.1 + i / 7);
      const whole = apply(dtype, all, (out, a) => run[name]!(out, a, 20));
      for (let n = 0; n <= 17; n++) {
        const canary = Array.from({ length: 20 - n }, () => round(dtype, 0.1234));
        const inputs = [...all.slice(0, n), ...canary];
        const inPlace = apply(dtype, inputs, (out, a) => {
          core.memory.view(dtype, out, 20).set(inputs);
          run[name]!(out, out, n);
          expect(a).not.toBe(out);
        });
        expect(inPlace).toEqual([...whole.slice(0, n), ...canary]);
      }
    },
  );
});
