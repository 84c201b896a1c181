import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epsilon, ulpDistance } from '../../src/compare/ulp.js';

test('neighbours are one apart', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const eps = epsilon(dtype);
    expect(ulpDistance(1, 1 + eps, dtype)).toBe(1);
    expect(ulpDistance(1 - eps / 2, 1 + eps, dtype)).toBe(2);
    expect(ulpDistance(-1, -1 - 3 * eps, dtype)).toBe(3);
  }
  expect(ulpDistance(2 ** -149, -(2 ** -149), 'float32')).toBe(2);
  expect(ulpDistance(5e-324, 0, 'float64')).toBe(1);
  expect(ulpDistance(3.4028234663852886e38, Number.POSITIVE_INFINITY, 'float32')).toBe(1);
});

test('zeros are equal, NaN is no distance from anything', () => {
  expect(ulpDistance(0, -0, 'float32')).toBe(0);
  expect(ulpDistance(Number.NaN, 1, 'float64')).toBeNaN();
  expect(ulpDistance(1, Number.NaN, 'float32')).toBeNaN();
});

test('the distance is that of the bit patterns, and symmetric', () => {
  const finite = fc.float({ noNaN: true, min: 0, noDefaultInfinity: true });
  const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      expect(ulpDistance(a, b, 'float32')).toBe(Math.abs(bits(Math.abs(a)) - bits(Math.abs(b))));
      expect(ulpDistance(b, a, 'float32')).toBe(ulpDistance(a, b, 'float32'));
      expect(ulpDistance(-a, b, 'float32')).toBe(bits(Math.abs(a)) + bits(Math.abs(b)));
    }),
  );
});

test('another dtype is refused', () => {
  expect(() => epsilon('int32' as 'float32')).toThrow('dtype: expected float32 or float64, got "int32"');
});
