// What `handgrad exercise` says of a file: the gradients that it has, and what is next.

import type { GradientReport } from '../index.js';
import { operationByOperation, type Step } from '../lesson.js';
import { type Language, usesOf } from './exerciseFiles.js';
import type { Attempt } from './exerciseRun.js';

const steps = operationByOperation;

const isRight = ({ verdict }: GradientReport) => verdict === 'exact' || verdict === 'rounding';

/** The gradients of an attempt in the order of the exercise, those that there are. */
function rowsOf({ gradients }: Attempt): GradientReport[] {
  return steps.flatMap(({ of }) => gradients.find(({ name }) => name === of) ?? []);
}

/** An attempt that ended early has not come to all of its lines: what was right `before` stays so, until it comes to its end. */
export function withSolved(attempt: Attempt, before: Attempt): Attempt {
  if (attempt.stopped === null) return attempt;
  const judged = new Set(attempt.gradients.map(({ name }) => name));
  const kept = before.gradients.filter((row) => isRight(row) && !judged.has(row.name));
  return { ...attempt, gradients: [...attempt.gradients, ...kept] };
}

/** How many gradients are right. */
export function rightIn(attempt: Attempt): number {
  return rowsOf(attempt).filter(isRight).length;
}

/** `undecided` where no gradient is wrong and none is missing. */
export function outcomeOf(attempt: Attempt): 'right' | 'wrong' | 'undecided' {
  const rows = rowsOf(attempt);
  if (rows.length < steps.length) return 'wrong';
  const other = rows.filter((row) => !isRight(row));
  if (other.length === 0) return 'right';
  return other.every(({ verdict }) => verdict === 'undecided') ? 'undecided' : 'wrong';
}

/** A line for each gradient that there is, and what is wrong with it below; without what is as it was `before`. */
export function tableOf(attempt: Attempt, before: Attempt = { gradients: [], stopped: null }): string[] {
  const known = new Set(rowsOf(before).map((row) => linesOf(row).join()));
  return rowsOf(attempt)
    .map(linesOf)
    .filter((lines) => !known.has(lines.join()))
    .flat();
}

function linesOf(row: GradientReport): string[] {
  const { name, verdict, diagnosis, notes, worst } = row;
  const said = diagnosis === null ? notes : [diagnosis.text, ...notes];
  const place =
    isRight(row) || worst === null
      ? []
      : [`at [${worst.index.join(', ')}]: ${worst.candidate}, expected ${worst.truth}`];
  return [`  ${`d${name}`.padEnd(15)} ${verdict}`, ...[...said, ...place].map((line) => `      ${line}`)];
}

/** How far an attempt is, why it ended, and what is next. */
export function statusOf(attempt: Attempt, skip: readonly string[], language: Language): string[] {
  const right = rightIn(attempt);
  const stopped = attempt.stopped === null ? [] : [`stopped: ${attempt.stopped}`];
  if (right === steps.length) return [...stopped, `All ${right} are right.`];
  const skipped = skip.length === 0 ? '' : `; skipped: ${skip.map((name) => `d${name}`).join(', ')}`;
  return [
    ...stopped,
    `${right} of ${steps.length} are right${skipped}.`,
    ...nextLines(nextIn(attempt, skip), language),
  ];
}

/** The first gradient that is neither right nor skipped. */
function nextIn(attempt: Attempt, skip: readonly string[]): Step | undefined {
  const done = new Set([
    ...rowsOf(attempt)
      .filter(isRight)
      .map(({ name }) => name as string),
    ...skip,
  ]);
  return steps.find(({ of }) => !done.has(of));
}

function nextLines(next: Step | undefined, language: Language): string[] {
  if (next === undefined) return ['Next: what was skipped.'];
  const uses = usesOf(next, language).map((line) => `  ${line}`);
  return [`Next: ${next.name}. ${next.of} is used in`, ...uses, `A hint: handgrad exercise --hint ${next.name}`];
}
