// Copies of arrays that need not be contiguous.

import { at, lanes, lineBytes, transposeSquare } from '../simd';

/**
 * out[r, c] = a[r * aRow + c * aCol], strides in elements; out is contiguous, [rows, cols], and does not overlap a. Elements are moved
 * bit by bit, whatever they mean.
 * @export
 */
export function copy<T>(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void {
  if (aCol == 1) {
    for (let r: usize = 0; r < rows; r++) memory.copy(at<T>(out, r * cols), at<T>(a, r * aRow), cols * sizeof<T>());
    return;
  }
  const together = lineBytes / sizeof<T>();
  // So few rows take no more than their share of a line.
  if (rows < together) {
    for (let r: usize = 0; r < rows; r++) {
      let from = at<T>(a, r * aRow);
      for (const end = at<T>(out, cols); out < end; out += sizeof<T>(), from += aCol * sizeof<T>()) move<T>(out, from);
    }
    return;
  }
  const whole = aRow == 1 ? cols - cols % lanes<T>() : 0;
  for (let r: usize = 0, next: usize = 0; r < rows; r = next) {
    next = min(r + together, rows);
    const squares = r + (next - r) / lanes<T>() * lanes<T>();
    for (let c: usize = 0; c < whole; c += lanes<T>()) {
      for (let i = r; i < squares; i += lanes<T>()) {
        transposeSquare<T>(at<T>(out, i * cols + c), cols * sizeof<T>(), at<T>(a, i + c * aCol), aCol * sizeof<T>());
      }
    }
    for (let c: usize = 0; c < cols; c++) {
      const first = c < whole ? squares : r;
      let to = at<T>(out, first * cols + c), from = at<T>(a, first * aRow + c * aCol);
      for (let i = first; i < next; i++, to += cols * sizeof<T>(), from += aRow * sizeof<T>()) move<T>(to, from);
    }
  }
}

// @ts-ignore: decorator
@inline function move<T>(to: usize, from: usize): void {
  if (sizeof<T>() == 4) store<u32>(to, load<u32>(from));
  else store<u64>(to, load<u64>(from));
}
