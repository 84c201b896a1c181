// Copies of arrays that need not be contiguous.

import { at } from '../simd';

/**
 * out[r, c] = a[r * aRow + c * aCol], strides in elements; out is contiguous, [rows, cols], and does not overlap a.
 * @export f32 f64 i32
 */
export function copy<T>(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const to = at<T>(out, r * cols);
    const from = at<T>(a, r * aRow);
    if (aCol == 1) memory.copy(to, from, cols * sizeof<T>());
    else for (let c: usize = 0; c < cols; c++) store<T>(at<T>(to, c), load<T>(at<T>(from, c * aCol)));
  }
}
