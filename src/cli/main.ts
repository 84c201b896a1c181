#!/usr/bin/env node
// The command line: its commands, and what becomes of errors.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { TrainingError } from '../index.js';
import { addEvaluate } from './evaluate.js';
import { addNotebook } from './notebook.js';
import { addSample } from './sample.js';
import { addTrain } from './train.js';

const diverged = 1;
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

for (const add of [addNotebook, addTrain, addEvaluate, addSample]) add(program);

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
    process.exitCode = error instanceof TrainingError ? diverged : badInput;
  }
}
