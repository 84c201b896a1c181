// Where finished gradients go.

import { storeLanes } from '../../simd';

/**
 * The first `columns` of each of `rows` rows of g, `gRow` bytes apart, go to the rows `toRow` bytes apart at `to`: they are
 * stored there or, with `descend`, taken off what stands there, times the rate.
 */
export function put<T>(
  to: usize, toRow: usize, g: usize, gRow: usize, rows: usize, columns: usize, rate: T, descend: bool,
): void {
  const factor = v128.splat<T>(rate);
  const bytes = columns * sizeof<T>();
  for (; rows; rows--) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(to + j, written<T>(to + j, g + j, factor, descend));
    if (j < bytes) storeLanes<T>(to + j, written<T>(to + j, g + j, factor, descend), (bytes - j) / sizeof<T>());
    to += toRow;
    g += gRow;
  }
}

// @ts-ignore: decorator
@inline
function written<T>(to: usize, g: usize, factor: v128, descend: bool): v128 {
  const gradient = v128.load(g);
  return descend ? v128.sub<T>(v128.load(to), v128.mul<T>(factor, gradient)) : gradient;
}
