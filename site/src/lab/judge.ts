// What is found out about a program of gradients.

import type { GradientReport } from 'handgrad';
import { type JudgedLine, judge } from 'handgrad/lesson';
import { core } from './core.js';
import { bundledWords } from './model.js';
import type { Judged, LineVerdict, Program } from './protocol.js';
import { byName } from './verdicts.js';

/** Runs the program and judges every line that writes a gradient. */
export async function judged({ source, given, settings }: Program): Promise<Judged> {
  const [hg, words] = [await core(), await bundledWords()];
  const { block: blockSize, ...rest } = settings;
  const { output, lines, error, report } = judge(hg, source, { words, given, blockSize, ...rest });
  const reports = new Map(report.gradients.map((row) => [`d${row.name}`, row]));
  const failed = error === null ? [] : [{ ...error, name: '', verdict: 'error', text: withHint(error) }];
  return {
    output,
    lines: [...lines.map((line) => verdictOf(line, reports.get(line.name))), ...failed],
    gradients: byName(report.gradients),
  };
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
