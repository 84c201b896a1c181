// Training as an async iterator: slices of a few milliseconds, between which the event loop runs.

import { integer, list, object } from '../base/check.js';
import { nextTask } from '../base/nextTask.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import { Course, courseOptions, type Progress, type TrainOptions } from './course.js';
import type { Mlp } from './mlp.js';

/** See `Model.train`. */
export async function* train(model: Mlp, given: TrainOptions): AsyncGenerator<Progress, void, void> {
  const asked = options('options', object('options', given), [...courseOptions, 'pauseEvery', 'signal']);
  const { pauseEvery: pause, signal, ...rest } = asked;
  const checkedPause = (name: string, every: unknown) => integer(name, every, 1);
  const pauses = Array.isArray(pause)
    ? list('pauseEvery', pause, checkedPause)
    : [pause === undefined ? Infinity : checkedPause('pauseEvery', pause)];
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`signal: expected an AbortSignal, got ${show(signal)}`);
  }
  const course = new Course(model, rest);
  try {
    for (; course.step < course.steps; await nextTask()) {
      signal?.throwIfAborted();
      const { losses, milliseconds } = course.slice(Math.min(...pauses.map((every) => every - (course.step % every))));
      yield course.progress(losses, milliseconds);
    }
  } finally {
    course.dispose();
  }
}
