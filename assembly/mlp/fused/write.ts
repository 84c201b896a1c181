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
    for (let j: usize = 0; j < bytes; j += 16) {
      let value = v128.load(g + j);
      if (descend) value = v128.sub<T>(v128.load(to + j), v128.mul<T>(factor, value));
      storeLanes<T>(to + j, value, (bytes - j) / sizeof<T>());
    }
    to += toRow;
    g += gRow;
  }
}
