// Softmax along rows.

import { at, get } from '../simd';
import { Div, elementwise, Mul, scalar, Sub } from './binary';
import { Product, sumRow, Value } from './reduce';
import { Exp, unary } from './unary';

/** The largest of a row of n >= 1 elements, NaN if one is. */
export function maxRow<T>(row: usize, n: usize): T {
  let best = load<T>(row);
  for (let j: usize = 1; j < n; j++) best = max<T>(best, get<T>(row, j));
  return best;
}

/** out = exp(a - largest) / Σ exp(a - largest) for a row of n with that largest element; returns the sum. `out` may be `a`. */
export function softmaxRow<T>(out: usize, a: usize, n: usize, largest: T): T {
  scalar<T, Sub>(out, a, largest, n);
  unary<T, Exp>(out, out, n);
  const total = sumRow<T, Value>(out, out, n);
  scalar<T, Div>(out, out, total, n);
  return total;
}

/** out = softmax(a) along rows of n >= 1. `out` may be `a`. @export */
export function softmax<T>(out: usize, a: usize, rows: usize, n: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    const row = at<T>(a, i * n);
    softmaxRow<T>(at<T>(out, i * n), row, n, maxRow<T>(row, n));
  }
}

/** da = out * (dout - Σ_j out dout) along rows of n, for out = softmax(a). @export */
export function softmaxBackward<T>(da: usize, out: usize, dout: usize, rows: usize, n: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    const y = at<T>(out, i * n);
    const dy = at<T>(dout, i * n);
    const dx = at<T>(da, i * n);
    scalar<T, Sub>(dx, dy, sumRow<T, Product>(y, dy, n), n);
    elementwise<T, Mul>(dx, y, dx, n);
  }
}
