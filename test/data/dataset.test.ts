import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatasetError, ShapeError } from '../../src/base/errors.js';
import { buildDataset, takeBatch } from '../../src/data/dataset.js';
import { split } from '../../src/data/split.js';
import { Vocabulary } from '../../src/data/vocabulary.js';
import { fixture } from '../support/fixture.js';
import { makemoreLengths, syntheticMakemore } from '../support/makemore.js';

const golden = await fixture<{
  itos: [string[], string][];
  datasets: [string[], number, number[][], number[]][];
  splits: [number, number, number][];
}>('python.json');

test('itos prints as Python prints it', () => {
  for (const [words, printed] of golden.itos) expect(String(new Vocabulary(words))).toBe(printed);
});

test('characters are sorted by code point, astral ones last', () => {
  const vocabulary = new Vocabulary(['😀\ufb01a', 'b']);
  expect(vocabulary.itos).toEqual(['.', 'a', 'b', '\ufb01', '😀']);
  expect(vocabulary.size).toBe(5);
  expect(vocabulary.encode('😀b.')).toEqual([4, 2, 0]);
  expect(vocabulary.decode([4, 2, 0])).toBe('😀b.');
  expect(vocabulary.stoi.get('😀')).toBe(4);
});

test('decode undoes encode', () => {
  const characters = 'aéz😀\ufb01';
  const vocabulary = new Vocabulary([characters]);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...characters, '.') }), (word) => {
      expect(vocabulary.decode(vocabulary.encode(word))).toBe(word);
    }),
  );
});

test('what is not in the vocabulary is refused', () => {
  const vocabulary = new Vocabulary(['abc']);
  expect(() => vocabulary.encode('abd')).toThrow(
    new DatasetError('word: expected characters of ".abc", got "d" in "abd"'),
  );
  expect(() => vocabulary.decode([1, 4])).toThrow(new RangeError('indices[1]: expected an integer from 0 to 3, got 4'));
  expect(() => new Vocabulary(['a', 'b.c'])).toThrow(
    new DatasetError('words: expected no ".", the boundary of words, got "b.c"'),
  );
  expect(() => new Vocabulary('abc' as unknown as string[])).toThrow(TypeError);
  expect(() => new Vocabulary([1 as unknown as string])).toThrow('words[0]: expected a string, got 1');
});

test('a list is split where the notebook splits it', () => {
  for (const [n, n1, n2] of golden.splits.filter(([n]) => n < 1e6)) {
    const words = Array.from({ length: n }, (_, index) => String(index));
    const { train, dev, test } = split(words);
    expect([train.length, dev.length, test.length]).toEqual([n1, n2 - n1, n - n2]);
    expect([...train, ...dev, ...test]).toEqual(words);
  }
});

test("datasets are the notebook's, for every context length", () => {
  for (const [words, T, X, Y] of golden.datasets) {
    const dataset = buildDataset(words, new Vocabulary(words), T);
    expect(dataset.X.shape).toEqual([X.length, T]);
    expect(dataset.Y.shape).toEqual([X.length]);
    expect([...dataset.X.data]).toEqual(X.flat());
    expect([...dataset.Y.data]).toEqual(Y);
    expect([dataset.X.dtype, dataset.Y.dtype, dataset.blockSize]).toEqual(['int32', 'int32', T]);
  }
});

test("the three datasets of a list of makemore's lengths have 228,146 rows", async () => {
  const words = await syntheticMakemore();
  expect(words.map((word) => word.length)).toEqual(await makemoreLengths());
  const vocabulary = new Vocabulary(words);
  expect(vocabulary.size).toBe(27);
  const parts = Object.values(split(words)).map((part) => buildDataset(part, vocabulary, 3));
  expect(words.length).toBe(32033);
  expect(parts.reduce((rows, { Y }) => rows + Y.data.length, 0)).toBe(228146);
  for (const { X, Y } of parts) expect(X.shape).toEqual([Y.shape[0], 3]);
});

test('a dataset that can not be built is refused', () => {
  const vocabulary = new Vocabulary(['abc']);
  expect(() => buildDataset(['abd'], vocabulary, 3)).toThrow(DatasetError);
  for (const T of [0, -1, 1.5, Number.NaN]) expect(() => buildDataset(['abc'], vocabulary, T)).toThrow(RangeError);
  expect(() => buildDataset(['abc'], vocabulary, '3' as unknown as number)).toThrow(TypeError);
});

test('a batch has the rows that were asked for, in their order', () => {
  const dataset = buildDataset(['abc', 'b'], new Vocabulary(['abc']), 2);
  const { Xb, Yb } = takeBatch(dataset, Int32Array.of(3, 0, 3, 5));
  expect(Xb).toEqual({ dtype: 'int32', shape: [4, 2], data: Int32Array.of(2, 3, 0, 0, 2, 3, 0, 2) });
  expect(Yb).toEqual({ dtype: 'int32', shape: [4], data: Int32Array.of(0, 1, 0, 0) });
});

test('a batch that can not be taken is refused', () => {
  const dataset = buildDataset(['abc'], new Vocabulary(['abc']), 2);
  expect(() => takeBatch(dataset, [0, 4])).toThrow(
    new RangeError('indices[1]: expected an integer from 0 to 3, got 4'),
  );
  expect(() => takeBatch(dataset, [-1])).toThrow(RangeError);
  expect(() => takeBatch({ ...dataset, blockSize: 3 }, [0])).toThrow(ShapeError);
});
