// A model as a safetensors file: its parameters under the notebook's names, and its configuration in the metadata.

import { finite, integer, object, oneOf, string } from '../base/check.js';
import { DTypeError, FormatError, ShapeError } from '../base/errors.js';
import type { NdArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import { formatSafetensors, parseSafetensors } from '../data/safetensors.js';
import { Vocabulary } from '../data/vocabulary.js';
import { checkedStatistics, type Statistics } from './inference.js';
import { type ParameterName, parameterNames } from './layout.js';
import type { Mlp, ModelOptions, ParameterSource } from './mlp.js';

/** What a file holds beside what the library gives a meaning to: tensors, and metadata, which is text, by name. */
export interface Extra {
  readonly tensors: Readonly<Record<string, NdArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is saved with a model. */
export interface SaveOptions {
  /** The characters of its V classes. */
  vocabulary: Vocabulary;
  /** Batch norm's statistics, where it has been calibrated. */
  statistics?: Statistics | undefined;
  /** Whatever else the file is to hold, under names that are not the library's. */
  extra?: Partial<Extra>;
}

/** What was saved with a model. */
export interface Loaded<M extends Mlp> {
  readonly model: M;
  readonly vocabulary: Vocabulary;
  /** Undefined where the model was not calibrated. */
  readonly statistics: Statistics | undefined;
  readonly extra: Extra;
}

const format = 'handgrad-model-1';
const metadataNames = ['format', 'vocabulary', 'block', 'embed', 'hidden', 'eps', 'dtype'] as const;
type MetadataName = (typeof metadataNames)[number];
const statisticsNames = ['bnmean', 'bnvar'] as const;
const tensorNames: readonly string[] = [...parameterNames, ...statisticsNames];

/** See `Model.save`. */
export function save(model: Mlp, given: SaveOptions): Uint8Array<ArrayBuffer> {
  const asked = options('options', object('options', given), ['vocabulary', 'statistics', 'extra']);
  const { statistics } = asked;
  const vocabulary = Vocabulary.checked('vocabulary', asked.vocabulary);
  const extra = options('extra', asked.extra, ['tensors', 'metadata']);
  const more = {
    tensors: object('extra.tensors', extra.tensors ?? {}),
    metadata: object('extra.metadata', extra.metadata ?? {}),
  };
  const { T, V, E, H } = model.sizes;
  if (vocabulary.size !== V) throw new ShapeError(`vocabulary: expected ${V} characters, got ${vocabulary.size}`);
  const metadata: Record<MetadataName, string> = {
    format,
    vocabulary: vocabulary.itos.slice(1).join(''),
    block: String(T),
    embed: String(E),
    hidden: String(H),
    eps: String(model.eps),
    dtype: model.dtype,
  };
  for (const name of Object.keys(more.tensors)) checkFree('tensors', name, tensorNames);
  for (const name of Object.keys(more.metadata)) checkFree('metadata', name, metadataNames);
  const tensors = {
    ...model.parameters,
    ...(statistics !== undefined && checkedStatistics(statistics, H, model.core)),
    ...more.tensors,
  };
  return formatSafetensors(tensors, { ...metadata, ...more.metadata });
}

function checkFree(kind: string, name: string, taken: readonly string[]): void {
  if (taken.includes(name)) {
    throw new RangeError(`extra.${kind}: expected names other than ${taken.join(', ')}, got ${show(name)}`);
  }
}

/** See `Handgrad.loadModel`; `create` makes the model. */
export function loadModel<M extends Mlp>(
  create: (options: ModelOptions & ParameterSource) => M,
  bytes: Uint8Array,
  label: string = 'model',
): Loaded<M> {
  const name = string('name', label);
  const { tensors, metadata } = parseSafetensors(bytes, name);
  if (metadata.format !== format) {
    const got = metadata.format === undefined ? 'none' : show(metadata.format);
    throw new FormatError(`${name}: expected a model that handgrad saved, of format ${show(format)}, got ${got}`);
  }
  const text = (key: MetadataName): string => {
    const value = metadata[key];
    if (value === undefined) throw new FormatError(`${name}: expected metadata ${show(key)}, got none`);
    return value;
  };
  const tensor = (key: string): NdArray => {
    const array = tensors.get(key);
    if (array === undefined) throw new FormatError(`${name}: expected a tensor ${key}, got none`);
    array.data.forEach((value: number, i: number) => {
      finite(`${key}: element ${i}`, value);
    });
    return array;
  };
  return asFormatError(name, () => {
    const vocabulary = readVocabulary(text('vocabulary'));
    const dtype = oneOf('dtype', text('dtype'), ['float32', 'float64']);
    const parameters = Object.fromEntries(parameterNames.map((key) => [key, tensor(key)]));
    const wrong = parameterNames.find((key) => parameters[key]!.dtype !== dtype);
    if (wrong !== undefined) throw new DTypeError(`${wrong}: expected ${dtype}, got ${parameters[wrong]!.dtype}`);
    const calibrated = statisticsNames.some((key) => tensors.has(key));
    const statistics = calibrated ? { bnmean: tensor('bnmean'), bnvar: tensor('bnvar') } : undefined;
    const hidden = integer('hidden', readNumber('hidden', text('hidden')), 1);
    return {
      statistics: statistics && checkedStatistics(statistics, hidden),
      model: create({
        vocabSize: vocabulary.size,
        blockSize: readNumber('block', text('block')),
        embed: readNumber('embed', text('embed')),
        hidden,
        eps: readNumber('eps', text('eps')),
        dtype,
        parameters: parameters as Record<ParameterName, NdArray>,
      }),
      vocabulary,
      extra: {
        tensors: Object.fromEntries([...tensors].filter(([key]) => !tensorNames.includes(key))),
        metadata: Object.fromEntries(
          Object.entries(metadata).filter(([key]) => !(metadataNames as readonly string[]).includes(key)),
        ),
      },
    };
  });
}

/** What `read` returns; the errors of arguments become FormatErrors of the file. */
function asFormatError<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`${name}: ${(cause as Error).message}`, { cause });
  }
}

function readVocabulary(characters: string): Vocabulary {
  const vocabulary = new Vocabulary([characters]);
  if (vocabulary.itos.slice(1).join('') !== characters) {
    throw new RangeError(`vocabulary: expected distinct characters in their order, got ${show(characters)}`);
  }
  return vocabulary;
}

/** A number as `String` writes it. */
function readNumber(name: string, text: string): number {
  if (String(Number(text)) !== text) throw new TypeError(`${name}: expected a number, got ${show(text)}`);
  return Number(text);
}
