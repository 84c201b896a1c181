// The task of the worker of `handgrad exercise`, and what comes of it.

import type { GradientReport } from '../proof.js';
import type { ExerciseSettings } from './exerciseSettings.js';
import { type Failure, runWorker } from './workers.js';

/** What the worker is to do. */
export interface Task extends ExerciseSettings {
  readonly file: string;
  /** The tensors whose gradients are there to be read though they are not written. */
  readonly skip: readonly string[];
}

/** What a file has so far. */
export interface Attempt {
  /** The gradients that it writes. */
  readonly gradients: readonly GradientReport[];
  /** What ended it early, with its line; null where nothing did. */
  readonly stopped: string | null;
  /** The lines that a cell prints; what a proof prints goes its own way. */
  readonly printed: readonly string[];
}

/** Judges what a file has so far, for `timeout` seconds at most. */
export function runExercise(task: Task, timeout: number): Promise<Attempt | Failure> {
  return runWorker<Attempt | Failure>(new URL('./exerciseWorker.js', import.meta.url), task, timeout);
}
