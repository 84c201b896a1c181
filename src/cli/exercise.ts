// `handgrad exercise`: the lecture's first exercise as two files, judged as they grow.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Command, InvalidArgumentError } from 'commander';
import { guess, show } from '../base/show.js';
import { FileError } from '../index.js';
import { operationByOperation, type Step } from '../lesson.js';
import { changesIn } from './changes.js';
import { languageOf, proofFile, pythonCell } from './exerciseFiles.js';
import { hintLines, outcomeOf, statusOf, tableOf } from './exerciseReport.js';
import { type Judged, Session } from './exerciseSession.js';
import { isKept, type KeptOptions, keepSettings, keptSettings, newSettings } from './exerciseSettings.js';
import { codeOf } from './exitCodes.js';
import { integerFrom } from './parsers.js';
import { stripsTypes } from './proofFile.js';
import { addSettings } from './settings.js';
import { messageOf, printLines, quoted, say } from './streams.js';
import { addNamesOption } from './wordList.js';

interface Options extends KeptOptions {
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
  const command = program
    .command('exercise')
    .description("write the 26 gradients of the lecture's first exercise, in Python or in TypeScript")
    .argument('[folder]', 'where the files are; they are written where none of them is there', 'exercise')
    .option('--watch', 'judge at each save, until all are right', false)
    .option('--hint <gradient>', 'print a hint, dcounts for the first of three, dcounts:2 for the second', readHint)
    .option('--skip <gradients>', 'go on with the true values of these, with commas', readNames)
    .option('--timeout <seconds>', 'end a file that takes longer', integerFrom(1, 86_400), 60)
    .action(async (folder: string, options: Options) => {
      process.exitCode = await (options.hint === undefined ? exercise(folder, options, command) : hint(options.hint));
    });
  addNamesOption(command);
  addSettings(command, ['eps']);
}

function readName(name: string): string {
  if (names.includes(name)) return name;
  throw new InvalidArgumentError(`Expected a gradient, got ${show(name)}${guess(name, names)}.`);
}

function readNames(text: string): string[] {
  return text.split(',').map((name) => readName(name).slice(1));
}

function readHint(text: string): Hint {
  const [, name, level] = /^(.*?)(?::(.*))?$/s.exec(text)!;
  const hint = { name: readName(name!), level: Number(level ?? 1) };
  if (level === undefined || /^[123]$/.test(level)) return hint;
  throw new InvalidArgumentError(`Expected a hint from 1 to 3, as in ${name}:3, got ${show(text)}.`);
}

async function exercise(folder: string, options: Options, command: Command): Promise<number> {
  const present = () => files.map((name) => join(folder, name)).filter((file) => existsSync(file));
  const isNew = present().length === 0;
  if (isNew) await writeFiles(folder, isKept(folder) ? await keptSettings(folder, options, command) : options);
  const session = new Session({ ...options, ...(await keptSettings(folder, options, command)) });
  if (options.watch) return untilRight(folder, present, session);
  if (isNew) {
    say(`handgrad: write the gradients, then: handgrad exercise ${quoted(folder)} --watch`);
    return 0;
  }
  const judged = await session.judge(present());
  await printJudged(judged, options.skip ?? [], askForAHint);
  const outcomes = begunIn(judged).map(({ attempt }) => outcomeOf(attempt));
  return codeOf[(['wrong', 'undecided'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'right'];
}

/** Writes both files with what is kept beside them, and replaces none. Throws FileError. */
async function writeFiles(folder: string, options: KeptOptions): Promise<void> {
  const { words, vocabSize } = await newSettings(options);
  const numbers = { vocabSize, eps: options.eps };
  try {
    if (!existsSync(folder)) mkdirSync(folder);
    keepSettings(folder, options, words);
    const proof = runsTypeScript(folder)
      ? { name: 'backward.ts', text: proofFile('typescript', numbers) }
      : { name: 'backward.mjs', text: proofFile('javascript', numbers) };
    for (const { name, text } of [{ name: 'backward.py', text: pythonCell(numbers) }, proof]) {
      writeFileSync(join(folder, name), text, { flag: 'wx' });
      say(`handgrad: wrote ${join(folder, name)}`);
    }
  } catch (error) {
    throw new FileError(`${folder}: expected a folder that files can be written to, got ${messageOf(error)}`);
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

/** Judges at each save, and answers what is typed, until all gradients of a file are right. */
async function untilRight(folder: string, present: () => string[], session: Session): Promise<number> {
  const changes = changesIn(folder);
  const typed = createInterface({ input: process.stdin });
  typed.on('line', (line) => {
    void printLines(session.answer(line)).then(changes.wake);
  });
  try {
    for (;;) {
      const judged = await session.judge(present());
      await printJudged(judged, session.skip, typeAHint);
      if (judged.some(({ attempt }) => outcomeOf(attempt) === 'right')) return 0;
      await changes.next();
    }
  } finally {
    typed.close();
    changes.end();
  }
}

/** The files in which something is written, or else the first. */
function begunIn(judged: readonly Judged[]): readonly Judged[] {
  const begun = judged.filter(({ attempt }) => attempt.gradients.length > 0 || attempt.stopped !== null);
  return begun.length > 0 ? begun : judged.slice(0, 1);
}

async function printJudged(
  judged: readonly Judged[],
  skip: readonly string[],
  help: (step: Step) => string,
): Promise<void> {
  for (const { file, attempt, before } of begunIn(judged)) {
    await printLines([file, ...tableOf(attempt, before), ...statusOf(attempt, skip, languageOf(file), help)]);
  }
}

const askForAHint = ({ name }: Step) => `A hint: handgrad exercise --hint ${name}`;
const typeAHint = () => 'Type hint for a hint, skip to go on with its true value.';

async function hint({ name, level }: Hint): Promise<number> {
  const step = steps.find((step) => step.name === name)!;
  const more = level < step.hints.length ? ['', `The next one: handgrad exercise --hint ${name}:${level + 1}`] : [];
  await printLines([...hintLines(step, level), ...more]);
  return 0;
}
