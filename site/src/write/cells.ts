// The cells that one fills: one for each gradient of an exercise, kept in the browser, joined into one program to be judged.

import { batchNormInOneGo, crossEntropyInOneGo, operationByOperation, type Step } from 'handgrad/lesson';
import type { CellRange } from '../lab/protocol.js';
import { type Format, readJson, readOthers, recordOf } from '../sharedTexts.js';

export type Exercise = '1' | '2' | '3';

/** The gradients of each exercise, in the order in which they are written. */
export const stepsOf: Readonly<Record<Exercise, readonly Step[]>> = {
  1: operationByOperation,
  2: [crossEntropyInOneGo],
  3: [batchNormInOneGo],
};

/** What somebody has done so far in one exercise. */
export interface Progress {
  /** The code of each cell, by the name of its gradient. */
  readonly cells: Readonly<Record<string, string>>;
  /** Gradients that are taken from the reference, whatever their cells have. */
  readonly skipped: readonly string[];
  /** How many hints have been asked for; the fourth is the solution. */
  readonly hints: Readonly<Record<string, number>>;
}

export const nothing: Progress = { cells: {}, skipped: [], hints: {} };

/** Cells as one program, and where each begins. */
export interface Joined {
  readonly source: string;
  /** The lines of each cell that has any, by its gradient. */
  readonly ranges: ReadonlyMap<string, CellRange>;
}

export function join(steps: readonly Step[], { cells, skipped }: Progress): Joined {
  const lines: string[] = [];
  const ranges = new Map<string, CellRange>();
  for (const { name } of steps) {
    const code = cells[name] ?? '';
    // What is skipped is not run, though it may have been begun.
    if (code.trim() === '' || skipped.includes(name)) continue;
    const own = code.split(/\r\n|\r|\n/);
    ranges.set(name, { name, from: lines.length + 1, count: own.length });
    lines.push(...own);
  }
  return { source: lines.join('\n'), ranges };
}

/** The notebook cell that one has written, with a comment that says what skipped gradients are. */
export function exported(steps: readonly Step[], progress: Progress): string {
  const parts = steps.map(({ name }) => {
    const code = progress.cells[name] ?? '';
    if (code.trim() !== '') return code.trimEnd();
    return `# ${name}: not written yet`;
  });
  return `${parts.join('\n\n')}\n`;
}

/** What is known of an exercise in what was stored or shared; unknown names, and what has another type, are left out. */
export function readProgress(given: unknown, steps: readonly Step[]): Progress {
  const { cells, skipped, hints } = recordOf(given);
  const names = steps.map(({ name }) => name as string);
  const membersOf = <Type>(value: unknown, isOne: (member: unknown) => member is Type) =>
    Object.fromEntries(
      Object.entries(recordOf(value)).filter(
        (entry): entry is [string, Type] => names.includes(entry[0]) && isOne(entry[1]),
      ),
    );
  return {
    cells: membersOf(cells, (code) => typeof code === 'string'),
    skipped: Array.isArray(skipped) ? names.filter((name) => skipped.includes(name)) : [],
    hints: membersOf(hints, (count): count is number => Number.isInteger(count) && Number(count) >= 0),
  };
}

/** How the progress in an exercise is kept. */
export const formatOf = (steps: readonly Step[]): Format<Omit<Progress, 'cells'>> => ({
  read(text) {
    const given = readJson(text);
    const { cells, ...rest } = readProgress(given, steps);
    const names = steps.map(({ name }) => name as string);
    const texts = Object.fromEntries(names.map((name) => [name, cells[name] ?? '']));
    return { texts, others: readOthers(recordOf(given).others, names), rest };
  },
  write: ({ texts, others, rest }) => JSON.stringify({ cells: texts, ...rest, others }),
});
