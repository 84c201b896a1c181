// out = A @ B. Every element is one sum over k in ascending order, whatever the tile it is computed in.

import { at, lanes, loadSplat, madd, set } from '../simd';
import { copy } from './elementwise';

/**
 * out[i, j] = Σ_k A[i, k] B[k, j] for out [m, n] and B [k, n], both row-major and contiguous; A[i, k] stands at
 * a[i * aRow + k * aCol], so that a transposed A needs no copy. `out` overlaps neither.
 *
 *            n: tiles of 2 vectors, the last one shifted left to end at n
 *          ┌────┬────┬──┐
 *     m:   │4×2 │4×2 │  │   rows in fours, the last four shifted up to end at m
 *          ├────┼────┼──┤
 *          └────┴────┴──┘
 *
 * A shifted tile computes some elements twice, to the same bits. Below 4 rows, rows go one by one; below 2 vectors, columns go by
 * one vector, below that one by one.
 */
export function matmul<T>(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  if (n < lanes<T>()) return matmulNarrow<T>(out, a, b, m, n, k, aRow, aCol);
  const rows: usize = m < 4 ? 1 : 4;
  const width: usize = n < 2 * lanes<T>() ? lanes<T>() : 2 * lanes<T>();
  for (let i: usize = 0; i < m; i += rows) {
    const top = min(i, m - rows);
    const aTop = at<T>(a, top * aRow);
    for (let j: usize = 0; j < n; j += width) {
      const left = min(j, n - width);
      const o = at<T>(out, top * n + left);
      if (rows == 4) {
        if (width > lanes<T>()) tile4x2<T>(o, aTop, at<T>(b, left), n, k, aRow, aCol);
        else tile4x1<T>(o, aTop, at<T>(b, left), n, k, aRow, aCol);
      } else if (width > lanes<T>()) tile1x2<T>(o, aTop, at<T>(b, left), n, k, aCol);
      else tile1x1<T>(o, aTop, at<T>(b, left), n, k, aCol);
    }
  }
}

/** out = a @ bᵀ for contiguous a [m, k] and b [n, k]; `transposed`, [k, n], receives bᵀ. */
export function timesTransposed<T>(
  out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, transposed: usize,
): void {
  copy<T>(transposed, b, k, n, 1, k);
  matmul<T>(out, a, transposed, m, n, k, k, 1);
}

function tile4x2<T>(out: usize, a: usize, b: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  let c00 = v128.splat<T>(0 as T), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const row = aRow * sizeof<T>();
  const aStep = aCol * sizeof<T>();
  const bStep = n * sizeof<T>();
  for (const end = b + k * bStep; b < end; b += bStep) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a + row);
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    x = loadSplat<T>(a + 2 * row);
    c20 = madd<T>(x, b0, c20);
    c21 = madd<T>(x, b1, c21);
    x = loadSplat<T>(a + 3 * row);
    c30 = madd<T>(x, b0, c30);
    c31 = madd<T>(x, b1, c31);
    a += aStep;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += bStep;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += bStep;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += bStep;
  v128.store(out, c30);
  v128.store(out, c31, 16);
}

function tile4x1<T>(out: usize, a: usize, b: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  let c0 = v128.splat<T>(0 as T), c1 = c0, c2 = c0, c3 = c0;
  const row = aRow * sizeof<T>();
  const bStep = n * sizeof<T>();
  for (const end = b + k * bStep; b < end; b += bStep) {
    const x = v128.load(b);
    c0 = madd<T>(loadSplat<T>(a), x, c0);
    c1 = madd<T>(loadSplat<T>(a + row), x, c1);
    c2 = madd<T>(loadSplat<T>(a + 2 * row), x, c2);
    c3 = madd<T>(loadSplat<T>(a + 3 * row), x, c3);
    a += aCol * sizeof<T>();
  }
  v128.store(out, c0);
  v128.store(out + bStep, c1);
  v128.store(out + 2 * bStep, c2);
  v128.store(out + 3 * bStep, c3);
}

function tile1x2<T>(out: usize, a: usize, b: usize, n: usize, k: usize, aCol: usize): void {
  let c0 = v128.splat<T>(0 as T), c1 = c0;
  const bStep = n * sizeof<T>();
  for (const end = b + k * bStep; b < end; b += bStep) {
    const x = loadSplat<T>(a);
    c0 = madd<T>(x, v128.load(b), c0);
    c1 = madd<T>(x, v128.load(b, 16), c1);
    a += aCol * sizeof<T>();
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
}

function tile1x1<T>(out: usize, a: usize, b: usize, n: usize, k: usize, aCol: usize): void {
  let c = v128.splat<T>(0 as T);
  const bStep = n * sizeof<T>();
  for (const end = b + k * bStep; b < end; b += bStep) {
    c = madd<T>(loadSplat<T>(a), v128.load(b), c);
    a += aCol * sizeof<T>();
  }
  v128.store(out, c);
}

/** Fewer columns than lanes: one lane of work at a time, the same products and sums in the same order. */
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
