// float32 functions are evaluated in float64 lanes and rounded once; these widen, narrow and evaluate.
//
// Constants stand in memory: engines load one in a single instruction, but build it from immediates in four.

import { loadSplat } from '../simd';

/** Lanes 0 and 1 of an f32x4 as f64x2. */
// @ts-ignore: decorator
@inline export function low(x: v128): v128 { return f64x2.promote_low_f32x4(x); }

/** Lanes 2 and 3 of an f32x4 as f64x2. */
// @ts-ignore: decorator
@inline export function high(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 0)); }

/** The f32x4 of two f64x2. */
// @ts-ignore: decorator
@inline export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<u64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** c[0] + c[1] x + ... + c[degree] x^degree in f64 lanes by Horner's rule; 2 <= degree <= 9, known when compiling. */
// @ts-ignore: decorator
@inline export function polynomial(x: v128, c: usize, degree: usize): v128 {
  let p = loadSplat<f64>(c + 8 * degree);
  if (degree > 8) p = horner(p, x, loadSplat<f64>(c + 64));
  if (degree > 7) p = horner(p, x, loadSplat<f64>(c + 56));
  if (degree > 6) p = horner(p, x, loadSplat<f64>(c + 48));
  if (degree > 5) p = horner(p, x, loadSplat<f64>(c + 40));
  if (degree > 4) p = horner(p, x, loadSplat<f64>(c + 32));
  if (degree > 3) p = horner(p, x, loadSplat<f64>(c + 24));
  if (degree > 2) p = horner(p, x, loadSplat<f64>(c + 16));
  return horner(horner(p, x, loadSplat<f64>(c + 8)), x, loadSplat<f64>(c));
}

/** p x + c in f64 lanes. */
// @ts-ignore: decorator
@inline export function horner(p: v128, x: v128, c: v128): v128 { return f64x2.add(f64x2.mul(p, x), c); }
