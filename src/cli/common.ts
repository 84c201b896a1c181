// What commands have in common: the options of word list and model, and the examples made of a word list.

import { createHash } from 'node:crypto';
import { type Command, Option } from 'commander';
import { buildDataset, type Dataset, type FloatDType, type Handgrad, loadWords, split, Vocabulary } from '../index.js';
import { integerFrom, nonNegative, seed, seedOption, torchSeed } from './options.js';

/** Which words, and in which order. */
export interface DataOptions {
  names?: string;
  shuffleSeed: bigint;
}

/** Which model, and the numbers it starts from. */
export interface ModelOptions {
  seed: bigint;
  bnSeed: bigint;
  hidden: number;
  embed: number;
  block: number;
  batch: number;
  eps: number;
  dtype: FloatDType;
  relaxed: boolean;
}

/** The parts of a word list. */
export const parts = ['train', 'dev', 'test'] as const;

/** A word list, shuffled and split, as examples. */
export interface Data {
  readonly vocabulary: Vocabulary;
  readonly datasets: Readonly<Record<(typeof parts)[number], Dataset>>;
  /** SHA-256 of the words in the order of the list, a line feed after each. */
  readonly digest: string;
}

/** The word list where no other is given. */
export const bundledNames = new URL('../../names.txt', import.meta.url);

export function addDataOptions(command: Command): void {
  command
    .option('--names <path|url>', 'word list, one word a line (default: the bundled names.txt)')
    .addOption(seedOption('--shuffle-seed <integer>', "seed of Python's shuffle of the words", seed, 42n));
}

export function addModelOptions(
  command: Command,
  defaults: Pick<ModelOptions, 'seed' | 'bnSeed' | 'hidden' | 'eps'>,
): void {
  const torch = (flags: string, drawn: string, preset: bigint) =>
    seedOption(flags, `seed of PyTorch's generator for ${drawn}`, torchSeed, preset);
  command
    .addOption(torch('--seed <integer>', 'parameters and minibatches', defaults.seed))
    .addOption(torch('--bn-seed <integer>', 'bngain and bnbias', defaults.bnSeed))
    .option('--hidden <H>', 'width of the hidden layer', integerFrom(1), defaults.hidden)
    .option('--embed <E>', 'width of the embedding', integerFrom(1), 10)
    .option('--block <T>', 'characters of context', integerFrom(1), 3)
    .option('--batch <B>', "examples in a minibatch (Bessel's correction divides by B - 1)", integerFrom(2), 32)
    .option('--eps <number>', "batch norm's epsilon", nonNegative, defaults.eps)
    .addOption(new Option('--dtype <dtype>', 'element type').choices(['float32', 'float64']).default('float32'))
    .option('--relaxed', 'use the relaxed SIMD build, whose last bits may differ between engines', false);
}

/**
 * The examples of the word list, with contexts of T = `block` characters. The vocabulary is that of the words, unless one is
 * given.
 */
export async function loadData(
  hg: Handgrad,
  { names, shuffleSeed }: DataOptions,
  block: number,
  given?: Vocabulary,
): Promise<Data> {
  const words = await loadWords(names ?? bundledNames);
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\n`);
  hg.pythonRandom(shuffleSeed).shuffle(words);
  const vocabulary = given ?? new Vocabulary(words);
  const { train, dev, test } = split(words);
  const dataset = (part: readonly string[]) => buildDataset(part, vocabulary, block);
  return {
    vocabulary,
    datasets: { train: dataset(train), dev: dataset(dev), test: dataset(test) },
    digest: hash.digest('hex'),
  };
}
