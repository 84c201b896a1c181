// What an exercise is of, a word list and an epsilon: kept beside its files from the beginning, where they are not the usual ones.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FormatError, init, loadWords, readFile, Vocabulary } from '../index.js';
import { judge } from '../lesson.js';
import { modelSettings } from '../mlp/settings.js';
import { adoptSettings } from './settings.js';
import { messageOf, say } from './streams.js';
import { bundledNames } from './wordList.js';

/** The options of the command line that an exercise keeps. */
export interface KeptOptions {
  names?: string;
  eps: number;
}

/** What the files of an exercise are judged with. */
export interface ExerciseSettings {
  /** Where the words are. */
  readonly names: string;
  readonly eps: number;
}

const format = 'handgrad-exercise-1';
const fileIn = (folder: string) => join(folder, 'exercise.json');
const namesIn = (folder: string) => join(folder, 'exercise-names.txt');

/** Whether a folder has what an exercise was begun with. */
export const isKept = (folder: string): boolean => existsSync(fileIn(folder));

/** What a new exercise is begun with, and the size of its vocabulary. Throws what the library throws for words that won't do. */
export async function newSettings(options: KeptOptions): Promise<{ words: readonly string[]; vocabSize: number }> {
  const words = await loadWords(options.names ?? bundledNames);
  // What no minibatch can be drawn from is refused before anything is written.
  if (options.names !== undefined) judge(await init(), '', { words, eps: options.eps });
  return { words, vocabSize: new Vocabulary(words).size };
}

/** Keeps what is not as usual beside the files of a new exercise. Throws what the file system throws. */
export function keepSettings(folder: string, { names, eps }: KeptOptions, words: readonly string[]): void {
  if (isKept(folder) || (names === undefined && eps === modelSettings.eps.preset)) return;
  if (names !== undefined) writeFileSync(namesIn(folder), `${words.join('\n')}\n`, { flag: 'wx' });
  const kept = { format, eps: String(eps), names: names !== undefined };
  writeFileSync(fileIn(folder), `${JSON.stringify(kept, null, 2)}\n`, { flag: 'wx' });
  say(`handgrad: wrote ${fileIn(folder)}`);
}

/** What the exercise of a folder was begun with. Throws FileError, and FormatError where an option that is set says otherwise. */
export async function keptSettings(folder: string, options: KeptOptions, command: Command): Promise<ExerciseSettings> {
  const file = fileIn(folder);
  const kept = isKept(folder) ? await readKept(file) : { eps: String(modelSettings.eps.preset), names: false };
  adoptSettings(command, options, { eps: kept.eps }, folder);
  const names = kept.names ? namesIn(folder) : bundledNames.href;
  if (options.names !== undefined) {
    const [own, given] = [await loadWords(names), await loadWords(options.names)];
    if (own.join('\n') !== given.join('\n')) {
      throw new FormatError(`${folder}: expected the --names with which it was begun, got other words`);
    }
  }
  return { names, eps: options.eps };
}

async function readKept(file: string): Promise<{ eps: string; names: boolean }> {
  const text = new TextDecoder().decode(await readFile(file));
  try {
    const { format: got, eps, names } = JSON.parse(text) as Record<string, unknown>;
    if (got === format && typeof eps === 'string' && typeof names === 'boolean') return { eps, names };
  } catch (error) {
    throw new FormatError(`${file}: expected the settings of an exercise, got ${messageOf(error)}`);
  }
  throw new FormatError(`${file}: expected the settings of an exercise, got something else`);
}
