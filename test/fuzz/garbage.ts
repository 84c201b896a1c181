// What a function should not be given, of every kind that JavaScript has.

import type { Random } from './random.js';
import { named } from './say.js';

/** Thrown by what the fuzz hands in: it may pass through the library as it is. */
export class Own extends Error {
  override readonly name = 'Own';
}

const fail = (): never => {
  throw new Own('thrown by an argument');
};

export const numbers: readonly number[] = [
  0,
  -0,
  1,
  2,
  3,
  -1,
  -2,
  0.5,
  -1.5,
  1e-320,
  7,
  2 ** 31,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53,
  2 ** 53 + 2,
  1e308,
  -1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

const bigints: readonly bigint[] = [0n, 1n, -1n, 3n, 2n ** 31n, 2n ** 53n, 2n ** 63n, -(2n ** 64n), 2n ** 4096n];

const strings: readonly string[] = [
  '',
  ' ',
  'a',
  '3',
  '-1',
  '1e3',
  'NaN',
  '.',
  '__proto__',
  'constructor',
  'length',
  'float32',
  'float64',
  'int32',
  'float16',
  'Float32',
  'strict',
  'relaxed',
  'fused',
  'emma',
  'a\0b',
  '\x1b[31m\r\n\u2028\u0085',
  '\ud800',
  'a\udfff\ud800b',
  '💡é',
  'data:text/plain,emma',
  'data:text/plain;base64,!!',
  'x'.repeat(5000),
];

function circular(): unknown[] {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

function deep(): unknown {
  let value: unknown = 1;
  for (let i = 0; i < 5000; i++) value = [value];
  return value;
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function detachedArray(): Float32Array {
  const array = new Float32Array(2);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** An array of two numbers that are others each time they are read. */
function changing(): number[] {
  let reads = 0;
  return named(
    'an array that changes as it is read',
    new Proxy([2, 3], {
      get: (target, key) =>
        key === '0' || key === '1' ? [2, 3, -1, Number.NaN, 1e9][reads++ % 5] : Reflect.get(target, key),
    }),
  );
}

const kinds: readonly ((random: Random) => unknown)[] = [
  () => undefined,
  () => null,
  (random) => random.pick(numbers),
  (random) => random.pick(numbers),
  (random) => random.pick(numbers),
  (random) => random.pick(bigints),
  (random) => random.pick(strings),
  (random) => random.pick(strings),
  (random) => random.chance(0.5),
  (random) => random.pick([Symbol('s'), Symbol.iterator, Symbol.toPrimitive]),
  (random) =>
    random.pick<unknown>([
      () => undefined,
      () => Number.NaN,
      () => 0.1,
      () => ({}),
      fail,
      (x: unknown) => x,
      function (this: unknown) {
        return this;
      },
      async () => {},
      async () => 1,
      Math.max,
      parseInt,
    ]),
  () => ({}),
  () => Object.create(null),
  () => [],
  (random) => random.pick<() => unknown>([() => new Array(2), () => new Array(1), () => new Array(7)])(),
  // biome-ignore lint/suspicious/noSparseArray: that is the point.
  () => [1, , 2],
  (random) => random.list(random.below(4), () => random.pick(numbers)),
  (random) => random.list(random.below(4), () => random.pick<unknown>([...numbers, ...bigints, ...strings, null])),
  (random) => random.list(random.below(3), () => random.list(random.below(3), () => random.pick(numbers))),
  (random) => random.list(random.below(4), () => random.pick(strings)),
  () => [[[1], [2]], [[3]]],
  circular,
  deep,
  (random) => Object.freeze(random.list(2, () => random.below(4))),
  changing,
  (random) =>
    new (random.pick<new (values: number[]) => unknown>([
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ]))(random.list(random.below(8), () => random.pick(numbers))),
  () => new BigInt64Array(2),
  () => new BigUint64Array([1n, 2n ** 40n]),
  () => Buffer.from('emma\nava\n'),
  () => new DataView(new ArrayBuffer(8)),
  () => new ArrayBuffer(8),
  () => detached(),
  () => detachedArray(),
  () => new SharedArrayBuffer(8),
  () => new Float32Array(new SharedArrayBuffer(8)),
  () => new Uint8Array(new SharedArrayBuffer(24)),
  () => new Map<unknown, unknown>([['a', 1]]),
  () => new Set([1, 2]),
  () => new WeakMap(),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => /x/g,
  () => new Error('an error'),
  () => new URL('data:text/plain,emma'),
  () => new Number(3),
  () => new String('ab'),
  () => Object(1n),
  () => Promise.resolve(1),
  () => named('new Proxy({}, {})', new Proxy({}, {})),
  () => named('new Proxy([1, 2], {})', new Proxy([1, 2], {})),
  () => named('new Proxy(function)', new Proxy(() => 1, {})),
  () => named('a proxy whose reading throws', new Proxy({}, { get: fail, has: fail, ownKeys: fail })),
  () => named('an array whose reading throws', new Proxy([1, 2], { get: fail })),
  () => ({ valueOf: () => 3, toString: () => '3' }),
  () => ({ valueOf: fail, toString: fail }),
  () => ({ length: 2, 0: 1, 1: 2 }),
  () => ({ length: -1 }),
  () => ({ length: 2 ** 53 }),
  () => ({ length: Number.NaN }),
  () => ({ [Symbol.toStringTag]: 'Float32Array', length: 2, 0: 1, 1: 2 }),
  () => ({ [Symbol.toStringTag]: 'Float32Array', length: 6 }),
  () => ({ [Symbol.toStringTag]: 'Uint8Array', length: 5056 }),
  (random) => fakeArray(random),
  (random) => fakeArray(random),
  // biome-ignore lint/suspicious/noThenProperty: that is the point.
  () => ({ then: (resolve: (value: unknown) => void) => resolve(1) }),
  // biome-ignore lint/suspicious/noThenProperty: that is the point.
  () => ({ then: fail }),
  () => ({ *[Symbol.iterator]() {} }),
  () => ({
    [Symbol.iterator]: fail,
    length: 1,
  }),
  (random) => ({ [random.pick(['dtyp', 'requiresgrad', 'Shape', 'keepDim', 'name ', 'step', 'x'])]: random.below(3) }),
  (random) => ({ dtype: random.pick<unknown>(['float32', 'float64', 'int32', 'f32', 1, null, undefined]) }),
  (random) => ({ keepdim: random.pick<unknown>([true, 1, 'yes', null]) }),
];

/** A value with dtype, shape and data, some of them wrong. */
function fakeArray(random: Random): unknown {
  const shape = random.pick<unknown>([
    [2],
    [2, 3],
    [-1],
    [Number.NaN],
    [0.5],
    [],
    new Array(2),
    '2',
    null,
    2,
    [2 ** 31],
  ]);
  const data = random.pick<unknown>([
    new Float32Array(2),
    new Float64Array(6),
    new Int32Array(2),
    Int32Array.of(99, -7),
    [1, 2],
    'ab',
    null,
    { [Symbol.toStringTag]: 'Float32Array', length: 2, 0: 1, 1: 2 },
  ]);
  return { dtype: random.pick<unknown>(['float32', 'float64', 'int32', 'int64', '__proto__', 7]), shape, data };
}

export function garbage(random: Random): unknown {
  return random.pick(kinds)(random);
}
