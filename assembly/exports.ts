// What the module exports. `npm run abi` writes this file.

import * as frame from './mlp/frame';
import * as state from './random/state';
import * as batchNorm from './kernels/batchNorm';
import * as binary from './kernels/binary';
import * as copy from './kernels/copy';
import * as crossEntropy from './kernels/crossEntropy';
import * as indexing from './kernels/indexing';
import * as matmul from './kernels/matmul';
import * as reduce from './kernels/reduce';
import * as softmax from './kernels/softmax';
import * as unary from './kernels/unary';
import * as fused from './mlp/fused/index';
import * as workspace from './mlp/fused/workspace';
import * as stepwise from './mlp/stepwise';
import * as train from './mlp/train';
import * as draws from './random/draws';
import * as mt19937 from './random/mt19937';
import * as randn from './random/randn';

export function batchNorm_f32(out: usize, raw: usize, mean: usize, inv: usize, x: usize, gain: usize, bias: usize, rows: usize, columns: usize, eps: f64): void { batchNorm.batchNorm<f32>(out, raw, mean, inv, x, gain, bias, rows, columns, eps); }
export function batchNorm_f64(out: usize, raw: usize, mean: usize, inv: usize, x: usize, gain: usize, bias: usize, rows: usize, columns: usize, eps: f64): void { batchNorm.batchNorm<f64>(out, raw, mean, inv, x, gain, bias, rows, columns, eps); }
export function batchNormBackward_f32(dx: usize, dgain: usize, dbias: usize, raw: usize, inv: usize, gain: usize, dout: usize, rows: usize, columns: usize): void { batchNorm.batchNormBackward<f32>(dx, dgain, dbias, raw, inv, gain, dout, rows, columns); }
export function batchNormBackward_f64(dx: usize, dgain: usize, dbias: usize, raw: usize, inv: usize, gain: usize, dout: usize, rows: usize, columns: usize): void { batchNorm.batchNormBackward<f64>(dx, dgain, dbias, raw, inv, gain, dout, rows, columns); }
export function add_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f32, binary.Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function add_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f64, binary.Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function sub_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f32, binary.Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function sub_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f64, binary.Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function mul_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f32, binary.Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function mul_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f64, binary.Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function div_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f32, binary.Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function div_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary.binary<f64, binary.Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function copy_f32(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void { copy.copy<f32>(out, a, rows, cols, aRow, aCol); }
export function copy_f64(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void { copy.copy<f64>(out, a, rows, cols, aRow, aCol); }
export function crossEntropy_f32(loss: usize, probs: usize, losses: usize, logits: usize, targets: usize, rows: usize, classes: usize): void { crossEntropy.crossEntropy<f32>(loss, probs, losses, logits, targets, rows, classes); }
export function crossEntropy_f64(loss: usize, probs: usize, losses: usize, logits: usize, targets: usize, rows: usize, classes: usize): void { crossEntropy.crossEntropy<f64>(loss, probs, losses, logits, targets, rows, classes); }
export function crossEntropyBackward_f32(dlogits: usize, probs: usize, targets: usize, dloss: usize, rows: usize, classes: usize): void { crossEntropy.crossEntropyBackward<f32>(dlogits, probs, targets, dloss, rows, classes); }
export function crossEntropyBackward_f64(dlogits: usize, probs: usize, targets: usize, dloss: usize, rows: usize, classes: usize): void { crossEntropy.crossEntropyBackward<f64>(dlogits, probs, targets, dloss, rows, classes); }
export function gather_f32(out: usize, a: usize, indices: usize, count: usize, width: usize): void { indexing.gather<f32>(out, a, indices, count, width); }
export function gather_f64(out: usize, a: usize, indices: usize, count: usize, width: usize): void { indexing.gather<f64>(out, a, indices, count, width); }
export function scatterAdd_f32(out: usize, indices: usize, a: usize, count: usize, width: usize): void { indexing.scatterAdd<f32>(out, indices, a, count, width); }
export function scatterAdd_f64(out: usize, indices: usize, a: usize, count: usize, width: usize): void { indexing.scatterAdd<f64>(out, indices, a, count, width); }
export function oneHot_f32(out: usize, indices: usize, count: usize, classes: usize): void { indexing.oneHot<f32>(out, indices, count, classes); }
export function oneHot_f64(out: usize, indices: usize, count: usize, classes: usize): void { indexing.oneHot<f64>(out, indices, count, classes); }
export function matmul_f32(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void { matmul.matmul<f32>(out, a, b, m, n, k, aRow, aCol); }
export function matmul_f64(out: usize, a: usize, b: usize, m: usize, n: usize, k: usize, aRow: usize, aCol: usize): void { matmul.matmul<f64>(out, a, b, m, n, k, aRow, aCol); }
export function sum_f32(out: usize, a: usize, outer: usize, n: usize, inner: usize): void { reduce.sum<f32>(out, a, outer, n, inner); }
export function sum_f64(out: usize, a: usize, outer: usize, n: usize, inner: usize): void { reduce.sum<f64>(out, a, outer, n, inner); }
export function maximum_f32(values: usize, indices: usize, a: usize, outer: usize, n: usize, inner: usize): void { reduce.maximum<f32>(values, indices, a, outer, n, inner); }
export function maximum_f64(values: usize, indices: usize, a: usize, outer: usize, n: usize, inner: usize): void { reduce.maximum<f64>(values, indices, a, outer, n, inner); }
export function softmax_f32(out: usize, a: usize, rows: usize, n: usize): void { softmax.softmax<f32>(out, a, rows, n); }
export function softmax_f64(out: usize, a: usize, rows: usize, n: usize): void { softmax.softmax<f64>(out, a, rows, n); }
export function softmaxBackward_f32(da: usize, out: usize, dout: usize, rows: usize, n: usize): void { softmax.softmaxBackward<f32>(da, out, dout, rows, n); }
export function softmaxBackward_f64(da: usize, out: usize, dout: usize, rows: usize, n: usize): void { softmax.softmaxBackward<f64>(da, out, dout, rows, n); }
export function neg_f32(out: usize, a: usize, n: usize): void { unary.unary<f32, unary.Neg>(out, a, n); }
export function neg_f64(out: usize, a: usize, n: usize): void { unary.unary<f64, unary.Neg>(out, a, n); }
export function sqrt_f32(out: usize, a: usize, n: usize): void { unary.unary<f32, unary.Sqrt>(out, a, n); }
export function sqrt_f64(out: usize, a: usize, n: usize): void { unary.unary<f64, unary.Sqrt>(out, a, n); }
export function exp_f32(out: usize, a: usize, n: usize): void { unary.unary<f32, unary.Exp>(out, a, n); }
export function exp_f64(out: usize, a: usize, n: usize): void { unary.unary<f64, unary.Exp>(out, a, n); }
export function log_f32(out: usize, a: usize, n: usize): void { unary.unary<f32, unary.Log>(out, a, n); }
export function log_f64(out: usize, a: usize, n: usize): void { unary.unary<f64, unary.Log>(out, a, n); }
export function tanh_f32(out: usize, a: usize, n: usize): void { unary.unary<f32, unary.Tanh>(out, a, n); }
export function tanh_f64(out: usize, a: usize, n: usize): void { unary.unary<f64, unary.Tanh>(out, a, n); }
export function pow_f32(out: usize, a: usize, exponent: f64, n: usize): void { unary.pow<f32>(out, a, exponent, n); }
export function pow_f64(out: usize, a: usize, exponent: f64, n: usize): void { unary.pow<f64>(out, a, exponent, n); }
export function tanhBackward_f32(da: usize, out: usize, dout: usize, n: usize): void { unary.tanhBackward<f32>(da, out, dout, n); }
export function tanhBackward_f64(da: usize, out: usize, dout: usize, n: usize): void { unary.tanhBackward<f64>(da, out, dout, n); }
export function fused_f32(f: usize): void { fused.fused<f32>(changetype<frame.Frame>(f)); }
export function fused_f64(f: usize): void { fused.fused<f64>(changetype<frame.Frame>(f)); }
export function workspaceBytes_f32(f: usize): usize { return workspace.workspaceBytes<f32>(changetype<frame.Frame>(f)); }
export function workspaceBytes_f64(f: usize): usize { return workspace.workspaceBytes<f64>(changetype<frame.Frame>(f)); }
export function stepwise_f32(f: usize): void { stepwise.stepwise<f32>(changetype<frame.Frame>(f)); }
export function stepwise_f64(f: usize): void { stepwise.stepwise<f64>(changetype<frame.Frame>(f)); }
export function descend_f32(f: usize, examples: usize, losses: usize, rates: usize, steps: usize, pass: i32): void { train.train<f32, train.Descend>(changetype<frame.Frame>(f), changetype<frame.Examples>(examples), losses, rates, steps, pass); }
export function descend_f64(f: usize, examples: usize, losses: usize, rates: usize, steps: usize, pass: i32): void { train.train<f64, train.Descend>(changetype<frame.Frame>(f), changetype<frame.Examples>(examples), losses, rates, steps, pass); }
export function rand_f32(out: usize, state: usize, n: usize): void { draws.rand<f32>(out, changetype<state.State>(state), n); }
export function rand_f64(out: usize, state: usize, n: usize): void { draws.rand<f64>(out, changetype<state.State>(state), n); }
export function randint(out: usize, state: usize, n: usize, low: i32, range: u32): void { draws.randint(out, changetype<state.State>(state), n, low, range); }
export function randperm(out: usize, state: usize, n: usize): void { draws.randperm(out, changetype<state.State>(state), n); }
export function initGenrand(state: usize, seed: u32): void { mt19937.initGenrand(changetype<state.State>(state), seed); }
export function initByArray(state: usize, keys: usize, length: usize): void { mt19937.initByArray(changetype<state.State>(state), keys, length); }
export function genrandUint32(state: usize): u32 { return mt19937.genrandUint32(changetype<state.State>(state)); }
export function randn_f32(out: usize, state: usize, n: usize): void { randn.randn<f32>(out, changetype<state.State>(state), n); }
export function randn_f64(out: usize, state: usize, n: usize): void { randn.randn<f64>(out, changetype<state.State>(state), n); }
