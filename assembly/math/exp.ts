// exp(x) = 2^k exp(r), k = round(x / ln 2), r = x - k ln 2, |r| <= ln 2 / 2.

import { high, horner, low, narrow } from './lanes';

const log2e: f64 = 1.4426950408889634;
export const ln2: f64 = 0.6931471805599453;
/** ln 2 = ln2High + ln2Low; the low 32 bits of ln2High are zero, so that its product with any exponent is exact. */
export const ln2High: f64 = 6.93147180369123816490e-01;
export const ln2Low: f64 = 1.90821492927058770002e-10;
/** Adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits; the exponent's bias comes with it. */
const toInteger: f64 = 6755399441055744;
const toExponent: f64 = toInteger + 1023;

/**
 * e^x in every lane. float32: at most 0.502 ULP (all inputs measured). float64: at most 0.75 ULP. Overflow gives Inf, underflow is gradual,
 * e^NaN is NaN, e^-Inf is 0.
 */
// @ts-ignore: decorator
@inline
export function exp<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return expOfSum(x, f64x2.splat(0));
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(90)), f32x4.splat(-105));
  return narrow(expNarrow(low(x)), expNarrow(high(x)));
}

/** e^x for |x| <= 700, relative error 1e-10. */
// @ts-ignore: decorator
@inline
function expNarrow(x: v128): v128 {
  const k = powerOf2(x);
  const r = remainder(x, k);
  const scale = power(k);
  return f64x2.add(f64x2.mul(scale, f64x2.mul(r, expm1Ratio(r))), scale);
}

/** e^x - 1 for 0 <= x <= 700, relative error 3e-10. */
// @ts-ignore: decorator
@inline
export function expm1Narrow(x: v128): v128 {
  const k = powerOf2(x);
  const r = remainder(x, k);
  const scale = power(k);
  return f64x2.add(f64x2.mul(scale, f64x2.mul(r, expm1Ratio(r))), f64x2.sub(scale, f64x2.splat(1)));
}

/** k + toExponent. */
// @ts-ignore: decorator
@inline
function powerOf2(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(log2e)), f64x2.splat(toExponent));
}

// @ts-ignore: decorator
@inline
function remainder(x: v128, k: v128): v128 {
  return f64x2.sub(x, f64x2.mul(f64x2.sub(k, f64x2.splat(toExponent)), f64x2.splat(ln2)));
}

/** 2^k for k + toExponent, -1023 < k < 1024. */
// @ts-ignore: decorator
@inline
function power(k: v128): v128 {
  return i64x2.shl(k, 52);
}

/** (e^r - 1) / r for |r| <= ln 2 / 2: minimax polynomial of degree 6 (Remez), relative error 2.4e-10. */
// @ts-ignore: decorator
@inline
function expm1Ratio(r: v128): v128 {
  let p = horner(f64x2.splat(0.00019841219154624777), r, 0.001394100464614522);
  p = horner(p, r, 0.008333402949658106);
  p = horner(p, r, 0.041666354453797225);
  p = horner(p, r, 0.16666666249482223);
  p = horner(p, r, 0.500000004665179);
  return horner(p, r, 1.0000000000311873);
}

/** e^(x + tail) in two float64 lanes, |tail| <= |x| 2^-50. */
// @ts-ignore: decorator
@inline
export function expOfSum(x: v128, tail: v128): v128 {
  return exp64(x, tail);
}

function exp64(x: v128, tail: v128): v128 {
  const one = f64x2.splat(1);
  x = f64x2.pmax(f64x2.pmin(x, f64x2.splat(710)), f64x2.splat(-746));
  const k = f64x2.sub(f64x2.add(f64x2.mul(x, f64x2.splat(log2e)), f64x2.splat(toInteger)), f64x2.splat(toInteger));
  const head = f64x2.sub(x, f64x2.mul(k, f64x2.splat(ln2High)));
  const rest = f64x2.sub(tail, f64x2.mul(k, f64x2.splat(ln2Low)));
  const r = f64x2.add(head, rest);
  const rError = f64x2.add(f64x2.sub(head, r), rest);
  // (e^r - 1 - r) / r²: minimax polynomial of degree 9 (Remez), error 1.2e-17 of e^r.
  let p = horner(f64x2.splat(2.500009504804965e-8), r, 2.763023433116734e-7);
  p = horner(p, r, 2.755758618370395e-6);
  p = horner(p, r, 2.4801493135121034e-5);
  p = horner(p, r, 0.00019841269506889483);
  p = horner(p, r, 0.001388888894359866);
  p = horner(p, r, 0.00833333333349427);
  p = horner(p, r, 0.04166666666653026);
  p = horner(p, r, 0.16666666666666413);
  p = horner(p, r, 0.5000000000000011);
  const sum = f64x2.add(one, r);
  const sumError = f64x2.add(f64x2.add(f64x2.sub(one, sum), r), rError);
  const y = f64x2.add(sum, f64x2.add(sumError, f64x2.mul(f64x2.mul(r, r), p)));
  // 2^k in two factors, neither of which leaves the normal range.
  const half = f64x2.add(f64x2.mul(k, f64x2.splat(0.5)), f64x2.splat(toExponent));
  const otherHalf = f64x2.add(f64x2.sub(k, f64x2.sub(half, f64x2.splat(toExponent))), f64x2.splat(toExponent));
  return f64x2.mul(f64x2.mul(y, i64x2.shl(half, 52)), i64x2.shl(otherHalf, 52));
}
