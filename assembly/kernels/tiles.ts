// Register tiles of matrix products. All distances are in bytes.
//
//     out[i, j] = start[i, j] + Σ_k A[i, k] B[k, j]
//
// A[i, k] stands at a + i * aRow + k * aStep, row k of B at b + k * bStep. Every element is one sum over k in ascending order,
// whatever the tile it is computed in.

import { loadSplat, madd } from '../simd';

// What a sum starts from, as a class without state, so that it can be a type parameter.

/** 0; the address counts for nothing. */
// @ts-ignore: decorator
@unmanaged
export class Zero {
  // @ts-ignore: decorator
  @inline at<T>(address: usize): v128 { return v128.splat<T>(0 as T); }
}

/** What stands at the address. */
// @ts-ignore: decorator
@unmanaged
export class Given {
  // @ts-ignore: decorator
  @inline at<T>(address: usize): v128 { return v128.load(address); }
}

/**
 * `rows` rows and `vectors` whole vectors of columns: by tiles of 4 × 2 vectors, 4 × 1 for an odd vector, and single rows below 4.
 * startRow 0 starts every row from the same one. `out` overlaps neither A nor B.
 */
// @ts-ignore: decorator
@inline
export function product<T, Start>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  rows: usize, vectors: usize, k: usize,
): void {
  const bytes = vectors * 16;
  let i: usize = 0;
  for (; i + 4 <= rows; i += 4) {
    const to = out + i * outRow;
    const from = start + i * startRow;
    const left = a + i * aRow;
    let j: usize = 0;
    for (; j + 32 <= bytes; j += 32) tile4x2<T, Start>(to + j, outRow, from + j, startRow, left, aRow, aStep, b + j, bStep, k);
    if (j < bytes) tile4x1<T, Start>(to + j, outRow, from + j, startRow, left, aRow, aStep, b + j, bStep, k);
  }
  for (; i < rows; i++) {
    const to = out + i * outRow;
    const from = start + i * startRow;
    const left = a + i * aRow;
    let j: usize = 0;
    for (; j + 32 <= bytes; j += 32) tile1x2<T, Start>(to + j, from + j, left, aStep, b + j, bStep, k);
    if (j < bytes) tile1x1<T, Start>(to + j, from + j, left, aStep, b + j, bStep, k);
  }
}

export function tile4x2<T, Start>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, k: usize,
): void {
  const from = changetype<Start>(0);
  let c00 = from.at<T>(start), c01 = from.at<T>(start + 16);
  start += startRow;
  let c10 = from.at<T>(start), c11 = from.at<T>(start + 16);
  start += startRow;
  let c20 = from.at<T>(start), c21 = from.at<T>(start + 16);
  start += startRow;
  let c30 = from.at<T>(start), c31 = from.at<T>(start + 16);
  const row2 = aRow + aRow;
  const row3 = row2 + aRow;
  for (const end = b + k * bStep; b < end; b += bStep) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = loadSplat<T>(a);
    c00 = madd<T>(x, b0, c00);
    c01 = madd<T>(x, b1, c01);
    x = loadSplat<T>(a + aRow);
    c10 = madd<T>(x, b0, c10);
    c11 = madd<T>(x, b1, c11);
    x = loadSplat<T>(a + row2);
    c20 = madd<T>(x, b0, c20);
    c21 = madd<T>(x, b1, c21);
    x = loadSplat<T>(a + row3);
    c30 = madd<T>(x, b0, c30);
    c31 = madd<T>(x, b1, c31);
    a += aStep;
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

export function tile4x1<T, Start>(
  out: usize, outRow: usize, start: usize, startRow: usize, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, k: usize,
): void {
  const from = changetype<Start>(0);
  let c0 = from.at<T>(start), c1 = from.at<T>(start + startRow);
  let c2 = from.at<T>(start + 2 * startRow), c3 = from.at<T>(start + 3 * startRow);
  for (const end = b + k * bStep; b < end; b += bStep) {
    const x = v128.load(b);
    c0 = madd<T>(loadSplat<T>(a), x, c0);
    c1 = madd<T>(loadSplat<T>(a + aRow), x, c1);
    c2 = madd<T>(loadSplat<T>(a + 2 * aRow), x, c2);
    c3 = madd<T>(loadSplat<T>(a + 3 * aRow), x, c3);
    a += aStep;
  }
  v128.store(out, c0);
  v128.store(out + outRow, c1);
  v128.store(out + 2 * outRow, c2);
  v128.store(out + 3 * outRow, c3);
}

export function tile1x2<T, Start>(out: usize, start: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: usize): void {
  const from = changetype<Start>(0);
  let c0 = from.at<T>(start), c1 = from.at<T>(start + 16);
  for (const end = b + k * bStep; b < end; b += bStep) {
    const x = loadSplat<T>(a);
    c0 = madd<T>(x, v128.load(b), c0);
    c1 = madd<T>(x, v128.load(b, 16), c1);
    a += aStep;
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
}

export function tile1x1<T, Start>(out: usize, start: usize, a: usize, aStep: usize, b: usize, bStep: usize, k: usize): void {
  let c = changetype<Start>(0).at<T>(start);
  for (const end = b + k * bStep; b < end; b += bStep) {
    c = madd<T>(loadSplat<T>(a), v128.load(b), c);
    a += aStep;
  }
  v128.store(out, c);
}
