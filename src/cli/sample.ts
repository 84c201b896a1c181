// `handgrad sample`: new words of a trained model.

import type { Command } from 'commander';
import { FormatError, init, readFile } from '../index.js';
import { integerFrom, nonNegative, seedOption, torchSeed } from './options.js';
import { type Sampling, sampled, sampleSeed } from './report.js';

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
    .option('--max-length <n>', 'characters after which a word is cut', integerFrom(0), 100)
    .option('--json', 'print one JSON array', false)
    .action(sample);
}

async function sample(path: string, { json, ...options }: Sampling & { json: boolean }): Promise<void> {
  const hg = await init();
  const { model, vocabulary, statistics } = hg.loadModel(await readFile(path), path);
  if (statistics === undefined) {
    throw new FormatError(
      `${path}: expected bnmean and bnvar, got a training that has not ended; go on with: handgrad train --resume ${path}`,
    );
  }
  const words = sampled(hg, { model, vocabulary, statistics }, options);
  if (json) console.log(JSON.stringify(words));
  else for (const word of words) console.log(word);
}
