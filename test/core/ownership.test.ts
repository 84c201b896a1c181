// What is another core's is refused with CoreError at every entry, and nothing of either core is changed.

import { beforeAll, expect, test } from 'vitest';
import { CoreError, create, type Handgrad, type Model, type Tensor, Vocabulary } from '../../src/index.js';
import { examplesOf, modelOf, words } from '../support/model.js';

let A: Handgrad;
let B: Handgrad;
let mine: Model;
let others: Model;
let x: Tensor;
let y: Tensor;
let guards: Tensor[];
const vocabulary = new Vocabulary(words);
const dataset = examplesOf(words);

beforeAll(async () => {
  [A, B] = await Promise.all([create(), create()]);
  // Unlike numbers of blocks, so that an address of one core means something else in the other.
  guards = [A, B, A, A].map((hg, i) => hg.full([50 + i], i + 1));
  [mine, others] = [modelOf(A), modelOf(B)];
  x = A.tensor([[1, 2, 3, 4]]);
  y = B.tensor([[1, 2, 3, 4]]);
});

const batch = (hg: Handgrad) =>
  [hg.tensor(dataset.X.data.slice(0, 6), { shape: [2, 3] }), hg.tensor(dataset.Y.data.slice(0, 2))] as const;

const entries: [string, () => unknown][] = [
  ['fused(Xb, Yb)', () => mine.fused(...batch(B))],
  ['stepwise(Xb, Yb)', () => mine.stepwise(...batch(B))],
  ['autograd(Xb, Yb)', () => mine.autograd(...batch(B))],
  ['fused(Xb of another)', () => mine.fused(batch(B)[0], batch(A)[1])],
  ['fused(Yb of another)', () => mine.fused(batch(A)[0], batch(B)[1])],
  ['trainer(model)', () => A.trainer(others, { dataset, generator: A.generator() })],
  ['trainer(generator)', () => A.trainer(mine, { dataset, generator: B.generator() })],
  [
    'trainer(generator) by the tape',
    () => A.trainer(mine, { dataset, generator: B.generator(), backward: 'autograd' }),
  ],
  [
    'createModel(generator)',
    () => A.createModel({ vocabSize: 5, generator: B.generator(), bnGenerator: A.generator() }),
  ],
  [
    'createModel(bnGenerator)',
    () => A.createModel({ vocabSize: 5, generator: A.generator(), bnGenerator: B.generator() }),
  ],
  [
    'createModel(parameters)',
    () => A.createModel({ vocabSize: vocabulary.size, hidden: 8, parameters: others.parameters }),
  ],
  [
    'sample(generator)',
    () => mine.sample({ statistics: mine.calibrate(dataset), vocabulary, generator: B.generator() }),
  ],
  [
    'sample(statistics)',
    () => {
      const statistics = { bnmean: B.zeros([1, 8]), bnvar: B.ones([1, 8]) };
      return mine.sample({ statistics, vocabulary, generator: A.generator() });
    },
  ],
  ['evaluate(statistics)', () => mine.evaluate(dataset, { bnmean: A.zeros([1, 8]), bnvar: B.ones([1, 8]) })],
  ['save(statistics)', () => mine.save({ vocabulary, statistics: { bnmean: B.zeros([1, 8]), bnvar: B.ones([1, 8]) } })],
  ['tensor', () => A.tensor(y)],
  ['zerosLike', () => A.zerosLike(y)],
  ['onesLike', () => A.onesLike(y)],
  ['oneHot', () => A.oneHot(B.arange(2), 2)],
  ['randn(generator)', () => A.randn([3], { generator: B.generator() })],
  ['rand(generator)', () => A.rand([3], { generator: B.generator() })],
  ['randint(generator)', () => A.randint(0, 3, [3], { generator: B.generator() })],
  ['randperm(generator)', () => A.randperm(3, { generator: B.generator() })],
  ...(['add', 'sub', 'mul', 'div', 'add_', 'sub_', 'mul_', 'div_', 'matmul'] as const).map(
    (name): [string, () => unknown] => [name, () => x[name](y)],
  ),
  ['index', () => x.index(B.tensor([0], { dtype: 'int32' }))],
  ['index, the second', () => x.index([0], B.tensor([0], { dtype: 'int32' }))],
  ['indexPut_(indices)', () => x.indexPut_([B.tensor([0], { dtype: 'int32' })], 1)],
  ['indexPut_(values)', () => x.indexPut_([[0]], y)],
  ['crossEntropy', () => x.crossEntropy(B.tensor([0], { dtype: 'int32' }))],
  ['batchNorm(gain)', () => A.ones([2, 4]).batchNorm(B.ones([4]), A.ones([4]))],
  ['batchNorm(bias)', () => A.ones([2, 4]).batchNorm(A.ones([4]), B.ones([4]))],
  ['backward(g)', () => A.ones([1, 4], { requiresGrad: true }).mul(2).backward(y)],
  [
    'grad =',
    () => {
      A.ones([1, 4], { requiresGrad: true }).grad = y;
    },
  ],
];

test.each(entries)('%s', (_, call) => {
  const before = [...guards, x, y, ...Object.values(mine.parameters), ...Object.values(others.parameters)];
  const values = before.map((tensor) => tensor.data);
  A.scope(() => B.scope(() => expect(call).toThrow(CoreError)));
  before.forEach((tensor, i) => {
    expect(tensor.data).toEqual(values[i]);
  });
});

test.each([
  ['a generator of another kind', (): unknown => A.pythonRandom(1)],
  ['an object', () => ({})],
  ['something that has its prototype', () => Object.create(Object.getPrototypeOf(A.generator()))],
  ['a number', () => 5],
  ['none', () => undefined],
])('%s as a generator is a TypeError, and the tables of constants stay as they are', (_, make) => {
  A.scope(() => {
    const generator = make() as never;
    for (const backward of ['fused', 'stepwise', 'autograd'] as const) {
      expect(() => A.trainer(mine, { dataset, generator, backward })).toThrow(TypeError);
    }
    const bnGenerator = A.generator();
    expect(() => A.createModel({ vocabSize: 5, generator, bnGenerator })).toThrow(TypeError);
    const statistics = mine.calibrate(dataset);
    expect(() => mine.sample({ statistics, vocabulary, generator })).toThrow(TypeError);
    if (generator !== undefined) expect(() => A.randn([3], { generator })).toThrow(TypeError);
    expect(A.tensor([1]).exp().item()).toBe(Math.fround(Math.E));
    expect(A.tensor([0.1], { dtype: 'float64' }).log().item()).toBe(Math.log(0.1));
  });
});
