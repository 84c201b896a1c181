// Arguments that can't be used are rejected by name, with what was expected and what came, before anything is changed.

import { describe, expect, test } from 'vitest';
import { CoreError, DTypeError, OutOfMemoryError, ShapeError } from '../../src/base/errors.js';
import { create, init } from '../../src/handgrad.js';
import { hg } from '../support/handgrad.js';

type Thrown = new (...args: never[]) => Error;
// biome-ignore lint/suspicious/noExplicitAny: what is tested is what the types forbid.
type Wrong = any;

/** Each call throws an error of that class, whose message starts like that, and leaves memory in use as it was. */
function rejects(cases: [() => unknown, Thrown, string][]): void {
  for (const [run, type, message] of cases) {
    const before = hg.usedBytes;
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    expect(error, `${run} throws`).toBeInstanceOf(type);
    expect((error as Error).message.slice(0, message.length), `${run}`).toBe(message);
    expect(hg.usedBytes, `${run} leaks`).toBe(before);
  }
}

const x = hg.tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const integers = hg.tensor([0, 1], { dtype: 'int32' });
const other = await create();
const foreign = other.ones([2, 3]);
const foreignIndices = other.arange(2);

describe('making tensors', () => {
  test('shapes that are none', () => {
    for (const make of [hg.zeros, hg.ones, (shape: Wrong) => hg.full(shape, 1), hg.randn, hg.rand]) {
      rejects([
        [() => make([-1]), RangeError, 'shape[0]: expected an integer of at least 0, got -1'],
        [() => make([2, 1.5]), RangeError, 'shape[1]: expected an integer of at least 0, got 1.5'],
        [() => make([NaN]), RangeError, 'shape[0]: expected an integer of at least 0, got NaN'],
        [() => make([Infinity]), RangeError, 'shape[0]: expected an integer of at least 0, got Infinity'],
        [() => make(['2'] as Wrong), TypeError, 'shape[0]: expected an integer, got "2"'],
        [() => make(3 as Wrong), TypeError, 'shape: expected an array of integers, got 3'],
        [() => make('x' as Wrong), TypeError, 'shape: expected an array of integers, got "x"'],
        [() => make(null as Wrong), TypeError, 'shape: expected an array of integers, got null'],
        [() => make(undefined as Wrong), TypeError, 'shape: expected an array of integers, got undefined'],
      ]);
    }
  });

  test('shapes too large for memory', () => {
    const most = Number.MAX_SAFE_INTEGER;
    rejects(
      [
        [() => hg.zeros([2 ** 32]), OutOfMemoryError, 'memory: expected room for 16384.0 MiB more'],
        [() => hg.full([most, most], 1), OutOfMemoryError, 'memory: '],
        [() => hg.ones(new Array(40).fill(most)), OutOfMemoryError, 'memory: '],
        [
          () =>
            hg
              .zeros([1])
              .expand(2 ** 20, 2 ** 20)
              .clone(),
          OutOfMemoryError,
          'memory: ',
        ],
        [() => hg.oneHot(integers, 2 ** 40), OutOfMemoryError, 'memory: '],
        [() => hg.arange(2 ** 31), OutOfMemoryError, 'memory: '],
      ].map(([run, type, message]) => [() => hg.scope(run as () => unknown), type, message] as Wrong),
    );
    expect(hg.zeros([...new Array(40).fill(most), 0]).size).toBe(0);
    expect(hg.ones([3]).tolist()).toEqual([1, 1, 1]);
  });

  test('data that is none', () => {
    rejects([
      [() => hg.tensor('12' as Wrong), TypeError, 'data: expected a number, got "12"'],
      [() => hg.tensor(null as Wrong), TypeError, 'data: expected a number, got null'],
      [() => hg.tensor(undefined as Wrong), TypeError, 'data: expected a number, got undefined'],
      [() => hg.tensor({} as Wrong), TypeError, 'data: expected a number, got a Object'],
      [() => hg.tensor(1n as Wrong), TypeError, 'data: expected a number, got 1n'],
      [() => hg.tensor([1, '2'] as Wrong), TypeError, 'data: expected a number, got "2"'],
      [() => hg.tensor([1, undefined] as Wrong), TypeError, 'data: expected a number, got undefined'],
      [() => hg.tensor(new Uint8Array(2) as Wrong), TypeError, 'data: expected a number, got a Uint8Array'],
      [() => hg.tensor([[1, 2], [3]]), ShapeError, 'data: expected rows of 2 along axis 1, got [3]'],
      [() => hg.tensor([[1], 2]), ShapeError, 'data: expected rows of 1 along axis 1, got 2'],
      [() => hg.tensor([1, [2]]), ShapeError, 'data: expected a number along axis 0, got [2]'],
      [() => hg.tensor([[], [1]]), ShapeError, 'data: expected rows of 0 along axis 1, got [1]'],
      [() => hg.tensor([1, 2], { shape: [3] }), ShapeError, 'shape: expected one of 2 elements, got [3]'],
      [
        () => hg.tensor([1.5], { dtype: 'int32' }),
        RangeError,
        'data: expected an integer from -2147483648 to 2147483647, got 1.5',
      ],
      [() => hg.tensor([NaN], { dtype: 'int32' }), RangeError, 'data: expected an integer'],
      [() => hg.tensor([2 ** 31], { dtype: 'int32' }), RangeError, 'data: expected an integer'],
      [
        () => hg.tensor({ dtype: 'float16', shape: [1], data: new Float32Array(1) } as Wrong),
        DTypeError,
        'data: expected dtype float32',
      ],
      [
        () => hg.tensor({ shape: [2], data: [1, 2] } as Wrong),
        DTypeError,
        'data: expected dtype float32 or float64 or int32, got undefined',
      ],
      [
        () => hg.tensor({ dtype: 'float32', data: new Float32Array(1) } as Wrong),
        TypeError,
        'data.shape: expected an array of integers, got undefined',
      ],
      [
        () => hg.tensor({ dtype: 'float32', shape: [1], data: { 0: 1 } } as Wrong),
        DTypeError,
        'data: expected data in Float32Array, got a Object',
      ],
      [
        () => hg.tensor({ dtype: 'float32', shape: [2], data: new Float32Array(1) }),
        ShapeError,
        'data: expected 2 values of shape [2], got 1',
      ],
      [() => hg.full([1], '1' as Wrong), TypeError, 'value: expected a number, got "1"'],
      [() => hg.full([1], undefined as Wrong), TypeError, 'value: expected a number, got undefined'],
      [() => hg.full([1], 0.5, { dtype: 'int32' }), RangeError, 'value: expected an integer'],
      [() => hg.zerosLike(5 as Wrong), TypeError, 'like: expected a tensor, got 5'],
      [() => hg.onesLike(undefined as Wrong), TypeError, 'like: expected a tensor, got undefined'],
      [() => hg.arange(-1), RangeError, 'n: expected an integer from 0'],
      [() => hg.arange('3' as Wrong), TypeError, 'n: expected an integer, got "3"'],
    ]);
    expect(() => hg.full([2], NaN)).not.toThrow();
  });

  test('options that are none', () => {
    const calls: ((options: Wrong) => unknown)[] = [
      (options) => hg.tensor([1], options),
      (options) => hg.zeros([1], options),
      (options) => hg.full([1], 1, options),
      (options) => hg.randn([1], options),
      (options) => hg.rand([1], options),
    ];
    for (const call of calls) {
      rejects([
        [() => call({ dtype: 'float16' }), TypeError, 'dtype: expected float32 or float64'],
        [() => call({ dtype: 5 }), TypeError, 'dtype: expected float32 or float64'],
        [() => call({ dtype: null }), TypeError, 'dtype: expected float32 or float64'],
        [() => call('float64'), TypeError, 'options: expected an object, got "float64"'],
        [() => call(null), TypeError, 'options: expected an object, got null'],
        [() => call({ requiresGrad: 'yes' }), TypeError, 'requiresGrad: expected true or false, got "yes"'],
        [() => call({ name: 5 }), TypeError, 'name: expected a string, got 5'],
      ]);
    }
    rejects([
      [() => hg.randn([1], { generator: 5 as Wrong }), TypeError, 'generator: expected a Generator, got 5'],
      [() => hg.randn([1], { dtype: 'int32' as Wrong }), TypeError, 'dtype: expected float32 or float64, got "int32"'],
      [() => hg.oneHot([1] as Wrong, 2), TypeError, 'indices: expected a tensor, got [1]'],
      [() => hg.oneHot(x, 2), DTypeError, 'indices: expected int32, got float32'],
      [() => hg.oneHot(integers, 0), RangeError, 'numClasses: expected an integer of at least 1, got 0'],
      [
        () => hg.oneHot(integers, 2, { dtype: 'int32' as Wrong }),
        TypeError,
        'dtype: expected float32 or float64, got "int32"',
      ],
      [() => hg.oneHot(foreignIndices, 2), CoreError, 'indices: expected a tensor of the same core'],
    ]);
  });
});

describe('operations', () => {
  test.each(['add', 'sub', 'mul', 'div', 'add_', 'sub_', 'mul_', 'div_', 'matmul'] as const)('%s', (name) => {
    const call = (value: Wrong) => () => x[name](value);
    rejects([
      [call('2'), TypeError, 'other: expected a tensor, got "2"'],
      [call(null), TypeError, 'other: expected a tensor, got null'],
      [call(undefined), TypeError, 'other: expected a tensor, got undefined'],
      [call([1, 2, 3]), TypeError, 'other: expected a tensor, got [1, 2, 3]'],
      [call({ shape: [2, 3] }), TypeError, 'other: expected a tensor, got a Object'],
      [call(integers), DTypeError, 'other: expected float32, got int32'],
      [call(foreign), CoreError, 'other: expected a tensor of the same core, got tensor (float32 [2, 3]) of another'],
    ]);
    const apart = hg.ones([2]);
    const message =
      name === 'matmul' ? 'other: expected shapes [m, k] and [k, n], got [2, 3] and [2, 1]' : 'other: expected ';
    rejects([[call(apart), ShapeError, message]]);
    const double = hg.ones([3], { dtype: 'float64' });
    rejects([[call(double), DTypeError, 'other: expected float32, got float64']]);
    expect(x.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('integers have no arithmetic, but views, copies and rows', () => {
    for (const run of [
      () => integers.add(1),
      () => integers.add_(1),
      () => integers.neg(),
      () => integers.exp(),
      () => integers.pow(2),
      () => integers.sum(),
      () => integers.mean(0),
      () => integers.max(),
      () => integers.argmax(),
      () => integers.softmax(),
      () => integers.view(1, 2).matmul(integers),
    ])
      rejects([[run, DTypeError, 'tensor (int32 [']]);
    const table = hg.tensor(
      [
        [1, -2],
        [2 ** 31 - 1, 4],
        [0x7fa00001, 6],
      ],
      { dtype: 'int32' },
    );
    expect(table.index([2, 0]).tolist()).toEqual([
      [0x7fa00001, 6],
      [1, -2],
    ]);
    expect(table.index([2, 1], [0, 1]).tolist()).toEqual([0x7fa00001, 4]);
    expect(table.T.contiguous().view(-1).tolist()).toEqual([1, 2 ** 31 - 1, 0x7fa00001, -2, 4, 6]);
    expect(hg.tensor([1.9, -1.9]).to('int32').tolist()).toEqual([1, -1]);
  });

  test('exponents, values and dtypes', () => {
    rejects([
      [() => x.pow('2' as Wrong), TypeError, 'exponent: expected a number, got "2"'],
      [() => x.pow(undefined as Wrong), TypeError, 'exponent: expected a number, got undefined'],
      [() => x.fill_('2' as Wrong), TypeError, 'value: expected a number, got "2"'],
      [() => x.fill_(undefined as Wrong), TypeError, 'value: expected a number, got undefined'],
      [() => integers.fill_(1.5), RangeError, 'value: expected an integer'],
      [() => x.to('float16' as Wrong), TypeError, 'dtype: expected float32 or float64 or int32, got "float16"'],
      [() => x.to(undefined as Wrong), TypeError, 'dtype: expected'],
    ]);
    expect(x.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(integers.tolist()).toEqual([0, 1]);
  });

  test.each(['sum', 'mean', 'max', 'argmax', 'softmax'] as const)('axes of %s', (name) => {
    const call = (dim: Wrong, options?: Wrong) => () => (x[name] as Wrong)(dim, options);
    rejects([
      [call(2), ShapeError, 'dim: expected an axis from -2 to 1, got 2'],
      [call(-3), ShapeError, 'dim: expected an axis from -2 to 1, got -3'],
      [call(0.5), ShapeError, 'dim: expected an axis from -2 to 1, got 0.5'],
      [call(NaN), ShapeError, 'dim: expected an axis from -2 to 1, got NaN'],
      [call('0'), TypeError, 'dim: expected an axis'],
      [call(null), TypeError, 'dim: expected an axis'],
      [call({}), TypeError, 'dim: expected an axis'],
    ]);
    if (name === 'softmax') return;
    rejects([
      [call(0, null), TypeError, 'options: expected an object, got null'],
      [call(0, true), TypeError, 'options: expected an object, got true'],
      [call(0, { keepdim: 1 }), TypeError, 'keepdim: expected true or false, got 1'],
    ]);
  });

  test('axes given twice, of scalars, and without elements', () => {
    const empty = hg.zeros([2, 0]);
    rejects([
      [() => x.sum([0, -2]), ShapeError, 'dim: expected each axis once, got [0, -2]'],
      [() => x.sum(['0'] as Wrong), TypeError, 'dim[0]: expected an axis, got "0"'],
      [() => hg.scope(() => hg.ones([]).softmax()), ShapeError, 'dim: expected a tensor with axes, got a scalar'],
      [
        () => empty.max(),
        ShapeError,
        'tensor (float32 [2, 0]): expected elements, of which one is the largest, got none',
      ],
      [() => empty.argmax(), ShapeError, 'tensor (float32 [2, 0]): expected elements, of which one is the largest'],
      [() => empty.max(1), ShapeError, 'dim: expected an axis with elements, got axis 1 of tensor (float32 [2, 0])'],
      [() => x.transpose(0, 2), ShapeError, 'dim1: expected an axis from -2 to 1, got 2'],
      [() => x.transpose('0' as Wrong, 1), TypeError, 'dim0: expected an axis, got "0"'],
      [() => (x.transpose as Wrong)(), TypeError, 'dim0: expected an axis, got undefined'],
      [
        () => hg.scope(() => hg.ones([2]).T),
        ShapeError,
        'tensor (float32 [2]): expected a matrix to transpose, got 1 axes',
      ],
    ]);
    expect(hg.ones([2, 1, 3]).transpose(0, 1).view(6).tolist()).toHaveLength(6);
    expect(empty.max(0).values.shape).toEqual([0]);
    expect(empty.softmax().shape).toEqual([2, 0]);
  });

  test('shapes of views', () => {
    for (const name of ['view', 'reshape'] as const) {
      const call =
        (...shape: Wrong) =>
        () =>
          x[name](...(shape as [number]));
      rejects([
        [call(4), ShapeError, 'shape: expected a shape of 6 elements, got [4]'],
        [call(-1, 4), ShapeError, 'shape: expected a shape of 6 elements, got [-1, 4]'],
        [call(-1, -1), ShapeError, 'shape: expected a shape of 6 elements, got [-1, -1]'],
        [call(-2, -3), ShapeError, 'shape: expected a shape of 6 elements, got [-2, -3]'],
        [call(1.5, 4), ShapeError, 'shape: expected a shape of 6 elements, got [1.5, 4]'],
        [call(NaN), ShapeError, 'shape: expected a shape of 6 elements, got [NaN]'],
        [call('6'), TypeError, 'shape[0]: expected a number, got "6"'],
        [call(null), TypeError, 'shape[0]: expected a number, got null'],
        [call(undefined), TypeError, 'shape[0]: expected a number, got undefined'],
      ]);
    }
    rejects(
      [
        [() => x.T.view(6), ShapeError, 'shape: expected a contiguous tensor to view'],
        [() => x.expand(3, 3), ShapeError, 'shape: expected shapes where [2, 3] broadcasts to [3, 3]'],
        [() => x.expand(3), ShapeError, 'shape: expected shapes where [2, 3] broadcasts to [3]'],
        [() => x.expand(-1, 3), RangeError, 'shape[0]: expected an integer of at least 0, got -1'],
        [() => x.expand('2' as Wrong), TypeError, 'shape[0]: expected an integer, got "2"'],
      ].map(([run, type, message]) => [() => hg.scope(run as () => unknown), type, message] as Wrong),
    );
  });

  test('indices', () => {
    rejects([
      [() => x.index([2]), RangeError, 'indices[0]: expected indices from -2 to 1, got 2'],
      [() => x.index([-3]), RangeError, 'indices[0]: expected indices from -2 to 1, got -3'],
      [() => x.index([0], [3]), RangeError, 'indices[1]: expected indices from -3 to 2, got 3'],
      [() => x.index([0.5]), RangeError, 'indices[0][0]: expected an integer'],
      [() => x.index([2 ** 31 - 1]), RangeError, 'indices[0]: expected indices from -2 to 1, got 2147483647'],
      [() => x.index([-(2 ** 31)]), RangeError, 'indices[0]: expected indices from -2 to 1, got -2147483648'],
      [
        () => x.index([0, 2 ** 31]),
        RangeError,
        'indices[0][1]: expected an integer from -2147483648 to 2147483647, got 2147483648',
      ],
      [() => x.index([-(2 ** 31) - 1]), RangeError, 'indices[0][0]: expected an integer from -2147483648 to'],
      [() => x.index(['0'] as Wrong), TypeError, 'indices[0][0]: expected an integer, got "0"'],
      [() => x.index(0 as Wrong), TypeError, 'indices[0]: expected an int32 tensor or a list of integers, got 0'],
      [() => x.index(null as Wrong), TypeError, 'indices[0]: expected an int32 tensor or a list of integers, got null'],
      [
        () => x.index(new Float32Array(1) as Wrong),
        TypeError,
        'indices[0]: expected an int32 tensor or a list of integers, got a Float32Array',
      ],
      [() => x.index(x), DTypeError, 'indices[0]: expected int32, got float32'],
      [() => x.index([0], [0, 1]), ShapeError, 'indices[1]: expected the shape [1] of the first, got [2]'],
      [() => (x.index as Wrong)(), ShapeError, 'indices: expected 1 to 2 for tensor (float32 [2, 3]), got 0'],
      [
        () => (x.index as Wrong)([0], [0], [0]),
        ShapeError,
        'indices: expected 1 to 2 for tensor (float32 [2, 3]), got 3',
      ],
      [() => x.index(foreignIndices), CoreError, 'indices[0]: expected a tensor of the same core'],
      [() => x.indexPut_('0' as Wrong, 1), TypeError, 'indices: expected a list of indices, got "0"'],
      [() => x.indexPut_([], 1), ShapeError, 'indices: expected 1 to 2'],
      [() => x.indexPut_([[0]], '1' as Wrong), TypeError, 'values: expected a tensor, got "1"'],
      [() => x.indexPut_([[0]], foreign), CoreError, 'values: expected a tensor of the same core'],
      [() => x.indexPut_([[0]], 1, null as Wrong), TypeError, 'options: expected an object, got null'],
      [() => x.indexPut_([[0]], integers), ShapeError, 'values: expected float32 [1, 3], got tensor (int32 [2])'],
      [() => integers.indexPut_([[0]], 1.5), RangeError, 'values: expected an integer'],
    ]);
    expect(x.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('crossEntropy and batchNorm', () => {
    const [three, column] = [hg.ones([3]), hg.ones([3, 1])];
    const wrong = hg.tensor([0, 3], { dtype: 'int32' });
    const double = hg.ones([3], { dtype: 'float64' });
    rejects([
      [() => x.crossEntropy([0, 1] as Wrong), TypeError, 'targets: expected a tensor, got [0, 1]'],
      [() => x.crossEntropy(three), ShapeError, 'targets: expected [2], got [3]'],
      [() => hg.scope(() => x.crossEntropy(hg.ones([2]))), DTypeError, 'targets: expected int32, got float32'],
      [() => x.crossEntropy(wrong), RangeError, 'targets: expected classes from 0 to 2, got 3'],
      [() => x.crossEntropy(foreignIndices), CoreError, 'targets: expected a tensor of the same core'],
      [() => three.crossEntropy(integers), ShapeError, 'logits: expected [n, classes], neither of them 0, got [3]'],
      [() => x.batchNorm(three, undefined as Wrong), TypeError, 'bias: expected a tensor, got undefined'],
      [() => x.batchNorm(1 as Wrong, three), TypeError, 'gain: expected a tensor, got 1'],
      [() => x.batchNorm(column, three), ShapeError, 'gain: expected [3] or [1, 3], got [3, 1]'],
      [() => x.batchNorm(three, double), DTypeError, 'bias: expected float32, got float64'],
      [() => x.batchNorm(three, three, { eps: -1 }), RangeError, 'eps: expected a finite number of at least 0, got -1'],
      [() => x.batchNorm(three, three, { eps: '1' as Wrong }), TypeError, 'eps: expected a number, got "1"'],
      [() => x.batchNorm(three, three, null as Wrong), TypeError, 'options: expected an object, got null'],
      [
        () => hg.scope(() => x.index([0]).batchNorm(three, three)),
        ShapeError,
        'tensor (float32 [1, 3]): expected [n, features] with n of at least 2, got [1, 3]',
      ],
    ]);
  });

  test('item of several elements', () => {
    rejects([[() => x.item(), ShapeError, 'tensor (float32 [2, 3]): expected one element, got 6']]);
  });
});

test('a build that there is not, options that are none', async () => {
  await expect(init({ build: 'fast' as Wrong })).rejects.toThrow(
    /^build: expected strict or relaxed or auto, got "fast"$/,
  );
  await expect(init(null as Wrong)).rejects.toThrow(/^options: expected an object, got null$/);
});
