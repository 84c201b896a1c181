// Batch norm over the rows of x [rows, columns], with Bessel's correction (rows - 1) in the variance, as the notebook has it.
// rows >= 2.

import { at, lanes, storeLanes } from '../simd';
import { Product, sumVectors, Value } from './reduce';

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
  const stride = columns * sizeof<T>();
  const perRow = v128.splat<T>((1 / (rows as f64)) as T);
  const perRowLessOne = v128.splat<T>((1 / ((rows - 1) as f64)) as T);
  const epsilon = v128.splat<T>(eps as T);
  const one = v128.splat<T>(1 as T);
  for (let c: usize = 0; c < columns; c += lanes<T>()) {
    const count = columns - c;
    const from = at<T>(x, c);
    const diff = at<T>(raw, c);
    const mu = v128.mul<T>(perRow, sumVectors<T, Value>(from, from, rows, stride));
    for (let r: usize = 0; r < rows; r++) {
      storeLanes<T>(diff + r * stride, v128.sub<T>(v128.load(from + r * stride), mu), count);
    }
    const rest = v128.mul<T>(perRow, sumVectors<T, Value>(diff, diff, rows, stride));
    const variance = v128.mul<T>(perRowLessOne, sumVectors<T, Product>(diff, diff, rows, stride));
    const scale = v128.div<T>(one, v128.sqrt<T>(v128.add<T>(variance, epsilon)));
    storeLanes<T>(at<T>(mean, c), mu, count);
    storeLanes<T>(at<T>(inv, c), scale, count);
    const slope = v128.load(at<T>(gain, c));
    const shift = v128.load(at<T>(bias, c));
    for (let r: usize = 0; r < rows; r++) {
      const normal = v128.mul<T>(v128.sub<T>(v128.load(diff + r * stride), rest), scale);
      storeLanes<T>(diff + r * stride, normal, count);
      storeLanes<T>(at<T>(out, c) + r * stride, v128.add<T>(v128.mul<T>(slope, normal), shift), count);
    }
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
  const stride = columns * sizeof<T>();
  const n = v128.splat<T>(rows as T);
  const correction = v128.splat<T>(((rows as f64) / ((rows - 1) as f64)) as T);
  for (let c: usize = 0; c < columns; c += lanes<T>()) {
    const count = columns - c;
    const dy = at<T>(dout, c);
    const normal = at<T>(raw, c);
    const sum = sumVectors<T, Value>(dy, dy, rows, stride);
    const dot = sumVectors<T, Product>(dy, normal, rows, stride);
    const scale = v128.div<T>(v128.mul<T>(v128.load(at<T>(gain, c)), v128.load(at<T>(inv, c))), n);
    storeLanes<T>(at<T>(dgain, c), dot, count);
    storeLanes<T>(at<T>(dbias, c), sum, count);
    for (let r: usize = 0; r < rows; r++) {
      const centred = v128.sub<T>(v128.mul<T>(n, v128.load(dy + r * stride)), sum);
      const slope = v128.mul<T>(v128.mul<T>(correction, v128.load(normal + r * stride)), dot);
      storeLanes<T>(at<T>(dx, c) + r * stride, v128.mul<T>(scale, v128.sub<T>(centred, slope)), count);
    }
  }
}
