// `handgrad check`: the proofs of a file, each gradient with its verdict.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { escapeControls } from '../base/show.js';
import { FileError, loadWords } from '../index.js';
import type { JudgeOptions } from '../lesson.js';
import { exampleFor } from './checkExample.js';
import { type Judged, type Outcome, runCheck } from './checkRun.js';
import { badInput, codeOf } from './exitCodes.js';
import { checkOutputs, fileOfNames, writeOutput } from './outputs.js';
import { integerFrom } from './parsers.js';
import { addSettings, modelOptions } from './settings.js';
import { attempt, print, printJson, printLines, say } from './streams.js';
import { addNamesOption, bundledNames } from './wordList.js';

interface Options {
  init: boolean;
  json: boolean;
  report?: string;
  dtype: 'float32' | 'float64';
  seed?: number;
  repeat: number;
  timeout: number;
  names?: string;
  strict: boolean;
  shuffleSeed: bigint;
  bnSeed: bigint;
  batch: number;
}

/** The largest seed of a module's random inputs. */
const largestSeed = 2 ** 32 - 1;

/** The notebook's seed. */
const seedOfCells = 456789096543;

/** The settings of a cell's model, by the names of its options. */
const cellSettings = ['shuffleSeed', 'bnSeed', 'batch', 'block', 'embed', 'hidden', 'eps'];

/** Adds the command to `program`. */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('prove the hand-written gradients of a file, and find the first wrong one')
    .argument(
      '[file]',
      'a module whose default export is a proof, or a list of them; or a cell of Python, cell.py, with gradients of the notebook',
      'proof.mjs',
    )
    .option('--init', 'write a commented example to the file instead', false)
    .addOption(
      new Option('--dtype <dtype>', 'what is compared bit for bit').choices(['float32', 'float64']).default('float32'),
    )
    .option(
      '--seed <integer>',
      "seed of the random inputs (default: 0; for a cell the notebook's, 456789096543)",
      integerFrom(0),
    )
    .option('--repeat <n>', 'prove it n times, with other random inputs each time', integerFrom(1, 10_000), 1)
    .option('--timeout <seconds>', 'end a file that takes longer', integerFrom(1, 86_400), 60)
    .option('--report <file.html>', 'write the first report that is not right, or else the first, as a page')
    .option('--json', 'print the reports as JSON', false)
    .option('--strict', 'for a cell: a gradient of exercise 1 that it does not write counts as missing', false)
    .action(async (file: string, options: Options) => {
      process.exitCode = await (options.init ? writeExample(file) : check(file, options, command));
    });
  addNamesOption(command);
  addSettings(command, cellSettings, { bnSeed: 0n, eps: 1e5 });
}

async function check(file: string, options: Options, command: Command): Promise<number> {
  const isCell = file.endsWith('.py');
  const { seed = isCell ? seedOfCells : 0 } = options;
  if (!isCell) expectNoCellSettings(file, command);
  if (!isCell && seed > largestSeed) throw new RangeError(`--seed: expected at most ${largestSeed}, got ${seed}`);
  await checkOutputs([{ path: options.report, kind: 'report' }], isCell ? [file, fileOfNames(options.names)] : [file]);
  const cell = isCell ? await cellOptions(options) : undefined;
  const outcome = await runCheck(resolve(file), { ...options, seed, cell, page: options.report !== undefined });
  if ('failure' in outcome) throw new FileError(`${file}: ${outcome.failure}`);
  const { printed = '', failure } = outcome.judged[0]!;
  if (printed !== '') attempt(process.stderr, printed);
  if (options.report !== undefined) {
    await writeOutput(options.report, new TextEncoder().encode(firstOf(outcome.judged).page!));
  }
  if (options.json) await printJson(dataOf(outcome.judged, options));
  else await printTable(linesOf(outcome, seed, options));
  if (failure === undefined) return codeOf[firstOf(outcome.judged).outcome];
  say(`handgrad: ${file}: ${failure}`);
  return badInput;
}

/** Throws RangeError where a setting of cells is given for a module. */
function expectNoCellSettings(file: string, command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!['names', 'strict', ...cellSettings].includes(name) || command.getOptionValueSource(name) !== 'cli') continue;
    throw new RangeError(`${option.long}: expected a cell, a file that ends in .py, to set it for, got ${file}`);
  }
}

async function cellOptions(options: Options): Promise<JudgeOptions> {
  const { names, strict, batch, shuffleSeed, bnSeed, dtype } = options;
  const words = await loadWords(names ?? bundledNames);
  const model = modelOptions(options);
  return { ...model, dtype, words, strict, batch, shuffleSeed, bnSeed, given: 'unwritten' };
}

/** The first report that is wrong, or else undecided, or else right. */
function firstOf(judged: readonly Judged[]): Judged {
  const first = (outcome: Judged['outcome']) => judged.find((report) => report.outcome === outcome);
  return first('wrong') ?? first('undecided') ?? judged[0]!;
}

/** One report as it is, several in a list. */
function dataOf(judged: readonly Judged[], { repeat }: Options): unknown {
  const reports = judged.map(({ data }) => data);
  return reports.length === 1 && repeat === 1 ? reports[0] : reports;
}

/** The first report of each proof, and of the others those that are not right. */
function linesOf({ judged }: Extract<Outcome, { judged: unknown }>, seed: number, { repeat }: Options): string[] {
  const lines: string[] = [];
  for (const report of judged) {
    if (report.seed !== seed && report.outcome === 'right') continue;
    if (lines.length > 0) lines.push('');
    if (repeat > 1) lines.push(`seed ${report.seed}`);
    lines.push(...report.text.split('\n'));
  }
  if (repeat > 1) {
    const right = judged.filter(({ outcome }) => outcome === 'right').length;
    lines.push('', `${right} of ${judged.length} runs are right.`);
  }
  return lines;
}

const colours: readonly [pattern: RegExp, code: number][] = [
  [/\b(wrong|unclaimed|Not right)\b/g, 31],
  [/\b(exact|rounding|Right)\b/g, 32],
  [/\b(inherited|undecided)\b/g, 33],
];

/** Prints lines, their verdicts in colour on a terminal that has colours and a user who wants them. */
async function printTable(lines: readonly string[]): Promise<void> {
  const { isTTY } = process.stdout;
  if (!isTTY || process.env.NO_COLOR || process.env.TERM === 'dumb') return printLines(lines);
  const coloured = lines.map((line) =>
    colours.reduce(
      (text, [pattern, code]) => text.replace(pattern, `\u001b[${code}m$1\u001b[39m`),
      escapeControls(line),
    ),
  );
  await print(`${coloured.join('\n')}\n`);
}

async function writeExample(file: string): Promise<number> {
  if (!/\.[cm]?[jt]s$/.test(file)) {
    throw new FileError(`${file}: expected a name that ends in .mjs, .js or .ts, got another`);
  }
  if (existsSync(file)) throw new FileError(`${file}: expected a name that is free, got a file that is there`);
  await writeOutput(file, new TextEncoder().encode(exampleFor(file)));
  say(`handgrad: wrote ${file}; next: handgrad check ${file}`);
  return 0;
}
