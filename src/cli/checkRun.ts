// Runs the proofs of a file in a worker, which can be ended where the file does not end by itself.

import { Worker } from 'node:worker_threads';
import type { JudgeOptions } from '../lesson.js';
import { attempt } from './streams.js';

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
export type Outcome = { readonly judged: readonly Judged[] } | { readonly failure: string };

/** Runs a task for `timeout` seconds at most. What the file prints goes to stderr. */
export async function runCheck(
  file: string,
  { dtype, seed, repeat, page, cell, timeout }: Omit<Task, 'file'> & { timeout: number },
): Promise<Outcome> {
  const task: Task = { file, dtype, seed, repeat, page, cell };
  const worker = new Worker(new URL('./checkWorker.js', import.meta.url), {
    workerData: task,
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (text: Buffer) => attempt(process.stderr, String(text)));
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Outcome>((resolve) => {
      timer = setTimeout(
        () => resolve({ failure: `expected an end within ${timeout} seconds, got none` }),
        timeout * 1000,
      );
      worker.on('message', resolve);
      worker.on('error', (error) => resolve({ failure: (error as Error | undefined)?.message ?? String(error) }));
      worker.on('exit', (code) => resolve({ failure: `expected reports, got an end with exit code ${code}` }));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
