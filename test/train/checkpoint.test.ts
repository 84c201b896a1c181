import { beforeAll, describe, expect, test } from 'vitest';
import {
  CoreError,
  create,
  FormatError,
  formatSafetensors,
  type Handgrad,
  init,
  type NdArray,
  parameterNames,
  parseSafetensors,
  ReleasedError,
  type SaveOptions,
  ShapeError,
  type TrainingState,
  Vocabulary,
} from '../../src/index.js';
import { modelSettings } from '../../src/mlp/settings.js';
import { projectFile } from '../support/fixture.js';
import { array, exercise4, smallModel } from './small.js';

const vocabulary = new Vocabulary(['abcdefghijklmnopqrstuvwxyz']);
const statistics = { bnmean: array(exercise4.small.bnmean), bnvar: array(exercise4.small.bnvar) };
let hg: Handgrad;
beforeAll(async () => {
  hg = await init();
});

const saved = (options: Partial<SaveOptions> = {}) => smallModel(hg).save({ vocabulary, statistics, ...options });

/** The file of a model with its tensors or metadata changed. */
function changed(change: (tensors: Map<string, NdArray>, metadata: Record<string, string>) => void): Uint8Array {
  const { tensors, metadata } = parseSafetensors(saved());
  const [map, texts] = [new Map(tensors), { ...metadata }];
  change(map, texts);
  return formatSafetensors(map, texts);
}

describe('model.save and hg.loadModel', () => {
  test('give back parameters, statistics, vocabulary and configuration', () => {
    const model = smallModel(hg);
    const loaded = hg.loadModel(model.save({ vocabulary, statistics }));
    expect(loaded.model).toMatchObject({ eps: 1e-5, dtype: 'float32', sizes: { T: 3, V: 27, E: 4, H: 16 } });
    for (const name of parameterNames) expect(loaded.model.parameters[name].data).toEqual(model.parameters[name].data);
    expect(loaded.statistics).toEqual(statistics);
    expect(loaded.vocabulary.itos).toEqual(vocabulary.itos);
    expect(loaded.extra).toEqual({ tensors: {}, metadata: {} });
  });

  test.each(['float32', 'float64'] as const)('the same model is the same bytes, also once loaded, %s', (dtype) => {
    const bytes = smallModel(hg, dtype).save({ vocabulary });
    expect(smallModel(hg, dtype).save({ vocabulary })).toEqual(bytes);
    const { model, ...rest } = hg.loadModel(bytes);
    expect(rest.statistics).toBeUndefined();
    expect(model.save(rest)).toEqual(bytes);
  });

  test.each([Number.NaN, Infinity])('a parameter that is %s is not saved, for no file could be loaded', (value) => {
    const model = smallModel(hg);
    hg.noGrad(() => model.parameters.W2.indexPut_([[1], [2]], value));
    const message = `W2: element ${model.sizes.V + 2}: expected a finite number, got ${value}`;
    expect(() => model.save({ vocabulary })).toThrow(new RangeError(message));
  });

  test('an option that came after a file means what it says of such files', () => {
    const without = changed((_, metadata) => {
      delete metadata.embed;
    });
    expect(() => hg.loadModel(without)).toThrow('model: expected metadata "embed", got none');
    const setting: { absent?: number } = modelSettings.embed;
    try {
      setting.absent = 4;
      expect(hg.loadModel(without).model.sizes.E).toBe(4);
      setting.absent = 5;
      expect(() => hg.loadModel(without)).toThrow(FormatError);
      expect(hg.loadModel(saved()).model.sizes.E).toBe(4);
    } finally {
      delete setting.absent;
    }
  });

  test('the file holds the notebook’s names and the configuration', () => {
    const { tensors, metadata } = parseSafetensors(saved());
    expect([...tensors.keys()]).toEqual([...parameterNames, 'bnmean', 'bnvar']);
    expect(metadata).toEqual({
      format: 'handgrad-model-1',
      vocabulary: 'abcdefghijklmnopqrstuvwxyz',
      block: '3',
      embed: '4',
      hidden: '16',
      eps: '0.00001',
      dtype: 'float32',
    });
  });

  test('keeps extra tensors and texts, under names that are free', () => {
    const extra = {
      tensors: { lossi: { dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) } as const },
      metadata: { place: '7' },
    };
    expect(hg.loadModel(saved({ extra })).extra).toEqual(extra);
    expect(() => saved({ extra: { tensors: { W1: extra.tensors.lossi } } })).toThrow(/^extra.tensors: .*got "W1"$/);
    expect(() => saved({ extra: { metadata: { eps: '1' } } })).toThrow(/^extra.metadata: .*got "eps"$/);
  });

  test('the names of a training are no extras, with a training or without one', () => {
    const step = { metadata: { step: '7' } };
    const generator = {
      tensors: { generator: { dtype: 'int32', shape: [1264], data: new Int32Array(1264) } },
    } as const;
    for (const training of [undefined, { step: 7, generator: hg.generator() }]) {
      expect(() => saved({ training, extra: step })).toThrow(/^extra.metadata: .*got "step"$/);
      expect(() => saved({ training, extra: generator })).toThrow(/^extra.tensors: .*got "generator"$/);
      expect(() => saved({ training, extra: { ...step, ...generator } })).toThrow(RangeError);
    }
  });

  test('a checkpoint that handgrad train wrote before save knew of trainings is one, and is written the same', async () => {
    const bytes = await projectFile('test/fuzz/corpus/checkpoint.safetensors');
    const { model, ...rest } = hg.loadModel(bytes);
    expect(rest.training?.step).toBe(200);
    expect(Object.keys(rest.extra.tensors)).toEqual(['firstLosses', 'every10k', 'lossi']);
    expect(rest.extra.metadata).not.toHaveProperty('step');
    expect(model.save(rest)).toEqual(bytes);
  });

  test('keeps characters beyond the basic plane', () => {
    const wide = new Vocabulary(['é😀ß', ...'abcdefghijklmnopqrstuvw']);
    expect(wide.size).toBe(27);
    expect(hg.loadModel(saved({ vocabulary: wide })).vocabulary.itos).toEqual(wide.itos);
  });

  test.each<[unknown, new () => Error, RegExp]>([
    [null, TypeError, /^training: expected an object, got null$/],
    [{ step: 1 }, TypeError, /^training\.generator: expected a Generator, got undefined$/],
    [{ step: -1 }, RangeError, /^training\.step: expected an integer of at least 0, got -1$/],
    [{ step: '1' }, TypeError, /^training\.step: expected an integer, got "1"$/],
    [{ steps: 1 }, TypeError, /^training: expected step, generator, got "steps"; the nearest is step$/],
  ])('save refuses the training %j', (training, type, message) => {
    const save = () => saved({ training: training as TrainingState });
    expect(save).toThrow(type);
    expect(save).toThrow(message);
  });

  test('save refuses a generator that is disposed of, or of another core', async () => {
    const generator = hg.generator();
    generator.dispose();
    expect(() => saved({ training: { step: 1, generator } })).toThrow(ReleasedError);
    const other = await create();
    expect(() => saved({ training: { step: 1, generator: other.generator() } })).toThrow(CoreError);
    other.dispose();
  });

  test('save refuses a vocabulary or statistics of other sizes', () => {
    expect(() => saved({ vocabulary: new Vocabulary(['ab']) })).toThrow(ShapeError);
    expect(() => saved({ statistics: { ...statistics, bnvar: { ...statistics.bnvar, shape: [16] } } })).toThrow(
      ShapeError,
    );
  });

  const state = (values: number[] | Int32Array): NdArray => ({
    dtype: 'int32',
    shape: [values.length],
    data: Int32Array.from(values),
  });
  const withTraining = (step: string, generator: NdArray) => () =>
    changed((tensors, metadata) => {
      tensors.set('generator', generator);
      metadata.step = step;
    });
  const seeded = () => state(new Int32Array(hg.generator().getState().buffer));

  test.each<[string, () => Uint8Array, RegExp]>([
    [
      'a step alone',
      () => changed((_, metadata) => Object.assign(metadata, { step: '1' })),
      /a tensor generator, got none$/,
    ],
    ['a generator alone', () => changed((tensors) => tensors.set('generator', seeded())), /metadata "step", got none$/],
    ['no step', () => withTraining('', seeded())(), /step: expected a number, got ""$/],
    ['a step in other words', () => withTraining('1e3', seeded())(), /step: expected a number, got "1e3"$/],
    ['a step below 0', () => withTraining('-1', seeded())(), /step: expected an integer of at least 0, got -1$/],
    ['half a state', withTraining('1', state([1, 2])), /generator: bytes: expected 5056 bytes, got 8$/],
    [
      'a state that is none',
      withTraining('1', state(new Int32Array(1264))),
      /generator: bytes: expected a count of words left of 1, got 0$/,
    ],
    [
      'a state of numbers',
      withTraining('1', array({ shape: [1264], data: new Array(1264).fill(0) })),
      /generator: expected int32, got float32$/,
    ],
    ['an empty file', () => new Uint8Array(), /header size/],
    ['half a file', () => saved().slice(0, 2000), /bytes of tensors/],
    [
      'a file of other origin',
      () => formatSafetensors({ C: array({ shape: [1], data: [1] }) }, { format: 'pt' }),
      /format "handgrad-model-1", got "pt"$/,
    ],
    ['one without metadata', () => formatSafetensors({ C: array({ shape: [1], data: [1] }) }), /got none$/],
    ...parameterNames.map((name): [string, () => Uint8Array, RegExp] => [
      `one without ${name}`,
      () => changed((tensors) => tensors.delete(name)),
      new RegExp(`expected a tensor ${name}, got none$`),
    ]),
    ...['vocabulary', 'block', 'embed', 'hidden', 'eps', 'dtype'].map((name): [string, () => Uint8Array, RegExp] => [
      `one without ${name}`,
      () => changed((_, metadata) => Reflect.deleteProperty(metadata, name)),
      new RegExp(`expected metadata "${name}", got none$`),
    ]),
    ['one with half the statistics', () => changed((tensors) => tensors.delete('bnvar')), /tensor bnvar, got none$/],
    [
      'another shape',
      () => changed((tensors) => tensors.set('b1', array({ shape: [2], data: [1, 2] }))),
      /b1: expected shape \[16\], got \[2\]$/,
    ],
    [
      'another dtype',
      () => changed((_, metadata) => Object.assign(metadata, { dtype: 'float64' })),
      /C: expected float64, got float32$/,
    ],
    [
      'an unknown dtype',
      () => changed((_, metadata) => Object.assign(metadata, { dtype: 'int8' })),
      /dtype: .*"int8"$/,
    ],
    [
      'another width',
      () => changed((_, metadata) => Object.assign(metadata, { embed: '5' })),
      /C: expected shape \[27, 5\]/,
    ],
    [
      'a width of no number',
      () => changed((_, metadata) => Object.assign(metadata, { hidden: '16 ' })),
      /hidden: .*"16 "$/,
    ],
    ['a negative eps', () => changed((_, metadata) => Object.assign(metadata, { eps: '-1' })), /eps: .*-1$/],
    [
      'a vocabulary out of order',
      () => changed((_, metadata) => Object.assign(metadata, { vocabulary: 'ba' })),
      /vocabulary: .*"ba"$/,
    ],
    [
      'a vocabulary of another size',
      () => changed((_, metadata) => Object.assign(metadata, { vocabulary: 'ab' })),
      /C: expected shape \[3, 4\]/,
    ],
    ['NaN', () => changed((tensors) => tensors.get('W2')!.data.fill(Number.NaN)), /W2: element 0: .*NaN$/],
    ['a negative variance', () => changed((tensors) => tensors.get('bnvar')!.data.fill(-1)), /bnvar\[0, 0\]: .*-1$/],
  ])('loadModel refuses %s, and leaves memory as it was', (_, bytes, message) => {
    const file = bytes();
    const used = hg.usedBytes;
    const load = () => hg.loadModel(file, 'm.safetensors');
    expect(load).toThrow(FormatError);
    expect(load).toThrow(/^m\.safetensors: /);
    expect(load).toThrow(message);
    expect(hg.usedBytes).toBe(used);
  });
});
