// What is found out about a program of gradients.

import type { GradientReport } from 'handgrad';
import { type JudgedLine, judge } from 'handgrad/lesson';
import { core } from './core.js';
import { bundledWords } from './model.js';
import type { CellRange, Judged, LineVerdict, Program } from './protocol.js';
import { byName } from './verdicts.js';

/** Runs the program and judges every line that writes a gradient. */
export async function judged(program: Program): Promise<Judged> {
  const [hg, words] = [await core(), await bundledWords()];
  const { block: blockSize, ...rest } = program.settings;
  const errors: LineVerdict[] = [];
  let [source, given] = [program.source, program.given];
  for (;;) {
    const { output, lines, error, report } = judge(hg, source, { words, given, blockSize, ...rest });
    if (error !== null) errors.push({ line: error.line, name: '', verdict: 'error', text: withHint(error) });
    const cell = error && program.cells.find(({ from, count }) => error.line >= from && error.line < from + count);
    if (!cell || errors.length > program.cells.length) {
      const reports = new Map(report.gradients.map((row) => [`d${row.name}`, row]));
      const judgedLines = lines.map((line) => verdictOf(line, reports.get(line.name)));
      return { output, lines: [...judgedLines, ...errors], gradients: byName(report.gradients) };
    }
    source = without(source, cell);
    if (given !== 'unwritten') given = [...given, cell.name];
  }
}

/** A program with empty lines in place of a cell's, so that the other lines keep their numbers. */
function without(source: string, { from, count }: CellRange): string {
  return source
    .split('\n')
    .map((line, i) => (i + 1 >= from && i + 1 < from + count ? '' : line))
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
  const worst = isWrong && diagnosis === null && row?.worst ? [placeOf(row.worst)] : [];
  const said = [...(diagnosis === null ? [] : [diagnosis.text]), ...worst, ...notes];
  // What a line begins is judged where it ends.
  if (line < finishedAt) return { line, name, verdict: 'open', text: '' };
  return { line, name, verdict: verdict ?? 'open', text: said.join('; ') };
}

function placeOf({ index, candidate, reference }: NonNullable<GradientReport['worst']>): string {
  return `at [${index.join(', ')}]: ${candidate}, expected ${reference}`;
}
