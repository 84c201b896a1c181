// Register tiles of matrix products. All distances are in bytes.
//
//     out[i, j] = start[i, j] + Σ_k A[i, k] B[k, j]
//
// A[i, k] stands at a + i * aRow + k * aStep, row k of B at b + k * bStep. A may come in panels of k columns, `aPanel` bytes
// apart, which continue the sum. Every element is one sum over k in ascending order, whatever the tile it is computed in.

import { loadSplat, madd } from '../simd';

/** Two vectors of zeros: what a sum starts from that starts from nothing, with startRow 0. */
export const zeros = memory.data<f64>([0, 0, 0, 0], 16);

/**
 * `rows` rows and `vectors` whole vectors of columns, by tiles of 4 × 2 vectors, 4 × 1 for an odd vector, and single rows below 4;
 * `panels` panels of k. Row 0 of `start` serves every row where startRow is 0, the first two vectors every tile where it is
 * `zeros`. `out` overlaps neither A nor B.
 */
export function product<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, vectors: usize, k: usize, panels: usize, aPanel: usize,
): void {
  const bytes = vectors * 16;
  const along: usize = start == zeros ? 0 : 1;
  for (let i: usize = 0; i < rows; ) {
    const four = i + 4 <= rows;
    let j: usize = 0;
    for (; j + 32 <= bytes; j += 32) {
      if (four) tile4x2<T>(out + j, outRow, start + j * along, startRow, a, aRow, aStep, b + j, bStep, k, panels, aPanel);
      else tile1x2<T>(out + j, start + j * along, a, aStep, b + j, bStep, k, panels, aPanel);
    }
    if (j < bytes) {
      if (four) tile4x1<T>(out + j, outRow, start + j * along, startRow, a, aRow, aStep, b + j, bStep, k, panels, aPanel);
      else tile1x1<T>(out + j, start + j * along, a, aStep, b + j, bStep, k, panels, aPanel);
    }
    const done: usize = four ? 4 : 1;
    out += done * outRow;
    start += done * startRow;
    a += done * aRow;
    i += done;
  }
}

export function tile4x2<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, k: usize,
  panels: usize, aPanel: usize,
): void {
  let c00 = v128.load(start), c01 = v128.load(start, 16);
  start += startRow;
  let c10 = v128.load(start), c11 = v128.load(start, 16);
  start += startRow;
  let c20 = v128.load(start), c21 = v128.load(start, 16);
  start += startRow;
  let c30 = v128.load(start), c31 = v128.load(start, 16);
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  for (; panels; panels--) {
    let x = a;
    for (const end = b + k * bStep; b < end; b += bStep) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
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
    }
    a += aPanel;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += outRow;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += outRow;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += outRow;
  v128.store(out, c30);
  v128.store(out, c31, 16);
}

export function tile4x1<T>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, k: usize,
  panels: usize, aPanel: usize,
): void {
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  let c0 = v128.load(start), c1 = v128.load(start + startRow);
  start += startRow + startRow;
  let c2 = v128.load(start), c3 = v128.load(start + startRow);
  for (; panels; panels--) {
    let x = a;
    for (const end = b + k * bStep; b < end; b += bStep) {
      const b0 = v128.load(b);
      c0 = madd<T>(loadSplat<T>(x), b0, c0);
      c1 = madd<T>(loadSplat<T>(x + aRow), b0, c1);
      c2 = madd<T>(loadSplat<T>(x + row2), b0, c2);
      c3 = madd<T>(loadSplat<T>(x + row3), b0, c3);
      x += aStep;
    }
    a += aPanel;
  }
  v128.store(out, c0);
  v128.store(out + outRow, c1);
  out += outRow + outRow;
  v128.store(out, c2);
  v128.store(out + outRow, c3);
}

export function tile1x2<T>(
  out: usize, start: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: usize, panels: usize, aPanel: usize,
): void {
  let c0 = v128.load(start), c1 = v128.load(start, 16);
  for (; panels; panels--) {
    let x = a;
    for (const end = b + k * bStep; b < end; b += bStep) {
      const splat = loadSplat<T>(x);
      c0 = madd<T>(splat, v128.load(b), c0);
      c1 = madd<T>(splat, v128.load(b, 16), c1);
      x += aStep;
    }
    a += aPanel;
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
}

export function tile1x1<T>(
  out: usize, start: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: usize, panels: usize, aPanel: usize,
): void {
  let c = v128.load(start);
  for (; panels; panels--) {
    let x = a;
    for (const end = b + k * bStep; b < end; b += bStep) {
      c = madd<T>(loadSplat<T>(x), v128.load(b), c);
      x += aStep;
    }
    a += aPanel;
  }
  v128.store(out, c);
}
