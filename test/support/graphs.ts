// A small graph for every differentiable operation.

import type { Tensor } from '../../src/tensor/tensor.js';
import { hg } from './handgrad.js';

export interface Graph {
  name: string;
  /** Shapes of the inputs. */
  shapes: readonly (readonly number[])[];
  run(inputs: readonly Tensor[]): Tensor;
}

const one = (name: string, run: (x: Tensor) => Tensor, shape: readonly number[] = [2, 3]): Graph => ({
  name,
  shapes: [shape],
  run: ([x]) => run(x!),
});

const two = (
  name: string,
  a: readonly number[],
  b: readonly number[],
  run: (a: Tensor, b: Tensor) => Tensor,
): Graph => ({
  name,
  shapes: [a, b],
  run: ([x, y]) => run(x!, y!),
});

/** Away from 0, where quotients, roots and logarithms have no gradient. */
const positive = (x: Tensor) => x.mul(x).add(0.5);
const targets = hg.tensor([2, 0, 1, 1], { dtype: 'int32' });

export const graphs: Graph[] = [
  two('add', [2, 3], [3], (a, b) => a.add(b)),
  two('sub', [3], [2, 3], (a, b) => a.sub(b)),
  two('mul', [2, 1], [1, 3], (a, b) => a.mul(b)),
  two('div', [2, 3], [2, 1], (a, b) => a.div(positive(b))),
  one('add of a number', (x) => x.add(1.5)),
  one('sub of a number', (x) => x.sub(1.5)),
  one('mul by a number', (x) => x.mul(-1.5)),
  one('div by a number', (x) => x.div(1.5)),
  one('neg', (x) => x.neg()),
  one('exp', (x) => x.exp()),
  one('log', (x) => positive(x).log()),
  one('tanh', (x) => x.tanh()),
  one('sqrt', (x) => positive(x).sqrt()),
  ...[1, 2, 3, -0.5, 0.5, -1, -2, 2.5].map((exponent) => one(`pow ${exponent}`, (x) => positive(x).pow(exponent))),
  one('sum', (x) => x.mul(x).sum()),
  one('sum over an axis', (x) => x.mul(x).sum(1)),
  one('sum over two axes', (x) => x.mul(x).sum([0, 2], { keepdim: true }), [2, 3, 2]),
  one('mean', (x) => x.mul(x).mean()),
  one('mean over an axis', (x) => x.mul(x).mean(0, { keepdim: true })),
  one('max', (x) => x.mul(x).max()),
  one('max over an axis', (x) => x.mul(x).max(1).values),
  two('matmul', [2, 3], [3, 4], (a, b) => a.matmul(b)),
  two('matmul of transposes', [3, 2], [4, 3], (a, b) => a.T.matmul(b.T)),
  two('matmul with a vector on the right', [2, 3], [3], (a, b) => a.matmul(b)),
  two('matmul with a vector on the left', [3], [3, 2], (a, b) => a.matmul(b)),
  two('matmul of vectors', [3], [3], (a, b) => a.matmul(b)),
  one('index', (x) => x.index([0, -1, 0])),
  one('index of pairs', (x) => x.index([0, -1, 0], [1, 2, -2])),
  one('softmax', (x) => x.softmax()),
  one('softmax over the first axis', (x) => x.softmax(0)),
  one('crossEntropy', (x) => x.crossEntropy(targets), [4, 3]),
  {
    name: 'batchNorm',
    shapes: [[4, 3], [3], [1, 3]],
    run: ([x, gain, bias]) => x!.batchNorm(gain!, bias!),
  },
  one('view', (x) => x.view(3, -1)),
  one('reshape', (x) => x.T.reshape(6)),
  one('transpose', (x) => x.transpose(0, 1).mul(x.T)),
  one('expand', (x) => x.expand(2, 2, 3)),
  one('contiguous', (x) => x.T.contiguous()),
  one('clone', (x) => x.clone()),
  one('to', (x) => x.to('float64')),
];
