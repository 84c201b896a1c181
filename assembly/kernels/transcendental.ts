// Functions of one argument, element by element over n contiguous elements. `out` may be `a`.

import { exp, log, pow, powNarrow, tanh } from '../math';
import { at, get, lanes, set, storeLanes } from '../simd';
import { Mul, same } from './elementwise';

// A function is a class without state, so that it can be a type parameter.

// @ts-ignore: decorator
@unmanaged
export class Neg {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.neg<T>(a); }
}

// @ts-ignore: decorator
@unmanaged
export class Sqrt {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.sqrt<T>(a); }
}

// @ts-ignore: decorator
@unmanaged
export class Exp {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return exp<T>(a); }
}

// @ts-ignore: decorator
@unmanaged
export class Log {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return log<T>(a); }
}

// @ts-ignore: decorator
@unmanaged
export class Tanh {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return tanh<T>(a); }
}

// @ts-ignore: decorator
@unmanaged
class Reciprocal {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.div<T>(v128.splat<T>(1 as T), a); }
}

// @ts-ignore: decorator
@unmanaged
class Cube {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.mul<T>(v128.mul<T>(a, a), a); }
}

/** out = Op(a). */
export function unary<T, Op>(out: usize, a: usize, n: usize): void {
  const op = changetype<Op>(0);
  const end = at<T>(out, n);
  for (; out + 16 <= end; out += 16, a += 16) v128.store(out, op.apply<T>(v128.load(a)));
  if (out < end) storeLanes<T>(out, op.apply<T>(v128.load(a)), (end - out) / sizeof<T>());
}

/**
 * out = a^exponent, the exponent rounded to T first. The exponents 0, 1, 2, 3, ½ and the negatives of 1, 2, ½ are computed by
 * products, quotients and square roots, as PyTorch does (so that (-Inf)^½ is NaN); every other one as in IEEE 754.
 */
export function power<T>(out: usize, a: usize, exponent: f64, n: usize): void {
  const y = (exponent as T) as f64;
  if (y == 0) {
    for (let i: usize = 0; i < n; i++) set<T>(out, i, 1 as T);
    return;
  }
  if (y == 1) return memory.copy(out, a, n * sizeof<T>());
  if (y == 3) return unary<T, Cube>(out, a, n);
  const magnitude = abs(y);
  if (magnitude == 1 || magnitude == 2 || magnitude == 0.5) {
    if (magnitude == 2) same<T, Mul>(out, a, a, n);
    else if (magnitude == 0.5) unary<T, Sqrt>(out, a, n);
    if (y < 0) unary<T, Reciprocal>(out, magnitude == 1 ? a : out, n);
    return;
  }
  if (sizeof<T>() == 4 && abs(y) < Infinity) {
    for (let i: usize = 0; i < n; i += lanes<T>()) storeLanes<T>(at<T>(out, i), powNarrow(v128.load(at<T>(a, i)), y), n - i);
  } else {
    for (let i: usize = 0; i < n; i++) set<T>(out, i, pow(get<T>(a, i) as f64, y) as T);
  }
}
