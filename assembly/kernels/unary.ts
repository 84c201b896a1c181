// Functions of one argument, element by element over n contiguous elements, and the gradient of tanh. `out` may be `a`.

import * as math from '../math';
import { at, get, lanes, set, storeLanes } from '../simd';
import { elementwise, Mul } from './binary';

// A function is a class without state, so that it can be a type parameter.

@unmanaged export class Neg { @inline apply<T>(a: v128): v128 { return v128.neg<T>(a); } }
@unmanaged export class Sqrt { @inline apply<T>(a: v128): v128 { return v128.sqrt<T>(a); } }
@unmanaged export class Exp { @inline apply<T>(a: v128): v128 { return math.exp<T>(a); } }
@unmanaged export class Log { @inline apply<T>(a: v128): v128 { return math.log<T>(a); } }
@unmanaged export class Tanh { @inline apply<T>(a: v128): v128 { return math.tanh<T>(a); } }
@unmanaged class Reciprocal { @inline apply<T>(a: v128): v128 { return v128.div<T>(v128.splat<T>(1 as T), a); } }
@unmanaged class Cube { @inline apply<T>(a: v128): v128 { return v128.mul<T>(v128.mul<T>(a, a), a); } }

/** out = Op(a). @export */
export function unary<T, Op>(out: usize, a: usize, n: usize): void {
  if (n == 0) return;
  const last = (n - 1) / lanes<T>() * 16;
  // The tail leaves from within the loop, so that the module has the operation's code once.
  for (let i: usize = 0; ; i += 16) {
    const value = changetype<Op>(0).apply<T>(v128.load(a + i));
    if (i == last) return storeLanes<T>(out + i, value, n - i / sizeof<T>());
    v128.store(out + i, value);
  }
}

/**
 * out = a^exponent, the exponent rounded to T first. The exponents 0, 1, 2, 3, ½ and the negatives of 1, 2, ½ are computed by
 * products, quotients and square roots, as PyTorch does (so that (-Inf)^½ is NaN); every other one as in IEEE 754.
 * @export
 */
export function pow<T>(out: usize, a: usize, exponent: f64, n: usize): void {
  const y = (exponent as T) as f64;
  if (y == 0) {
    for (let i: usize = 0; i < n; i++) set<T>(out, i, 1 as T);
    return;
  }
  if (y == 1) return memory.copy(out, a, n * sizeof<T>());
  if (y == 3) return unary<T, Cube>(out, a, n);
  const magnitude = abs(y);
  if (magnitude == 1 || magnitude == 2 || magnitude == 0.5) {
    if (magnitude == 2) elementwise<T, Mul>(out, a, a, n);
    else if (magnitude == 0.5) unary<T, Sqrt>(out, a, n);
    if (y < 0) unary<T, Reciprocal>(out, magnitude == 1 ? a : out, n);
    return;
  }
  if (sizeof<T>() == 4 && abs(y) < Infinity) {
    for (let i: usize = 0; i < n; i += lanes<T>()) storeLanes<T>(at<T>(out, i), math.powNarrow(v128.load(at<T>(a, i)), y), n - i);
  } else {
    for (let i: usize = 0; i < n; i++) set<T>(out, i, math.pow(get<T>(a, i) as f64, y) as T);
  }
}

/** da = (1 - out²) dout for out = tanh(a), n elements. `da` may be `out` or `dout`. @export */
export function tanhBackward<T>(da: usize, out: usize, dout: usize, n: usize): void {
  const end = at<T>(da, n);
  for (; da + 16 <= end; da += 16, out += 16, dout += 16) v128.store(da, gradient<T>(v128.load(out), v128.load(dout)));
  if (da < end) storeLanes<T>(da, gradient<T>(v128.load(out), v128.load(dout)), (end - da) / sizeof<T>());
}

// @ts-ignore: decorator
@inline function gradient<T>(y: v128, dy: v128): v128 {
  return v128.mul<T>(v128.sub<T>(v128.splat<T>(1 as T), v128.mul<T>(y, y)), dy);
}
