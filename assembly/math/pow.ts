// x^y = e^(y log x).

import { expNarrow, expOfSum, ln2High, ln2Low } from './exp';
import { high, low, narrow } from './lanes';
import { logNarrow } from './log';

const sqrtHalf: f64 = 0.7071067811865476;
const twoThirds: f64 = 0.6666666666666666;
/** 2/3 - twoThirds */
const twoThirdsTail: f64 = 3.700743415417188e-17;

// @ts-ignore: decorator
@inline function isInteger(y: f64): bool { return nearest(y) == y; }

// @ts-ignore: decorator
@inline function isOdd(y: f64): bool { return isInteger(y) && nearest(y * 0.5) != y * 0.5; }

/** x^y in every float32 lane, y finite: at most 0.51 ULP, special cases as in IEEE 754. */
// @ts-ignore: decorator
@inline export function powNarrow(x: v128, y: f64): v128 {
  const zero = f32x4.splat(0);
  const infinity = f32x4.splat(Infinity);
  const a = f32x4.abs(x);
  let power = narrow(powPositiveNarrow(low(a), y), powPositiveNarrow(high(a), y));
  if (!isInteger(y)) power = v128.bitselect(f32x4.splat(NaN), power, f32x4.lt(x, zero));
  power = v128.bitselect(y > 0 ? zero : infinity, power, f32x4.eq(a, zero));
  power = v128.bitselect(y > 0 ? infinity : zero, power, f32x4.eq(a, infinity));
  if (isOdd(y)) power = v128.bitselect(x, power, f32x4.splat(-0.0));
  return v128.bitselect(power, x, f32x4.eq(x, x));
}

/** a^y in two float64 lanes, a normal and positive: relative error 6e-10 where that is a float32. */
function powPositiveNarrow(a: v128, y: f64): v128 {
  const e = f64x2.mul(f64x2.splat(y), logNarrow(a));
  return expNarrow(f64x2.pmax(f64x2.pmin(e, f64x2.splat(90)), f64x2.splat(-105)));
}

/** x^y in float64: at most 1 ULP, special cases as in IEEE 754 (so that 1^NaN is 1). log x and y log x have two numbers each. */
export function pow(x: f64, y: f64): f64 {
  const a = abs(x);
  if (y == 0 || x == 1 || (a == 1 && abs(y) == Infinity)) return 1;
  if (x != x || y != y || (x < 0 && x != -Infinity && !isInteger(y))) return NaN;
  const magnitude = powPositive(a, y);
  return isOdd(y) ? copysign(magnitude, x) : magnitude;
}

/** The high 26 bits of x, so that the product of two such is exact. */
// @ts-ignore: decorator
@inline function top(x: f64): f64 { return reinterpret<f64>(reinterpret<i64>(x) & ~0x07ff_ffff); }

/** a b - product, given the rounded product (Dekker). */
// @ts-ignore: decorator
@inline function productError(a: f64, b: f64, product: f64): f64 {
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
