// `handgrad sample`: new words of a trained model.

import { type Command, Option } from 'commander';
import { nextTask } from '../base/nextTask.js';
import { FormatError, init, readFile } from '../index.js';
import { sampleSeed } from './figures.js';
import { integerFrom, nonNegative, torchSeed } from './parsers.js';
import { exitCodeOf, listen } from './signals.js';
import { json, print, printLines, quoted, say } from './streams.js';

interface Options {
  count: number;
  seed: bigint;
  temperature: number;
  prompt: string;
  maxLength: number;
  json: boolean;
}

/** What is drawn before the event loop runs again: so many words, or so few that they have at most so many characters. */
const [wordsAtOnce, charactersAtOnce] = [16, 2000];
const longestWord = 10_000;

/** Adds the command to `program`. */
export function addSample(program: Command): void {
  program
    .command('sample')
    .description('print new words of a trained model, one a line')
    .argument('<model.safetensors>', 'what handgrad train wrote')
    .option('--count <n>', 'how many words', integerFrom(0), 20)
    .addOption(
      new Option('--seed <integer>', "seed of PyTorch's generator")
        .argParser(torchSeed)
        .default(sampleSeed, String(sampleSeed)),
    )
    .option('--temperature <number>', 'below 1 for likelier words, 0 for the likeliest character', nonNegative, 1)
    .option('--prompt <text>', 'what each word begins with', '')
    .option('--max-length <n>', 'characters after which a word is cut', integerFrom(0, longestWord), 100)
    .option('--json', 'print one JSON array', false)
    .action(sample);
}

/** Prints the words a few at a time, as they are drawn. Ends early when the reader of stdout has gone, or a signal comes. */
async function sample(path: string, { json: asJson, count, seed, ...options }: Options): Promise<void> {
  const hg = await init();
  const { model, vocabulary, statistics, training, extra } = hg.loadModel(await readFile(path), path);
  if (statistics === undefined) {
    // A checkpoint of handgrad train says of which words it is.
    const got =
      training !== undefined && extra.metadata.words !== undefined
        ? `a training that has not ended; go on with: handgrad train --resume ${quoted(path)}`
        : 'a model saved without them; calibrate() gives them, and save({ vocabulary, statistics }) writes them';
    throw new FormatError(`${path}: expected bnmean and bnvar, got ${got}`);
  }
  const generator = hg.generator().manualSeed(seed);
  const draw = (words: number) => model.sample({ vocabulary, statistics, generator, count: words, ...options });
  draw(0); // Options that are no good are refused before a character is printed.
  // Only the first signal is caught, so that a second one ends the process where a reader keeps it waiting.
  const listening = listen(() => listening.end());
  const slice = Math.min(Math.max(Math.floor(charactersAtOnce / (options.maxLength + 1)), 1), wordsAtOnce);
  let printed = 0;
  while (printed < count && listening.stopped === undefined) {
    const words = draw(Math.min(slice, count - printed));
    if (asJson) await print((printed === 0 ? '[' : ',') + words.map((word) => json(word, process.stdout.isTTY)).join());
    else await printLines(words);
    printed += words.length;
    await nextTask(); // So that signals are seen.
  }
  const { stopped } = listening;
  if (stopped !== undefined) {
    say(`handgrad: stopped by ${stopped} after ${printed} of ${count} words`);
    process.exitCode = exitCodeOf(stopped);
  }
  if (asJson) await print(printed === 0 ? '[]\n' : ']\n');
}
