// Sums and maxima over the middle axis of a contiguous [outer, n, inner] array.

import { at, get, keepLanes, lanes, lineBytes, set, storeLanes, sumLanes } from '../simd';

// What is summed, as a class without state, so that it can be a type parameter.

/** Σ a */
@unmanaged export class Value { @inline term<T>(a: usize, b: usize): v128 { return v128.load(a); } }

/** Σ a b */
@unmanaged export class Product {
  @inline term<T>(a: usize, b: usize): v128 { return v128.mul<T>(v128.load(a), v128.load(b)); }
}

const leaf: usize = 64;

/**
 * Lane by lane, the sum of `count` terms that stand `stride` bytes apart. Up to `leaf` of them go into four interleaved partial
 * sums, added as (0 + 1) + (2 + 3); more are split in two at a multiple of `leaf` and summed apart. So the order is fixed, and
 * the rounding error grows with log(count).
 */
export function sumVectors<T, Term>(a: usize, b: usize, count: usize, stride: usize): v128 {
  if (count > leaf) {
    const first = firstHalf(count);
    return v128.add<T>(
      sumVectors<T, Term>(a, b, first, stride),
      sumVectors<T, Term>(a + first * stride, b + first * stride, count - first, stride),
    );
  }
  const what = changetype<Term>(0);
  let s0 = v128.splat<T>(0 as T), s1 = s0, s2 = s0, s3 = s0;
  for (; count >= 4; count -= 4) {
    s0 = v128.add<T>(s0, what.term<T>(a, b));
    s1 = v128.add<T>(s1, what.term<T>(a + stride, b + stride));
    s2 = v128.add<T>(s2, what.term<T>(a + 2 * stride, b + 2 * stride));
    s3 = v128.add<T>(s3, what.term<T>(a + 3 * stride, b + 3 * stride));
    a += 4 * stride;
    b += 4 * stride;
  }
  if (count > 0) s0 = v128.add<T>(s0, what.term<T>(a, b));
  if (count > 1) s1 = v128.add<T>(s1, what.term<T>(a + stride, b + stride));
  if (count > 2) s2 = v128.add<T>(s2, what.term<T>(a + 2 * stride, b + 2 * stride));
  return v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3));
}

/** How many of more than `leaf` terms are summed first. */
// @ts-ignore: decorator
@inline function firstHalf(count: usize): usize { return max<usize>((count / 2 / leaf) * leaf, leaf); }

/** The same as `sumVectors` for each of the four vectors of a line of columns, written to `out`. */
function sumLine<T, Term>(out: usize, a: usize, b: usize, count: usize, stride: usize): void {
  if (count <= leaf) {
    for (let x: usize = 0; x < lineBytes; x += 16) v128.store(out + x, sumVectors<T, Term>(a + x, b + x, count, stride));
    return;
  }
  const first = firstHalf(count);
  sumLine<T, Term>(out, a, b, first, stride);
  const s0 = v128.load(out), s1 = v128.load(out, 16), s2 = v128.load(out, 32), s3 = v128.load(out, 48);
  sumLine<T, Term>(out, a + first * stride, b + first * stride, count - first, stride);
  v128.store(out, v128.add<T>(s0, v128.load(out)));
  v128.store(out, v128.add<T>(s1, v128.load(out, 16)), 16);
  v128.store(out, v128.add<T>(s2, v128.load(out, 32)), 32);
  v128.store(out, v128.add<T>(s3, v128.load(out, 48)), 48);
}

/** The sum of the terms of a row of n elements: whole vectors lane by lane, the tail's lanes, then the lanes together. */
export function sumRow<T, Term>(a: usize, b: usize, n: usize): T {
  const tail = n % lanes<T>();
  const sums = sumVectors<T, Term>(a, b, n / lanes<T>(), 16);
  if (!tail) return sumLanes<T>(sums);
  const last = changetype<Term>(0).term<T>(at<T>(a, n - tail), at<T>(b, n - tail));
  return sumLanes<T>(v128.add<T>(sums, keepLanes<T>(last, tail)));
}

/** out[i] = Σ_j term(a[i, j], b[i, j]) for a and b of shape [rows, n]. */
export function sumRows<T, Term>(out: usize, a: usize, b: usize, rows: usize, n: usize): void {
  for (let i: usize = 0; i < rows; i++) set<T>(out, i, sumRow<T, Term>(at<T>(a, i * n), at<T>(b, i * n), n));
}

/** out[i] = Σ_j term(a[j, i], b[j, i]) for a and b of shape [n, columns]. A single column is summed as the row that it is in memory. */
export function sumColumns<T, Term>(out: usize, a: usize, b: usize, n: usize, columns: usize): void {
  if (columns == 1) return sumRows<T, Term>(out, a, b, 1, n);
  sumStrips<T, Term>(out, a, b, n, columns);
}

/** The same, but that a single column is summed as each of many is: no column's bits depend on its neighbours. */
export function sumStrips<T, Term>(out: usize, a: usize, b: usize, n: usize, columns: usize): void {
  const stride = columns * sizeof<T>();
  const end = out + stride;
  for (; out + lineBytes <= end; out += lineBytes, a += lineBytes, b += lineBytes) sumLine<T, Term>(out, a, b, n, stride);
  for (; out < end; out += 16, a += 16, b += 16) {
    storeLanes<T>(out, sumVectors<T, Term>(a, b, n, stride), (end - out) / sizeof<T>());
  }
}

/** out[o, i] = Σ_j a[o, j, i]. @export */
export function sum<T>(out: usize, a: usize, outer: usize, n: usize, inner: usize): void {
  if (inner == 1) return sumRows<T, Value>(out, a, a, outer, n);
  for (let o: usize = 0; o < outer; o++) {
    const from = at<T>(a, o * n * inner);
    sumColumns<T, Value>(at<T>(out, o * inner), from, from, n, inner);
  }
}

/**
 * values[o, i] = max_j a[o, j, i], indices (i32) its first j. A NaN is larger than every number, as in PyTorch. n >= 1.
 * @export
 */
export function maximum<T>(values: usize, indices: usize, a: usize, outer: usize, n: usize, inner: usize): void {
  const columns = lineBytes / sizeof<T>();
  for (let o: usize = 0; o < outer; o++, values += inner * sizeof<T>(), indices += inner * sizeof<i32>()) {
    for (let i: usize = 0; i < inner; i += columns) {
      const from = at<T>(a, o * n * inner + i), count = min(inner - i, columns);
      if (count == 1) maximumOfColumn<T>(at<T>(values, i), at<i32>(indices, i), from, n, inner);
      else maximumOfColumns<T>(at<T>(values, i), at<i32>(indices, i), from, n, count, inner);
    }
  }
}

/** The same for n elements that stand `row` elements apart, in registers, which takes half the time. */
function maximumOfColumn<T>(value: usize, index: usize, a: usize, n: usize, row: usize): void {
  let best = load<T>(a), first: usize = 0;
  for (let j: usize = 1; j < n && best == best; j++) {
    const next = get<T>(a, j * row);
    if (next <= best) continue;
    best = next;
    first = j;
  }
  store<T>(value, best);
  store<i32>(index, first as i32);
}

/** The same for `count` such columns, next to each other. */
function maximumOfColumns<T>(values: usize, indices: usize, a: usize, n: usize, count: usize, row: usize): void {
  memory.copy(values, a, count * sizeof<T>());
  memory.fill(indices, 0, count * sizeof<i32>());
  for (let j: usize = 1; j < n; j++) {
    for (let i: usize = 0; i < count; i++) {
      const best = get<T>(values, i), value = get<T>(a, j * row + i);
      if (value <= best || best != best) continue;
      set<T>(values, i, value);
      set<i32>(indices, i, j as i32);
    }
  }
}
