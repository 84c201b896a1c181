// Functions whose derivatives are known in closed form, in plain arithmetic of float64.

import type { Handgrad } from '../../src/handgrad.js';
import type { Differentiable } from '../../src/proof/subject.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** A function over tensors, the data of its inputs, and the gradients of the sum of its elements times `weights`. */
export interface Known {
  readonly fn: Differentiable;
  readonly inputs: readonly (readonly number[] | readonly (readonly number[])[])[];
  gradients(weights: ArrayLike<number>): readonly (readonly number[])[];
}

type Scalar = (x: number) => number;

const ordinary = [-1.75, -0.8125, -0.3, 0.0625, 0.4375, 1, 2.25];
const positive = [0.03125, 0.3, 0.75, 1, 1.7, 3.5, 12];
/** From 1e-6 to 1e6. */
const scattered = [1e-6, 3e-5, 2e-3, 0.7, 40, 9e3, 1e6];
const weights = [1.5, -0.75, 2, -1.25, 0.625, 1.125, -0.5];

/** Elementwise functions: of the tensor, their derivatives, and where. */
const elementwise: Readonly<Record<string, readonly [(x: Tensor) => Tensor, Scalar, readonly number[]]>> = {
  exp: [(x) => x.exp(), Math.exp, ordinary],
  log: [(x) => x.log(), (x) => 1 / x, positive],
  tanh: [(x) => x.tanh(), (x) => 1 / Math.cosh(x) ** 2, ordinary],
  sqrt: [(x) => x.sqrt(), (x) => 0.5 / Math.sqrt(x), positive],
  neg: [(x) => x.neg(), () => -1, ordinary],
  identity: [(x) => x.clone(), () => 1, ordinary],
  square: [(x) => x.pow(2), (x) => 2 * x, ordinary],
  cube: [(x) => x.pow(3), (x) => 3 * x * x, ordinary],
  'power 0.5': [(x) => x.pow(0.5), (x) => 0.5 / Math.sqrt(x), positive],
  'power -0.5': [(x) => x.pow(-0.5), (x) => -0.5 * x ** -1.5, positive],
  'power -1': [(x) => x.pow(-1), (x) => -1 / x ** 2, ordinary],
  'power -2': [(x) => x.pow(-2), (x) => -2 / x ** 3, positive],
  'power 2.5': [(x) => x.pow(2.5), (x) => 2.5 * x ** 1.5, positive],
  'power 7': [(x) => x.pow(7), (x) => 7 * x ** 6, ordinary],
  'power 0': [(x) => x.pow(0), () => 0, ordinary],
  'a constant times': [(x) => x.mul(3.7), () => 3.7, ordinary],
  'a quotient of a constant': [(x) => x.pow(-1).mul(2).add(1), (x) => -2 / x ** 2, positive],
  sigmoid: [(x) => x.neg().exp().add(1).pow(-1), (x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2, ordinary],
  softplus: [(x) => x.exp().add(1).log(), (x) => 1 / (1 + Math.exp(-x)), ordinary],
  'exp of a square': [(x) => x.pow(2).neg().exp(), (x) => -2 * x * Math.exp(-x * x), ordinary],
  'log of a square root': [(x) => x.sqrt().add(1).log(), (x) => 0.5 / (x + Math.sqrt(x)), positive],
  'tanh of a product': [(x) => x.mul(x).tanh(), (x) => (2 * x) / Math.cosh(x * x) ** 2, ordinary],
  'a steep tanh': [(x) => x.mul(50).tanh(), (x) => 50 / Math.cosh(50 * x) ** 2, [-0.02, 0.001, 0.03]],
  polynomial: [(x) => x.pow(3).sub(x.pow(2).mul(2)).add(x), (x) => 3 * x * x - 4 * x + 1, ordinary],
  'x / (1 + x²)': [(x) => x.div(x.pow(2).add(1)), (x) => (1 - x * x) / (1 + x * x) ** 2, ordinary],
  'x exp(x)': [(x) => x.mul(x.exp()), (x) => (1 + x) * Math.exp(x), ordinary],
  'log, badly scaled': [(x) => x.log(), (x) => 1 / x, scattered],
  'square, badly scaled': [(x) => x.pow(2), (x) => 2 * x, scattered],
  'sqrt, badly scaled': [(x) => x.sqrt(), (x) => 0.5 / Math.sqrt(x), scattered],
  'reciprocal, badly scaled': [(x) => x.pow(-1), (x) => -1 / x ** 2, scattered],
  'tanh, badly scaled': [(x) => x.tanh(), (x) => 1 / Math.cosh(x) ** 2, scattered],
  'x / (1 + x), badly scaled': [(x) => x.div(x.add(1)), (x) => 1 / (1 + x) ** 2, scattered],
};

const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const matrix = [
  [0.5, -1.25, 0.75],
  [1.5, 0.25, -0.625],
];
const other = [
  [1.25, -0.5],
  [0.375, 2],
  [-1.75, 0.125],
];
const flat = matrix.flat();
const column = (values: readonly (readonly number[])[], j: number) => values.map((row) => row[j]!);
const softmaxOf = (row: readonly number[]) => {
  const counts = row.map(Math.exp);
  return counts.map((count) => count / sum(counts));
};

/** Batch norm of one feature by the textbook: the gradient of Σ u y with respect to x, gain and bias. */
function batchNormGradients(x: readonly number[], u: readonly number[], gain: number, eps: number) {
  const n = x.length;
  const mean = sum(x) / n;
  const variance = sum(x.map((a) => (a - mean) ** 2)) / (n - 1);
  const inverse = 1 / Math.sqrt(variance + eps);
  const raw = x.map((a) => (a - mean) * inverse);
  const total = sum(u.map((a, i) => a * raw[i]!));
  return {
    x: u.map((a, i) => gain * inverse * (a - sum(u) / n - (raw[i]! * total) / (n - 1))),
    gain: [total],
    bias: [sum(u)],
  };
}

/** Every function, by name. The output has one element. */
export function knownFunctions(hg: Handgrad): Readonly<Record<string, Known>> {
  const of = (values: readonly number[] | readonly (readonly number[])[]) =>
    hg.tensor(values as number[], { dtype: 'float64' });
  const weighted = (tensor: Tensor) => tensor.mul(of(weights.slice(0, tensor.size)).view(tensor.shape)).sum();
  const single = Object.entries(elementwise).map(([name, [f, derivative, at]]): [string, Known] => [
    name,
    {
      fn: f,
      inputs: [at],
      gradients: (weights) => [at.map((x, i) => weights[i]! * derivative(x))],
    },
  ]);
  const a = [0.5, -1.25, 2];
  const b = [1.5, 0.75, -0.375];
  const probabilities = matrix.map(softmaxOf);
  const normalized = [0.5, -1.25, 2, 0.75];
  const upstream = weights.slice(0, 4);
  const normal = batchNormGradients(normalized, upstream, 1.5, 1e-5);
  return {
    ...Object.fromEntries(single),
    product: {
      fn: (x, y) => weighted(x.mul(y)),
      inputs: [a, b],
      gradients: () => [b.map((y, i) => weights[i]! * y), a.map((x, i) => weights[i]! * x)],
    },
    quotient: {
      fn: (x, y) => weighted(x.div(y)),
      inputs: [a, b],
      gradients: () => [b.map((y, i) => weights[i]! / y), a.map((x, i) => (-weights[i]! * x) / b[i]! ** 2)],
    },
    difference: {
      fn: (x, y) => weighted(x.sub(y)),
      inputs: [a, b],
      gradients: () => [weights.slice(0, 3), weights.slice(0, 3).map((w) => -w)],
    },
    'a broadcast product': {
      fn: (x, y) => weighted(x.mul(y)),
      inputs: [matrix, [1.5, 0.75, -0.375]],
      gradients: () => [
        flat.map((_, i) => weights[i]! * b[i % 3]!),
        [0, 1, 2].map((j) => weights[j]! * matrix[0]![j]! + weights[3 + j]! * matrix[1]![j]!),
      ],
    },
    sum: { fn: (x) => x.sum().pow(2), inputs: [matrix], gradients: () => [flat.map(() => 2 * sum(flat))] },
    'sum over rows': {
      fn: (x) => weighted(x.sum(0).pow(2)),
      inputs: [matrix],
      gradients: () => [flat.map((_, i) => 2 * weights[i % 3]! * sum(column(matrix, i % 3)))],
    },
    mean: {
      fn: (x) => x.mean().exp(),
      inputs: [matrix],
      gradients: () => [flat.map(() => Math.exp(sum(flat) / 6) / 6)],
    },
    'mean over columns': {
      fn: (x) => weighted(x.mean(1).tanh()),
      inputs: [matrix],
      gradients: () => [
        flat.map((_, i) => {
          const row = Math.floor(i / 3);
          return weights[row]! / 3 / Math.cosh(sum(matrix[row]!) / 3) ** 2;
        }),
      ],
    },
    'the largest of all': {
      fn: (x) => x.max().pow(2),
      inputs: [matrix],
      gradients: () => [flat.map((x) => (x === 1.5 ? 3 : 0))],
    },
    'the largest of each row': {
      fn: (x) => weighted((x.max(1) as { values: Tensor }).values),
      inputs: [matrix],
      gradients: () => [flat.map((x) => (x === 0.75 ? weights[0]! : x === 1.5 ? weights[1]! : 0))],
    },
    softmax: {
      fn: (x) => weighted(x.softmax()),
      inputs: [matrix],
      gradients: () => [
        flat.map((_, i) => {
          const [row, j] = [Math.floor(i / 3), i % 3];
          const p = probabilities[row]!;
          const w = weights.slice(3 * row, 3 * row + 3);
          return p[j]! * (w[j]! - sum(p.map((q, k) => q * w[k]!)));
        }),
      ],
    },
    'cross-entropy': {
      fn: (x) => x.crossEntropy(hg.tensor([2, 0], { dtype: 'int32' })),
      inputs: [matrix],
      gradients: () => [
        flat.map((_, i) => {
          const [row, j] = [Math.floor(i / 3), i % 3];
          return (probabilities[row]![j]! - (j === [2, 0][row] ? 1 : 0)) / 2;
        }),
      ],
    },
    matmul: {
      fn: (x, y) => weighted(x.matmul(y)),
      inputs: [matrix, other],
      gradients: () => [
        flat.map((_, i) => {
          const [row, k] = [Math.floor(i / 3), i % 3];
          return weights[2 * row]! * other[k]![0]! + weights[2 * row + 1]! * other[k]![1]!;
        }),
        other.flat().map((_, i) => {
          const [k, j] = [Math.floor(i / 2), i % 2];
          return weights[j]! * matrix[0]![k]! + weights[2 + j]! * matrix[1]![k]!;
        }),
      ],
    },
    'batch norm': {
      fn: (x, gain, bias) => weighted(x.view(4, 1).batchNorm(gain, bias)),
      inputs: [normalized, [1.5], [0.25]],
      gradients: () => [normal.x, normal.gain, normal.bias],
    },
    'an index with repeats': {
      fn: (x) => weighted(x.index([2, 0, 2, 2, 1]).pow(2)),
      inputs: [a],
      gradients: () => [
        a.map((x, i) => 2 * x * sum([2, 0, 2, 2, 1].map((chosen, k) => (chosen === i ? weights[k]! : 0)))),
      ],
    },
    'pairs of indices': {
      fn: (x) => weighted(x.index([1, 0], [2, 1]).exp()),
      inputs: [matrix],
      gradients: () => [flat.map((x, i) => (i === 5 ? weights[0]! : i === 1 ? weights[1]! : 0) * Math.exp(x))],
    },
    'a transpose': {
      fn: (x) => weighted(x.T.pow(3)),
      inputs: [matrix],
      gradients: () => [flat.map((x, i) => 3 * x * x * weights[(i % 3) * 2 + Math.floor(i / 3)]!)],
    },
    'the length of a vector': {
      fn: (x) => x.pow(2).sum().sqrt(),
      inputs: [a],
      gradients: () => [a.map((x) => x / Math.sqrt(sum(a.map((y) => y * y))))],
    },
    'log of a sum of exps': {
      fn: (x) => x.exp().sum().log(),
      inputs: [a],
      gradients: () => [softmaxOf(a)],
    },
    'a sum of badly scaled products': {
      fn: (x, y) => x.mul(y).sum(),
      inputs: [scattered, [...scattered].reverse()],
      gradients: () => [[...scattered].reverse(), scattered],
    },
  };
}
