// out = A @ B. Every element is one sum over k in ascending order, whatever the tile it is computed in.

import { at, lanes, loadSplat, madd, set } from '../simd';
import { copy } from './copy';
import { One, strip, Two, zeros } from './tiles';

/**
 * out[i, j] = Σ_k A[i, k] B[k, j] for out [m, n] and B [k, n], both row-major and contiguous; A[i, k] stands at
 * a[i * aRow + k * aCol], so that a transposed A needs no copy. `out` overlaps neither.
 *
 *            n: strips of 2 vectors; where less than 2 remain, of 1, the last one shifted left to end at n
 *          ┌────┬────┬──┐
 *     m:   │4×2 │4×2 │  │   rows in fours, the last four shifted up to end at m, but in later blocks of a transposed A one by one
 *          ├────┼────┼──┤
 *          └────┴────┴──┘
 *
 * A shifted tile computes some elements twice, to the same bits. Fewer than 4 rows go one
 * by one, and so do columns that are fewer than a vector has lanes.
 * @export
 */
export function matmul<T>(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  if (n < lanes<T>()) return matmulNarrow<T>(out, a, b, m, n, k, aRow, aCol);
  const size = sizeof<T>();
  const row = n * size, left = aRow * size, step = aCol * size;
  let j: usize = 0;
  for (; j + 2 * lanes<T>() <= n; j += 2 * lanes<T>()) {
    stripInBlocks<T, Two>(out + j * size, row, a, left, step, b + j * size, m, k);
  }
  for (; j < n; j += lanes<T>()) {
    const x = min(j, n - lanes<T>()) * size;
    stripInBlocks<T, One>(out + x, row, a, left, step, b + x, m, k);
  }
}

/** Columns of a transposed A in a block. Each is a row in memory, and so many stay in the cache while all rows of the product use them. */
const block: usize = 64;

/**
 * A strip of the product; distances in bytes. A sum that stands in `out` goes on with the next columns of A as it would have in a
 * register, so that the blocks change no bit.
 */
function stripInBlocks<T, Width>(out: usize, row: usize, a: usize, left: usize, step: usize, b: usize, m: usize, k: usize): void {
  const width = step == sizeof<T>() ? k : min(k, block);
  strip<T, Width>(out, row, zeros, 0, a, left, step, b, row, m, width, 1, 0);
  for (let l = width; l < k; l += width) {
    strip<T, Width>(out, row, out, row, a + l * step, left, step, b + l * row, row, m, min(width, k - l), 1, 0);
  }
}

/** out = a @ bᵀ for contiguous a [m, k] and b [n, k]; `transposed`, [k, n], receives bᵀ. */
export function timesTransposed<T>(
  out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, transposed: usize,
): void {
  copy<T>(transposed, b, k, n, 1, k);
  matmul<T>(out, a, transposed, m, n, k, k, 1);
}

/**
 * The product where n is less than a vector has lanes: one element at a time, by the same products and sums in the same order.
 */
function matmulNarrow<T>(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  for (let i: usize = 0; i < m; i++) {
    for (let j: usize = 0; j < n; j++) {
      let c = v128.splat<T>(0 as T);
      for (let l: usize = 0; l < k; l++) {
        c = madd<T>(loadSplat<T>(at<T>(a, i * aRow + l * aCol)), loadSplat<T>(at<T>(b, l * n + j)), c);
      }
      set<T>(out, i * n + j, v128.extract_lane<T>(c, 0));
    }
  }
}
