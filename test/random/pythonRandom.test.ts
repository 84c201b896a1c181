import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, ReleasedError } from '../../src/base/errors.js';
import { Core } from '../../src/core/core.js';
import { PythonRandom } from '../../src/random/pythonRandom.js';
import { sha256 } from '../support/bytes.js';
import { projectFile } from '../support/fixture.js';
import { hexadecimal, names, pythonCases } from './fixture.js';

const core = await Core.create({ build: 'strict' });

const range = (length: number) => Array.from({ length }, (_, i) => i);
const parse = (seed: string) => (seed.startsWith('-') ? -BigInt(seed.slice(1)) : BigInt(seed));
const short = (seed: string) => (seed.length > 40 ? `of ${seed.length - 2} hexadecimal digits` : seed);

describe("CPython's numbers", () => {
  test.each(pythonCases.map((golden) => [short(golden.seed), golden] as const))('seed %s', async (_, golden) => {
    const random = new PythonRandom(core, parse(golden.seed));
    for (const bits of golden.random) expect(hexadecimal(Float64Array.of(random.random()))).toBe(bits);
    for (const [k, value] of golden.getrandbits) expect(random.getrandbits(k)).toBe(value);
    for (const [n, value] of golden.randbelow) expect(random.randbelow(n)).toBe(value);
    for (const { length, sha256: digest } of golden.shuffles) {
      const list = range(length);
      random.shuffle(list);
      expect(await sha256(list.join())).toBe(digest);
    }
    expect(await sha256(new Uint8Array(random.getState().buffer))).toBe(golden.state);
    random.dispose();
  });

  test('names.txt shuffled with seed 42', async () => {
    const words = new TextDecoder()
      .decode(await projectFile('names.txt'))
      .trimEnd()
      .split('\n');
    new PythonRandom(core, 42).shuffle(words);
    expect(words.slice(0, 8)).toEqual(names[0]!.first);
    expect(await sha256(words.join('\n'))).toBe(names[0]!.sha256);
  });
});

test('a shuffle is a permutation', () => {
  const random = new PythonRandom(core, 0);
  fc.assert(
    fc.property(fc.bigInt(), fc.nat(300), (seed, length) => {
      random.seed(seed);
      const list = range(length);
      random.shuffle(list);
      expect(list.toSorted((a, b) => a - b)).toEqual(range(length));
    }),
  );
});

test('randbelow(n) lies below n, whatever n', () => {
  const random = new PythonRandom(core, 0);
  fc.assert(
    fc.property(fc.maxSafeNat(), (n) => {
      const value = random.randbelow(n + (n === 0 ? 1 : 0));
      expect(Number.isSafeInteger(value) && value >= 0 && value < Math.max(n, 1)).toBe(true);
    }),
  );
});

test('a state taken anywhere continues alike', () => {
  const random = new PythonRandom(core, 0);
  const other = new PythonRandom(core, 1);
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(1400), (seed, count) => {
      random.seed(seed);
      for (let i = 0; i < count; i++) random.getrandbits(32);
      const state = random.getState();
      other.setState(state);
      expect(other.getState()).toEqual(state);
      for (let i = 0; i < 700; i++) expect(other.random()).toBe(random.random());
    }),
    { numRuns: 20 },
  );
});

describe('bad arguments are named, and nothing is drawn', () => {
  const random = new PythonRandom(core, 3);
  test.each<[string, () => unknown, ErrorConstructor | typeof FormatError, RegExp]>([
    ['seed 0.5', () => random.seed(0.5), RangeError, /^seed: expected an integer, got 0.5/],
    ['seed 2^53 as a number', () => random.seed(2 ** 53), RangeError, /^seed: expected a bigint/],
    ['seed null', () => random.seed(null as never), TypeError, /^seed: expected an integer, got null/],
    ['no seed', () => new PythonRandom(core, undefined as never), TypeError, /^seed: /],
    ['getrandbits(-1)', () => random.getrandbits(-1), RangeError, /^k: /],
    ['getrandbits(54)', () => random.getrandbits(54), RangeError, /^k: /],
    ['randbelow(0)', () => random.randbelow(0), RangeError, /^n: /],
    ['a list that is a string', () => random.shuffle('abc' as never), TypeError, /^list: expected an array, got "abc"/],
    [
      'a state of 624 words',
      () => random.setState(new Uint32Array(624)),
      FormatError,
      /^state: expected 625 words, got 624/,
    ],
    [
      'a state with index 625',
      () => random.setState(new Uint32Array(625).fill(625)),
      FormatError,
      /^state: expected an index/,
    ],
    ['a state that is an array', () => random.setState([] as never), TypeError, /^state: expected a Uint32Array/],
  ])('%s', (_, call, type, message) => {
    const before = random.getState();
    const used = core.memory.usedBytes;
    expect(call).toThrow(type);
    expect(call).toThrow(message);
    expect(random.getState()).toEqual(before);
    expect(core.memory.usedBytes).toBe(used);
  });
});

test('a disposed one throws ReleasedError, and its memory is free again', () => {
  const used = core.memory.usedBytes;
  const random = new PythonRandom(core, 4);
  random.dispose();
  random.dispose();
  expect(core.memory.usedBytes).toBe(used);
  for (const call of [
    () => random.random(),
    () => random.seed(1),
    () => random.shuffle([1, 2]),
    () => random.getState(),
    () => random.setState(new Uint32Array(625)),
  ]) {
    expect(call).toThrow(ReleasedError);
  }
});

test('a state is what the engine holds, whatever length it says it has', () => {
  const random = new PythonRandom(core, 1);
  const state = random.getState();
  const short = Object.defineProperty(new Uint32Array(2), 'length', { value: 625 });
  expect(() => random.setState(short)).toThrow(/^state: expected 625 words, got 2/);
  const shared = new Uint32Array(new SharedArrayBuffer(4 * 625));
  shared.set(state);
  random.setState(shared);
  expect(random.getState()).toEqual(state);
});
