// What is said of the lines of a program.

import type { JudgedLine } from 'handgrad/lesson';
import type { GradientReport } from 'handgrad/proof';
import type { LineVerdict } from './protocol.js';

/** The verdict on a line, and what is wrong with what it writes. */
export function verdictOf(
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

/** What is said of a line whose gradient, `row`, lacks axes of size 1, over which the gradient `stumbling` stumbles. */
export function blamed(said: LineVerdict, { givenShape, shape }: GradientReport, stumbling: string): LineVerdict {
  if (said.text === '') return said;
  const shapes = `has shape [${givenShape!.join(', ')}], expected [${shape.join(', ')}]`;
  const text = `${shapes}, so that ${stumbling} gets a wrong shape; keepdim=True keeps the axis`;
  return { ...said, verdict: 'wrong', text };
}

/** What is said of an error. */
export function errorText({ message, hint }: { message: string; hint: string | null }): string {
  return hint === null ? message : `${message}. ${hint}`;
}
