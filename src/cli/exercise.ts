// `handgrad exercise`: the lecture's first exercise as two files, judged as they grow.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { nearest, show } from '../base/show.js';
import { FileError } from '../index.js';
import { operationByOperation } from '../lesson.js';
import { changesIn } from './changes.js';
import { proofFile, pythonCell } from './exerciseFiles.js';
import { outcomeOf, statusOf, tableOf, withSolved } from './exerciseReport.js';
import { type Attempt, runExercise } from './exerciseRun.js';
import { codeOf } from './exitCodes.js';
import { integerFrom } from './parsers.js';
import { stripsTypes } from './proofFile.js';
import { messageOf, printLines, quoted, say } from './streams.js';

interface Options {
  watch: boolean;
  hint?: Hint;
  skip?: string[];
  timeout: number;
}

interface Hint {
  readonly name: string;
  readonly level: number;
}

const steps = operationByOperation;
const names: readonly string[] = steps.map(({ name }) => name);
const files = ['backward.py', 'backward.ts', 'backward.mjs'] as const;

/** Adds the command to `program`. */
export function addExercise(program: Command): void {
  program
    .command('exercise')
    .description("write the 26 gradients of the lecture's first exercise, in Python or in TypeScript")
    .argument('[folder]', 'where the files are; they are written where none of them is there', 'exercise')
    .option('--watch', 'judge at each save, until all are right', false)
    .option('--hint <gradient>', 'print a hint, dcounts for the first of three, dcounts:2 for the second', readHint)
    .option('--skip <gradients>', 'go on with the true values of these, with commas', readNames)
    .option('--timeout <seconds>', 'end a file that takes longer', integerFrom(1, 86_400), 60)
    .action(async (folder: string, options: Options) => {
      process.exitCode = await (options.hint === undefined ? exercise(folder, options) : hint(options.hint));
    });
}

function readName(name: string): string {
  if (names.includes(name)) return name;
  throw new InvalidArgumentError(`Expected a gradient, got ${show(name)}; the nearest is ${nearest(name, names)}.`);
}

function readNames(text: string): string[] {
  return text.split(',').map((name) => readName(name).slice(1));
}

function readHint(text: string): Hint {
  const [, name, level = '1'] = /^(.*?)(?::([123]))?$/.exec(text)!;
  return { name: readName(name!), level: Number(level) };
}

async function hint({ name, level }: Hint): Promise<number> {
  const { of, hints, forward } = steps.find((step) => step.name === name)!;
  const used = [`${name}, hint ${level} of ${hints.length}. ${of} is used in`, ...forward.map((line) => `  ${line}`)];
  const more = level < hints.length ? ['', `The next one: handgrad exercise --hint ${name}:${level + 1}`] : [];
  await printLines([...used, '', ...hints[level - 1]!.split('\n'), ...more]);
  return 0;
}

async function exercise(folder: string, options: Options): Promise<number> {
  const present = () => files.map((name) => join(folder, name)).filter((file) => existsSync(file));
  const isNew = present().length === 0;
  if (isNew) writeFiles(folder);
  if (options.watch) return untilRight(folder, present(), options);
  if (isNew) {
    say(`handgrad: write the gradients, then: handgrad exercise ${quoted(folder)} --watch`);
    return 0;
  }
  const judged = await new Session(options).judge(present());
  await printJudged(judged, options);
  const outcomes = begunIn(judged).map(({ attempt }) => outcomeOf(attempt));
  return codeOf[(['wrong', 'undecided'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'right'];
}

/** Writes both files, and replaces none. */
function writeFiles(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new FileError(`${folder}: expected a folder, or a name for one, got ${messageOf(error)}`);
  }
  const proof = runsTypeScript(folder)
    ? { name: 'backward.ts', text: proofFile('typescript') }
    : { name: 'backward.mjs', text: proofFile('javascript') };
  for (const { name, text } of [{ name: 'backward.py', text: pythonCell() }, proof]) {
    writeFileSync(join(folder, name), text, { flag: 'wx' });
    say(`handgrad: wrote ${join(folder, name)}`);
  }
}

/** Whether a file in TypeScript runs in a folder: in this Node.js, and with the package installed, of which it needs the types. */
function runsTypeScript(folder: string): boolean {
  try {
    createRequire(resolve(folder, 'backward.ts')).resolve('handgrad');
    return stripsTypes();
  } catch {
    return false;
  }
}

/** Judges at each save, until all gradients of a file are right. */
async function untilRight(folder: string, present: readonly string[], options: Options): Promise<number> {
  const changes = changesIn(folder);
  const session = new Session(options);
  try {
    for (;;) {
      const judged = await session.judge(present);
      await printJudged(judged, options);
      if (judged.some(({ attempt }) => outcomeOf(attempt) === 'right')) return 0;
      await changes.next();
    }
  } finally {
    changes.end();
  }
}

/** What a file has, and what it had when it was judged before. */
interface Judged {
  readonly file: string;
  readonly attempt: Attempt;
  readonly before: Attempt | undefined;
}

/** Judges files again and again, those that have changed. */
class Session {
  readonly #options: Options;
  readonly #texts = new Map<string, string>();
  readonly #attempts = new Map<string, Attempt>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Those of `files` that have changed. Where one can't be judged, that is an error, or in a watch a line on stderr. */
  async judge(files: readonly string[]): Promise<Judged[]> {
    const { skip = [], timeout, watch } = this.#options;
    const judged: Judged[] = [];
    for (const file of files) {
      // While it is being saved, it may not be there for a moment.
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined || text === this.#texts.get(file)) continue;
      this.#texts.set(file, text);
      const before = this.#attempts.get(file);
      const found = await runExercise({ file: resolve(file), skip }, timeout);
      if ('failure' in found) {
        if (!watch) throw new FileError(`${file}: ${found.failure}`);
        say(`${file}: ${found.failure}`);
        continue;
      }
      const attempt = before === undefined ? found : withSolved(found, before);
      this.#attempts.set(file, attempt);
      judged.push({ file, attempt, before });
    }
    return judged;
  }
}

/** The files in which something is written, or else the first. */
function begunIn(judged: readonly Judged[]): readonly Judged[] {
  const begun = judged.filter(({ attempt }) => attempt.gradients.length > 0 || attempt.stopped !== null);
  return begun.length > 0 ? begun : judged.slice(0, 1);
}

async function printJudged(judged: readonly Judged[], { skip = [] }: Options): Promise<void> {
  for (const { file, attempt, before } of begunIn(judged)) {
    const language = file.endsWith('.py') ? 'python' : 'typescript';
    await printLines([file, ...tableOf(attempt, before), ...statusOf(attempt, skip, language)]);
  }
}
