// `handgrad sample`: new words of a trained model.

import type { Command } from 'commander';
import { FormatError, init, readFile } from '../index.js';
import { integerFrom, nonNegative, seedOption, torchSeed } from './options.js';
import { type Sampling, sampleSeed } from './report.js';
import { exitCodeOf, type StopSignal, stopSignals } from './signals.js';
import { json, print, printLines, quoted, say } from './streams.js';

interface Options extends Sampling {
  maxLength: number;
  json: boolean;
}

/** Words, or characters where words may be long, that are drawn between two looks at what else there is to do. */
const [wordsAtOnce, charactersAtOnce] = [16, 2000];
const longestWord = 10_000;

/** Adds the command to `program`. */
export function addSample(program: Command): void {
  program
    .command('sample')
    .description('print new words of a trained model, one a line')
    .argument('<model.safetensors>', 'what handgrad train wrote')
    .option('--count <n>', 'how many words', integerFrom(0), 20)
    .addOption(seedOption('--seed <integer>', "seed of PyTorch's generator", torchSeed, sampleSeed))
    .option('--temperature <number>', 'below 1 for likelier words, 0 for the likeliest character', nonNegative, 1)
    .option('--prompt <text>', 'what each word begins with', '')
    .option('--max-length <n>', 'characters after which a word is cut', integerFrom(0, longestWord), 100)
    .option('--json', 'print one JSON array', false)
    .action(sample);
}

/** Prints the words a few at a time, as they are drawn. Ends early where nobody reads on, or a signal comes. */
async function sample(path: string, { json: asJson, count, seed, ...options }: Options): Promise<void> {
  const hg = await init();
  const { model, vocabulary, statistics } = hg.loadModel(await readFile(path), path);
  if (statistics === undefined) {
    throw new FormatError(
      `${path}: expected bnmean and bnvar, got a training that has not ended; go on with: handgrad train --resume ${quoted(path)}`,
    );
  }
  let stopped: StopSignal | undefined;
  const stop = (signal: StopSignal) => {
    stopped = signal;
  };
  const generator = hg.generator().manualSeed(seed);
  const draw = (words: number) => model.sample({ vocabulary, statistics, generator, count: words, ...options });
  draw(0); // Options that are no good are refused before a character is printed.
  for (const signal of stopSignals) process.once(signal, stop);
  const slice = Math.min(Math.max(Math.floor(charactersAtOnce / (options.maxLength + 1)), 1), wordsAtOnce);
  let printed = 0;
  while (printed < count && stopped === undefined) {
    const words = draw(Math.min(slice, count - printed));
    if (asJson) await print((printed === 0 ? '[' : ',') + words.map((word) => json(word, process.stdout.isTTY)).join());
    else await printLines(words);
    printed += words.length;
    await nextTurn();
  }
  if (stopped !== undefined) {
    say(`handgrad: stopped by ${stopped} after ${printed} of ${count} words`);
    process.exitCode = exitCodeOf(stopped);
  }
  if (asJson) await print(printed === 0 ? '[]\n' : ']\n');
}

/** Lets signals in. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
