import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { list, number } from '../../src/base/check.js';
import { options } from '../../src/base/options.js';
import { escapeControls, guess, show } from '../../src/base/show.js';
import { strictArguments } from '../../src/base/surplus.js';
import { bytes, typedArrayName } from '../../src/base/typedArrays.js';
import * as library from '../../src/index.js';
import { modelOf } from '../support/model.js';

const sparse = [1, 2, 3];
delete sparse[1];

describe('show', () => {
  const circular: unknown[] = [];
  circular.push(circular);
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each<[unknown, string]>([
    ['text', '"text"'],
    ['\u001b[31mred\u202e\u0085', '"\\u001b[31mred\\u202e\\u0085"'],
    ['\ud800', '"\\ud800"'],
    ['x'.repeat(1000), `"${'x'.repeat(60)}…"`],
    [10n ** 39n, `1${'0'.repeat(39)}n`],
    [2n ** 2_000_000n, 'a bigint beyond 10^40'],
    [sparse, '[1, undefined, 3]'],
    [new Array(2 ** 32 - 1), 'an array of 4294967295'],
    [circular, '[[[an array of 1]]]'],
    [deep, '[[[an array of 1]]]'],
    [Symbol('s'), 'a symbol'],
    [() => 1, 'a function'],
    [Object.create(null), 'a object'],
    [{ constructor: { name: Symbol('s') } }, 'a Symbol(s)'],
    [new Map(), 'a Map'],
    [{ constructor: { name: 'a\nb\u001b' } }, 'a a\\u000ab\\u001b'],
  ])('a value in a message: %#', (value, text) => {
    expect(show(value)).toBe(text);
  });

  test('of what cannot be looked at says so', () => {
    const thrower = {
      get constructor(): never {
        throw new Error('no');
      },
    };
    for (const hostile of [revoked.proxy, thrower]) expect(show(hostile)).toBe('an object that cannot be looked at');
  });

  test('is short and on one line, whatever the value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(show(value)).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,2000}$/u);
      }),
    );
  });
});

test('control characters, direction marks and halves of pairs are written as escapes', () => {
  expect(escapeControls('a\tb\n\u2028é漢\u{e0001}')).toBe('a\\u0009b\\u000a\\u2028é漢\\u{e0001}');
});

describe('options', () => {
  test('with an unknown name are a TypeError that names the nearest known one', () => {
    const known = ['keepdim', 'labelSmoothing', 'eps'] as never[];
    const check = (value: object) => () => options('options', value, known);
    expect(check({ keepDim: true })).toThrow('got "keepDim"; the nearest is keepdim');
    expect(check({ label_smoothing: 1 })).toThrow('the nearest is labelSmoothing');
    expect(check({ epsilon: 1 })).toThrow('the nearest is eps');
    expect(check({ ['x'.repeat(100_000)]: 1 })).toThrow(TypeError);
    expect(check({ '\u001b[2J': 1 })).toThrow(/^[^\p{Cc}]*$/u);
    expect(options('options', undefined, known)).toEqual({});
    expect(() => options('options', null as never, known)).toThrow('options: expected an object, got null');
  });

  test.each([
    ['vocab_size', ['hidden', 'vocabSize', 'blockSize'], 'vocabSize'],
    ['embd', ['hidden', 'eps', 'embed'], 'embed'],
    ['titel', ['bins', 'range', 'title'], 'title'],
    ['X1', ['y', 'x'], 'x'],
    ['stats', ['dev', 'statistics'], 'statistics'],
  ])('the guess for %s, of %j, needs the fewest changes', (name, names, expected) => {
    expect(guess(name, names)).toBe(`; the nearest is ${expected}`);
    expect(guess(name, names, show)).toBe(`; the nearest is "${expected}"`);
  });

  test.each([
    ['id', ['F', 'd', 'int', 'dim']],
    ['isinstance', ['int', 'min', 'sin']],
    ['cuda', ['add', 'cumsum', 'data', 'uniform_']],
    ['gelu', ['tanh', 'exp', 'softmax']],
    ['multinomial', ['mul']],
    ['z', ['x', 'y', 'xy']],
    ['', ['x', 'title']],
    ['anything', []],
  ])('there is no guess for %s, of %j', (name, names) => {
    expect(guess(name, names)).toBe('');
  });
});

describe('lists', () => {
  test('are read once, without holes', () => {
    let reads = 0;
    const counted = new Proxy([1, 2], {
      get(target, key) {
        if (key === '0') reads++;
        return Reflect.get(target, key);
      },
    });
    expect(list('list', counted, number)).toEqual([1, 2]);
    expect(reads).toBe(1);
    expect(list('list', new Float32Array([1, 2]), number)).toEqual([1, 2]);
    expect(() => list('list', sparse, number)).toThrow('list[1]: expected a number, got undefined');
    expect(() => list('list', new Array(2 ** 32 - 1), number)).toThrow('list[0]');
    for (const none of [
      null,
      undefined,
      'ab',
      5,
      { length: 1 },
      new DataView(new ArrayBuffer(8)),
      new BigInt64Array(1),
    ]) {
      expect(() => list('list', none, number)).toThrow(/^list: expected an array, got/);
    }
  });

  test('typed arrays are told from what pretends to be one', () => {
    expect(typedArrayName(new Float32Array(1))).toBe('Float32Array');
    expect(typedArrayName({ [Symbol.toStringTag]: 'Float32Array', length: 1 })).toBeUndefined();
    expect(typedArrayName(new DataView(new ArrayBuffer(1)))).toBeUndefined();
    expect(() => bytes('bytes', new DataView(new ArrayBuffer(1)))).toThrow(
      'bytes: expected a Uint8Array, got a DataView',
    );
  });
});

describe('arguments beyond those that a function takes', () => {
  test('are refused, unless they are undefined', () => {
    const { f, g } = strictArguments({ f: (a: number) => a, g: (...all: number[]) => all.length }, ['g']);
    expect((f as (...all: unknown[]) => number)(1, undefined)).toBe(1);
    expect(() => (f as (...all: unknown[]) => number)(1, 2)).toThrow('f: expected at most 1 arguments, got 2');
    expect(g(1, 2, 3)).toBe(3);
  });

  test('are none where a function of one is given to map', async () => {
    const hg = await library.create();
    expect([['a'], ['b']].map(library.split).map(({ train }) => train)).toHaveLength(2);
    expect([hg.ones([2]), hg.ones([3])].map(hg.zerosLike).map(({ shape }) => shape)).toEqual([[2], [3]]);
    expect([5, 6].map(hg.pythonRandom).map((random) => random.getrandbits(8))).toHaveLength(2);
  });

  test('are refused by every function of the library', async () => {
    const hg = await library.create();
    const model = modelOf(hg);
    const trainer = hg.trainer(model, {
      dataset: library.buildDataset(['ava'], new library.Vocabulary(['ava']), 3),
      generator: hg.generator(),
    });
    const { Vocabulary, ...rest } = library;
    const free = Object.entries(rest).filter(([name, value]) => typeof value === 'function' && !/Error$/.test(name));
    const own = Object.entries(hg).filter(([, value]) => typeof value === 'function');
    const scope = hg.scope();
    scope.close();
    const objects = [hg.ones([2]), model, trainer, hg.generator(), hg.pythonRandom(1), new Vocabulary(['a']), scope];
    const methods = objects.flatMap((object) =>
      prototypes(object).flatMap((prototype) =>
        Object.entries(Object.getOwnPropertyDescriptors(prototype))
          .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
          .map(([name, { value }]) => [name, value.bind(object), value.length] as const),
      ),
    );
    const variadic = ['view', 'reshape', 'expand', 'index', 'toJSON'];
    const all = [...free, ...own, ...methods].filter(([name]) => !variadic.includes(name));
    expect(all.length).toBeGreaterThan(90);
    for (const [name, call, length] of all as [string, (...all: unknown[]) => unknown, number?][]) {
      // Free functions may have default values, which their length does not count.
      const given = new Array(name === 'scope' || length === undefined ? 6 : length + 1).fill({});
      const refused = async () => call(...given);
      await expect(refused(), name).rejects.toThrow(/: expected at most \d arguments, got \d/);
    }
    expect(() => new (Vocabulary as never as new (...all: unknown[]) => unknown)(['a'], {})).toThrow('at most 1');
  });

  function prototypes(object: object): object[] {
    const prototype = Object.getPrototypeOf(object);
    return prototype === Object.prototype ? [] : [prototype, ...prototypes(prototype)];
  }
});
