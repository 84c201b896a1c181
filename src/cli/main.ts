#!/usr/bin/env node
// The command line: commands, their options, and what becomes of errors.

import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { notebook } from './notebook.js';
import { integerFrom, nonNegative, seed, torchSeed } from './options.js';

/** Bad usage or input. */
const badInput = 2;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('handgrad')
  .description('Hand-written gradients of a character-level MLP, proved against autograd on a WebAssembly SIMD core.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) });

program
  .command('notebook')
  .description('compute every gradient three ways and compare them')
  .option('--names <path|url>', 'word list, one word a line (default: the bundled names.txt)')
  .option('--shuffle-seed <integer>', "seed of Python's shuffle of the words", seed, 42n)
  .option('--seed <integer>', "seed of PyTorch's generator for parameters and minibatch", torchSeed, 456789096543n)
  .option('--bn-seed <integer>', "seed of PyTorch's generator for bngain and bnbias", torchSeed, 0n)
  .option('--hidden <H>', 'width of the hidden layer', integerFrom(1), 64)
  .option('--embed <E>', 'width of the embedding', integerFrom(1), 10)
  .option('--block <T>', 'characters of context', integerFrom(1), 3)
  .option('--batch <B>', "examples in the minibatch (Bessel's correction divides by B - 1)", integerFrom(2), 32)
  .option('--eps <number>', "batch norm's epsilon", nonNegative, 1e5)
  .addOption(new Option('--dtype <dtype>', 'element type').choices(['float32', 'float64']).default('float32'))
  .option('--relaxed', 'use the relaxed SIMD build, whose last bits may differ between engines', false)
  .option(
    '--params <file.safetensors>',
    'parameters by name, and Xb and Yb where the file has them, instead of drawn ones',
  )
  .option('--dump <file.safetensors>', 'write parameters, batch, intermediates, loss and gradients')
  .option('--json', 'print one JSON object', false)
  .action(async (options) => {
    process.exitCode = await notebook(options);
  });

// A reader that has seen enough, as `head` has, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : badInput;
  else {
    console.error(`handgrad: ${(error as Error).message}`);
    process.exitCode = badInput;
  }
}
