// Arguments that once gave wrong numbers in silence, or an error of the engine's: each is refused by name, and allocation stays sound.

import { describe, expect, test } from 'vitest';
import { DTypeError, GraphError, OutOfMemoryError, ReleasedError, ShapeError } from '../../src/base/errors.js';
import { create } from '../../src/handgrad.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { hg, leaf } from '../support/handgrad.js';

// biome-ignore lint/suspicious/noExplicitAny: what is tested is what the types forbid.
type Wrong = any;

/** [0, , 2] and the like. */
function withHole(...values: number[]): number[] {
  const list = [...values];
  delete list[1];
  return list;
}

/** Throws an error of that class and message, leaks nothing, and leaves an allocator that gives each tensor memory of its own. */
function refused(call: () => unknown, type: new (...args: never[]) => Error, message: RegExp): void {
  hg.scope(() => {
    const before = hg.usedBytes;
    expect(call).toThrow(message);
    expect(call).toThrow(type);
    expect(hg.usedBytes).toBe(before);
    const [a, b] = [hg.tensor([1, 2, 3]), hg.tensor([7, 8, 9])];
    expect([a.tolist(), b.tolist()]).toEqual([
      [1, 2, 3],
      [7, 8, 9],
    ]);
  });
}

describe('lists with holes', () => {
  const x = leaf([3, 4]);
  const generator = hg.generator();
  test.each<[string, () => unknown, RegExp]>([
    ['zeros', () => hg.zeros(new Array(2)), /^shape\[0\]: expected an integer, got undefined/],
    ['ones', () => hg.ones(withHole(2, 2, 2)), /^shape\[1\]: expected an integer, got undefined/],
    ['full', () => hg.full(withHole(2, 2, 3), 1), /^shape\[1\]/],
    ['randn', () => hg.randn(withHole(2, 2)), /^shape\[1\]/],
    ['rand', () => hg.rand(withHole(2, 2)), /^shape\[1\]/],
    ['randint', () => hg.randint(0, 3, withHole(2, 2)), /^shape\[1\]/],
    ['generator.randn', () => generator.randn(withHole(2, 2)), /^shape\[1\]/],
    ['tensor', () => hg.tensor(withHole(1, 2, 3)), /^data: expected a number, got undefined/],
    ['tensor in a shape', () => hg.tensor([1, 2], { shape: withHole(2, 1) }), /^shape\[1\]/],
    ['index', () => x.index(withHole(0, 1, 2)), /^indices\[0\]\[1\]: expected an integer, got undefined/],
    ['indexPut_', () => hg.noGrad(() => x.indexPut_([withHole(0, 1, 2)], 1)), /^indices\[0\]\[1\]/],
    ['indexPut_, a list missing', () => hg.noGrad(() => x.indexPut_(new Array(2) as Wrong, 1)), /^indices\[0\]/],
    ['sum', () => x.sum(withHole(0, 1)), /^dim\[1\]: expected an axis, got undefined/],
    ['mean', () => x.mean(new Array(1)), /^dim\[0\]/],
    ['view', () => x.view(withHole(3, 4)), /^shape\[1\]: expected a number, got undefined/],
    ['reshape', () => x.reshape(withHole(12, 2)), /^shape\[1\]/],
    ['expand', () => x.expand(withHole(3, 4)), /^shape\[1\]/],
  ])('%s', (_, call, message) => {
    const release = hg.scope();
    refused(call, TypeError, message);
    release.close();
  });
});

test.each<[string, () => unknown]>([['deepStrictEqual’s way', () => Object.keys(hg.ones([1])).includes('id')]])(
  'tensors have an own property that tells them apart: %s',
  (_, has) => {
    expect(has()).toBe(true);
  },
);

test('no two tensors are equal to toEqual, however alike', () => {
  const [a, b, c] = [hg.tensor([1, 2]), hg.tensor([3, 4]), hg.tensor([1, 2])];
  expect(a).not.toEqual(b);
  expect(a).not.toEqual(c);
  expect({ x: [a] }).not.toEqual({ x: [b] });
  expect(a).not.toStrictEqual(b);
  expect(a).toEqual(a);
  expect(a).not.toEqual(a.detach());
  for (const make of [() => hg.generator(), () => hg.pythonRandom(1)]) expect(make()).not.toEqual(make());
});

test('a tensor or a generator can’t be cloned or posted, and the error says what can', () => {
  for (const value of [hg.ones([2]), leaf([1]), hg.generator(), hg.pythonRandom(1), { deep: [hg.ones([1])] }]) {
    expect(() => structuredClone(value)).toThrow(/could ?n.t be cloned|could not be cloned|DataCloneError/i);
  }
  const { dtype, shape, data } = hg.ones([2]);
  expect(structuredClone({ dtype, shape, data }).data).toEqual(Float32Array.of(1, 1));
});

test('changing the shape that a tensor told changes no tensor', () => {
  const x = hg.ones([2, 3]);
  (x.shape as number[]).reverse().push(1000);
  expect(x.shape).toEqual([2, 3]);
  expect(x.sum(1).tolist()).toEqual([3, 3]);
});

describe('names and arguments that do not exist', () => {
  const x = leaf([2, 3]);
  const targets = hg.tensor([0, 1], { dtype: 'int32' });
  const generator = hg.generator();
  test.each<[string, () => unknown, RegExp]>([
    [
      'sum',
      () => x.sum(0, { keepDim: true } as Wrong),
      /^options: expected keepdim, got "keepDim"; the nearest is keepdim/,
    ],
    ['mean', () => x.mean(0, { keepdims: true } as Wrong), /nearest is keepdim/],
    ['max', () => x.max(0, { keepDim: true } as Wrong), /nearest is keepdim/],
    ['argmax', () => x.argmax(0, { keepDim: true } as Wrong), /nearest is keepdim/],
    [
      'crossEntropy',
      () => (x as Wrong).crossEntropy(targets, { labelSmoothing: 0.1 }),
      /^crossEntropy: expected at most 1 arguments, got 2/,
    ],
    ['softmax', () => (x as Wrong).softmax(1, { dtype: 'float64' }), /^softmax: expected at most 1 arguments/],
    ['batchNorm', () => x.batchNorm(x, x, { epsilon: 1 } as Wrong), /nearest is eps/],
    ['backward', () => x.backward(null, { retain_graph: true } as Wrong), /nearest is retainGraph/],
    ['indexPut_', () => x.indexPut_([[0]], 1, { acumulate: true } as Wrong), /nearest is accumulate/],
    ['tensor', () => hg.tensor([1], { requires_grad: true } as Wrong), /nearest is requiresGrad/],
    ['randn', () => hg.randn([1], { seed: 1 } as Wrong), /^options: expected dtype, .*got "seed"/],
    ['generator.randn', () => generator.randn([1], { generator: 1 } as Wrong), /got "generator"/],
    ['oneHot', () => hg.oneHot(targets, 2, { dType: 'float64' } as Wrong), /nearest is dtype/],
    ['add', () => (x as Wrong).add(1, { alpha: 2 }), /^add: expected at most 1 arguments, got 2/],
    ['arange', () => (hg as Wrong).arange(2, 5), /^arange: expected at most 1 arguments, got 2/],
    ['zeros', () => (hg as Wrong).zeros([2], {}, 3), /^zeros: expected at most 2 arguments/],
    ['scope', () => (hg as Wrong).scope(() => 1, 2), /^scope: expected at most 1 arguments/],
  ])('%s', (_, call, message) => {
    const release = hg.scope();
    refused(call, TypeError, message);
    release.close();
  });
});

describe('data without end', () => {
  test('arrays in themselves, in depth, and in great numbers by repetition', () => {
    const circular: unknown[] = [];
    circular.push(circular);
    refused(() => hg.tensor(circular as Wrong), ShapeError, /^data: expected at most 64 axes/);
    let deep: unknown = 1;
    for (let i = 0; i < 64; i++) deep = [deep];
    const ones = new Array(64).fill(1);
    expect(hg.tensor(deep as Wrong).shape).toEqual(ones);
    expect(hg.zeros(ones).shape).toEqual(ones);
    expect(hg.ones([1]).view(ones).shape).toEqual(ones);
    refused(() => hg.tensor([deep] as Wrong), ShapeError, /^data: expected at most 64 axes/);
    let wide: unknown = [1];
    for (let i = 0; i < 40; i++) wide = [wide, wide];
    refused(() => hg.tensor(wide as Wrong), OutOfMemoryError, /^data: expected at most/);
    let hollow: unknown = [];
    for (let i = 0; i < 40; i++) hollow = [hollow, hollow];
    refused(() => hg.tensor(hollow as Wrong), OutOfMemoryError, /^data: expected at most/);
    refused(() => hg.zeros(new Array(65).fill(1)), ShapeError, /^shape: expected at most 64 axes, got 65/);
    const one = hg.ones([1]);
    refused(() => one.view(new Array(65).fill(1)), ShapeError, /^shape: expected a shape of 1 elements/);
  });

  test('arrays that pretend to be typed, and views that are no arrays', () => {
    const fake = { [Symbol.toStringTag]: 'Float32Array', length: 1, 0: 5 };
    refused(
      () => hg.tensor({ dtype: 'float32', shape: [1], data: fake } as Wrong),
      DTypeError,
      /^data: expected data in/,
    );
    refused(() => hg.tensor(Object.create(Float32Array.prototype)), TypeError, /^data: expected a number/);
    refused(
      () => hg.tensor(new DataView(new ArrayBuffer(4)) as Wrong),
      TypeError,
      /^data: expected a number, got a DataView/,
    );
    const pretender = Object.create(Object.getPrototypeOf(hg.ones([1])));
    refused(() => hg.tensor(pretender), TypeError, /^data: expected/);
  });

  test('seeds of any size are taken, and quickly', () => {
    const random = hg.pythonRandom(2n ** 200_000n);
    expect(random.random()).toBeGreaterThanOrEqual(0);
    random.dispose();
  });
});

describe('to int32', () => {
  test('cuts towards 0, as PyTorch does', () => {
    expect(hg.tensor([1.9, -1.9, 2147483520, -2147483648, -0.5]).to('int32').tolist()).toEqual([
      1, -1, 2147483520, -2147483648, 0,
    ]);
    const edges = hg.tensor([2147483647.9, -2147483648.9], { dtype: 'float64' });
    expect(edges.to('int32').tolist()).toEqual([2147483647, -2147483648]);
  });

  test.each([3e9, -3e9, 2147483648, -2147483649, NaN, Infinity, -Infinity])(
    'refuses %d, which PyTorch turns into anything',
    (value) => {
      const release = hg.scope();
      const x = hg.tensor([0, value], { dtype: 'float64' });
      refused(() => x.to('int32'), RangeError, /expected numbers that int32 reaches, got .* at element 1$/);
      release.close();
    },
  );
});

test('softmax along any axis gives a contiguous tensor, with the same numbers and gradients', () => {
  const x = leaf([3, 4, 5]);
  for (const dim of [0, 1, 2]) {
    const out = x.softmax(dim);
    expect(out.view(60).tolist()).toHaveLength(60);
    const along = (tensor: Tensor) => tensor.transpose(dim, 2).contiguous();
    expect(out.tolist()).toEqual(along(along(x.detach()).softmax(2)).tolist());
    expect(x.detach().softmax(dim).add_(1).size).toBe(60);
    out.sum().backward();
  }
});

describe('typed arrays are read as the engine has them', () => {
  test('whatever length one says it has', () => {
    hg.full([10], 42).dispose();
    const values = Object.defineProperty(new Float32Array([1, 2]), 'length', { value: 10 });
    expect(hg.tensor(values).tolist()).toEqual([1, 2]);
    const few = Object.defineProperty(new Float32Array([1, 2, 3]), 'length', { value: 2 });
    const ndarray = { dtype: 'float32', shape: [2], data: few } as const;
    refused(() => hg.tensor(ndarray), ShapeError, /^data: expected 2 values of shape \[2\], got 3/);
  });

  test('and lists by their indices, not by an iterator of their own', () => {
    class Own extends Array<number> {
      override [Symbol.iterator]() {
        return [7].values();
      }
    }
    expect(hg.tensor(Own.of(1, 2, 3)).tolist()).toEqual([1, 2, 3]);
  });

  test('one that was given away is empty', () => {
    const given = new Float32Array([1, 2]);
    structuredClone(given, { transfer: [given.buffer] });
    expect(hg.tensor(given).tolist()).toEqual([]);
  });

  test('options that change when they are read again are read once', () => {
    let reads = 0;
    const options = {
      get dtype() {
        return reads++ === 0 ? 'float64' : 'toString';
      },
    } as const;
    expect(hg.zeros([2], options as Wrong).dtype).toBe('float64');
    expect(reads).toBe(1);
  });
});

describe('changes in place', () => {
  test('by what requires a gradient, which would be lost, are refused', () => {
    const w = leaf([2]);
    const a = hg.zeros([2], { dtype: 'float64' });
    for (const name of ['add_', 'sub_', 'mul_', 'div_'] as const) {
      refused(() => a[name](w), GraphError, /^other: expected an operand that requires no gradient/);
    }
    refused(() => a.indexPut_([[0, 1]], w), GraphError, /^values: expected an operand/);
    expect(hg.noGrad(() => a.add_(w)).tolist()).toEqual(w.tolist());
    expect(a.sub_(w.detach()).tolist()).toEqual([0, 0]);
  });
});

describe('backward', () => {
  test('that runs out of memory adds nothing, so that it can be run again', async () => {
    const own = await create({ memory: { maximumPages: 4 } });
    const x = own.ones([3000], { requiresGrad: true });
    const sum = x.exp().tanh().sum();
    // Made later than the chain, w has its gradient before the chain needs room for its own.
    const w = own.ones([1], { requiresGrad: true });
    const loss = sum.mul(w).mul(w);
    const room = own.zeros([20_000]);
    const filling: Tensor[] = [];
    const fill = () => {
      for (;;) filling.push(own.zeros([500]));
    };
    expect(fill).toThrow(OutOfMemoryError);
    const before = own.usedBytes;
    expect(() => loss.backward()).toThrow(OutOfMemoryError);
    expect([x.grad, w.grad]).toEqual([null, null]);
    expect(own.usedBytes).toBe(before);
    room.dispose();
    loss.backward();
    expect(w.grad!.item()).toBeCloseTo(2 * loss.item(), 2);
    expect(x.grad!.size).toBe(3000);
  });

  test('takes a gradient that it changes itself', () => {
    const [z, x] = [hg.ones([2], { requiresGrad: true }), hg.ones([2], { requiresGrad: true })];
    x.mul(3).sum().backward();
    x.add(z).backward(x.grad);
    expect(z.grad!.tolist()).toEqual([3, 3]);
    expect(x.grad!.tolist()).toEqual([6, 6]);
  });
});

test('a tensor that is its own gradient, and a long chain of gradients, are disposed of', () => {
  const x = hg.ones([1]);
  x.grad = x;
  x.dispose();
  expect(() => x.data).toThrow(ReleasedError);
  const chain = Array.from({ length: 20_000 }, () => hg.ones([1]));
  for (let i = 0; i + 1 < chain.length; i++) chain[i]!.grad = chain[i + 1]!;
  chain[0]!.dispose();
  expect(() => chain.at(-1)!.data).toThrow(ReleasedError);
});

test('keepdim without an axis is kept or refused, never ignored', () => {
  const x = hg.tensor([[1, 2]]);
  expect(x.argmax(undefined, { keepdim: true }).shape).toEqual([1, 1]);
  expect(x.sum(undefined, { keepdim: true }).shape).toEqual([1, 1]);
  expect(() => (x as Wrong).max(undefined, { keepdim: true })).toThrow(/^keepdim: expected an axis/);
  expect(() => (x as Wrong).max(undefined, { kepdim: true })).toThrow(/nearest is keepdim/);
});

test('more arrays than there can be are not made', () => {
  expect(() => hg.zeros([2 ** 32, 0]).tolist()).toThrow(OutOfMemoryError);
});

test('integers are int32, whatever dtype is asked for: that is refused', () => {
  refused(() => hg.randint(0, 5, [3], { dtype: 'float64' } as Wrong), TypeError, /got "dtype"/);
  refused(() => hg.randperm(3, { requiresGrad: true } as Wrong), TypeError, /got "requiresGrad"/);
});
