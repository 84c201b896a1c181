// x^y = e^(y log x), with log x and its product with y in two float64 numbers each.

import { expOfSum, ln2High, ln2Low } from './exp';

const sqrtHalf: f64 = 0.7071067811865476;
const twoThirds: f64 = 0.6666666666666666;
/** 2/3 - twoThirds */
const twoThirdsTail: f64 = 3.700743415417188e-17;

/** x^y, float64: at most 1 ULP, every special case as in IEEE 754 (and so 1^NaN is 1). */
export function pow(x: f64, y: f64): f64 {
  const a = abs(x);
  const integer = nearest(y) == y;
  const odd = integer && abs(y) < 9007199254740992 && nearest(y * 0.5) != y * 0.5;
  if (y == 0 || x == 1 || (a == 1 && abs(y) == Infinity)) return 1;
  if (x != x || y != y || (x < 0 && x != -Infinity && !integer)) return NaN;
  const magnitude = powPositive(a, y);
  return odd ? copysign(magnitude, x) : magnitude;
}

/** The high 26 bits of x, so that the product of two such is exact. */
// @ts-ignore: decorator
@inline
function top(x: f64): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) & ~0x07ff_ffff);
}

/** a b - product, given the rounded product (Dekker). */
// @ts-ignore: decorator
@inline
function productError(a: f64, b: f64, product: f64): f64 {
  const aTop = top(a), bTop = top(b);
  return aTop * bTop - product + aTop * (b - bTop) + (a - aTop) * b;
}

/** a^y for a >= 0 other than 1 with infinite y, no NaN. */
function powPositive(a: f64, y: f64): f64 {
  if (a == 0 || a == Infinity || abs(y) == Infinity) return (a > 1) == (y > 0) ? Infinity : 0;
  // a = 2^k m, √½ <= m < √2
  const scaled = a < 2.2250738585072014e-308;
  const bits = reinterpret<i64>(scaled ? a * 18014398509481984 : a) + (reinterpret<i64>(1.0) - reinterpret<i64>(sqrtHalf));
  const k = ((bits >> 52) - (scaled ? 1023 + 54 : 1023)) as f64;
  const m = reinterpret<f64>((bits & 0x000f_ffff_ffff_ffff) + reinterpret<i64>(sqrtHalf));
  // s + sTail = (m - 1) / (m + 1)
  const f = m - 1;
  const d = m + 1;
  const s = f / d;
  const sd = s * d;
  const sTail = (f - sd - productError(s, d, sd) - s * (m - (d - 1))) / d;
  // log(m) = 2/3 s (3 + z + z² N(z)), z = s²; N: minimax polynomial of degree 6 (Remez), error 1.6e-20 of log(m).
  const z = s * s;
  const zTail = productError(s, s, z) + 2 * s * sTail;
  let n = 0.19794316470333606 * z + 0.1988524467575486;
  n = n * z + 0.23080135267204677;
  n = n * z + 0.2727267656544028;
  n = n * z + 0.33333333779728924;
  n = n * z + 0.4285714285515016;
  n = n * z + 0.6000000000000338;
  const c = 3 + z;
  const cTail = z - (c - 3) + zTail + z * z * n;
  const sc = s * c;
  const scTail = productError(s, c, sc) + sTail * c + s * cTail;
  const l = sc * twoThirds;
  const lTail = productError(sc, twoThirds, l) + sc * twoThirdsTail + scTail * twoThirds;
  // log(a) = log(m) + k ln 2, normalized
  const sum = k * load<f64>(ln2High) + l;
  const sumTail = k * load<f64>(ln2High) - sum + l + (k * load<f64>(ln2Low) + lTail);
  const logA = sum + sumTail;
  const logATail = sum - logA + sumTail;
  const e = y * logA;
  if (abs(e) > 800) return e > 0 ? Infinity : 0;
  const eTail = productError(y, logA, e) + y * logATail;
  return f64x2.extract_lane(expOfSum(f64x2.splat(e), f64x2.splat(eTail)), 0);
}
