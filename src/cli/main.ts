#!/usr/bin/env node
// The command line: its commands, and what becomes of errors.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { TrainingError } from '../index.js';
import { modelSettings, settingNames } from '../mlp/settings.js';
import { addCheck } from './check.js';
import { addCompare } from './compare.js';
import { addEvaluate } from './evaluate.js';
import { addExercise } from './exercise.js';
import { badInput, badOutput, wrong } from './exitCodes.js';
import { addLab } from './lab.js';
import { addNotebook } from './notebook.js';
import { addSample } from './sample.js';
import { guardStreams, messageOf, OutputError, print, say, settled } from './streams.js';
import { addTrain } from './train.js';

guardStreams();
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => process.exit(failed(error)));
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What commander would print: the help that was asked for, and what is wrong with the arguments. */
const told = { help: '', error: '' };

const program = new Command('handgrad')
  .description('Hand-written gradients of a character-level MLP, proved against autograd on a WebAssembly SIMD core.')
  .version(version)
  .exitOverride()
  .configureOutput({
    writeOut: (text) => {
      told.help += text;
    },
    writeErr: () => {},
    outputError: (text) => {
      told.error = text.trim().replaceAll('\n', ' ');
    },
  });

for (const add of [addNotebook, addExercise, addCheck, addCompare, addTrain, addEvaluate, addSample, addLab]) {
  add(program);
}

try {
  await program.parseAsync().catch(answer);
} catch (error) {
  process.exitCode = failed(error) || process.exitCode;
}
await settled(process.stderr);
process.exit();

/** Prints the help that was asked for; otherwise throws what was thrown. */
async function answer(error: unknown): Promise<void> {
  if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
  await print(told.help);
}

/** Says why the command has failed, and returns its exit code. */
function failed(error: unknown): number {
  // A reader that has seen enough, as `head` has, is no failure.
  if (error instanceof OutputError && error.readerHasGone) return 0;
  say(reason(error));
  if (error instanceof OutputError) return badOutput;
  return error instanceof TrainingError ? wrong : badInput;
}

function reason(error: unknown): string {
  if (error instanceof CommanderError) {
    if (told.error !== '') return told.error;
    if (error.code === 'commander.help') {
      const names = program.commands.map((command) => command.name()).join(', ');
      return `error: expected a command, one of ${names}; handgrad --help says more`;
    }
  }
  return `handgrad: ${withFlag(messageOf(error))}`;
}

/** `message`, which may begin with the library's name of an option of the model, in the words of the command line. */
function withFlag(message: string): string {
  const setting = settingNames.find((name) => message.startsWith(`${name}: `));
  return setting === undefined ? message : `--${modelSettings[setting].key}${message.slice(setting.length)}`;
}
