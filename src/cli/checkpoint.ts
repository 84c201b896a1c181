// A training between its steps: how it begins, what a checkpoint of it holds, and how it goes on from one.

import { show } from '../base/show.js';
import {
  type Extra,
  FormatError,
  type Generator,
  type Handgrad,
  type LoadedModel,
  type Model,
  type Statistics,
} from '../index.js';
import { History } from './history.js';
import { commandTexts, metadataText, modelOptions, type TrainSettings } from './settings.js';
import type { Examples } from './wordList.js';

/** Model, generator of the minibatches and losses after some steps. */
export interface Training {
  readonly model: Model;
  readonly generator: Generator;
  readonly history: History;
  /** What a file of the lab says of its rates and its list. */
  readonly lab: Extra['metadata'];
}

/** A training before its first step, with the parameters drawn. */
export function newTraining(hg: Handgrad, settings: TrainSettings, { vocabulary }: Examples): Training {
  const generator = hg.generator().manualSeed(settings.seed);
  const bnGenerator = hg.generator().manualSeed(settings.bnSeed);
  const options = modelOptions(settings);
  const model = hg.createModel({ vocabSize: vocabulary.size, ...options, generator, bnGenerator });
  return { model, generator, history: new History(), lab: {} };
}

/** A checkpoint's bytes; once the training is over, with batch norm's statistics. */
export function checkpointOf(
  { model, generator, history, lab }: Training,
  settings: TrainSettings,
  { vocabulary, digest }: Examples,
  statistics?: Statistics,
): Uint8Array {
  return model.save({
    vocabulary,
    statistics,
    training: { step: history.step, generator },
    extra: {
      tensors: history.tensors,
      metadata: { ...commandTexts(settings), words: digest, ...history.metadata, ...lab },
    },
  });
}

/**
 * The training of a checkpoint, from the file `name`. Throws FormatError where it is of no training, of other words, or has more
 * than `steps` steps.
 */
export function resumedTraining(
  { model, vocabulary, training, extra }: LoadedModel,
  examples: Examples,
  steps: number,
  name: string,
): Training {
  const words = metadataText(extra.metadata, 'words', name);
  if (!/^[\da-f]{64}$/.test(words)) throw new FormatError(`${name}: words: expected a SHA-256, got ${show(words)}`);
  if (words !== examples.digest) {
    throw new FormatError(
      `${name}: expected --names with the words it was begun with (SHA-256 ${words}), got ${examples.digest}`,
    );
  }
  const [saved, expected] = [vocabulary, examples.vocabulary].map(({ itos }) => itos.join(''));
  if (saved !== expected) {
    throw new FormatError(`${name}: expected the vocabulary of its words, ${show(expected)}, got ${show(saved)}`);
  }
  if (training === undefined)
    throw new FormatError(`${name}: expected a checkpoint of handgrad train or of the lab, got no step`);
  const { step, generator } = training;
  if (step > steps) throw new FormatError(`${name}: expected a step from 0 to ${steps}, got ${step}`);
  const lab = Object.entries(extra.metadata).filter(([key]) => key === 'rates' || key === 'list');
  return { model, generator, history: History.from(extra, step, name), lab: Object.fromEntries(lab) };
}
