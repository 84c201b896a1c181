import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, OutOfMemoryError, ReleasedError } from '../../src/base/errors.js';
import { Core } from '../../src/core/core.js';
import { Generator } from '../../src/random/generator.js';
import { sha256 } from '../support/bytes.js';
import { type Draw, hexadecimal, repeat, torchCases, ulps } from './fixture.js';

const core = await Core.create({ build: 'strict' });
const generator = new Generator(core);

const isNormal64 = (draw: Draw) => draw.call === 'randn' && draw.arguments[1] === 'float64';

describe("PyTorch's numbers", () => {
  for (const { name, seed, initialSeed, draws, state } of torchCases) {
    test(`${name}, seed ${seed}: the same bits, normal float64 within 4 ULP`, async () => {
      generator.manualSeed(BigInt(seed));
      expect(generator.initialSeed).toBe(BigInt(initialSeed));
      for (const draw of draws) {
        const { dtype, shape, data } = repeat(generator, draw);
        const dims = draw.call === 'randperm' ? [draw.arguments[0]] : draw.arguments.find(Array.isArray);
        expect(shape).toEqual(dims);
        expect(dtype).toBe(draw.call.startsWith('randn') || draw.call === 'rand' ? draw.arguments[1] : 'int32');
        if (isNormal64(draw)) expect(Math.max(0, ...ulps(data as Float64Array, draw.bits))).toBeLessThanOrEqual(4);
        else expect(hexadecimal(data)).toBe(draw.bits);
      }
      expect(await sha256(generator.getState())).toBe(state);
    });
  }

  const distances = torchCases.flatMap(({ seed, draws }) => {
    generator.manualSeed(BigInt(seed));
    return draws.flatMap((draw) => {
      const { data } = repeat(generator, draw);
      return isNormal64(draw) ? ulps(data as Float64Array, draw.bits) : [];
    });
  });
  const largest = Math.max(...distances);
  const share = distances.filter((distance) => distance === 0).length / distances.length;
  test(`normal float64: ${(100 * share).toFixed(1)}% of ${distances.length} have the same bits (bound: 90%), the others lie within ${largest} ULP (bound: 4)`, () => {
    expect(distances.length).toBeGreaterThan(2000);
    expect(largest).toBeLessThanOrEqual(4);
    expect(share).toBeGreaterThan(0.9);
  });

  test("the notebook's C and first batch, as it prints them", () => {
    generator.manualSeed(456789096543);
    expect([...generator.randn([27, 10]).data.slice(0, 3)]).toEqual([
      1.759729027748108, 0.5955276489257812, -0.22128167748451233,
    ]);
    for (const shape of [[30, 64], [64], [64, 27], [27]]) generator.randn(shape);
    expect([...generator.randint(0, 182625, [32]).data.slice(0, 8)]).toEqual([
      18767, 120572, 160700, 59099, 59177, 167235, 97673, 90231,
    ]);
  });

  test('the seed before any is given', () => {
    expect(new Generator(core).initialSeed).toBe(67280421310721n);
  });
});

test('2^20 normal numbers of float32 are finite, of mean 0 and variance 1', () => {
  const data = Float64Array.from(generator.manualSeed(1).randn([2 ** 20]).data);
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  expect(Math.abs(mean)).toBeLessThan(5 / 2 ** 10);
  expect(Math.abs(variance - 1)).toBeLessThan((5 * Math.SQRT2) / 2 ** 10);
});

describe('state', () => {
  const shapes = fc.array(fc.nat(40), { maxLength: 3 });
  const draws = fc.array(
    fc.oneof(
      fc.record({
        call: fc.constantFrom('rand' as const, 'randn' as const),
        arguments: fc.tuple(shapes, fc.constantFrom('float32', 'float64')),
      }),
      fc.record({ call: fc.constant('randint' as const), arguments: fc.tuple(fc.constant(-3), fc.nat(9), shapes) }),
      fc.record({ call: fc.constant('randperm' as const), arguments: fc.tuple(fc.nat(700)) }),
    ),
    { maxLength: 6 },
  );

  const contents = (from: Generator, draw: Omit<Draw, 'bits'>) => {
    const { shape, data } = repeat(from, { ...draw, bits: '' });
    return [shape, hexadecimal(data)];
  };

  test('a state taken anywhere continues alike in another generator', () => {
    const other = new Generator(core);
    const seeds = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(seeds, draws, draws, (seed, before, after) => {
        generator.manualSeed(seed);
        for (const draw of before) contents(generator, draw);
        const state = generator.getState();
        other.setState(state);
        expect(other.getState()).toEqual(state);
        expect(other.initialSeed).toBe(generator.initialSeed);
        for (const draw of after) {
          expect(contents(other, draw)).toEqual(contents(generator, draw));
        }
        expect(other.getState()).toEqual(generator.getState());
      }),
    );
    other.dispose();
  });

  test('a kept normal number is part of it, and seeding drops it', () => {
    generator.manualSeed(5).randn([1]);
    const state = generator.getState();
    const kept = generator.randn([1]).data;
    generator.manualSeed(6);
    generator.setState(state);
    expect(generator.randn([1]).data).toEqual(kept);
    generator.manualSeed(5).randn([1]);
    expect(generator.manualSeed(6).getState()).toEqual(new Generator(core).manualSeed(6).getState());
  });

  test('all 624 words used: PyTorch writes index 624 or 0, and both are taken', () => {
    generator.manualSeed(5).randint(0, 9, [624]);
    const state = generator.getState();
    const next = generator.randint(0, 1000000, [4]);
    const view = new DataView(state.buffer);
    expect(view.getUint32(16, true)).toBe(0);
    view.setUint32(16, 624, true);
    generator.setState(state);
    expect(generator.randint(0, 1000000, [4])).toEqual(next);
  });

  test.each([
    ['an index too large', (view: DataView) => view.setUint32(16, 625, true)],
    ['a huge index', (view: DataView) => view.setUint32(20, 1, true)],
    ['a count of words left that does not fit the index', (view: DataView) => view.setInt32(8, 2, true)],
    ['a generator never seeded', (view: DataView) => view.setInt32(12, 0, true)],
    ['a word of more than 32 bits', (view: DataView) => view.setUint32(24 + 8 * 623 + 4, 1, true)],
    ['a bad mark of a kept normal', (view: DataView) => view.setInt32(5040, 2, true)],
    ['a kept normal that is NaN', (view: DataView) => view.setFloat64(5024, Number.NaN, true)],
    ['a kept normal of single precision', (view: DataView) => view.setUint8(5052, 1)],
  ])('%s is a FormatError that changes nothing', (_, spoil) => {
    generator.manualSeed(7).randn([1]);
    const before = generator.getState();
    const bytes = before.slice();
    spoil(new DataView(bytes.buffer));
    expect(() => generator.setState(bytes)).toThrow(FormatError);
    expect(() => generator.setState(bytes)).toThrow(/^bytes: expected .*, got /);
    expect(generator.getState()).toEqual(before);
  });

  test('other lengths and types are errors', () => {
    expect(() => generator.setState(new Uint8Array(5055))).toThrow(
      new FormatError('bytes: expected 5056 bytes, got 5055'),
    );
    expect(() => generator.setState([] as never)).toThrow(TypeError);
  });
});

describe('bad arguments are named, and nothing is drawn', () => {
  test.each<[string, () => unknown, ErrorConstructor | typeof OutOfMemoryError, RegExp]>([
    [
      'seed 2^64',
      () => generator.manualSeed(2n ** 64n),
      RangeError,
      /^seed: expected an integer from .*, got 18446744073709551616n/,
    ],
    ['seed below -2^63', () => generator.manualSeed(-(2n ** 63n) - 1n), RangeError, /^seed: /],
    ['seed 1.5', () => generator.manualSeed(1.5), RangeError, /^seed: expected an integer, got 1.5/],
    ['seed 2^53 as a number', () => generator.manualSeed(2 ** 53), RangeError, /^seed: expected a bigint/],
    ['seed "1"', () => generator.manualSeed('1' as never), TypeError, /^seed: expected an integer, got "1"/],
    ['low 0.5', () => generator.randint(0.5, 2, [1]), RangeError, /^low: /],
    ['low below int32', () => generator.randint(-(2 ** 31) - 1, 2, [1]), RangeError, /^low: /],
    ['high beyond int32', () => generator.randint(0, 2 ** 31, [1]), RangeError, /^high: /],
    [
      'high equal to low',
      () => generator.randint(3, 3, [1]),
      RangeError,
      /^high: expected an integer above low, 3, got 3/,
    ],
    ['high undefined', () => generator.randint(3, undefined as never, [1]), TypeError, /^high: /],
    ['a shape that is a number', () => generator.randn(5 as never), TypeError, /^shape: /],
    ['a negative size', () => generator.rand([2, -1]), RangeError, /^shape\[1\]: /],
    [
      'dtype int32',
      () => generator.randn([2], { dtype: 'int32' as never }),
      TypeError,
      /^dtype: expected float32 or float64/,
    ],
    ['randperm(-1)', () => generator.randperm(-1), RangeError, /^n: /],
    ['more than memory holds', () => generator.randn([2 ** 20, 2 ** 20]), OutOfMemoryError, /^memory: /],
  ])('%s', (_, call, type, message) => {
    generator.manualSeed(8);
    const before = generator.getState();
    expect(call).toThrow(type);
    expect(call).toThrow(message);
    expect(generator.getState()).toEqual(before);
  });
});

test('a disposed generator throws ReleasedError, and its memory is free again', () => {
  const used = core.memory.usedBytes;
  const released = new Generator(core);
  released.randn([1000]);
  released.dispose();
  released.dispose();
  expect(core.memory.usedBytes).toBe(used);
  for (const call of [
    () => released.randn([2]),
    () => released.rand([2]),
    () => released.randint(0, 2, [2]),
    () => released.randperm(2),
    () => released.manualSeed(1),
    () => released.getState(),
    () => released.setState(generator.getState()),
    () => released.pointer,
  ]) {
    expect(call).toThrow(ReleasedError);
  }
});
