// The naive twin of every kernel: the plainest loops that do what it does. Oracles in the tests, which hold them in float64,
// and baselines in the benchmarks. Arguments are those of the kernel, arrays for addresses.

export type Floats = Float32Array | Float64Array;

/** out[r, c] = op(a[r * aRow + c * aCol], b[r * bRow + c * bCol]) */
export function binary(
  op: (x: number, y: number) => number,
  out: Floats,
  a: Floats,
  b: Floats,
  rows: number,
  cols: number,
  aRow: number,
  aCol: number,
  bRow: number,
  bCol: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) out[r * cols + c] = op(a[r * aRow + c * aCol]!, b[r * bRow + c * bCol]!);
  }
}

/** out[r, c] = a[r * aRow + c * aCol] */
export function copy(
  out: Floats | Int32Array,
  a: Floats | Int32Array,
  rows: number,
  cols: number,
  aRow: number,
  aCol: number,
): void {
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[r * cols + c] = a[r * aRow + c * aCol]!;
}

/** out = op(a) */
export function unary(op: (x: number) => number, out: Floats, a: Floats, n: number): void {
  for (let i = 0; i < n; i++) out[i] = op(a[i]!);
}

/** da = (1 - out²) dout */
export function tanhBackward(da: Floats, out: Floats, dout: Floats, n: number): void {
  for (let i = 0; i < n; i++) da[i] = (1 - out[i]! * out[i]!) * dout[i]!;
}

/** out[o, i] = Σ_j a[o, j, i] */
export function sum(out: Floats, a: Floats, outer: number, n: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let total = 0;
      for (let j = 0; j < n; j++) total += a[(o * n + j) * inner + i]!;
      out[o * inner + i] = total;
    }
  }
}

/** values[o, i] = max_j a[o, j, i], indices its first j; NaN is the largest. */
export function maximum(values: Floats, indices: Int32Array, a: Floats, outer: number, n: number, inner: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let index = 0;
      for (let j = 1; j < n; j++) {
        const value = a[(o * n + j) * inner + i]!;
        const best = a[(o * n + index) * inner + i]!;
        if (value > best || (Number.isNaN(value) && !Number.isNaN(best))) index = j;
      }
      values[o * inner + i] = a[(o * n + index) * inner + i]!;
      indices[o * inner + i] = index;
    }
  }
}

/** out[i, j] = Σ_l a[i * aRow + l * aCol] b[l, j] */
export function matmul(
  out: Floats,
  a: Floats,
  b: Floats,
  m: number,
  n: number,
  k: number,
  aRow: number,
  aCol: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let l = 0; l < k; l++) total += a[i * aRow + l * aCol]! * b[l * n + j]!;
      out[i * n + j] = total;
    }
  }
}

/** out[i] = a[indices[i]] */
export function gather(out: Floats, a: Floats, indices: Int32Array, count: number, width: number): void {
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) out[i * width + j] = a[indices[i]! * width + j]!;
}

/** out[indices[i]] += a[i] */
export function scatterAdd(out: Floats, indices: Int32Array, a: Floats, count: number, width: number): void {
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) out[indices[i]! * width + j]! += a[i * width + j]!;
}

/** out[i, j] = 1 where j is indices[i], otherwise 0 */
export function oneHot(out: Floats, indices: Int32Array, count: number, classes: number): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < classes; j++) out[i * classes + j] = j === indices[i] ? 1 : 0;
  }
}

/** out = exp(a - max a) / Σ exp(a - max a) along rows of n */
export function softmax(out: Floats, a: Floats, rows: number, n: number): void {
  for (let i = 0; i < rows; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < n; j++) largest = Math.max(largest, a[i * n + j]!);
    let total = 0;
    for (let j = 0; j < n; j++) total += Math.exp(a[i * n + j]! - largest);
    for (let j = 0; j < n; j++) out[i * n + j] = Math.exp(a[i * n + j]! - largest) / total;
  }
}

/** da_j = Σ_l dout_l out_l (δ_lj - out_j) along rows of n */
export function softmaxBackward(da: Floats, out: Floats, dout: Floats, rows: number, n: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let l = 0; l < n; l++) total += dout[i * n + l]! * out[i * n + l]! * ((l === j ? 1 : 0) - out[i * n + j]!);
      da[i * n + j] = total;
    }
  }
}

/** loss = 1/rows Σ_i -log softmax(logits)[i, targets[i]]; probs = softmax(logits), losses the terms */
export function crossEntropy(
  loss: Floats,
  probs: Floats,
  losses: Floats,
  logits: Floats,
  targets: Int32Array,
  rows: number,
  classes: number,
): void {
  softmax(probs, logits, rows, classes);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) largest = Math.max(largest, logits[i * classes + j]!);
    let counts = 0;
    for (let j = 0; j < classes; j++) counts += Math.exp(logits[i * classes + j]! - largest);
    losses[i] = Math.log(counts) - (logits[i * classes + targets[i]!]! - largest);
    total += losses[i]!;
  }
  loss[0] = total / rows;
}

/** dlogits = (probs - onehot(targets)) / rows * dloss */
export function crossEntropyBackward(
  dlogits: Floats,
  probs: Floats,
  targets: Int32Array,
  dloss: Floats,
  rows: number,
  classes: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < classes; j++) {
      dlogits[i * classes + j] = ((probs[i * classes + j]! - (j === targets[i] ? 1 : 0)) / rows) * dloss[0]!;
    }
  }
}

/** mean = 1/n Σ x, inv = (1/(n-1) Σ (x - mean)² + eps)^-½, raw = (x - mean) inv, out = gain raw + bias; n = rows */
export function batchNorm(
  out: Floats,
  raw: Floats,
  mean: Floats,
  inv: Floats,
  x: Floats,
  gain: Floats,
  bias: Floats,
  rows: number,
  columns: number,
  eps: number,
): void {
  for (let c = 0; c < columns; c++) {
    let total = 0;
    for (let r = 0; r < rows; r++) total += x[r * columns + c]!;
    const mu = total / rows;
    let squares = 0;
    for (let r = 0; r < rows; r++) squares += (x[r * columns + c]! - mu) ** 2;
    mean[c] = mu;
    inv[c] = 1 / Math.sqrt(squares / (rows - 1) + eps);
    for (let r = 0; r < rows; r++) {
      const i = r * columns + c;
      raw[i] = (x[i]! - mu) * inv[c]!;
      out[i] = gain[c]! * raw[i]! + bias[c]!;
    }
  }
}

/** Gradients by the chain rule, one named intermediate after the other; bndiff = raw / inv. */
export function batchNormBackward(
  dx: Floats,
  dgain: Floats,
  dbias: Floats,
  raw: Floats,
  inv: Floats,
  gain: Floats,
  dout: Floats,
  rows: number,
  columns: number,
): void {
  for (let c = 0; c < columns; c++) {
    const scale = inv[c]!;
    let dgainTotal = 0;
    let dbiasTotal = 0;
    let dinv = 0;
    for (let r = 0; r < rows; r++) {
      const i = r * columns + c;
      dgainTotal += dout[i]! * raw[i]!;
      dbiasTotal += dout[i]!;
      dinv += gain[c]! * dout[i]! * (raw[i]! / scale);
    }
    const dvar = dinv * -0.5 * scale ** 3;
    let dmean = 0;
    const dbndiff = (i: number) => gain[c]! * dout[i]! * scale + (dvar / (rows - 1)) * 2 * (raw[i]! / scale);
    for (let r = 0; r < rows; r++) dmean -= dbndiff(r * columns + c);
    for (let r = 0; r < rows; r++) dx[r * columns + c] = dbndiff(r * columns + c) + dmean / rows;
    dgain[c] = dgainTotal;
    dbias[c] = dbiasTotal;
  }
}
