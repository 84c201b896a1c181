// The two instances of every kernel.

import { batchNorm, batchNormBackward } from './batchNorm';
import { crossEntropy, crossEntropyBackward } from './crossEntropy';
import { Add, binary, copy, Div, Mul, Sub } from './elementwise';
import { gatherRows, oneHot, scatterAddRows } from './indexing';
import { matmul } from './matmul';
import { maximum, sum } from './reduce';
import { softmax, softmaxBackward } from './softmax';
import { tanhBackward } from './tanh';
import { Exp, Log, Neg, power, Sqrt, Tanh, unary } from './transcendental';

export function add_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f32, Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function add_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f64, Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function sub_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f32, Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function sub_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f64, Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function mul_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f32, Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function mul_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f64, Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function div_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f32, Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function div_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  binary<f64, Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function copy_f32(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void {
  copy<f32>(out, a, rows, cols, aRow, aCol);
}
export function copy_f64(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void {
  copy<f64>(out, a, rows, cols, aRow, aCol);
}
export function copy_i32(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void {
  copy<i32>(out, a, rows, cols, aRow, aCol);
}
export function sum_f32(out: usize, a: usize, outer: usize, n: usize, inner: usize): void {
  sum<f32>(out, a, outer, n, inner);
}
export function sum_f64(out: usize, a: usize, outer: usize, n: usize, inner: usize): void {
  sum<f64>(out, a, outer, n, inner);
}
export function maximum_f32(values: usize, indices: usize, a: usize, outer: usize, n: usize, inner: usize): void {
  maximum<f32>(values, indices, a, outer, n, inner);
}
export function maximum_f64(values: usize, indices: usize, a: usize, outer: usize, n: usize, inner: usize): void {
  maximum<f64>(values, indices, a, outer, n, inner);
}
export function matmul_f32(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  matmul<f32>(out, a, b, m, n, k, aRow, aCol);
}
export function matmul_f64(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void {
  matmul<f64>(out, a, b, m, n, k, aRow, aCol);
}
export function gatherRows_f32(out: usize, a: usize, indices: usize, count: usize, width: usize): void {
  gatherRows<f32>(out, a, indices, count, width);
}
export function gatherRows_f64(out: usize, a: usize, indices: usize, count: usize, width: usize): void {
  gatherRows<f64>(out, a, indices, count, width);
}
export function scatterAddRows_f32(out: usize, indices: usize, a: usize, count: usize, width: usize): void {
  scatterAddRows<f32>(out, indices, a, count, width);
}
export function scatterAddRows_f64(out: usize, indices: usize, a: usize, count: usize, width: usize): void {
  scatterAddRows<f64>(out, indices, a, count, width);
}
export function oneHot_f32(out: usize, indices: usize, count: usize, classes: usize): void {
  oneHot<f32>(out, indices, count, classes);
}
export function oneHot_f64(out: usize, indices: usize, count: usize, classes: usize): void {
  oneHot<f64>(out, indices, count, classes);
}
export function neg_f32(out: usize, a: usize, n: usize): void {
  unary<f32, Neg>(out, a, n);
}
export function neg_f64(out: usize, a: usize, n: usize): void {
  unary<f64, Neg>(out, a, n);
}
export function sqrt_f32(out: usize, a: usize, n: usize): void {
  unary<f32, Sqrt>(out, a, n);
}
export function sqrt_f64(out: usize, a: usize, n: usize): void {
  unary<f64, Sqrt>(out, a, n);
}
export function exp_f32(out: usize, a: usize, n: usize): void {
  unary<f32, Exp>(out, a, n);
}
export function exp_f64(out: usize, a: usize, n: usize): void {
  unary<f64, Exp>(out, a, n);
}
export function log_f32(out: usize, a: usize, n: usize): void {
  unary<f32, Log>(out, a, n);
}
export function log_f64(out: usize, a: usize, n: usize): void {
  unary<f64, Log>(out, a, n);
}
export function tanh_f32(out: usize, a: usize, n: usize): void {
  unary<f32, Tanh>(out, a, n);
}
export function tanh_f64(out: usize, a: usize, n: usize): void {
  unary<f64, Tanh>(out, a, n);
}
export function pow_f32(out: usize, a: usize, exponent: f64, n: usize): void {
  power<f32>(out, a, exponent, n);
}
export function pow_f64(out: usize, a: usize, exponent: f64, n: usize): void {
  power<f64>(out, a, exponent, n);
}
export function tanhBackward_f32(da: usize, out: usize, dout: usize, n: usize): void {
  tanhBackward<f32>(da, out, dout, n);
}
export function tanhBackward_f64(da: usize, out: usize, dout: usize, n: usize): void {
  tanhBackward<f64>(da, out, dout, n);
}
export function softmax_f32(out: usize, a: usize, rows: usize, n: usize): void {
  softmax<f32>(out, a, rows, n);
}
export function softmax_f64(out: usize, a: usize, rows: usize, n: usize): void {
  softmax<f64>(out, a, rows, n);
}
export function softmaxBackward_f32(da: usize, out: usize, dout: usize, rows: usize, n: usize): void {
  softmaxBackward<f32>(da, out, dout, rows, n);
}
export function softmaxBackward_f64(da: usize, out: usize, dout: usize, rows: usize, n: usize): void {
  softmaxBackward<f64>(da, out, dout, rows, n);
}
export function crossEntropy_f32(loss: usize, probs: usize, losses: usize, logits: usize, targets: usize, rows: usize, classes: usize): void {
  crossEntropy<f32>(loss, probs, losses, logits, targets, rows, classes);
}
export function crossEntropy_f64(loss: usize, probs: usize, losses: usize, logits: usize, targets: usize, rows: usize, classes: usize): void {
  crossEntropy<f64>(loss, probs, losses, logits, targets, rows, classes);
}
export function crossEntropyBackward_f32(dlogits: usize, probs: usize, targets: usize, dloss: usize, rows: usize, classes: usize): void {
  crossEntropyBackward<f32>(dlogits, probs, targets, dloss, rows, classes);
}
export function crossEntropyBackward_f64(dlogits: usize, probs: usize, targets: usize, dloss: usize, rows: usize, classes: usize): void {
  crossEntropyBackward<f64>(dlogits, probs, targets, dloss, rows, classes);
}
export function batchNorm_f32(out: usize, raw: usize, mean: usize, inv: usize, x: usize, gain: usize, bias: usize, rows: usize, columns: usize, eps: f64): void {
  batchNorm<f32>(out, raw, mean, inv, x, gain, bias, rows, columns, eps);
}
export function batchNorm_f64(out: usize, raw: usize, mean: usize, inv: usize, x: usize, gain: usize, bias: usize, rows: usize, columns: usize, eps: f64): void {
  batchNorm<f64>(out, raw, mean, inv, x, gain, bias, rows, columns, eps);
}
export function batchNormBackward_f32(dx: usize, dgain: usize, dbias: usize, raw: usize, inv: usize, gain: usize, dout: usize, rows: usize, columns: usize): void {
  batchNormBackward<f32>(dx, dgain, dbias, raw, inv, gain, dout, rows, columns);
}
export function batchNormBackward_f64(dx: usize, dgain: usize, dbias: usize, raw: usize, inv: usize, gain: usize, dout: usize, rows: usize, columns: usize): void {
  batchNormBackward<f64>(dx, dgain, dbias, raw, inv, gain, dout, rows, columns);
}
