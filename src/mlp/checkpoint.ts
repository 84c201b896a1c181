// A model as a safetensors file: its parameters under the notebook's names, and its options in the metadata.

import { finite, integer, object } from '../base/check.js';
import { DTypeError, FormatError } from '../base/errors.js';
import type { NdArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import type { Core } from '../core/core.js';
import { formatSafetensors, type Safetensors } from '../data/safetensors.js';
import { Vocabulary } from '../data/vocabulary.js';
import { Generator } from '../random/generator.js';
import { checkedStatistics, type Statistics } from './inference.js';
import type { ParameterSource } from './initialize.js';
import { byName, parameterNames } from './layout.js';
import type { Mlp } from './mlp.js';
import {
  type ModelOptions,
  modelSettings,
  readNumber,
  readSettings,
  settingNames,
  settingTexts,
  withAbsent,
} from './settings.js';

/** What a file holds beside what the library gives a meaning to: tensors, and metadata, which is text, by name. */
export interface Extra {
  readonly tensors: Readonly<Record<string, NdArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How far a training has come. `model.train` goes on from there, to the same bytes as without a break. */
export interface TrainingState {
  /** The steps so far: `firstStep` of `model.train`. */
  readonly step: number;
  /** The generator of its minibatches. */
  readonly generator: Generator;
}

/** What is saved with a model. */
export interface SaveOptions {
  /** The characters of its V classes. */
  vocabulary: Vocabulary;
  /** Batch norm's statistics, where it has been calibrated. */
  statistics?: Statistics | undefined;
  /** How far its training has come, where it is to go on. */
  training?: TrainingState | undefined;
  /** Whatever else the file is to hold, under names that are not the library's. */
  extra?: Partial<Extra>;
}

/** What was saved with a model. */
export interface Loaded<M extends Mlp> {
  /** With the parameters that were saved. */
  readonly model: M;
  /** The characters of its V classes. */
  readonly vocabulary: Vocabulary;
  /** Batch norm's; undefined where the model was not calibrated. */
  readonly statistics: Statistics | undefined;
  /** Undefined where it was not saved; otherwise with a generator of its own, which has the state of the one saved. */
  readonly training: TrainingState | undefined;
  /** Whatever else the file holds; empty where there is nothing. */
  readonly extra: Extra;
}

const format = 'handgrad-model-1';
const settingKeys = settingNames.map((name) => modelSettings[name].key);

/** The names that the library uses itself. */
const ownNames: Record<keyof Extra, readonly string[]> = {
  tensors: [...parameterNames, 'bnmean', 'bnvar', 'generator'],
  metadata: ['format', 'vocabulary', ...settingKeys, 'step'],
};

/** See `Model.save`. */
export function save(model: Mlp, given: SaveOptions): Uint8Array<ArrayBuffer> {
  const asked = options('options', object('options', given), ['vocabulary', 'statistics', 'training', 'extra']);
  const { statistics, training } = asked;
  const vocabulary = model.checkVocabulary(asked.vocabulary);
  const { tensors, metadata } = checkedExtra(asked.extra);
  const state = training === undefined ? undefined : written(training, model.core);
  return formatSafetensors(
    {
      ...byName(parameterNames, (name) => expectFinite(name, model.parameters[name].toArray())),
      ...(statistics !== undefined && checkedStatistics(model, statistics)),
      ...state?.tensors,
      ...tensors,
    },
    { format, vocabulary: letters(vocabulary), ...settingTexts(model.settings), ...metadata, ...state?.metadata },
  );
}

function checkedExtra(given: Partial<Extra> | undefined): Partial<Extra> {
  const extra = options('extra', given, ['tensors', 'metadata']);
  for (const kind of ['tensors', 'metadata'] as const) {
    const name = Object.keys(object(`extra.${kind}`, extra[kind] ?? {})).find((key) => ownNames[kind].includes(key));
    if (name !== undefined) {
      throw new RangeError(`extra.${kind}: expected names other than ${ownNames[kind].join(', ')}, got ${show(name)}`);
    }
  }
  return extra;
}

/** A training as a file has it. Throws TypeError, RangeError, CoreError or ReleasedError. */
function written(training: TrainingState, core: Core): { tensors: { generator: NdArray }; metadata: { step: string } } {
  const { step, generator } = options('training', training, ['step', 'generator']);
  const metadata = { step: String(integer('training.step', step, 0)) };
  const data = new Int32Array(Generator.checked('training.generator', generator, core).getState().buffer);
  return { tensors: { generator: { dtype: 'int32', shape: [data.length], data } }, metadata };
}

/** The training of a file that has this step and this state of a generator. Throws an error where one of them is wrong. */
function readTraining(text: string, { dtype, data }: NdArray, core: Core): TrainingState {
  const step = integer('step', readNumber('step', text), 0);
  if (dtype !== 'int32') throw new DTypeError(`generator: expected int32, got ${dtype}`);
  const generator = new Generator(core);
  asFormatError('generator', () => generator.setState(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  return { step, generator };
}

/** See `Handgrad.loadModel`, of a file that has been parsed; `create` makes the model. */
export function readModel<M extends Mlp>(
  create: (options: ModelOptions & ParameterSource) => M,
  file: Safetensors,
  name: string,
): Loaded<M> {
  const { tensors } = file;
  const metadata = withAbsent(file.metadata);
  const present = <Value>(value: Value | undefined, what: string): Value => {
    if (value === undefined) throw new FormatError(`expected ${what}, got none`);
    return value;
  };
  const text = (key: string) => present(metadata[key], `metadata ${show(key)}`);
  const tensor = (key: string) => present(tensors.get(key), `a tensor ${key}`);
  return asFormatError(name, () => {
    if (metadata.format !== format) {
      const got = metadata.format === undefined ? 'none' : show(metadata.format);
      throw new FormatError(`expected a model that handgrad saved, of format ${show(format)}, got ${got}`);
    }
    const characters = text('vocabulary');
    const vocabulary = new Vocabulary([characters]);
    if (letters(vocabulary) !== characters) {
      throw new RangeError(`vocabulary: expected distinct characters in their order, got ${show(characters)}`);
    }
    const settings = readSettings(text);
    const parameters = byName(parameterNames, (key) => {
      const array = tensor(key);
      if (array.dtype !== settings.dtype) {
        throw new DTypeError(`${key}: expected ${settings.dtype}, got ${array.dtype}`);
      }
      return expectFinite(key, array);
    });
    const model = create({ vocabSize: vocabulary.size, ...settings, parameters });
    const calibrated = tensors.has('bnmean') || tensors.has('bnvar');
    const statistics = calibrated ? { bnmean: tensor('bnmean'), bnvar: tensor('bnvar') } : undefined;
    const isTrained = metadata.step !== undefined || tensors.has('generator');
    const training = isTrained ? readTraining(text('step'), tensor('generator'), model.core) : undefined;
    const plain = [...tensors].map(([key, { dtype, shape, data }]): [string, NdArray] => [key, { dtype, shape, data }]);
    const others = <Value>(kind: keyof Extra, entries: Iterable<[string, Value]>) =>
      Object.fromEntries([...entries].filter(([key]) => !ownNames[kind].includes(key)));
    return {
      model,
      vocabulary,
      statistics: statistics && checkedStatistics(model, statistics),
      training,
      extra: { tensors: others('tensors', plain), metadata: others('metadata', Object.entries(metadata)) },
    };
  });
}

/** `array` when all its elements are finite; otherwise a RangeError. */
function expectFinite(name: string, array: NdArray): NdArray {
  array.data.forEach((value, i) => {
    finite(`${name}: element ${i}`, value);
  });
  return array;
}

/** What `read` returns; its errors become FormatErrors that begin with `name`. */
function asFormatError<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw new FormatError(`${name}: ${(cause as Error).message}`, { cause });
  }
}

/** The characters of a vocabulary without the boundary. */
function letters(vocabulary: Vocabulary): string {
  return vocabulary.itos.slice(1).join('');
}
