// The cells that one fills: one for each gradient of an exercise, kept in the browser, joined into one program to be judged.

import { batchNormInOneGo, crossEntropyInOneGo, operationByOperation, type Step } from 'handgrad/lesson';
import type { CellRange } from '../lab/protocol.js';

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

/** Progress as it was stored or shared. Throws TypeError for what is none. */
export function readProgress(text: string): Progress {
  const { cells, skipped, hints } = JSON.parse(text) as Progress;
  const isRecordOf = (value: unknown, type: string) =>
    typeof value === 'object' && value !== null && Object.values(value).every((member) => typeof member === type);
  const fits =
    isRecordOf(cells, 'string') &&
    isRecordOf(hints, 'number') &&
    Array.isArray(skipped) &&
    skipped.every((name) => typeof name === 'string');
  if (!fits) throw new TypeError('progress: expected cells, skipped and hints');
  return { cells, skipped, hints };
}
