// What the module exports, as TypeScript sees it: pointers and sizes are numbers. `npm run abi` writes this file.

// biome-ignore format: a line for each function.
export type Exports = {
  heapBase(): number;
  batchNorm_f32(out: number, raw: number, mean: number, inv: number, x: number, gain: number, bias: number, rows: number, columns: number, eps: number): void;
  batchNorm_f64(out: number, raw: number, mean: number, inv: number, x: number, gain: number, bias: number, rows: number, columns: number, eps: number): void;
  batchNormBackward_f32(dx: number, dgain: number, dbias: number, raw: number, inv: number, gain: number, dout: number, rows: number, columns: number): void;
  batchNormBackward_f64(dx: number, dgain: number, dbias: number, raw: number, inv: number, gain: number, dout: number, rows: number, columns: number): void;
  add_f32(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  add_f64(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  sub_f32(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  sub_f64(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  mul_f32(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  mul_f64(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  div_f32(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  div_f64(out: number, a: number, b: number, rows: number, cols: number, aRow: number, aCol: number, bRow: number, bCol: number): void;
  copy_f32(out: number, a: number, rows: number, cols: number, aRow: number, aCol: number): void;
  copy_f64(out: number, a: number, rows: number, cols: number, aRow: number, aCol: number): void;
  crossEntropy_f32(loss: number, probs: number, losses: number, logits: number, targets: number, rows: number, classes: number): void;
  crossEntropy_f64(loss: number, probs: number, losses: number, logits: number, targets: number, rows: number, classes: number): void;
  crossEntropyBackward_f32(dlogits: number, probs: number, targets: number, dloss: number, rows: number, classes: number): void;
  crossEntropyBackward_f64(dlogits: number, probs: number, targets: number, dloss: number, rows: number, classes: number): void;
  gather_f32(out: number, a: number, indices: number, count: number, width: number): void;
  gather_f64(out: number, a: number, indices: number, count: number, width: number): void;
  scatterAdd_f32(out: number, indices: number, a: number, count: number, width: number): void;
  scatterAdd_f64(out: number, indices: number, a: number, count: number, width: number): void;
  oneHot_f32(out: number, indices: number, count: number, classes: number): void;
  oneHot_f64(out: number, indices: number, count: number, classes: number): void;
  matmul_f32(out: number, a: number, b: number, m: number, n: number, k: number, aRow: number, aCol: number): void;
  matmul_f64(out: number, a: number, b: number, m: number, n: number, k: number, aRow: number, aCol: number): void;
  sum_f32(out: number, a: number, outer: number, n: number, inner: number): void;
  sum_f64(out: number, a: number, outer: number, n: number, inner: number): void;
  maximum_f32(values: number, indices: number, a: number, outer: number, n: number, inner: number): void;
  maximum_f64(values: number, indices: number, a: number, outer: number, n: number, inner: number): void;
  softmax_f32(out: number, a: number, rows: number, n: number): void;
  softmax_f64(out: number, a: number, rows: number, n: number): void;
  softmaxBackward_f32(da: number, out: number, dout: number, rows: number, n: number): void;
  softmaxBackward_f64(da: number, out: number, dout: number, rows: number, n: number): void;
  neg_f32(out: number, a: number, n: number): void;
  neg_f64(out: number, a: number, n: number): void;
  sqrt_f32(out: number, a: number, n: number): void;
  sqrt_f64(out: number, a: number, n: number): void;
  exp_f32(out: number, a: number, n: number): void;
  exp_f64(out: number, a: number, n: number): void;
  log_f32(out: number, a: number, n: number): void;
  log_f64(out: number, a: number, n: number): void;
  tanh_f32(out: number, a: number, n: number): void;
  tanh_f64(out: number, a: number, n: number): void;
  pow_f32(out: number, a: number, exponent: number, n: number): void;
  pow_f64(out: number, a: number, exponent: number, n: number): void;
  tanhBackward_f32(da: number, out: number, dout: number, n: number): void;
  tanhBackward_f64(da: number, out: number, dout: number, n: number): void;
  fused_f32(f: number): void;
  fused_f64(f: number): void;
  workspaceBytes_f32(f: number): number;
  workspaceBytes_f64(f: number): number;
  stepwise_f32(f: number): void;
  stepwise_f64(f: number): void;
  descend_f32(f: number, examples: number, losses: number, rates: number, steps: number, pass: number): void;
  descend_f64(f: number, examples: number, losses: number, rates: number, steps: number, pass: number): void;
  rand_f32(out: number, state: number, n: number): void;
  rand_f64(out: number, state: number, n: number): void;
  randint(out: number, state: number, n: number, low: number, range: number): void;
  randperm(out: number, state: number, n: number): void;
  initGenrand(state: number, seed: number): void;
  initByArray(state: number, keys: number, length: number): void;
  genrandUint32(state: number): number;
  randn_f32(out: number, state: number, n: number): void;
  randn_f64(out: number, state: number, n: number): void;
};

/** The kernels of a floating-point type, without its suffix. */
export type Kernels = {
  [Name in keyof Exports as Name extends `${infer Kernel}_f32` ? Kernel : never]: Exports[Name];
};
