// What the module exports, as TypeScript sees it. Pointers and sizes are numbers; outputs come first.

/** out = a op b over [rows, cols]; the four strides are in elements, 0 broadcasts. */
type Binary = (
  out: number,
  a: number,
  b: number,
  rows: number,
  cols: number,
  aRow: number,
  aCol: number,
  bRow: number,
  bCol: number,
) => void;

/** out = a over [rows, cols]; the strides are in elements, 0 broadcasts. */
type Copy = (out: number, a: number, rows: number, cols: number, aRow: number, aCol: number) => void;

/** out = f(a) over n elements; `out` may be `a`. */
type Unary = (out: number, a: number, n: number) => void;

/** The kernels that exist for float32 and for float64, without their suffix. */
export interface Kernels {
  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
  copy: Copy;
  neg: Unary;
  sqrt: Unary;
  exp: Unary;
  log: Unary;
  tanh: Unary;
  pow(out: number, a: number, exponent: number, n: number): void;
  sum(out: number, a: number, outer: number, n: number, inner: number): void;
  maximum(values: number, indices: number, a: number, outer: number, n: number, inner: number): void;
  matmul(out: number, a: number, b: number, m: number, n: number, k: number, aRow: number, aCol: number): void;
  gatherRows(out: number, a: number, indices: number, count: number, width: number): void;
  scatterAddRows(out: number, indices: number, a: number, count: number, width: number): void;
  oneHot(out: number, indices: number, count: number, classes: number): void;
  tanhBackward(da: number, out: number, dout: number, n: number): void;
  softmax(out: number, a: number, rows: number, n: number): void;
  softmaxBackward(da: number, out: number, dout: number, rows: number, n: number): void;
  crossEntropy(
    loss: number,
    probs: number,
    losses: number,
    logits: number,
    targets: number,
    rows: number,
    classes: number,
  ): void;
  crossEntropyBackward(
    dlogits: number,
    probs: number,
    targets: number,
    dloss: number,
    rows: number,
    classes: number,
  ): void;
  batchNorm(
    out: number,
    raw: number,
    mean: number,
    inv: number,
    x: number,
    gain: number,
    bias: number,
    rows: number,
    columns: number,
    eps: number,
  ): void;
  batchNormBackward(
    dx: number,
    dgain: number,
    dbias: number,
    raw: number,
    inv: number,
    gain: number,
    dout: number,
    rows: number,
    columns: number,
  ): void;
  forward: Pass;
  stepwise: Pass;
  fused: Pass;
  /** Bytes of workspace that the fused pass needs for a frame's sizes. */
  workspaceBytes(frame: number): number;
  train(frame: number, examples: number, losses: number, rates: number, steps: number, byStep: boolean): void;
  rand(out: number, state: number, n: number): void;
  randn(out: number, state: number, n: number): void;
}

/** A pass of the model over the tensors of a frame; see src/mlp/frame.ts. */
type Pass = (frame: number) => void;

type Suffixed<Functions, Suffix extends string> = {
  [Name in keyof Functions & string as `${Name}_${Suffix}`]: Functions[Name];
};

/** MT19937: `state` is the address of its block. */
type RandomExports = {
  initGenrand(state: number, seed: number): void;
  initByArray(state: number, keys: number, length: number): void;
  /** The output as a signed integer. */
  genrandUint32(state: number): number;
  randint(out: number, state: number, n: number, low: number, range: number): void;
  randperm(out: number, state: number, n: number): void;
};

/** Everything the module exports. */
export type Exports = Suffixed<Kernels, 'f32'> &
  Suffixed<Kernels, 'f64'> &
  RandomExports & { copy_i32: Copy; heapBase(): number };
