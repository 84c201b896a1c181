import { beforeAll, describe, expect, test } from 'vitest';
import {
  buildDataset,
  create,
  type Dataset,
  DatasetError,
  type Handgrad,
  init,
  type Model,
  OutOfMemoryError,
  parameterNames,
  type SampleOptions,
  ShapeError,
  type Statistics,
  takeBatch,
  Vocabulary,
} from '../../src/index.js';
import { array, examples, exercise4, smallModel } from './small.js';

const { small } = exercise4;
let hg: Handgrad;
let data: Awaited<ReturnType<typeof examples>>;
let model: Model;
beforeAll(async () => {
  hg = await init();
  data = await examples(hg);
  model = smallModel(hg);
});

const float32Statistics = (): Statistics => ({ bnmean: array(small.bnmean), bnvar: array(small.bnvar) });

describe('model.calibrate', () => {
  test('is PyTorch’s mean and unbiased variance to float32’s last places', () => {
    const statistics = model.calibrate(data.train);
    for (const name of ['bnmean', 'bnvar'] as const) {
      expect(statistics[name]).toMatchObject({ dtype: 'float32', shape: [1, 16] });
      statistics[name].data.forEach((value, j) => {
        expect(Math.abs(value / small[name].data[j]! - 1)).toBeLessThan(2e-6);
      });
    }
  });

  test('is exact to 1e-12 in float64', () => {
    const statistics = smallModel(hg, 'float64').calibrate(data.train);
    for (const name of ['bnmean', 'bnvar'] as const) {
      expect(statistics[name].dtype).toBe('float64');
      statistics[name].data.forEach((value, j) => {
        expect(Math.abs(value / small[name].data[j]! - 1)).toBeLessThan(1e-12);
      });
    }
  });

  test('does not lose a small variance on a large mean', () => {
    const shifted = smallModel(hg, 'float64');
    shifted.parameters.b1.add_(1e6);
    const { bnvar } = shifted.calibrate(data.train);
    bnvar.data.forEach((value, j) => {
      expect(Math.abs(value / small.bnvar.data[j]! - 1)).toBeLessThan(1e-8);
    });
  });

  test('refuses fewer than 2 examples, and others’ contexts', () => {
    const { X, Y } = data.dev;
    const one = {
      X: { ...X, shape: [1, 3], data: X.data.slice(0, 3) },
      Y: { ...Y, shape: [1], data: Y.data.slice(0, 1) },
    };
    expect(() => model.calibrate({ ...one, blockSize: 3 })).toThrow(/^dataset: expected at least 2 examples.* got 1$/);
    expect(() => model.calibrate(buildDataset(['emma'], data.vocabulary, 4))).toThrow(ShapeError);
  });
});

describe('model.calibrate({ rows })', () => {
  const rowsOf = ({ X, Y }: Dataset, chosen: number[]): Dataset => {
    const { Xb, Yb } = takeBatch({ X, Y, blockSize: 3 }, chosen);
    return { X: Xb, Y: Yb, blockSize: 3 };
  };

  test.each([2, 7, 1000, 22_952])('looks at %i rows, evenly spread', (rows) => {
    const N = data.dev.Y.data.length;
    const chosen = Array.from({ length: rows }, (_, i) => Math.floor((i * N) / rows));
    expect(new Set(chosen).size).toBe(rows);
    expect(model.calibrate(data.dev, { rows })).toEqual(model.calibrate(rowsOf(data.dev, chosen)));
  });

  test('of as many rows as there are, or more, is that of all', () => {
    const all = model.calibrate(data.dev);
    for (const rows of [data.dev.Y.data.length, 1e9, undefined as never]) {
      expect(model.calibrate(data.dev, { rows })).toEqual(all);
    }
    expect(model.calibrate(data.dev, {})).toEqual(all);
    expect(model.calibrate(data.dev, { rows: 22_952 })).not.toEqual(all);
  });

  test('comes close to that of all', () => {
    const [all, some] = [model.calibrate(data.train), model.calibrate(data.train, { rows: 5000 })];
    some.bnmean.data.forEach((mean, j) => {
      // Within 5 standard errors of a mean of 5,000.
      expect(Math.abs(mean - all.bnmean.data[j]!)).toBeLessThan(5 * Math.sqrt(all.bnvar.data[j]! / 5000));
    });
  });

  test.each<[unknown, new () => Error, RegExp]>([
    [1, RangeError, /^rows: expected an integer of at least 2, got 1$/],
    [2.5, RangeError, /^rows: .* 2\.5$/],
    ['5', TypeError, /^rows: expected an integer, got "5"$/],
  ])('refuses %j', (rows, type, message) => {
    const calibrate = () => model.calibrate(data.dev, { rows: rows as number });
    expect(calibrate).toThrow(type);
    expect(calibrate).toThrow(message);
    expect(() => model.calibrate(data.dev, { row: 5 } as never)).toThrow(/^options: expected rows, got "row"/);
  });
});

describe('in a memory of 16 MiB', () => {
  // One array of the widest intermediate of all rows, float32 [183430, 27], has 18.9 MiB.
  test.each<[string, (own: Model) => unknown]>([
    ['calibrate', (own) => own.calibrate(data.train)],
    ['evaluate', (own) => own.evaluate(data.train, float32Statistics())],
  ])('%s needs room for a chunk only', async (_, use) => {
    const little = await create({ memory: { maximumPages: 256 } });
    const own = smallModel(little);
    const N = data.train.Y.data.length;
    expect(() => little.zeros([N, 27])).toThrow(OutOfMemoryError);
    expect(use(own)).toEqual(use(model));
    little.dispose();
  });
});

describe('model.evaluate', () => {
  test('is PyTorch’s loss of each part', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const other = smallModel(hg, dtype);
      const statistics = other.calibrate(data.train);
      for (const part of ['train', 'dev', 'test'] as const) {
        const difference = Math.abs(other.evaluate(data[part], statistics) - small.loss[part]);
        expect(difference).toBeLessThan(dtype === 'float64' ? 1e-12 : 1e-6);
      }
    }
  });

  test('leaves memory, tape and parameters as they were', () => {
    model.parameters.W1.requiresGrad = true;
    const [used, before] = [hg.usedBytes, parameterNames.map((name) => [...model.parameters[name].data])];
    const statistics = model.calibrate(data.dev);
    model.evaluate(data.dev, statistics);
    expect(hg.usedBytes).toBe(used);
    expect(parameterNames.map((name) => [...model.parameters[name].data])).toEqual(before);
    expect(model.parameters.W1.grad).toBeNull();
    model.parameters.W1.requiresGrad = false;
  });

  test.each(['aa', 'aaa'])('goes through a split of a chunk and a half, or of two whole ones: %s', (word) => {
    const vocabulary = new Vocabulary([word]);
    const dataset = buildDataset([word], vocabulary, 3);
    // So wide that two rows are a chunk.
    const hidden = 2 ** 17;
    const wide = hg.createModel({
      vocabSize: 2,
      embed: 1,
      hidden,
      generator: hg.generator(),
      bnGenerator: hg.generator(),
    });
    const statistics = wide.calibrate(dataset);
    const losses = [...dataset.Y.data].map((_, i) => {
      const { Xb, Yb } = takeBatch(dataset, [i]);
      return wide.evaluate({ X: Xb, Y: Yb, blockSize: 3 }, statistics);
    });
    const mean = losses.reduce((sum, loss) => sum + loss) / (word.length + 1);
    expect(wide.evaluate(dataset, statistics)).toBeCloseTo(mean, 3);
    wide.dispose();
  });

  test('takes the memory of some rows, however many there are', async () => {
    const own = await create({ memory: { maximumPages: 256 } });
    // 2,000 rows of 3 * 4096 elements would be 98 MB, of 16 MiB.
    const [N, embed] = [2000, 4096];
    const generator = own.generator();
    const flat = own.createModel({ vocabSize: 2, embed, hidden: 2, generator, bnGenerator: generator });
    const dataset: Dataset = {
      X: { dtype: 'int32', shape: [N, 3], data: new Int32Array(3 * N).map((_, i) => i % 2) },
      Y: { dtype: 'int32', shape: [N], data: new Int32Array(N) },
      blockSize: 3,
    };
    expect(flat.evaluate(dataset, flat.calibrate(dataset))).toBeGreaterThan(0);
    own.dispose();
  });

  test('is the same twice', () => {
    const statistics = float32Statistics();
    expect(model.evaluate(data.train, statistics)).toBe(model.evaluate(data.train, statistics));
  });

  test.each<[string, (statistics: Statistics) => unknown, RegExp]>([
    ['none', () => undefined, /^statistics: expected an object with bnmean and bnvar, got undefined/],
    ['no variance', ({ bnmean }) => ({ bnmean }), /^bnvar: expected an array/],
    [
      'another width',
      ({ bnmean, bnvar }) => ({ bnmean: { ...bnmean, shape: [16] }, bnvar }),
      /^bnmean: .*\[1, 16\], got \[16\]$/,
    ],
    [
      'a negative variance',
      ({ bnmean, bnvar }) => ({ bnmean, bnvar: { ...bnvar, data: bnvar.data.map((x) => -x) } }),
      /^bnvar\[0, 0\]: /,
    ],
    [
      'NaN',
      ({ bnmean, bnvar }) => ({ bnmean: { ...bnmean, data: bnmean.data.map(() => Number.NaN) }, bnvar }),
      /^bnmean\[0, 0\]: .*NaN$/,
    ],
  ])('refuses statistics: %s', (_, change, message) => {
    expect(() => model.evaluate(data.dev, change(float32Statistics()) as Statistics)).toThrow(message);
  });
});

describe('model.sample', () => {
  const sample = (options: Partial<SampleOptions> = {}) =>
    model.sample({
      statistics: float32Statistics(),
      vocabulary: data.vocabulary,
      generator: hg.generator().manualSeed(2147483657),
      ...options,
    });

  test('gives the words that torch.multinomial draws', () => {
    expect(sample({ count: 200 })).toEqual(small.words);
  });

  test('gives PyTorch’s words at temperature 0.5, and behind a prompt longer than the context', () => {
    expect(sample({ count: 50, temperature: 0.5 })).toEqual(small.cold);
    expect(sample({ count: 50, prompt: 'mari' })).toEqual(small.prompted);
  });

  test('temperature 0 is greedy and draws nothing; a tiny one comes to the same', () => {
    const generator = hg.generator().manualSeed(1);
    const before = generator.getState();
    const [first, second] = sample({ count: 2, temperature: 0, generator, maxLength: 12 });
    expect(first).toBe(second);
    expect(generator.getState()).toEqual(before);
    expect(sample({ temperature: 5e-324, maxLength: 12 })).toEqual([first]);
  });

  test('a high temperature draws all characters about equally often', () => {
    const text = sample({ count: 60, temperature: 1e9 }).join('');
    const frequency = (character: string) => text.split(character).length - 1;
    expect(text.length).toBeGreaterThan(500);
    for (const character of data.vocabulary.itos.slice(1)) expect(frequency(character)).toBeLessThan(text.length / 10);
  });

  test('a word ends at maxLength, the prompt counted', () => {
    const whole = sample({ count: 1, temperature: 1e9 })[0]!;
    expect(sample({ temperature: 1e9, maxLength: 2 })[0]).toBe(whole.slice(0, 2));
    expect(sample({ prompt: 'mari', maxLength: 4 })).toEqual(['mari']);
    expect(sample({ maxLength: 0 })).toEqual(['']);
    expect(sample({ count: 0 })).toEqual([]);
  });

  test('memory is as before', () => {
    const statistics = float32Statistics();
    const generator = hg.generator();
    const used = hg.usedBytes;
    model.sample({ statistics, vocabulary: data.vocabulary, generator, count: 5 });
    expect(hg.usedBytes).toBe(used);
  });

  test.each<[string, Partial<SampleOptions>, new () => Error, RegExp]>([
    ['temperature below 0', { temperature: -1 }, RangeError, /^temperature: .* -1$/],
    ['temperature NaN', { temperature: Number.NaN }, RangeError, /^temperature: /],
    ['count below 0', { count: -1 }, RangeError, /^count: /],
    ['maxLength below 0', { maxLength: -1 }, RangeError, /^maxLength: /],
    ['prompt with a character unknown', { prompt: 'José' }, DatasetError, /^prompt: .*got "J" in "José"$/],
    ['prompt with the boundary', { prompt: 'a.b' }, DatasetError, /^prompt: .*got "\."/],
    ['prompt no string', { prompt: 5 as never }, TypeError, /^prompt: expected a string, got 5$/],
    [
      'another vocabulary',
      { vocabulary: new Vocabulary(['ab']) },
      ShapeError,
      /^vocabulary: expected 27 characters, got 3$/,
    ],
  ])('refuses %s', (_, options, type, message) => {
    expect(() => sample(options)).toThrow(type);
    expect(() => sample(options)).toThrow(message);
  });
});
