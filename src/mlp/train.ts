// Training as an async iterator: slices of a few milliseconds, between which the event loop runs.

import { finite, integer, list, object } from '../base/check.js';
import { TrainingError } from '../base/errors.js';
import type { TypedArray } from '../base/ndarray.js';
import { nextTask } from '../base/nextTask.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import type { Owner } from '../core/owner.js';
import { parameterNames } from './layout.js';
import type { Mlp } from './mlp.js';
import { Trainer, type TrainerOptions, trainerOptions } from './trainer.js';

/** How a model is trained. */
export interface TrainOptions extends TrainerOptions {
  /** Steps in all, those before `firstStep` among them. */
  steps: number;
  /** The learning rate of the first half of the steps; of the second, a tenth of it. Default 0.1. */
  rate?: number;
  /** The learning rate of each step, counted from 0, instead of `rate`. */
  schedule?: (step: number) => number;
  /** The step to begin with, where a training goes on. Default 0. */
  firstStep?: number;
  /** Slices end at the multiples of this number of steps, or of each of these, so that something can be done there. Default: none do. */
  pauseEvery?: number | readonly number[];
  /** Ends the training after the slice in which it is aborted. */
  signal?: AbortSignal;
}

/** What a slice of steps did. */
export interface Progress {
  /** Steps carried out so far, those before `firstStep` among them. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** Loss of the slice's last minibatch, before its update. */
  readonly loss: number;
  /** Mean of `losses`. */
  readonly meanLoss: number;
  /** Losses of the slice's steps, `losses.length` up to `step`. */
  readonly losses: TypedArray;
  /** Speed of the slice. */
  readonly stepsPerSecond: number;
}

const sliceMilliseconds = 8;

/** For each model, the owner of what the training that began last has in memory. Once that is closed, the training is over. */
const trainings = new WeakMap<Mlp, Owner>();

const optionNames = ['steps', 'rate', 'schedule', 'firstStep', 'pauseEvery', 'signal', ...trainerOptions] as const;

/** See `Model.train`. */
export async function* train(model: Mlp, given: TrainOptions): AsyncGenerator<Progress, void, void> {
  const asked = options('options', object('options', given), optionNames);
  const { steps: all, rate, schedule, firstStep = 0, pauseEvery: pause, signal, ...rest } = asked;
  const steps = integer('steps', all, 0);
  const checkedPause = (name: string, every: unknown) => integer(name, every, 1);
  const pauses = Array.isArray(pause)
    ? list('pauseEvery', pause, checkedPause)
    : [pause === undefined ? Infinity : checkedPause('pauseEvery', pause)];
  const rateAt = checkedSchedule({ rate, schedule }, steps);
  let step = integer('firstStep', firstStep, 0, steps);
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError(`signal: expected an AbortSignal, got ${show(signal)}`);
  }
  const trainer = new Trainer(model, rest as TrainerOptions);
  try {
    if (trainings.get(model)?.closed === false) {
      throw new TrainingError(
        'model: expected one that is not in training, got one that another train() trains, until its end or break',
        step,
      );
    }
    trainings.set(model, trainer.owner);
    for (let count = 1; step < steps; await nextTask()) {
      signal?.throwIfAborted();
      const rates = ratesOf(
        rateAt,
        step,
        Math.min(count, ...[steps, ...pauses].map((every) => every - (step % every))),
      );
      const { length } = rates;
      const start = performance.now();
      const losses = trainer.run(rates);
      const milliseconds = Math.max(performance.now() - start, 1e-3);
      count = Math.min(Math.max(Math.floor((length * sliceMilliseconds) / milliseconds), 1), 4 * count);
      checkFinite(model, losses, rates, step);
      step += length;
      const stepsPerSecond = (1000 * length) / milliseconds;
      const meanLoss = (losses as Float64Array).reduce((sum, loss) => sum + loss) / length;
      yield { step, steps, loss: losses[length - 1]!, meanLoss, losses, stepsPerSecond };
    }
  } finally {
    trainer.dispose();
  }
}

/**
 * The rates of `length` steps, beginning with `step`. Where the schedule fails at a later one, only those before it: these steps
 * are carried out first, so that where slices end makes no difference.
 */
function ratesOf(rateAt: (step: number) => number, step: number, length: number): Float64Array {
  const rates = [rateAt(step)];
  try {
    while (rates.length < length) rates.push(rateAt(step + rates.length));
  } catch {
    // The next slice begins with that step, and throws.
  }
  return Float64Array.from(rates);
}

/** The rate of each step. Unless there is a schedule, it is the notebook's: for the second half of the steps, a tenth of `rate`. */
function checkedSchedule(
  { rate, schedule }: { [Name in 'rate' | 'schedule']: TrainOptions[Name] | undefined },
  steps: number,
): (step: number) => number {
  if (schedule === undefined) {
    const first = finite('rate', rate ?? 0.1, 0);
    return (step) => (step < steps / 2 ? first : first / 10);
  }
  if (rate !== undefined) throw new TypeError('rate: expected none where schedule is given, got both');
  if (typeof schedule !== 'function') throw new TypeError(`schedule: expected a function, got ${show(schedule)}`);
  return (step) => finite(`schedule(${step})`, schedule(step), 0);
}

/** Throws TrainingError where a loss, or a parameter after the last step, is not finite. */
function checkFinite(model: Mlp, losses: TypedArray, rates: Float64Array, firstStep: number): void {
  const check = (name: string, values: TypedArray, stepOf: (at: number) => number) => {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return;
    const step = stepOf(at);
    const rate = rates[Math.max(step - 1, 0)];
    throw new TrainingError(
      `step ${firstStep + step}: expected a finite ${name}, got ${values[at]}; most likely the rate, ${rate}, is too large: begin with a smaller one`,
      firstStep + step,
    );
  };
  check('loss', losses, (at) => at);
  for (const name of parameterNames) check(name, model.parameters[name].array.elements(), () => losses.length);
}
