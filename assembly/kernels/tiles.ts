// Matrix products in register tiles. All distances are in bytes.
//
//     out[i, j] = start[i, j] + Σ_k A[i, k] B[k, j]
//
// A[i, k] stands at a + i * aRow + k * aStep, row k of B at b + k * bStep, bStep > 0. A may come in panels of k columns, `aPanel` bytes
// apart, which continue the sum. Every element is one sum over k in ascending order, whatever the tile it is computed in.

import { loadSplat, madd } from '../simd';

/** Two vectors of zeros: what a sum starts from that starts from nothing, with startRow 0. */
export const zeros = memory.data<f64>([0, 0, 0, 0], 16);

/**
 * `rows` rows and `vectors` whole vectors of columns, in strips of 2 vectors and a last one of 1 for an odd number; `panels`
 * panels of k. Row 0 of `start` serves every row where startRow is 0, its first two vectors every strip where it is `zeros`. `out`
 * overlaps neither A nor B.
 */
export function product<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, vectors: usize, k: usize, panels: usize, aPanel: usize,
): void {
  const along: usize = start == zeros ? 0 : 1;
  const bytes = vectors * 16;
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    strip2<T>(out + j, outRow, start + j * along, startRow, a, aRow, aStep, b + j, bStep, rows, k, panels, aPanel);
  }
  if (j < bytes) strip1<T>(out + j, outRow, start + j * along, startRow, a, aRow, aStep, b + j, bStep, rows, k, panels, aPanel);
}

/**
 * A strip of 2 vectors, in tiles of 4 rows. Rows that are left over are computed again with the three above them where sums start
 * from `zeros`, otherwise one by one.
 */
export function strip2<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, k: usize, panels: usize, aPanel: usize,
): void {
  const again = start == zeros && rows >= 4;
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  let i: usize = 0;
  while (i < rows) {
    if (again) i = min(i, rows - 4);
    if (i + 4 > rows) break;
    let from = start + i * startRow;
    let c00 = v128.load(from), c01 = v128.load(from, 16);
    from += startRow;
    let c10 = v128.load(from), c11 = v128.load(from, 16);
    from += startRow;
    let c20 = v128.load(from), c21 = v128.load(from, 16);
    from += startRow;
    let c30 = v128.load(from), c31 = v128.load(from, 16);
    let y = b;
    let panel = a + i * aRow;
    for (let p = panels; p; p--) {
      let x = panel;
      for (const end = y + k * bStep; y != end; ) {
        const b0 = v128.load(y);
        const b1 = v128.load(y, 16);
        let splat = loadSplat<T>(x);
        c00 = madd<T>(splat, b0, c00);
        c01 = madd<T>(splat, b1, c01);
        splat = loadSplat<T>(x + aRow);
        c10 = madd<T>(splat, b0, c10);
        c11 = madd<T>(splat, b1, c11);
        splat = loadSplat<T>(x + row2);
        c20 = madd<T>(splat, b0, c20);
        c21 = madd<T>(splat, b1, c21);
        splat = loadSplat<T>(x + row3);
        c30 = madd<T>(splat, b0, c30);
        c31 = madd<T>(splat, b1, c31);
        x += aStep;
        y += bStep;
      }
      panel += aPanel;
    }
    let to = out + i * outRow;
    v128.store(to, c00);
    v128.store(to, c01, 16);
    to += outRow;
    v128.store(to, c10);
    v128.store(to, c11, 16);
    to += outRow;
    v128.store(to, c20);
    v128.store(to, c21, 16);
    to += outRow;
    v128.store(to, c30);
    v128.store(to, c31, 16);
    i += 4;
  }
  for (; i < rows; i++) {
    let c0 = v128.load(start + i * startRow), c1 = v128.load(start + i * startRow, 16);
    let y = b;
    let panel = a + i * aRow;
    for (let p = panels; p; p--) {
      let x = panel;
      for (const end = y + k * bStep; y != end; ) {
        const splat = loadSplat<T>(x);
        c0 = madd<T>(splat, v128.load(y), c0);
        c1 = madd<T>(splat, v128.load(y, 16), c1);
        x += aStep;
        y += bStep;
      }
      panel += aPanel;
    }
    v128.store(out + i * outRow, c0);
    v128.store(out + i * outRow, c1, 16);
  }
}

/** A strip of 1 vector, otherwise as `strip2`. */
export function strip1<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, k: usize, panels: usize, aPanel: usize,
): void {
  const again = start == zeros && rows >= 4;
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  let i: usize = 0;
  while (i < rows) {
    if (again) i = min(i, rows - 4);
    if (i + 4 > rows) break;
    const from = start + i * startRow;
    let c0 = v128.load(from), c1 = v128.load(from + startRow);
    let c2 = v128.load(from + startRow * 2), c3 = v128.load(from + startRow * 3);
    let y = b;
    let panel = a + i * aRow;
    for (let p = panels; p; p--) {
      let x = panel;
      for (const end = y + k * bStep; y != end; ) {
        const b0 = v128.load(y);
        c0 = madd<T>(loadSplat<T>(x), b0, c0);
        c1 = madd<T>(loadSplat<T>(x + aRow), b0, c1);
        c2 = madd<T>(loadSplat<T>(x + row2), b0, c2);
        c3 = madd<T>(loadSplat<T>(x + row3), b0, c3);
        x += aStep;
        y += bStep;
      }
      panel += aPanel;
    }
    const to = out + i * outRow;
    v128.store(to, c0);
    v128.store(to + outRow, c1);
    v128.store(to + outRow * 2, c2);
    v128.store(to + outRow * 3, c3);
    i += 4;
  }
  for (; i < rows; i++) {
    let c = v128.load(start + i * startRow);
    let y = b;
    let panel = a + i * aRow;
    for (let p = panels; p; p--) {
      let x = panel;
      for (const end = y + k * bStep; y != end; ) {
        c = madd<T>(loadSplat<T>(x), v128.load(y), c);
        x += aStep;
        y += bStep;
      }
      panel += aPanel;
    }
    v128.store(out + i * outRow, c);
  }
}
