// Training as an async iterator: slices of a few milliseconds, between which the event loop runs.

import { object } from '../base/check.js';
import { nextTask } from '../base/nextTask.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import { Course, checkedEvery, courseOptions, type Progress, stepsUntil, type TrainOptions } from './course.js';
import type { Mlp } from './mlp.js';

/** See `Model.train`. */
export async function* train(model: Mlp, given: TrainOptions): AsyncGenerator<Progress, void, void> {
  const asked = options('options', object('options', given), [...courseOptions, 'pauseEvery', 'signal']);
  const { pauseEvery: pause, signal, ...rest } = asked;
  const pauses = checkedEvery('pauseEvery', pause);
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`signal: expected an AbortSignal, got ${show(signal)}`);
  }
  const course = new Course(model, rest);
  try {
    for (; course.step < course.steps; await nextTask()) {
      signal?.throwIfAborted();
      const { losses, milliseconds } = course.slice(stepsUntil(pauses, course.step));
      yield course.progress(losses, milliseconds);
    }
  } finally {
    course.dispose();
  }
}
