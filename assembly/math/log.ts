// log(x) = k ln 2 + log(m), x = 2^k m, √½ <= m < √2. With s = (m - 1) / (m + 1), log(m) = 2 atanh(s) = 2s + s z L(z), z = s².

import { loadSplat } from '../simd';
import { ln2, ln2High, ln2Low } from './exp';
import { high, low, narrow, polynomial } from './lanes';

const one = memory.data<f64>([1]);
const two = memory.data<f64>([2]);
const half = memory.data<f64>([0.5]);
const sqrtHalf = memory.data<f64>([0.7071067811865476]);
/** The bits of 1 less those of √½. */
const shift = memory.data<i64>([reinterpret<i64>(1.0) - reinterpret<i64>(0.7071067811865476)]);
const mantissa = memory.data<i64>([0x000f_ffff_ffff_ffff]);
const two52 = memory.data<f64>([4503599627370496]);
const two52Biased = memory.data<f64>([4503599627371519]);
/** 2 + z L(z): minimax (Remez), error 4.8e-12 of log(m). */
const ratioNarrow = memory.data<f64>([2, 0.6666666564872631, 0.4000033451469874, 0.2853734827125708, 0.2358144783698697]);
/** L(z): minimax (Remez), error 1.5e-18 of log(m). */
const ratioTail = memory.data<f64>([
  0.6666666666666734, 0.39999999999416386, 0.2857142874201444, 0.22222198610784635, 0.18183562409373868, 0.1531409863394411,
  0.1479547800197926,
]);

/**
 * The natural logarithm of every lane. float32: at most 0.501 ULP, measured over all inputs. float64: at most 1 ULP. log(±0) is
 * -Inf, log of a negative number or NaN is NaN, log(Inf) is Inf; subnormals lose nothing.
 */
// @ts-ignore: decorator
@inline export function log<T>(x: v128): v128 {
  const y = sizeof<T>() == 8 ? log64(x) : narrow(logNarrow(low(x)), logNarrow(high(x)));
  const zero = v128.splat<T>(0 as T);
  const infinity = v128.splat<T>(Infinity as T);
  const atZero = v128.splat<T>(-Infinity as T);
  const invalid = v128.splat<T>(NaN as T);
  const orInfinity = v128.bitselect(y, infinity, v128.ne<T>(x, infinity));
  const orZero = v128.bitselect(atZero, orInfinity, v128.eq<T>(x, zero));
  return v128.bitselect(orZero, invalid, v128.ge<T>(x, zero));
}

/** The bits of x as those of m with k + 1023 for an exponent, taking √½ for the lower end of m. x is normal and positive. */
// @ts-ignore: decorator
@inline function shifted(x: v128): v128 { return i64x2.add(x, loadSplat<f64>(shift)); }

/** k, given the shifted bits. */
// @ts-ignore: decorator
@inline function exponent(bits: v128): v128 {
  const biased = v128.or(i64x2.shr_u(bits, 52), loadSplat<f64>(two52));
  return f64x2.sub(biased, loadSplat<f64>(two52Biased));
}

/** m, given the shifted bits. */
// @ts-ignore: decorator
@inline function significand(bits: v128): v128 {
  return i64x2.add(v128.and(bits, loadSplat<f64>(mantissa)), loadSplat<f64>(sqrtHalf));
}

/** log(x) of normal positive x, relative error 5e-12. */
// @ts-ignore: decorator
@inline export function logNarrow(x: v128): v128 {
  const bits = shifted(x);
  const m = significand(bits);
  const s = f64x2.div(f64x2.sub(m, loadSplat<f64>(one)), f64x2.add(m, loadSplat<f64>(one)));
  const z = f64x2.mul(s, s);
  return f64x2.add(f64x2.mul(exponent(bits), loadSplat<f64>(ln2)), f64x2.mul(s, polynomial(z, ratioNarrow, 4)));
}

/** log(x) of positive x: f - (f²/2 - s (f²/2 + z L(z))) for f = m - 1, in which f is exact; see fdlibm's e_log.c. */
function log64(x: v128): v128 {
  const subnormal = f64x2.lt(x, f64x2.splat(2.2250738585072014e-308));
  x = v128.bitselect(f64x2.mul(x, f64x2.splat(18014398509481984)), x, subnormal);
  const bits = shifted(x);
  const k = f64x2.sub(exponent(bits), v128.and(f64x2.splat(54), subnormal));
  const f = f64x2.sub(significand(bits), loadSplat<f64>(one));
  const s = f64x2.div(f, f64x2.add(f, loadSplat<f64>(two)));
  const z = f64x2.mul(s, s);
  const halfSquare = f64x2.mul(f64x2.mul(f, f), loadSplat<f64>(half));
  const tail = f64x2.add(
    f64x2.mul(s, f64x2.add(halfSquare, f64x2.mul(z, polynomial(z, ratioTail, 6)))),
    f64x2.mul(k, loadSplat<f64>(ln2Low)),
  );
  return f64x2.sub(f64x2.mul(k, loadSplat<f64>(ln2High)), f64x2.sub(f64x2.sub(halfSquare, tail), f));
}
