// Matrix products in register tiles. All distances are in bytes.
//
//     out[i, j] = start[i, j] + Σ_k A[i, k] B[k, j]
//
// A[i, k] stands at a + i * aRow + k * aStep, row k of B at b + k * bStep, bStep > 0. A may come in panels of k columns, `aPanel` bytes
// apart: panel after panel, the sums go on over their columns and over the rows of B. Every element is one sum over k in
// ascending order, whatever the tile it is computed in.

import { loadSplat, madd } from '../simd';

/** Two vectors of zeros. As `start`, with a startRow of 0, they make sums that begin with nothing. */
export const zeros = memory.data<f64>([0, 0, 0, 0], 16);

// The width of a strip is a class without state, so that it can be a type parameter.

@unmanaged export class One { @inline two(): bool { return false; } }
@unmanaged export class Two { @inline two(): bool { return true; } }

/**
 * `rows` rows and `vectors` whole vectors of columns, in strips of 2 vectors and a last one of 1 for an odd number; A comes in
 * `panels` panels. Where startRow is 0, row 0 of `start` serves every row. Where `start` is `zeros`, its two vectors serve every
 * strip. `out` overlaps neither A nor B.
 */
export function product<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, vectors: usize, k: usize, panels: usize, aPanel: usize,
): void {
  const along: usize = start == zeros ? 0 : 1;
  const bytes = vectors * 16;
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    strip<T, Two>(out + j, outRow, start + j * along, startRow, a, aRow, aStep, b + j, bStep, rows, k, panels, aPanel);
  }
  if (j < bytes) {
    strip<T, One>(out + j, outRow, start + j * along, startRow, a, aRow, aStep, b + j, bStep, rows, k, panels, aPanel);
  }
}

/**
 * A strip of one or two vectors, in tiles of 4 rows. Up to 3 rows are left over. Where sums start from `zeros` and there are at least 4
 * rows, one more tile computes them again together with the rows above them; otherwise they go one by one.
 */
export function strip<T, Width>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, k: usize, panels: usize, aPanel: usize,
): void {
  const two = changetype<Width>(0).two();
  const none = v128.splat<T>(0 as T);
  const again = start == zeros && rows >= 4;
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  let i: usize = 0;
  while (i < rows) {
    if (again) i = min(i, rows - 4);
    if (i + 4 > rows) break;
    let from = start + i * startRow;
    let c00 = v128.load(from), c01 = two ? v128.load(from, 16) : none;
    from += startRow;
    let c10 = v128.load(from), c11 = two ? v128.load(from, 16) : none;
    from += startRow;
    let c20 = v128.load(from), c21 = two ? v128.load(from, 16) : none;
    from += startRow;
    let c30 = v128.load(from), c31 = two ? v128.load(from, 16) : none;
    let y = b;
    let panel = a + i * aRow;
    for (let p = panels; p; p--) {
      let x = panel;
      for (const end = y + k * bStep; y != end; ) {
        const b0 = v128.load(y);
        const b1 = two ? v128.load(y, 16) : none;
        let splat = loadSplat<T>(x);
        c00 = madd<T>(splat, b0, c00);
        if (two) c01 = madd<T>(splat, b1, c01);
        splat = loadSplat<T>(x + aRow);
        c10 = madd<T>(splat, b0, c10);
        if (two) c11 = madd<T>(splat, b1, c11);
        splat = loadSplat<T>(x + row2);
        c20 = madd<T>(splat, b0, c20);
        if (two) c21 = madd<T>(splat, b1, c21);
        splat = loadSplat<T>(x + row3);
        c30 = madd<T>(splat, b0, c30);
        if (two) c31 = madd<T>(splat, b1, c31);
        x += aStep;
        y += bStep;
      }
      panel += aPanel;
    }
    let to = out + i * outRow;
    v128.store(to, c00);
    if (two) v128.store(to, c01, 16);
    to += outRow;
    v128.store(to, c10);
    if (two) v128.store(to, c11, 16);
    to += outRow;
    v128.store(to, c20);
    if (two) v128.store(to, c21, 16);
    to += outRow;
    v128.store(to, c30);
    if (two) v128.store(to, c31, 16);
    i += 4;
  }
  for (; i < rows; i++) {
    const from = start + i * startRow;
    let c0 = v128.load(from), c1 = two ? v128.load(from, 16) : none;
    let y = b;
    let panel = a + i * aRow;
    for (let p = panels; p; p--) {
      let x = panel;
      for (const end = y + k * bStep; y != end; ) {
        const splat = loadSplat<T>(x);
        c0 = madd<T>(splat, v128.load(y), c0);
        if (two) c1 = madd<T>(splat, v128.load(y, 16), c1);
        x += aStep;
        y += bStep;
      }
      panel += aPanel;
    }
    v128.store(out + i * outRow, c0);
    if (two) v128.store(out + i * outRow, c1, 16);
  }
}
