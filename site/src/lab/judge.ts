// What is found out about a program of gradients.

import type { GradientReport } from 'handgrad';
import { type JudgedLine, judge } from 'handgrad/lesson';
import { core } from './core.js';
import { bundledWords } from './model.js';
import type { CellRange, Judged, LineVerdict, Program, ShortVerdict } from './protocol.js';
import { shortVerdicts } from './verdicts.js';

/** Characters that a cell may have. */
const most = 20_000;

/** Runs the program and judges every line that writes a gradient. */
export async function judged(program: Program): Promise<Judged> {
  const [hg, words] = [await core(), await bundledWords()];
  const { block: blockSize, ...rest } = program.settings;
  const long = program.cells.filter((cell) => textOf(program.source, cell).length > most);
  const tooLong = `expected a cell of at most ${most} characters, got more`;
  const found: LineVerdict[] = long.map(({ from }) => ({ line: from, name: '', verdict: 'error', text: tooLong }));
  const gradients: Record<string, ShortVerdict> = {};
  let [source, given] = [long.reduce(without, program.source), program.given];
  const judgeWith = (source: string, given: Program['given']) =>
    judge(hg, source, { words, given, blockSize, ...rest });
  const beside = (name: string) => (given === 'unwritten' ? given : [...given, name]);
  for (let run = 0; ; run++) {
    const { output, printedBy, lines, error, report } = judgeWith(source, given);
    const reports = new Map(report.gradients.map((row) => [`d${row.name}`, row]));
    const verdicts = lines.map((line) => verdictOf(line, reports.get(line.name)));
    const stumbling = report.gradients.find(isMisshapen);
    // A gradient that lacks axes of size 1 is right, until a later one takes its shape from it.
    const cause = report.gradients.find((row) => {
      const own = stumbling && lacksAxes(row) && program.cells.find(({ name }) => name === `d${row.name}`);
      if (!own) return false;
      const { report } = judgeWith(without(source, own), beside(own.name));
      return !report.gradients.some((other) => other.name === stumbling.name && isMisshapen(other));
    });
    const misshapen = cause ?? stumbling;
    const cell = program.cells.find((one) =>
      misshapen ? one.name === `d${misshapen.name}` : error !== null && holds(one, error.line),
    );
    if (error !== null && !misshapen)
      found.push({ line: error.line, name: '', verdict: 'error', text: withHint(error) });
    if (!cell || run > program.cells.length) {
      return {
        printed: output.map((text, i) => ({ text, line: printedBy[i]! })),
        lines: [...verdicts, ...found],
        gradients: { ...shortVerdicts(report.gradients), ...gradients },
      };
    }
    if (misshapen) {
      // What is said of it stays; the others are judged with its true value.
      const said = verdicts.filter(({ line }) => holds(cell, line));
      found.push(...(cause ? said.map((line) => blamed(line, `d${stumbling!.name}`)) : said));
      Object.assign(gradients, shortVerdicts([{ ...misshapen, verdict: 'wrong' }]));
    }
    source = without(source, cell);
    given = beside(cell.name);
  }
}

const holds = ({ from, count }: CellRange, line: number): boolean => line >= from && line < from + count;

/** Whether a gradient is wrong by its shape, over which a later cell stumbles. */
const isMisshapen = ({ verdict, notes }: GradientReport): boolean =>
  verdict === 'wrong' && notes.some((note) => note.startsWith('expected shape'));

/** Whether the shape of a gradient is its tensor's but for axes of size 1. */
const lacksAxes = ({ notes }: GradientReport): boolean => notes.some((note) => note.startsWith('has shape'));

/** What is said of a line whose gradient lacks axes, over which a later one stumbles. */
function blamed(said: LineVerdict, stumbling: string): LineVerdict {
  if (said.text === '') return said;
  const text = `${said.text.replace('; axes of size 1 ignored', '')}, so that ${stumbling} gets a wrong shape; keepdim=True keeps the axis`;
  return { ...said, verdict: 'wrong', text };
}

function textOf(source: string, { from, count }: CellRange): string {
  return source
    .split('\n')
    .slice(from - 1, from - 1 + count)
    .join('\n');
}

/** A program with empty lines in place of a cell's, so that the other lines keep their numbers. */
function without(source: string, cell: CellRange): string {
  return source
    .split('\n')
    .map((line, i) => (holds(cell, i + 1) ? '' : line))
    .join('\n');
}

function withHint({ message, hint }: { message: string; hint: string | null }): string {
  return hint === null ? message : `${message}. ${hint}`;
}

function verdictOf(
  { line, name, verdict, diagnosis, notes, finishedAt }: JudgedLine,
  row: GradientReport | undefined,
): LineVerdict {
  const isWrong = verdict === 'wrong' || verdict === 'undecided';
  const differs = row?.worst && row.worst.candidate !== row.worst.reference;
  const worst = isWrong && diagnosis === null && differs ? [placeOf(row.worst!)] : [];
  const said = [...(diagnosis === null ? [] : [diagnosis.text]), ...worst, ...notes];
  // What a line begins is judged where it ends.
  if (line < finishedAt) return { line, name, verdict: 'open', text: '' };
  return { line, name, verdict: verdict ?? 'open', text: said.join('; ') };
}

function placeOf({ index, candidate, reference }: NonNullable<GradientReport['worst']>): string {
  return `at [${index.join(', ')}]: ${candidate}, expected ${reference}`;
}
