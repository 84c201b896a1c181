// The model apart from its numbers: what it refuses, what it leaves alone, and sizes of every kind.

import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { dtypes, type FloatDType, type NdArray } from '../../src/base/ndarray.js';
import { compare } from '../../src/compare/compare.js';
import { Core } from '../../src/core/core.js';
import { buildDataset } from '../../src/data/dataset.js';
import { Vocabulary } from '../../src/data/vocabulary.js';
import { parseWords } from '../../src/data/words.js';
import {
  create,
  DTypeError,
  exercise1,
  fusedNames,
  init,
  type ModelOptions,
  OutOfMemoryError,
  type ParameterName,
  parameterNames,
  ReleasedError,
  ShapeError,
  type Tensor,
} from '../../src/index.js';
import { frameStruct, workspaceBound } from '../../src/mlp/frame.js';
import { Model } from '../../src/mlp/model.js';
import { Generator } from '../../src/random/generator.js';
import { fromData } from '../../src/tensor/create.js';
import { goldenBatch, goldenModel, goldenParameters, tensorsOf } from '../support/golden.js';

const hg = await init();
const sizes = { B: 4, T: 2, V: 5, E: 3, H: 6 };
const { T, V, E, H } = sizes;
const parameters = goldenParameters(sizes);
const options = { vocabSize: V, blockSize: T, embed: E, hidden: H };
const passes = ['autograd', 'stepwise', 'fused'] as const;

/** `run` throws an error of this class and message, and leaves memory as it was. */
function refused(run: () => unknown, type: new (message: string) => Error, message: string): void {
  hg.scope(() => {
    const before = hg.usedBytes;
    expect(run).toThrow(new type(message));
    expect(run).toThrow(type);
    expect(hg.usedBytes).toBe(before);
  });
}

/** The rows of exercise 1 that are not exact. */
function inexact(model: Model, Xb: Tensor, Yb: Tensor): string[] {
  const [reference, stepwise] = [model.autograd(Xb, Yb).gradients, model.stepwise(Xb, Yb).gradients];
  const rows = exercise1.map(([label, name]) => compare(label, stepwise[name], reference[name]));
  expect(rows.length).toBe(26);
  return rows.filter(({ exact }) => !exact).map(({ name }) => name);
}

/** The fused gradients that are not approximately autograd's. */
function apart(model: Model, Xb: Tensor, Yb: Tensor): string[] {
  const [reference, fused] = [model.autograd(Xb, Yb).gradients, model.fused(Xb, Yb).gradients];
  return fusedNames.filter((name) => !compare(name, fused[name], reference[name]).approximate);
}

test.each<[string, Partial<Record<keyof ModelOptions, unknown>>, new (message: string) => Error, string]>([
  ['eps NaN', { eps: Number.NaN }, RangeError, 'eps: expected a finite number of at least 0, got NaN'],
  ['eps below 0', { eps: -1e-5 }, RangeError, 'eps: expected a finite number of at least 0, got -0.00001'],
  ['eps infinite', { eps: Infinity }, RangeError, 'eps: expected a finite number of at least 0, got Infinity'],
  ['eps in text', { eps: '1e-5' }, TypeError, 'eps: expected a number, got "1e-5"'],
  ['no hidden unit', { hidden: 0 }, RangeError, 'hidden: expected an integer of at least 1, got 0'],
  ['half a hidden unit', { hidden: 6.5 }, RangeError, 'hidden: expected an integer of at least 1, got 6.5'],
  ['hidden in text', { hidden: '6' }, TypeError, 'hidden: expected an integer, got "6"'],
  ['no context', { blockSize: 0 }, RangeError, 'blockSize: expected an integer of at least 1, got 0'],
  ['no vocabulary', { vocabSize: undefined }, TypeError, 'vocabSize: expected an integer, got undefined'],
  ['no embedding', { embed: -1 }, RangeError, 'embed: expected an integer of at least 1, got -1'],
  ['integers', { dtype: 'int32' }, TypeError, 'dtype: expected float32 or float64, got "int32"'],
])('a model is refused: %s', (_, changed, type, message) => {
  const make = (source: object) => () =>
    hg.createModel({ ...options, ...changed, ...source } as Parameters<typeof hg.createModel>[0]);
  refused(make({ parameters }), type, message);
  refused(make({ generator: hg.generator(), bnGenerator: hg.generator() }), type, message);
});

test.each<[string, Partial<Record<ParameterName, NdArray | undefined>>, new (message: string) => Error, string]>([
  ['missing', { b2: undefined }, ShapeError, 'b2: expected a parameter of shape [5], got none'],
  ['of another shape', { W1: parameters.W2 }, ShapeError, 'W1: expected shape [6, 6], got [6, 5]'],
  ['a vector for a row', { bngain: parameters.b1 }, ShapeError, 'bngain: expected shape [1, 6], got [6]'],
  [
    'of integers',
    { b1: { dtype: 'int32', shape: [6], data: new Int32Array(6) } },
    DTypeError,
    'b1: expected float32 or float64, got int32',
  ],
])('parameters are refused: %s', (_, changed, type, message) => {
  const given = { ...parameters, ...changed } as typeof parameters;
  refused(() => hg.createModel({ ...options, parameters: given }), type, message);
});

test.each([10_000_000, 2 ** 31, Number.MAX_SAFE_INTEGER])(
  'a model that fits no memory is refused before it is drawn: %d hidden units',
  (hidden) => {
    const generator = hg.generator();
    const [state, bytes] = [generator.getState(), hg.usedBytes];
    expect(() => hg.createModel({ vocabSize: 27, hidden, generator, bnGenerator: generator })).toThrow(
      OutOfMemoryError,
    );
    expect(generator.getState()).toEqual(state);
    expect(hg.usedBytes).toBe(bytes);
  },
);

test.each<[number, string, RegExp]>([
  [
    1100,
    'more than addresses reach',
    /^B 1100, T 1000, V 1100, E 1, H 1000: expected sizes whose tensors fit in 4 GiB/,
  ],
  [800, 'more than half of what addresses reach', /^memory: expected room for 3\d{3}\.\d MiB more/],
])('a fused pass whose workspace fits no memory is refused: B and V %d, %s', async (count, _, message) => {
  // In the memory of its own, 1 GiB, one that was counted in 32 bits would fit.
  const own = await create({ memory: { maximumPages: 2 ** 14 } });
  const [generator, bnGenerator] = [own.generator(), own.generator()];
  const model = own.createModel({ vocabSize: count, blockSize: 1000, embed: 1, hidden: 1000, generator, bnGenerator });
  const [Xb, Yb] = [own.zeros([count, 1000], { dtype: 'int32' }), own.zeros([count], { dtype: 'int32' })];
  const bytes = own.usedBytes;
  expect(() => model.fused(Xb, Yb)).toThrow(OutOfMemoryError);
  expect(() => model.fused(Xb, Yb)).toThrow(message);
  expect(own.usedBytes).toBe(bytes);
  own.dispose();
});

test('the bytes of the workspace are bounded as the module counts them', async () => {
  const { memory, kernels } = await Core.create();
  const pointer = memory.allocate(frameStruct.bytes);
  const any = small(100);
  const property = fc.property(
    fc.record({ B: any, T: any, V: any, E: any, H: any }),
    fc.constantFrom('float32', 'float64'),
    (sizes, dtype) => {
      frameStruct.write(memory, pointer, sizes);
      const above = workspaceBound(sizes, dtypes[dtype].bytes) - kernels[dtype].workspaceBytes(pointer);
      expect(above).toBeGreaterThanOrEqual(0);
      expect(above).toBeLessThanOrEqual(512);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('where memory runs out, at whichever allocation, what was allocated before is given back', async () => {
  const core = await Core.create({ build: 'strict' });
  const { memory } = core;
  const allocate = memory.allocate.bind(memory);
  /** Runs it with fewer and fewer failing allocations; returns how often it was refused. */
  const refusals = (run: () => unknown): number => {
    for (let granted = 0; ; granted++) {
      const before = memory.usedBytes;
      let count = 0;
      const spy = vi.spyOn(memory, 'allocate').mockImplementation((bytes) => {
        if (count++ === granted) throw new OutOfMemoryError('no more');
        return allocate(bytes);
      });
      let error: unknown;
      core.scopes.run(() => {
        try {
          run();
        } catch (thrown) {
          error = thrown;
          expect(memory.usedBytes).toBe(before);
        }
      });
      spy.mockRestore();
      expect(memory.usedBytes).toBe(before);
      if (error === undefined) return granted;
      expect(error).toBeInstanceOf(OutOfMemoryError);
    }
  };
  const make = () => new Model(core, { ...options, parameters });
  expect(refusals(make)).toBe(7);
  const generator = new Generator(core);
  expect(refusals(() => new Model(core, { ...options, generator, bnGenerator: generator }))).toBeGreaterThan(7);
  const model = make();
  const Xb = fromData(core, Int32Array.of(0, 1, 2, 3), { shape: [2, 2] });
  const Yb = fromData(core, Int32Array.of(1, 2), {});
  for (const pass of passes) expect(refusals(() => model[pass](Xb, Yb))).toBeGreaterThan(10);
});

const contexts = (values: number[][]) => hg.tensor(values, { dtype: 'int32' });
const targets = (values: number[]) => hg.tensor(values, { dtype: 'int32' });

test.each<[string, () => [Tensor, Tensor], new (message: string) => Error, string]>([
  [
    'a batch of 1',
    () => [contexts([[0, 1]]), targets([1])],
    ShapeError,
    "Xb: expected at least 2 rows, for Bessel's correction divides by B - 1, got 1",
  ],
  [
    'an empty batch',
    () => [hg.zeros([0, 2], { dtype: 'int32' }), hg.zeros([0], { dtype: 'int32' })],
    ShapeError,
    "Xb: expected at least 2 rows, for Bessel's correction divides by B - 1, got 0",
  ],
  [
    'contexts too long',
    () => [
      contexts([
        [0, 1, 2],
        [0, 1, 2],
      ]),
      targets([1, 2]),
    ],
    ShapeError,
    'Xb: expected [B, 2], got [2, 3]',
  ],
  ['contexts in one axis', () => [targets([0, 1]), targets([1, 2])], ShapeError, 'Xb: expected [B, 2], got [2]'],
  [
    'too few targets',
    () => [
      contexts([
        [0, 1],
        [0, 1],
      ]),
      targets([1]),
    ],
    ShapeError,
    'Yb: expected [2], got [1]',
  ],
])('a batch is refused: %s', (_, batch, type, message) => {
  hg.scope(() => {
    const model = goldenModel(hg, sizes, 1e-5);
    const [Xb, Yb] = batch();
    for (const pass of passes) refused(() => model[pass](Xb, Yb), type, message);
  });
});

test.each([-1, 5, 2 ** 31 - 1, -(2 ** 31)])('an index outside the vocabulary is refused: %d', (index) => {
  hg.scope(() => {
    const model = goldenModel(hg, sizes, 1e-5);
    const good = contexts([
      [0, 1],
      [2, 4],
    ]);
    for (const pass of passes) {
      for (const [Xb, Yb, name] of [
        [
          contexts([
            [0, 1],
            [2, index],
          ]),
          targets([1, 2]),
          'Xb',
        ],
        [good, targets([index, 2]), 'Yb'],
      ] as const) {
        const before = hg.usedBytes;
        expect(() => model[pass](Xb, Yb)).toThrow(RangeError);
        expect(() => model[pass](Xb, Yb)).toThrow(new RegExp(`^${name}.*${index}`));
        expect(hg.usedBytes).toBe(before);
      }
    }
  });
});

test('a batch of floating-point numbers is refused', () => {
  hg.scope(() => {
    const model = goldenModel(hg, sizes, 1e-5);
    for (const pass of passes) {
      expect(() => model[pass](hg.zeros([2, 2]), targets([1, 2]))).toThrow(DTypeError);
      expect(() =>
        model[pass](
          contexts([
            [0, 1],
            [1, 2],
          ]),
          hg.zeros([2]),
        ),
      ).toThrow(DTypeError);
    }
  });
});

test('a model whose scope has closed is refused by name', () => {
  let model!: Model;
  hg.scope(() => {
    model = goldenModel(hg, sizes, 1e-5);
  });
  hg.scope(() => {
    for (const pass of passes) expect(() => model[pass](...goldenBatch(hg, sizes))).toThrow(ReleasedError);
  });
});

test.each(passes)('%s changes neither parameters nor batch, and gives the same bytes again', (pass) => {
  const outside = hg.usedBytes;
  hg.scope(() => {
    const model = goldenModel(hg, sizes, 1e-5);
    const [Xb, Yb] = goldenBatch(hg, sizes);
    const inputs = [...parameterNames.map((name) => model.parameters[name]), Xb, Yb];
    const before = inputs.map(({ data }) => data.slice());
    const bytes = hg.usedBytes;
    const run = () =>
      hg.scope(() => Object.entries(tensorsOf(model[pass](Xb, Yb))).map(([name, { data }]) => [name, data.slice()]));
    const first = run();
    expect(hg.usedBytes).toBe(bytes);
    for (let i = 0; i < 20; i++) expect(run()).toEqual(first);
    expect(hg.usedBytes).toBe(bytes);
    expect(inputs.map(({ data }) => data)).toEqual(before);
  });
  expect(hg.usedBytes).toBe(outside);
});

test.each(passes)('%s does not depend on what memory held before', (pass) => {
  for (const eps of [1e5, 1e-5]) {
    for (const dtype of ['float32', 'float64'] as const) {
      hg.scope(() => {
        const model = goldenModel(hg, sizes, eps, dtype);
        const [Xb, Yb] = goldenBatch(hg, sizes);
        const after = (value: number) => {
          hg.scope(() => hg.full([100_000], value));
          return hg.scope(() => Object.values(tensorsOf(model[pass](Xb, Yb))).map(({ data }) => data));
        };
        const results = after(0);
        expect(after(Number.NaN)).toEqual(results);
        expect(after(-1e30)).toEqual(results);
      });
    }
  }
});

test('what a pass returns shares no memory with the parameters', () => {
  hg.scope(() => {
    const model = goldenModel(hg, sizes, 1e-5);
    for (const pass of passes) {
      for (const tensor of Object.values(tensorsOf(model[pass](...goldenBatch(hg, sizes))))) tensor.fill_(1000);
    }
    for (const name of parameterNames) {
      expect(Array.from(model.parameters[name].data)).toEqual(Array.from(parameters[name].data));
    }
  });
});

const letters = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0xc0 + i));
const emoji = Array.from({ length: 30 }, (_, i) => String.fromCodePoint(0x1f600 + i));

test.each<[string, string]>([
  ['accents', 'zoë\némile\nnoël\nstéphane\nbjörn\nåsa\nšárka\nłukasz\nñandú\nçağla\n'],
  ['emoji', '😀🏳️‍🌈\n👩‍👩‍👧\n🎉🎉\n😺a\nb😀\n🚀\n🌍🌎\n🌏\n❤️\n🥳\n'],
  [
    'carriage returns and line feeds',
    'emma\r\nolivia\r\nava\r\nisabella\r\nsophia\r\nmia\r\namelia\r\nharper\r\nluna\r\nzoe\r\n',
  ],
  ['131 characters', [...letters, ...emoji].map((c, i, all) => c + all[(7 * i) % all.length]!).join('\n')],
])('a word list runs from text to 26 exact rows: %s', (_, text) => {
  const words = parseWords(new TextEncoder().encode(text));
  const vocabulary = new Vocabulary(words);
  const { X, Y } = buildDataset(words, vocabulary, 3);
  for (const eps of [1e5, 1e-5]) {
    hg.scope(() => {
      const model = (dtype: FloatDType) => {
        const [generator, bnGenerator] = [hg.generator().manualSeed(1), hg.generator().manualSeed(0)];
        return hg.createModel({ vocabSize: vocabulary.size, eps, dtype, generator, bnGenerator });
      };
      const [Xb, Yb] = [hg.tensor(X), hg.tensor(Y)];
      expect(inexact(model('float32'), Xb, Yb)).toEqual([]);
      expect(apart(model('float64'), Xb, Yb)).toEqual([]);
    });
  }
});

const small = (maximum: number) => fc.integer({ min: 1, max: maximum });
const anySizes = fc.record({
  B: fc.integer({ min: 2, max: 40 }),
  T: small(5),
  V: small(40),
  E: small(12),
  H: small(40),
});
const anyEps = fc.constantFrom(1e5, 1e-5, 0.1);

test('the rows of exercise 1 have the notebook’s labels and order', () => {
  expect(exercise1.map(([label]) => label).join(' ')).toBe(
    'logprobs probs dcounts_sum_inv dcounts_sum dcounts dnorm_logits dlogit_maxes dlogits dh dW2 db2 dhpreact dbngain ' +
      'dbnraw dbnbias dbnvar_inv dbnvar dbndiff2 dbndiff dhprebn dbnmeani dembcat dW1 db1 demb dC',
  );
});

test('in any size, 26 rows are exact', () => {
  const property = fc.property(anySizes, anyEps, fc.constantFrom('float32', 'float64'), (sizes, eps, dtype) => {
    hg.scope(() => expect(inexact(goldenModel(hg, sizes, eps, dtype), ...goldenBatch(hg, sizes))).toEqual([]));
  });
  fc.assert(property, { numRuns: 150 });
});

test('in any size, the fused gradients in float64 are approximately equal', () => {
  const property = fc.property(anySizes, anyEps, (sizes, eps) => {
    hg.scope(() => expect(apart(goldenModel(hg, sizes, eps, 'float64'), ...goldenBatch(hg, sizes))).toEqual([]));
  });
  fc.assert(property, { numRuns: 150 });
});
