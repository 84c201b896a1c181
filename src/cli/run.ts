// A training between its steps: what a checkpoint holds, how it begins and how it goes on.

import type { Command, Option } from 'commander';
import { show } from '../base/show.js';
import { type Backward, FormatError, type Generator, type Handgrad, type LoadedModel, type Model } from '../index.js';
import type { Data, DataOptions, ModelOptions } from './common.js';
import { History } from './history.js';
import { integerFrom, readMetadata } from './options.js';

/** The options on which the numbers depend. */
export interface Configuration extends Omit<DataOptions, 'names'>, ModelOptions {
  steps: number;
  lr: number;
  backward: Backward;
}

/** The options of `handgrad train`. */
export interface TrainOptions extends Configuration {
  names?: string;
  out?: string;
  checkpointEvery: number;
  resume?: string;
  plot?: string;
  json: boolean;
  quiet: boolean;
}

const ofTheModel = ['hidden', 'embed', 'block', 'eps', 'dtype'] as const;
const ofTheTraining = ['shuffleSeed', 'seed', 'bnSeed', 'batch', 'relaxed', 'steps', 'lr', 'backward'] as const;

/** Model, generator and losses after some steps. */
export interface Run {
  readonly model: Model;
  readonly generator: Generator;
  readonly history: History;
}

/** Draws the parameters. */
export function begin(hg: Handgrad, configuration: Configuration, { vocabulary }: Data): Run {
  const { seed, bnSeed, block: blockSize, embed, hidden, eps, dtype } = configuration;
  const generator = hg.generator().manualSeed(seed);
  const bnGenerator = hg.generator().manualSeed(bnSeed);
  const model = hg.createModel({
    vocabSize: vocabulary.size,
    blockSize,
    embed,
    hidden,
    eps,
    dtype,
    generator,
    bnGenerator,
  });
  return { model, generator, history: new History() };
}

/** What a checkpoint holds beside the model. */
export function extraOf({ generator, history }: Run, configuration: Configuration, { digest }: Data) {
  const { buffer, length } = generator.getState();
  const state = { dtype: 'int32', shape: [length / 4], data: new Int32Array(buffer as ArrayBuffer) } as const;
  const values = ofTheTraining.map((name) => [name, String(configuration[name])]);
  return {
    tensors: { generator: state, ...history.tensors },
    metadata: { ...Object.fromEntries(values), words: digest, step: String(history.step) },
  };
}

/** The training that a checkpoint of the file `name` holds. Throws FormatError for one that is of no training, or of other words. */
export function goOn(hg: Handgrad, loaded: LoadedModel, data: Data, steps: number, name: string): Run {
  const { model, vocabulary, extra } = loaded;
  const { digest } = data;
  const words = textOf(extra.metadata, 'words', name);
  if (!/^[\da-f]{64}$/.test(words)) throw new FormatError(`${name}: words: expected a SHA-256, got ${show(words)}`);
  if (words !== digest) {
    throw new FormatError(
      `${name}: expected --names with the words it was begun with (SHA-256 ${words}), got ${digest}`,
    );
  }
  if (vocabulary.itos.join('') !== data.vocabulary.itos.join('')) {
    throw new FormatError(
      `${name}: expected the vocabulary of its words, ${show(data.vocabulary.itos.join(''))}, got ${show(vocabulary.itos.join(''))}`,
    );
  }
  const step = readMetadata('step', textOf(extra.metadata, 'step', name), integerFrom(0), name);
  if (step > steps) throw new FormatError(`${name}: expected a step from 0 to ${steps}, got ${step}`);
  const state = extra.tensors.generator?.data;
  if (!(state instanceof Int32Array)) throw new FormatError(`${name}: expected an int32 tensor generator, got none`);
  const generator = hg.generator();
  try {
    generator.setState(new Uint8Array(state.buffer, state.byteOffset, state.byteLength));
  } catch (cause) {
    throw new FormatError(`${name}: generator: ${(cause as Error).message}`, { cause });
  }
  return { model, generator, history: History.from(extra.tensors, step, name) };
}

/**
 * Gives the options of `command` that were left to their defaults the values of a checkpoint. Throws FormatError where one that
 * was set differs.
 */
export function adopt(
  command: Command,
  options: Configuration,
  metadata: LoadedModel['extra']['metadata'],
  name: string,
) {
  for (const option of command.options) {
    const key = option.attributeName() as keyof Configuration;
    if (!([...ofTheModel, ...ofTheTraining] as readonly string[]).includes(key)) continue;
    const text = textOf(metadata, key, name);
    const value = readMetadata(key, text, parserOf(option), name);
    if (command.getOptionValueSource(key) === 'default') {
      Object.assign(options, { [key]: value });
    } else if (String(options[key]) !== text) {
      throw new FormatError(`${name}: expected ${option.long} ${text}, with which it was begun, got ${options[key]}`);
    }
  }
}

function parserOf(option: Option): (text: string) => unknown {
  if (option.isBoolean()) return (text) => text === 'true';
  return (text) => option.parseArg?.(text, undefined) ?? text;
}

function textOf(metadata: LoadedModel['extra']['metadata'], key: string, name: string): string {
  const text = metadata[key];
  if (text === undefined) throw new FormatError(`${name}: expected a checkpoint of handgrad train, got no ${key}`);
  return text;
}
