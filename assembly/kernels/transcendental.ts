// Functions of one argument, element by element over n contiguous elements. `out` may be `a`.

import { exp, log, pow, powNarrow, tanh } from '../math';
import { at, get, lanes, set, storeLanes } from '../simd';

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
class One {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.splat<T>(1 as T); }
}

// @ts-ignore: decorator
@unmanaged
class Identity {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return a; }
}

// @ts-ignore: decorator
@unmanaged
class Square {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.mul<T>(a, a); }
}

// @ts-ignore: decorator
@unmanaged
class Cube {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.mul<T>(v128.mul<T>(a, a), a); }
}

/** 1 / Op(a) */
// @ts-ignore: decorator
@unmanaged
class Reciprocal<Op> {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128): v128 { return v128.div<T>(v128.splat<T>(1 as T), changetype<Op>(0).apply<T>(a)); }
}

/** out = Op(a). */
export function unary<T, Op>(out: usize, a: usize, n: usize): void {
  const op = changetype<Op>(0);
  for (let i: usize = 0; i < n; i += lanes<T>()) {
    storeLanes<T>(at<T>(out, i), op.apply<T>(v128.load(at<T>(a, i))), n - i);
  }
}

/**
 * out = a^exponent, the exponent rounded to T first. The exponents 0, 1, 2, 3, ½ and the negatives of 1, 2, ½ are computed by
 * products, quotients and square roots, as PyTorch does (so that (-Inf)^½ is NaN); every other one as in IEEE 754.
 */
export function power<T>(out: usize, a: usize, exponent: f64, n: usize): void {
  const y = (exponent as T) as f64;
  if (y == 0) return unary<T, One>(out, a, n);
  if (y == 1) return unary<T, Identity>(out, a, n);
  if (y == 2) return unary<T, Square>(out, a, n);
  if (y == 3) return unary<T, Cube>(out, a, n);
  if (y == 0.5) return unary<T, Sqrt>(out, a, n);
  if (y == -0.5) return unary<T, Reciprocal<Sqrt>>(out, a, n);
  if (y == -1) return unary<T, Reciprocal<Identity>>(out, a, n);
  if (y == -2) return unary<T, Reciprocal<Square>>(out, a, n);
  if (sizeof<T>() == 4 && abs(y) < Infinity) {
    for (let i: usize = 0; i < n; i += lanes<T>()) storeLanes<T>(at<T>(out, i), powNarrow(v128.load(at<T>(a, i)), y), n - i);
  } else {
    for (let i: usize = 0; i < n; i++) set<T>(out, i, pow(get<T>(a, i) as f64, y) as T);
  }
}
