// exp(x) = 2^k exp(r), k = round(x / ln 2), r = x - k ln 2, |r| <= ln 2 / 2.

import { loadSplat } from '../simd';
import { high, horner, low, narrow, polynomial } from './lanes';

const one = memory.data<f64>([1]);
const half = memory.data<f64>([0.5]);
const log2e = memory.data<f64>([1.4426950408889634]);
export const ln2 = memory.data<f64>([0.6931471805599453]);
/** ln 2 = ln2High + ln2Low; the low 32 bits of ln2High are zero, so that its product with any exponent is exact. */
export const ln2High = memory.data<f64>([0.6931471803691238]);
export const ln2Low = memory.data<f64>([1.9082149292705877e-10]);
/** 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits. */
const toInteger = memory.data<f64>([6755399441055744]);
/** The same with an exponent's bias. */
const toExponent = memory.data<f64>([6755399441056767]);
/** e^r = (q + p) / (q - p), p = r (z + c0), q = c1 z + c2, z = r², for |r| <= ln 2 / 2: rational minimax, relative error 2^-33.3. */
const ratio = memory.data<f64>([60.09019348007363, 12.015017210982295, 120.18038718599804]);
/** (e^r - 1 - r) / r² for |r| <= ln 2 / 2: minimax (Remez), error 1.2e-17 of e^r. */
const expTail = memory.data<f64>([
  0.5000000000000011, 0.16666666666666413, 0.04166666666653026, 0.00833333333349427, 0.001388888894359866,
  0.00019841269506889483, 2.4801493135121034e-5, 2.755758618370395e-6, 2.763023433116734e-7, 2.500009504804965e-8,
]);

/**
 * e^x in every lane. float32: at most 0.502 ULP, measured over all inputs. float64: at most 0.75 ULP, measured over samples.
 * Overflow gives Inf, underflow is gradual, e^NaN is NaN, e^-Inf is 0.
 */
// @ts-ignore: decorator
@inline export function exp<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return expOfSum(x, f64x2.splat(0));
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(90)), f32x4.splat(-105));
  return narrow(expNarrow(low(x)), expNarrow(high(x)));
}

/** e^x for |x| <= 700, relative error 2^-33. */
// @ts-ignore: decorator
@inline export function expNarrow(x: v128): v128 {
  const k = biasedExponent(x);
  const r = remainder(x, k);
  const z = f64x2.mul(r, r);
  const p = f64x2.mul(r, f64x2.add(z, loadSplat<f64>(ratio)));
  const q = horner(z, loadSplat<f64>(ratio + 8), loadSplat<f64>(ratio + 16));
  return f64x2.mul(power(k), f64x2.div(f64x2.add(q, p), f64x2.sub(q, p)));
}

/** k + toExponent */
// @ts-ignore: decorator
@inline function biasedExponent(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, loadSplat<f64>(log2e)), loadSplat<f64>(toExponent));
}

/** r, given k + toExponent. */
// @ts-ignore: decorator
@inline function remainder(x: v128, k: v128): v128 {
  return f64x2.sub(x, f64x2.mul(f64x2.sub(k, loadSplat<f64>(toExponent)), loadSplat<f64>(ln2)));
}

/** 2^k, given k + toExponent, -1023 < k < 1024. */
// @ts-ignore: decorator
@inline function power(k: v128): v128 { return i64x2.shl(k, 52); }

/** e^(x + tail) in two float64 lanes, |tail| <= |x| 2^-50. */
// @ts-ignore: decorator
@inline export function expOfSum(x: v128, tail: v128): v128 { return exp64(x, tail); }

function exp64(x: v128, tail: v128): v128 {
  x = f64x2.pmax(f64x2.pmin(x, f64x2.splat(710)), f64x2.splat(-746));
  const k = f64x2.sub(f64x2.add(f64x2.mul(x, loadSplat<f64>(log2e)), loadSplat<f64>(toInteger)), loadSplat<f64>(toInteger));
  const head = f64x2.sub(x, f64x2.mul(k, loadSplat<f64>(ln2High)));
  const rest = f64x2.sub(tail, f64x2.mul(k, loadSplat<f64>(ln2Low)));
  const r = f64x2.add(head, rest);
  const rError = f64x2.add(f64x2.sub(head, r), rest);
  const sum = f64x2.add(loadSplat<f64>(one), r);
  const sumError = f64x2.add(f64x2.add(f64x2.sub(loadSplat<f64>(one), sum), r), rError);
  const y = f64x2.add(sum, f64x2.add(sumError, f64x2.mul(f64x2.mul(r, r), polynomial(r, expTail, 9))));
  // 2^k in two factors, neither of which leaves the normal range.
  const first = f64x2.add(f64x2.mul(k, loadSplat<f64>(half)), loadSplat<f64>(toExponent));
  const second = f64x2.add(f64x2.sub(k, f64x2.sub(first, loadSplat<f64>(toExponent))), loadSplat<f64>(toExponent));
  return f64x2.mul(f64x2.mul(y, power(first)), power(second));
}
