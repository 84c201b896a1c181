// Batch norm over the rows of x [rows, columns], with Bessel's correction (rows - 1) in the variance, as the notebook has it.
// rows >= 2.

import { lanes, storeLanes } from '../simd';
import { Mul, scalar, Sub, withRow } from './binary';
import { Product, sumStrips, Value } from './reduce';

// The last step of both passes stores whole vectors and tails in loops of their own: with `storeLanes` in one loop, the constants would not
// stay in registers, and it would take half as long again.

/** Rows that go through the last step together, one vector of columns after the other. */
const groupRows: usize = 8;

/**
 * μ = 1/n Σ x, σ² = 1/(n-1) Σ (x - μ)², raw = (x - μ) (σ² + eps)^-½, out = gain raw + bias; n = rows.
 * mean, inv = (σ² + eps)^-½, gain and bias: [columns]; raw is kept for the backward pass.
 * `out` may be `x`.
 *
 * μ is off by its rounding, which in a column of almost equal numbers is much of x - μ; so what is left of the mean is subtracted
 * again: the backward pass relies on Σ raw = 0.
 * @export
 */
export function batchNorm<T>(
  out: usize, raw: usize, mean: usize, inv: usize, x: usize, gain: usize, bias: usize, rows: usize, columns: usize, eps: f64,
): void {
  const perRow = (1 / (rows as f64)) as T;
  const row = columns * sizeof<T>();
  // The last row of `out` is written last; until then it holds what is left of the mean.
  const rest = out + (rows - 1) * row;
  sumStrips<T, Value>(mean, x, x, rows, columns);
  scalar<T, Mul>(mean, mean, perRow, columns);
  withRow<T, Sub>(raw, x, mean, rows, columns);
  sumStrips<T, Value>(rest, raw, raw, rows, columns);
  scalar<T, Mul>(rest, rest, perRow, columns);
  sumStrips<T, Product>(inv, raw, raw, rows, columns);
  inverseDeviations<T>(inv, rows, columns, eps);
  const size = rows * row;
  for (let group: usize = 0; group < size; group += groupRows * row) {
    const end = min(group + groupRows * row, size);
    for (let c: usize = 0; c < row; c += 16) {
      const left = v128.load(rest + c), scale = v128.load(inv + c), slope = v128.load(gain + c), shift = v128.load(bias + c);
      const count = (row - c) / sizeof<T>();
      if (count >= lanes<T>()) {
        for (let i = group + c; i < end; i += row) {
          const normal = normalized<T>(v128.load(raw + i), left, scale);
          v128.store(raw + i, normal);
          v128.store(out + i, v128.add<T>(v128.mul<T>(slope, normal), shift));
        }
      } else {
        for (let i = group + c; i < end; i += row) {
          const normal = normalized<T>(v128.load(raw + i), left, scale);
          storeLanes<T>(raw + i, normal, count);
          storeLanes<T>(out + i, v128.add<T>(v128.mul<T>(slope, normal), shift), count);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline function normalized<T>(diff: v128, left: v128, scale: v128): v128 { return v128.mul<T>(v128.sub<T>(diff, left), scale); }

/** Σ (x - μ)² becomes (Σ (x - μ)² / (n-1) + eps)^-½, in place. */
function inverseDeviations<T>(squares: usize, rows: usize, columns: usize, eps: f64): void {
  const perRowLessOne = v128.splat<T>((1 / ((rows - 1) as f64)) as T);
  const epsilon = v128.splat<T>(eps as T);
  const one = v128.splat<T>(1 as T);
  for (let c: usize = 0; c < columns; c += lanes<T>(), squares += 16) {
    const variance = v128.mul<T>(perRowLessOne, v128.load(squares));
    storeLanes<T>(squares, v128.div<T>(one, v128.sqrt<T>(v128.add<T>(variance, epsilon))), columns - c);
  }
}

/**
 * dx = gain inv / n * (n dout - Σ dout - n/(n-1) raw Σ(dout raw)), dgain = Σ dout raw, dbias = Σ dout; n = rows.
 * `dx` may be `dout`.
 * @export
 */
export function batchNormBackward<T>(
  dx: usize, dgain: usize, dbias: usize, raw: usize, inv: usize, gain: usize, dout: usize, rows: usize, columns: usize,
): void {
  const row = columns * sizeof<T>();
  const n = v128.splat<T>(rows as T);
  const correction = v128.splat<T>(((rows as f64) / ((rows - 1) as f64)) as T);
  sumStrips<T, Value>(dbias, dout, dout, rows, columns);
  sumStrips<T, Product>(dgain, dout, raw, rows, columns);
  const size = rows * row;
  for (let group: usize = 0; group < size; group += groupRows * row) {
    const end = min(group + groupRows * row, size);
    for (let c: usize = 0; c < row; c += 16) {
      const sum = v128.load(dbias + c), dot = v128.load(dgain + c);
      const scale = v128.div<T>(v128.mul<T>(v128.load(gain + c), v128.load(inv + c)), n);
      const count = (row - c) / sizeof<T>();
      if (count >= lanes<T>()) {
        for (let i = group + c; i < end; i += row) {
          const centred = v128.sub<T>(v128.mul<T>(n, v128.load(dout + i)), sum);
          v128.store(dx + i, gradient<T>(centred, v128.mul<T>(correction, v128.load(raw + i)), dot, scale));
        }
      } else {
        for (let i = group + c; i < end; i += row) {
          const centred = v128.sub<T>(v128.mul<T>(n, v128.load(dout + i)), sum);
          storeLanes<T>(dx + i, gradient<T>(centred, v128.mul<T>(correction, v128.load(raw + i)), dot, scale), count);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline function gradient<T>(centred: v128, normal: v128, dot: v128, scale: v128): v128 {
  return v128.mul<T>(scale, v128.sub<T>(centred, v128.mul<T>(normal, dot)));
}
