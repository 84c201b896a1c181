// A small model for tests: its words, their examples, and parameters drawn by seeds.

import {
  buildDataset,
  type Dataset,
  type Handgrad,
  type Model,
  type ModelOptions,
  Vocabulary,
} from '../../src/index.js';

export const words: string[] = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'mia', 'amelia', 'eva', 'lea', 'ida'];

/** The examples of a word list, with contexts of three characters. */
export function examplesOf(list: readonly string[], blockSize = 3): Dataset {
  return buildDataset(list, new Vocabulary(list), blockSize);
}

/** A model of `words`, H 8. */
export function modelOf(hg: Handgrad, options: Partial<ModelOptions> = {}): Model {
  const [generator, bnGenerator] = [1, 2].map((seed) => hg.generator().manualSeed(seed));
  const drawn = { generator: generator!, bnGenerator: bnGenerator! };
  return hg.createModel({ vocabSize: new Vocabulary(words).size, hidden: 8, ...options, ...drawn });
}
