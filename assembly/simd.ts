// 128-bit vectors of one element type T: 4 lanes of f32 or i32, or 2 of f64.
//
// The tail of a row that is no multiple of the vector is loaded whole, up to 31 bytes past the row's end (linear memory keeps as
// many bytes readable behind its last block), and only its own lanes are stored or summed.

/** Bytes of a cache line: four vectors. What goes down columns takes the whole line along, so that it is fetched once. */
export const lineBytes: usize = 64;

/** Lanes of T in a vector. */
// @ts-ignore: decorator
@inline export function lanes<T>(): usize { return 16 / sizeof<T>(); }

/** Address of element `i` of an array of T. */
// @ts-ignore: decorator
@inline export function at<T>(base: usize, i: usize): usize { return base + i * sizeof<T>(); }

/** Element `i` of an array of T. */
// @ts-ignore: decorator
@inline export function get<T>(base: usize, i: usize): T { return load<T>(base + i * sizeof<T>()); }

/** Sets element `i` of an array of T. */
// @ts-ignore: decorator
@inline export function set<T>(base: usize, i: usize, value: T): void { store<T>(base + i * sizeof<T>(), value); }

/** Stores the first `count` lanes, or all of them. */
// @ts-ignore: decorator
@inline export function storeLanes<T>(address: usize, v: v128, count: usize): void {
  if (count >= lanes<T>()) v128.store(address, v);
  else storePart<T>(address, v, count);
}

function storePart<T>(address: usize, v: v128, count: usize): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(address, v, 0);
    return;
  }
  v128.store32_lane(address, v, 0);
  if (count > 1) v128.store32_lane(address, v, 1, 4);
  if (count > 2) v128.store32_lane(address, v, 2, 8);
}

/** All bits in the first `count` lanes, none in the others. */
// @ts-ignore: decorator
@inline export function laneMask<T>(count: usize): v128 {
  if (sizeof<T>() == 8) return i64x2.gt_s(i64x2.splat(count as i64), i64x2(0, 1));
  return i32x4.gt_s(i32x4.splat(count as i32), i32x4(0, 1, 2, 3));
}

/** The first `count` lanes of v; zero in the others. */
// @ts-ignore: decorator
@inline export function keepLanes<T>(v: v128, count: usize): v128 { return v128.and(v, laneMask<T>(count)); }

/** Every lane holds the T at `address`. */
// @ts-ignore: decorator
@inline export function loadSplat<T>(address: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_splat(address);
  return v128.load64_splat(address);
}

/**
 * a * b + c. The only place where the two builds differ: the strict one rounds the product and then the sum, the relaxed one
 * lets the engine round once.
 */
// @ts-ignore: decorator
@inline export function madd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** Sum of the lanes, in a fixed order: (0 + 2) + (1 + 3) for f32, 0 + 1 for f64. */
// @ts-ignore: decorator
@inline export function sumLanes<T>(v: v128): T {
  const pair = v128.add<T>(v, v128.shuffle<u64>(v, v, 1, 0));
  if (sizeof<T>() == 8) return v128.extract_lane<T>(pair, 0);
  return (v128.extract_lane<T>(pair, 0) + v128.extract_lane<T>(pair, 1)) as T;
}

/** Every lane holds the largest lane. Where a lane is NaN, it may be any of them. */
// @ts-ignore: decorator
@inline export function largestOfLanes<T>(v: v128): v128 {
  const pair = v128.pmax<T>(v, v128.shuffle<u64>(v, v, 1, 0));
  if (sizeof<T>() == 8) return pair;
  return v128.pmax<T>(pair, v128.shuffle<u32>(pair, pair, 1, 0, 3, 2));
}

/** out[j, i] = a[i, j] for a square of as many rows and columns as a vector has lanes; the rows stand outRow and aRow bytes apart. */
// @ts-ignore: decorator
@inline export function transposeSquare<T>(out: usize, outRow: usize, a: usize, aRow: usize): void {
  const r0 = v128.load(a), r1 = v128.load(a + aRow);
  if (sizeof<T>() == 8) {
    v128.store(out, v128.shuffle<u64>(r0, r1, 0, 2));
    v128.store(out + outRow, v128.shuffle<u64>(r0, r1, 1, 3));
    return;
  }
  a += aRow + aRow;
  const r2 = v128.load(a), r3 = v128.load(a + aRow);
  const low01 = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(low01, low23, 0, 2));
  v128.store(out + outRow, v128.shuffle<u64>(low01, low23, 1, 3));
  out += outRow + outRow;
  v128.store(out, v128.shuffle<u64>(high01, high23, 0, 2));
  v128.store(out + outRow, v128.shuffle<u64>(high01, high23, 1, 3));
}

/** Copies n elements of T to `out`: for so few that calling memory.copy would cost more. */
// @ts-ignore: decorator
@inline export function copyFew<T>(out: usize, a: usize, n: usize): void {
  const end = at<T>(out, n);
  for (; out + 16 <= end; out += 16, a += 16) v128.store(out, v128.load(a));
  if (out + 8 <= end) {
    store<u64>(out, load<u64>(a));
    out += 8, a += 8;
  }
  if (out < end) store<u32>(out, load<u32>(a));
}
