// What `handgrad exercise` says of a file: the gradients that it has, and what is next.

import { operationByOperation, type Step } from '../lesson.js';
import type { GradientReport } from '../proof.js';
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

/** `undecided` where no gradient is wrong and none is missing; `wrong` too where the file does not come to its end. */
export function outcomeOf(attempt: Attempt): 'right' | 'wrong' | 'undecided' {
  const rows = rowsOf(attempt);
  if (rows.length < steps.length || attempt.stopped !== null) return 'wrong';
  const other = rows.filter((row) => !isRight(row));
  if (other.length === 0) return 'right';
  return other.every(({ verdict }) => verdict === 'undecided') ? 'undecided' : 'wrong';
}

/** A line for each gradient that there is, and what is wrong with it below; without what is as it was `before`. */
export function tableOf(attempt: Attempt, before: Attempt | undefined): string[] {
  const known = new Set((before === undefined ? [] : rowsOf(before)).map((row) => linesOf(row).join()));
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

/** The first gradient that is neither right nor skipped. */
export function nextIn(attempt: Attempt, skip: readonly string[]): Step | undefined {
  const right = new Set<string>(rightIn(attempt));
  return steps.find(({ of }) => !right.has(of) && !skip.includes(of));
}

function rightIn(attempt: Attempt): string[] {
  return rowsOf(attempt)
    .filter(isRight)
    .map(({ name }) => name);
}

/** How far an attempt is, why it ended, what is next, and what helps with it. */
export function statusOf(
  attempt: Attempt,
  skip: readonly string[],
  language: Language,
  help: (step: Step) => string,
): string[] {
  if (outcomeOf(attempt) === 'right') return [`All ${steps.length} are right.`];
  const skipped = skip.length === 0 ? '' : `; skipped: ${skip.map((name) => `d${name}`).join(', ')}`;
  const next = nextIn(attempt, skip);
  return [
    ...(attempt.stopped === null ? [] : [`stopped: ${attempt.stopped}`]),
    `${rightIn(attempt).length} of ${steps.length} are right${skipped}.`,
    ...(next === undefined ? [] : [...nextLines(next, language), help(next)]),
  ];
}

function nextLines(next: Step, language: Language): string[] {
  const [used, ...lines] = usesIn(next, language);
  return [`Next: ${next.name}. ${used}`, ...lines];
}

/** A hint on a gradient, the first, second or third. */
export function hintLines(step: Step, level: number): string[] {
  const [used, ...lines] = usesIn(step, 'python');
  const hint = step.hints[level - 1]!.split('\n');
  return [`${step.name}, hint ${level} of ${step.hints.length}. ${used}`, ...lines, '', ...hint];
}

/** Where the tensor of a step is used, for a reader. */
function usesIn(step: Step, language: Language): string[] {
  return [`${step.of} is used in`, ...usesOf(step, language).map((line) => `  ${line}`)];
}
