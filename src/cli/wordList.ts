// The word list of a command: where it is, and the examples that are made of it.

import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { buildDataset, type Dataset, type Handgrad, loadWords, split, Vocabulary } from '../index.js';

/** Which words, and in which order. */
export interface WordOptions {
  names?: string;
  shuffleSeed: bigint;
}

/** The parts of a word list. */
export const parts = ['train', 'dev', 'test'] as const;

/** Words, shuffled. */
export interface WordList {
  readonly words: readonly string[];
  /** SHA-256 of the words in the order of the file, a line feed after each. */
  readonly digest: string;
}

/** The examples of a word list, in three parts. */
export interface Examples extends Pick<WordList, 'digest'> {
  readonly vocabulary: Vocabulary;
  readonly datasets: Readonly<Record<(typeof parts)[number], Dataset>>;
}

/** The word list where no other is given. */
export const bundledNames = new URL('../../names.txt', import.meta.url);

export function addNamesOption(command: Command): void {
  command.option('--names <path|url>', 'word list, one word a line (default: the bundled names.txt)');
}

/** The words of the list, shuffled. */
export async function loadWordList(hg: Handgrad, { names, shuffleSeed }: WordOptions): Promise<WordList> {
  const words = await loadWords(names ?? bundledNames);
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\n`);
  hg.pythonRandom(shuffleSeed).shuffle(words);
  return { words, digest: hash.digest('hex') };
}

/**
 * The examples of a word list, with contexts of `blockSize` characters. The vocabulary is that of the words, unless one is given.
 * Throws DatasetError for a character that it does not have.
 */
export function examplesOf(
  { words, digest }: WordList,
  blockSize: number,
  vocabulary: Vocabulary = new Vocabulary(words),
): Examples {
  const { train, dev, test } = split(words);
  const dataset = (part: readonly string[]) => buildDataset(part, vocabulary, blockSize);
  return { vocabulary, datasets: { train: dataset(train), dev: dataset(dev), test: dataset(test) }, digest };
}
