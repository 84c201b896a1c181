import { expect, test } from 'vitest';
import { ShapeError } from '../../src/base/errors.js';
import { ndarray } from '../support/arrays.js';

const reference = ndarray('float32', [1, 1000, 3, 4], [2, 2]);

test('passes for close elements, fails for others', () => {
  expect(ndarray('float32', [1, 1000.005, 3, 4], [2, 2])).toBeAllclose(reference);
  expect(ndarray('float32', [1, 1000.1, 3, 4], [2, 2])).not.toBeAllclose(reference);
  expect(ndarray('float32', [1, 1000.1, 3, 4], [2, 2])).toBeAllclose(reference, { rtol: 1e-3 });
});

test('names the element that is worst by its tolerance', () => {
  const received = ndarray('float32', [1, 1000.25, 3, 4.125], [2, 2]);
  expect(() => expect(received).toBeAllclose(reference)).toThrow(
    'expected all 4 elements of [2, 2] to be close (rtol 0.00001, atol 1e-8), 2 are not; worst at [1, 1]: expected 4, got 4.125',
  );
});

test('refuses other shapes', () => {
  expect(() => expect(ndarray('float32', [1, 2, 3, 4])).toBeAllclose(reference)).toThrow(ShapeError);
});
