// tanh(x) = ±tanh|x|, from e^2|x|: the sign is put back at the end, so that tanh(-0) is -0.

import { loadSplat } from '../simd';
import { expm1Narrow, expOfSum } from './exp';
import { high, low, narrow, polynomial } from './lanes';

const one = memory.data<f64>([1]);
const two = memory.data<f64>([2]);
/** P and Q, P(z) / Q(z) = (tanh(x) / x - 1) / z for z = x², |x| < 0.8: rational minimax, error 3e-17 of tanh(x) / x. */
const numerator = memory.data<f64>([-0.33333333333333154, -0.020486647081692424, -0.0001986405370541634]);
const denominator = memory.data<f64>([1, 0.4614599412449059, 0.023275136206199584, 0.00020595816589579844]);

/**
 * tanh of every lane. float32: at most 0.505 ULP, measured over all inputs. float64: at most 1.2 ULP, measured over samples.
 * tanh(±Inf) is ±1, tanh(±0) is ±0.
 */
// @ts-ignore: decorator
@inline
export function tanh<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return tanh64(x);
  const magnitude = f32x4.pmin(f32x4.abs(x), f32x4.splat(10));
  const y = narrow(tanhNarrow(low(magnitude)), tanhNarrow(high(magnitude)));
  return v128.bitselect(x, y, f32x4.splat(-0.0));
}

/** (e^2x - 1) / (e^2x + 1) for 0 <= x <= 10, relative error 3e-10. */
// @ts-ignore: decorator
@inline
function tanhNarrow(x: v128): v128 {
  const e = expm1Narrow(f64x2.add(x, x));
  return f64x2.div(e, f64x2.add(e, loadSplat<f64>(two)));
}

/** x + x z P(z) / Q(z), z = x², for |x| < 0.8; 1 - 2 / (e^2x + 1) beyond: what is added to 1 or x is small, and so is its error. */
function tanh64(x: v128): v128 {
  const a = f64x2.abs(x);
  const z = f64x2.mul(x, x);
  const e = expOfSum(f64x2.add(a, a), f64x2.splat(0));
  const small = f64x2.lt(a, f64x2.splat(0.8));
  const ratio = f64x2.div(
    v128.bitselect(f64x2.mul(f64x2.mul(a, z), polynomial(z, numerator, 2)), f64x2.splat(-2), small),
    v128.bitselect(polynomial(z, denominator, 3), f64x2.add(e, loadSplat<f64>(one)), small),
  );
  const y = f64x2.add(v128.bitselect(a, loadSplat<f64>(one), small), ratio);
  return v128.bitselect(x, y, f64x2.splat(-0.0));
}
