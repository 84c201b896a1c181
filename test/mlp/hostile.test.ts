// What a model, its training and its samples are given is checked for what it is, before anything is changed.

import { beforeEach, describe, expect, test } from 'vitest';
import {
  buildDataset,
  CoreError,
  create,
  type Dataset,
  DatasetError,
  DTypeError,
  type Generator,
  type Handgrad,
  type Model,
  ReleasedError,
  ShapeError,
  type Statistics,
  split,
  TrainingError,
  takeBatch,
  Vocabulary,
} from '../../src/index.js';
import { examplesOf, modelOf, words } from '../support/model.js';

// biome-ignore lint/suspicious/noExplicitAny: what is tested is what the types forbid.
type Wrong = any;

const vocabulary = new Vocabulary(words);
const dataset = examplesOf(words);
let hg: Handgrad;
let model: Model;
let generator: Generator;
let statistics: Statistics;

beforeEach(async () => {
  hg = await create();
  model = modelOf(hg);
  generator = hg.generator();
  statistics = model.calibrate(dataset);
});

/** An error of that class and message, nothing leaked, parameters and generator as they were, and a core that computes. */
function refused(call: () => unknown, type: new (...args: never[]) => Error, message: RegExp): void {
  const state = generator.getState();
  const parameters = Object.values(model.parameters).map((parameter) => parameter.data);
  const before = hg.usedBytes;
  expect(call).toThrow(message);
  expect(call).toThrow(type);
  expect(hg.usedBytes).toBe(before);
  expect(generator.getState()).toEqual(state);
  expect(Object.values(model.parameters).map((parameter) => parameter.data)).toEqual(parameters);
  hg.scope(() => expect(hg.tensor([1]).exp().item()).toBe(Math.fround(Math.E)));
}

describe('datasets', () => {
  const { X, Y, blockSize } = dataset;
  const changed = (part: Partial<Record<keyof Dataset, unknown>>) => ({ ...dataset, ...part }) as Dataset;
  const numbers = (array: Dataset['X'], value: number) => ({ ...array, data: array.data.slice().fill(value) });

  test.each<[string, Dataset, new (...args: never[]) => Error, RegExp]>([
    ['none', undefined as Wrong, TypeError, /^dataset: expected an object with X, Y and blockSize, got undefined/],
    ['words', words as Wrong, TypeError, /^dataset\.blockSize: expected an integer, got undefined/],
    [
      'an X that is too short',
      changed({ X: { ...X, data: X.data.slice(3) } }),
      ShapeError,
      /^dataset\.X: expected \d+ values/,
    ],
    [
      'an X of fewer rows',
      changed({ X: { ...X, shape: [1, 3], data: X.data.slice(0, 3) } }),
      ShapeError,
      /^dataset\.X: expected shape/,
    ],
    [
      'fractions',
      changed({ X: { dtype: 'float64', shape: X.shape, data: Float64Array.from(X.data, (x) => x + 0.5) } }),
      DTypeError,
      /^dataset\.X: expected int32/,
    ],
    [
      'fractions in a list',
      changed({ X: { ...X, data: Array.from(X.data, (x) => x + 0.5) } }),
      DTypeError,
      /^dataset\.X: expected data in Int32Array/,
    ],
    ['no Y', changed({ Y: undefined }), TypeError, /^dataset\.Y: expected an array with dtype/],
    ['a Y in rows', changed({ Y: { ...Y, shape: [Y.data.length, 1] } }), ShapeError, /^dataset\.Y: expected shape/],
    ['no blockSize', { X, Y } as Wrong, TypeError, /^dataset\.blockSize/],
    ['a blockSize of a half', changed({ blockSize: blockSize / 2 }), RangeError, /^dataset\.blockSize/],
    ['another blockSize', changed({ blockSize: 4 }), ShapeError, /^dataset\.X: expected shape/],
  ])('%s', (_, wrong, type, message) => {
    refused(() => hg.trainer(model, { dataset: wrong, generator }), type, message);
    refused(() => model.calibrate(wrong), type, message);
    refused(() => model.evaluate(wrong, statistics), type, message);
    refused(() => takeBatch(wrong, [0]), type, message);
  });

  test('characters outside of the vocabulary', () => {
    for (const wrong of [changed({ X: numbers(X, vocabulary.size) }), changed({ Y: numbers(Y, -1) })]) {
      const message = /^dataset: expected characters from 0 to \d+, got/;
      refused(() => hg.trainer(model, { dataset: wrong, generator }), RangeError, message);
      refused(() => model.calibrate(wrong), RangeError, message);
      refused(() => model.evaluate(wrong, statistics), RangeError, message);
    }
  });

  test('a batch of rows that are none', () => {
    for (const indices of [undefined, 'ab', 5, { length: 1 }, new DataView(new ArrayBuffer(4))]) {
      expect(() => takeBatch(dataset, indices as Wrong)).toThrow(/^indices: expected an array/);
    }
    expect(() => takeBatch(dataset, new Array(2))).toThrow(/^indices\[0\]: expected an integer, got undefined/);
    expect(() => takeBatch(dataset, [0.5])).toThrow(/^indices\[0\]: expected an integer from 0 to/);
  });

  test('more context than fits in memory', () => {
    expect(() => buildDataset(words, vocabulary, 100_000_000_000)).toThrow(
      /^blockSize: expected as many elements as fit/,
    );
    expect(() => buildDataset(words, {} as Wrong, 3)).toThrow(/^vocabulary: expected a Vocabulary, got a Object/);
    expect(() => (split as Wrong)('words')).toThrow(/^words: expected an array of strings/);
  });

  test('words of half a character', () => {
    expect(() => new Vocabulary(['a\ud800'])).toThrow(DatasetError);
    expect(() => new Vocabulary(['a\ud800'])).toThrow(/got half a pair in "a\\ud800"$/);
    expect(() => vocabulary.encode(5 as Wrong)).toThrow(/^word: expected a string, got 5/);
    expect(() => vocabulary.decode({ length: 2 } as Wrong)).toThrow(/^indices: expected an array/);
  });
});

describe('rates', () => {
  test.each<[string, Wrong, new (...args: never[]) => Error, RegExp]>([
    ['a number', 0.1, TypeError, /^rates: expected an array, got 0.1/],
    ['NaN', [NaN], RangeError, /^rates\[0\]: expected a finite number of at least 0, got NaN/],
    [
      'a hole',
      Object.assign([0.1, 0.1, 0.1], { length: 5 }),
      TypeError,
      /^rates\[3\]: expected a number, got undefined/,
    ],
    ['an infinite one', Float64Array.of(0.1, Infinity), RangeError, /^rates\[1\]/],
    ['one below 0', Float32Array.of(-1), RangeError, /^rates\[0\]/],
    ['text', '0.1', TypeError, /^rates: expected an array/],
    ['none', undefined, TypeError, /^rates: expected an array/],
  ])('%s', (_, rates, type, message) => {
    for (const backward of ['fused', 'stepwise', 'autograd'] as const) {
      const trainer = hg.trainer(model, { dataset, generator, backward });
      refused(() => trainer.run(rates), type, message);
      expect(trainer.run([0.1])).toHaveLength(1);
      trainer.dispose();
    }
  });
});

describe('what is not there, or is of another kind', () => {
  const entries: [string, () => unknown, RegExp][] = [
    ['createModel()', () => (hg as Wrong).createModel(), /^options: expected an object, got undefined/],
    [
      'createModel({ vocabSize })',
      () => hg.createModel({ vocabSize: 5 } as Wrong),
      /^generator: expected a Generator, got undefined/,
    ],
    [
      'createModel of parameters that are none',
      () => hg.createModel({ vocabSize: 5, parameters: 5 } as Wrong),
      /^parameters: expected an object, got 5/,
    ],
    [
      'createModel of no parameters',
      () => hg.createModel({ vocabSize: 5, parameters: {} } as Wrong),
      /^C: expected a parameter/,
    ],
    [
      'createModel of both',
      () => hg.createModel({ vocabSize: 11, generator, parameters: model.parameters } as Wrong),
      /^generator: expected none where parameters are given/,
    ],
    [
      'createModel of an unknown name',
      () => hg.createModel({ vocabSize: 5, embd: 3, generator, bnGenerator: generator } as Wrong),
      /got "embd"; the nearest is embed$/,
    ],
    ['trainer()', () => (hg as Wrong).trainer(), /^model: expected a Model, got undefined/],
    ['trainer(model)', () => (hg as Wrong).trainer(model), /^options: expected an object, got undefined/],
    ['trainer(model, {})', () => hg.trainer(model, {} as Wrong), /^generator: expected a Generator, got undefined/],
    [
      'trainer of an unknown name',
      () => hg.trainer(model, { dataset, generator, batchSize: 4 } as Wrong),
      /nearest is batch$/,
    ],
    [
      'trainer of what looks like a model',
      () => hg.trainer(Object.create(Object.getPrototypeOf(model)), { dataset, generator }),
      /^model: expected a Model/,
    ],
    ['fused()', () => (model as Wrong).fused(), /^Xb: expected a tensor, got undefined/],
    [
      'stepwise(Xb)',
      () => (model as Wrong).stepwise(hg.zeros([2, 3], { dtype: 'int32' })),
      /^Yb: expected a tensor, got undefined/,
    ],
    ['sample()', () => (model as Wrong).sample(), /^options: expected an object, got undefined/],
    ['sample({})', () => model.sample({} as Wrong), /^vocabulary: expected a Vocabulary, got undefined/],
    [
      'sample without a generator',
      () => model.sample({ vocabulary, statistics } as Wrong),
      /^generator: expected a Generator/,
    ],
    [
      'sample without statistics',
      () => model.sample({ vocabulary, generator } as Wrong),
      /^statistics: expected an object with bnmean/,
    ],
    [
      'sample of an unknown name',
      () => model.sample({ vocabulary, statistics, generator, temprature: 2 } as Wrong),
      /nearest is temperature$/,
    ],
    [
      'sample without end',
      () => model.sample({ vocabulary, statistics, generator, count: 1e15 }),
      /^count: expected an integer from 0/,
    ],
    ['save()', () => (model as Wrong).save(), /^options: expected an object/],
    ['save({})', () => model.save({} as Wrong), /^vocabulary: expected a Vocabulary, got undefined/],
    ['save of an unknown name', () => model.save({ vocabulary, stats: statistics } as Wrong), /nearest is statistics$/],
    [
      'save of other tensors that are none',
      () => model.save({ vocabulary, extra: { tensors: 5 } } as Wrong),
      /^extra\.tensors: expected an object, got 5/,
    ],
    [
      'save of statistics that are none',
      () => model.save({ vocabulary, statistics: null } as Wrong),
      /^statistics: expected an object with bnmean and bnvar, got null/,
    ],
    ['calibrate()', () => (model as Wrong).calibrate(), /^dataset: expected an object with X/],
    [
      'evaluate(dataset)',
      () => (model as Wrong).evaluate(dataset),
      /^statistics: expected an object with bnmean and bnvar, got undefined/,
    ],
    ['loadModel()', () => (hg as Wrong).loadModel(), /: expected/],
    ['takeBatch()', () => (takeBatch as Wrong)(), /^dataset: expected an object with X/],
  ];

  test.each(entries)('%s', (_, call, message) => {
    hg.scope(() => {
      expect(call).toThrow(message);
    });
  });

  test('train: options, before the first step', async () => {
    const wrong: [Wrong, RegExp][] = [
      [undefined, /^options: expected an object/],
      [{ steps: 3 }, /^generator: expected a Generator/],
      [{ steps: 3, dataset, generator, learningRate: 0.1 }, /got "learningRate"/],
      [{ steps: 3, dataset, generator, signal: {} }, /^signal: expected an AbortSignal, got a Object/],
      [{ steps: 3, dataset, generator, schedule: () => NaN }, /^schedule\(0\): expected a finite number/],
    ];
    for (const [options, message] of wrong) await expect(model.train(options).next()).rejects.toThrow(message);
  });
});

describe('lifetimes', () => {
  test('a trainer that was disposed of trains no more, by the tape neither', () => {
    for (const backward of ['fused', 'stepwise', 'autograd'] as const) {
      const trainer = hg.trainer(model, { dataset, generator, backward });
      trainer.dispose();
      refused(() => trainer.run([0.1]), ReleasedError, /^trainer: expected one in use/);
      trainer.dispose();
    }
  });

  test('a trainer whose generator is gone trains no more', () => {
    const own = hg.generator();
    const trainer = hg.trainer(model, { dataset, generator: own });
    own.dispose();
    refused(() => trainer.run([0.1]), ReleasedError, /^generator: expected one in use/);
    trainer.dispose();
  });

  test('a model is trained by one iterator at a time; break, an error and the last step end it', async () => {
    const options = { dataset, generator, steps: 200, pauseEvery: 10 };
    const first = model.train(options);
    await first.next();
    const values = model.parameters.C.data;
    await expect(model.train(options).next()).rejects.toThrow(TrainingError);
    await expect(model.train(options).next()).rejects.toThrow(/^model: expected one that is not in training/);
    expect(model.parameters.C.data).toEqual(values);
    await first.return();
    for await (const { step } of model.train(options)) if (step > 20) break;
    for await (const _ of model.train(options));
    const failing = model.train({ ...options, schedule: (step) => (step < 20 ? 0.1 : Number.NaN) });
    const all = async () => {
      for await (const _ of failing);
    };
    await expect(all()).rejects.toThrow(/^schedule\(20\)/);
    await model.train({ ...options, steps: 1 }).next();
  });

  test('what a model is made of can’t be exchanged', () => {
    expect(() => {
      (model as Wrong).parameters = {};
    }).toThrow(TypeError);
    expect(() => {
      (model.parameters as Wrong).C = hg.ones([1]);
    }).toThrow(TypeError);
    expect(() => {
      (model.sizes as Wrong).H = 5000;
    }).toThrow(TypeError);
  });
});

describe('what is checked is what is used', () => {
  class Lying extends Int32Array {
    override findIndex(): number {
      return -1;
    }
  }

  test('a dataset whose arrays have methods of their own', () => {
    const wrong = { ...dataset, Y: { ...dataset.Y, data: new Lying(dataset.Y.data).fill(20_000) } };
    refused(() => hg.trainer(model, { dataset: wrong, generator }), RangeError, /^dataset: expected characters/);
  });

  test('rates whose array has methods and a length of its own', () => {
    class Rates extends Float64Array {
      override every(): boolean {
        return true;
      }
    }
    const trainer = hg.trainer(model, { dataset, generator });
    refused(() => trainer.run(Rates.of(Number.NaN)), RangeError, /^rates\[0\]/);
    const long = Object.defineProperty(Float64Array.of(0.1, 0.1), 'length', { value: 6 });
    expect(trainer.run(long)).toHaveLength(2);
    refused(() => trainer.run(Object.create(Float64Array.prototype)), TypeError, /^rates: expected an array/);
    trainer.dispose();
  });

  test('a dataset that is changed once the trainer has it', () => {
    const losses = (['fused', 'autograd'] as const).map((backward) => {
      const own = {
        ...dataset,
        X: { ...dataset.X, data: dataset.X.data.slice() },
        Y: { ...dataset.Y, data: dataset.Y.data.slice() },
      };
      const trainer = hg.trainer(modelOf(hg), { dataset: own, generator: hg.generator().manualSeed(5), backward });
      own.X.data.fill(1000);
      own.Y.data.fill(-1);
      return trainer.run([0.1, 0.1])[1]!;
    });
    expect(losses[0]).toBeCloseTo(losses[1]!, 5);
  });

  test('tensors of another core in a dataset', async () => {
    const other = await create();
    const wrong = { ...dataset, X: other.tensor(dataset.X) as Wrong };
    refused(() => model.calibrate(wrong), CoreError, /^dataset\.X: expected a tensor of the same core/);
  });

  test('the indices of a vocabulary, when a prompt is read', () => {
    const own = new Vocabulary(words);
    (own.stoi as Map<string, number>).set('a', 2);
    const ask = { statistics, vocabulary: own, generator, prompt: 'a', maxLength: 1 };
    expect(model.sample(ask)).toEqual(['a']);
  });
});

describe('what fails leaves the generator as it was', () => {
  test('a model that does not fit, and one whose second generator is gone', async () => {
    const small = await create({ memory: { maximumPages: 3 } });
    const [own, bnGenerator] = [small.generator(), small.generator()];
    const state = own.getState();
    const make = (hidden: number) => () => small.createModel({ vocabSize: 27, hidden, generator: own, bnGenerator });
    expect(make(900)).toThrow(/^memory: expected room/);
    expect(own.getState()).toEqual(state);
    bnGenerator.dispose();
    expect(make(4)).toThrow(ReleasedError);
    expect(own.getState()).toEqual(state);
  });

  test('a tensor that can’t be made of what is drawn', () => {
    refused(() => hg.randn([2], { generator, name: 5 } as Wrong), TypeError, /^name: expected a string/);
    refused(() => hg.randint(0, 5, [3], { generator, requiresGrad: true } as Wrong), TypeError, /got "requiresGrad"/);
    refused(() => hg.randn([2 ** 31], { generator }), RangeError, /^memory: expected room/);
  });
});

test('a schedule that fails at a step has the steps before it carried out, whatever the slices are', async () => {
  const options = { dataset, generator, steps: 500, pauseEvery: 500 };
  const schedule = (step: number) => {
    if (step === 50) throw new Error('no rate');
    return 0.1;
  };
  let last = 0;
  const all = async () => {
    for await (const { step } of model.train({ ...options, schedule })) last = step;
  };
  await expect(all()).rejects.toThrow('no rate');
  expect(last).toBe(50);
});

test('a word of any length is drawn from its last characters alone', () => {
  const long = model.sample({
    statistics,
    vocabulary,
    temperature: 0,
    maxLength: 20_000,
    prompt: 'a'.repeat(19_990),
  } as Wrong);
  expect(long[0]!.length).toBeGreaterThanOrEqual(19_990);
});

describe('model.dispose', () => {
  const released = /^(C|W1|bngain) \(float32 \[.*\]\): expected a tensor in memory, got one released$/;

  test('gives back the memory of parameters and their gradients, once', () => {
    const values = Object.entries(model.parameters).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, data },
    ]);
    const parameters: Model['parameters'] = Object.fromEntries(values);
    const before = hg.usedBytes;
    const own = hg.createModel({ vocabSize: vocabulary.size, hidden: 8, parameters });
    own.parameters.C.requiresGrad = true;
    hg.scope(() => own.parameters.C.sum().backward());
    expect(own.parameters.C.grad).not.toBeNull();
    for (let times = 0; times < 2; times++) {
      own.dispose();
      expect(hg.usedBytes).toBe(before);
    }
  });

  test('makes a later use throw an error that names a parameter', () => {
    const [Xb, Yb] = [hg.tensor(dataset.X), hg.tensor(dataset.Y)];
    model.dispose();
    const used = hg.usedBytes;
    const uses: (() => unknown)[] = [
      () => model.autograd(Xb, Yb),
      () => model.stepwise(Xb, Yb),
      () => model.fused(Xb, Yb),
      () => model.calibrate(dataset),
      () => model.evaluate(dataset, statistics),
      () => model.sample({ vocabulary, statistics, generator }),
      () => model.save({ vocabulary }),
      () => hg.trainer(model, { dataset, generator }),
      () => model.parameters.W1.data,
    ];
    for (const use of uses) {
      expect(use).toThrow(ReleasedError);
      expect(use).toThrow(released);
    }
    expect(hg.usedBytes).toBe(used);
  });

  test('comes at the end of a block with using, and ends a training at its next step', async () => {
    const before = hg.usedBytes;
    let training: AsyncGenerator | undefined;
    const block = async () => {
      const generators = { generator: hg.generator(), bnGenerator: hg.generator() };
      using own = hg.createModel({ vocabSize: vocabulary.size, hidden: 8, ...generators });
      training = own.train({ dataset, generator, steps: 1_000_000, pauseEvery: 1 });
      await training.next();
      for (const one of Object.values(generators)) one.dispose();
    };
    await block();
    await expect(training!.next()).rejects.toThrow(released);
    expect(hg.usedBytes).toBe(before);
  });
});
