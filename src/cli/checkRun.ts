// The task of the worker of `handgrad check`, and what comes of it.

import type { JudgeOptions } from '../lesson.js';
import { type Failure, runWorker } from './workers.js';

/** What the worker is to do. */
export interface Task {
  readonly file: string;
  readonly dtype: 'float32' | 'float64';
  readonly seed: number;
  readonly repeat: number;
  /** Whether reports are to come as pages too. */
  readonly page: boolean;
  /** What a cell of Python is judged on; undefined for a module. */
  readonly cell: JudgeOptions | undefined;
}

/** A report as it comes out of the worker. */
export interface Judged {
  readonly seed: number;
  readonly outcome: 'right' | 'wrong' | 'undecided';
  readonly text: string;
  /** As JSON has it. */
  readonly data: unknown;
  /** HTML. */
  readonly page: string | undefined;
  /** What a cell printed. */
  readonly printed?: string;
  /** Why a cell can't be judged to its end. */
  readonly failure?: string | undefined;
}

/** What becomes of a task. */
export type Outcome = { readonly judged: readonly Judged[] } | Failure;

/** Runs a task for `timeout` seconds at most. */
export function runCheck(
  file: string,
  { dtype, seed, repeat, page, cell, timeout }: Omit<Task, 'file'> & { timeout: number },
): Promise<Outcome> {
  const task: Task = { file, dtype, seed, repeat, page, cell };
  return runWorker<Outcome>(new URL('./checkWorker.js', import.meta.url), task, timeout);
}
