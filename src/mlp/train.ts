// Training as an async iterator: slices of a few milliseconds, between which the event loop runs.

import { finite, integer, object } from '../base/check.js';
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
  /** Slices end at the multiples of this number of steps too, so that something can be done there. Default: none do. */
  pauseEvery?: number;
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

/** Notes that a training of `model` begins at `step`. Throws TrainingError where one is at work on it. */
function begin(model: Mlp, owner: Owner, step: number): void {
  if (trainings.get(model)?.closed === false) {
    throw new TrainingError(
      'model: expected one that is not in training, got one that another train() is at work on, until its last step, break or return()',
      step,
    );
  }
  trainings.set(model, owner);
}

/** `rate` for the first half of the steps, a tenth of it for the second: the notebook's schedule. */
function stepDecay(rate: number, steps: number): (step: number) => number {
  return (step) => (step < steps / 2 ? rate : rate / 10);
}

const optionNames = ['steps', 'rate', 'schedule', 'firstStep', 'pauseEvery', 'signal'] as const;

/** See `Model.train`. */
export async function* train(model: Mlp, given: TrainOptions): AsyncGenerator<Progress, void, void> {
  const asked = options('options', object('options', given), [...optionNames, ...trainerOptions]);
  const steps = integer('steps', asked.steps, 0);
  const pauseEvery = asked.pauseEvery === undefined ? Infinity : integer('pauseEvery', asked.pauseEvery, 1);
  const rateAt = checkedSchedule(asked, steps);
  let step = integer('firstStep', asked.firstStep ?? 0, 0, steps);
  const signal = checkedSignal(asked.signal);
  const { dataset, generator, batch, backward } = asked;
  const trainer = new Trainer(model, {
    dataset: dataset!,
    generator: generator!,
    ...(batch !== undefined && { batch }),
    ...(backward !== undefined && { backward }),
  });
  try {
    begin(model, trainer.owner, step);
    for (let count = 1; step < steps; await nextTask()) {
      signal?.throwIfAborted();
      const rates = ratesOf(rateAt, step, Math.min(count, steps - step, pauseEvery - (step % pauseEvery)));
      const { length } = rates;
      const start = performance.now();
      const losses = trainer.run(rates);
      const milliseconds = Math.max(performance.now() - start, 1e-3);
      count = Math.min(Math.max(Math.floor((length * sliceMilliseconds) / milliseconds), 1), 4 * count);
      checkFinite(model, losses, rates, step);
      step += length;
      const stepsPerSecond = (1000 * length) / milliseconds;
      yield { step, steps, loss: losses[length - 1]!, meanLoss: mean(losses), losses, stepsPerSecond };
    }
  } finally {
    trainer.dispose();
  }
}

/**
 * The rates of `length` steps from `step` on; of fewer, where a schedule fails at a later one than the first, so that those before
 * it are carried out whatever the slices are.
 */
function ratesOf(rateAt: (step: number) => number, step: number, length: number): Float64Array {
  const rates = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    try {
      rates[i] = rateAt(step + i);
    } catch (error) {
      if (i === 0) throw error;
      return rates.slice(0, i);
    }
  }
  return rates;
}

function mean(values: TypedArray): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function checkedSchedule({ rate, schedule }: Partial<TrainOptions>, steps: number): (step: number) => number {
  if (schedule === undefined) return stepDecay(finite('rate', rate ?? 0.1, 0), steps);
  if (rate !== undefined) throw new TypeError('rate: expected none where schedule is given, got both');
  if (typeof schedule !== 'function') throw new TypeError(`schedule: expected a function, got ${show(schedule)}`);
  return (step) => finite(`schedule(${step})`, schedule(step), 0);
}

function checkedSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || typeof signal?.throwIfAborted === 'function') return signal;
  throw new TypeError(`signal: expected an AbortSignal, got ${show(signal)}`);
}

/** Throws TrainingError where a loss, or a parameter after the last step, is not finite. */
function checkFinite(model: Mlp, losses: TypedArray, rates: ArrayLike<number>, firstStep: number): void {
  const at = losses.findIndex((loss) => !Number.isFinite(loss));
  if (at >= 0) throw diverged(firstStep + at, `a finite loss, got ${losses[at]}`, rates[Math.max(at - 1, 0)]!);
  for (const name of parameterNames) {
    const value = model.parameters[name].array.elements().find((element) => !Number.isFinite(element));
    if (value !== undefined) {
      throw diverged(firstStep + losses.length, `a finite ${name}, got ${value}`, rates[rates.length - 1]!);
    }
  }
}

function diverged(step: number, expectation: string, rate: number): TrainingError {
  return new TrainingError(
    `step ${step}: expected ${expectation}; most likely the rate, ${rate}, is too large: begin again with a smaller one`,
    step,
  );
}
