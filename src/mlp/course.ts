// The course of a training, a slice of a few milliseconds at a time: what `train` and sessions have in common.

import { finite, integer, list } from '../base/check.js';
import { TrainingError } from '../base/errors.js';
import type { TypedArray } from '../base/ndarray.js';
import { show } from '../base/show.js';
import type { Owner } from '../core/owner.js';
import { parameterNames } from './layout.js';
import type { Mlp } from './mlp.js';
import { trainingPresets } from './settings.js';
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

/** What a course is given. */
export type CourseOptions = Omit<TrainOptions, 'pauseEvery' | 'signal'>;

/** The names of a course's options. */
export const courseOptions: readonly (keyof CourseOptions)[] = [
  'steps',
  'rate',
  'schedule',
  'firstStep',
  ...trainerOptions,
];

const sliceMilliseconds = 8;

/** For each model, the owner of what the training that began last has in memory. Once that is closed, the training is over. */
const trainings = new WeakMap<Mlp, Owner>();

/** A training of a model that has no other, until `dispose()`. */
export class Course {
  readonly steps: number;
  /** Steps so far. */
  step: number;
  readonly #model: Mlp;
  readonly #trainer: Trainer;
  readonly #rateAt: (step: number) => number;
  /** Steps that the next slice may have. */
  #count = 1;

  /** Of options whose names have been checked. */
  constructor(model: Mlp, { steps, rate, schedule, firstStep, ...rest }: Partial<CourseOptions>) {
    this.steps = integer('steps', steps, 0);
    this.#rateAt = checkedSchedule({ rate, schedule }, this.steps);
    this.step = integer('firstStep', firstStep ?? 0, 0, this.steps);
    if (trainings.get(model)?.closed === false) {
      throw new TrainingError(
        'model: expected one that is not in training, got one that another train() or session trains, until its end, break or stop()',
        this.step,
      );
    }
    this.#model = model;
    this.#trainer = new Trainer(model, rest as TrainerOptions);
    trainings.set(model, this.#trainer.owner);
  }

  /**
   * Carries out `most` of the steps that are left, or as many as take some milliseconds. Throws TrainingError where a loss, or a
   * parameter after the last of them, is not finite: `step` is the slice's first one then.
   */
  slice(most: number): { losses: TypedArray; milliseconds: number } {
    const { step } = this;
    const rates = ratesOf(this.#rateAt, step, Math.min(this.#count, this.steps - step, most));
    if (this.step !== step) throw new TrainingError('schedule: expected a rate, got a step of its own training', step);
    const { length } = rates;
    const start = performance.now();
    const losses = this.#trainer.run(rates);
    const milliseconds = Math.max(performance.now() - start, 1e-3);
    this.#count = Math.min(Math.max(Math.floor((length * sliceMilliseconds) / milliseconds), 1), 4 * this.#count);
    checkFinite(this.#model, losses, rates, step);
    this.step += length;
    return { losses, milliseconds };
  }

  /** The progress that some losses are, the last of them that of the last step. */
  progress(losses: TypedArray, milliseconds: number): Progress {
    const { step, steps } = this;
    const { length } = losses;
    const meanLoss = (losses as Float64Array).reduce((sum, loss) => sum + loss) / length;
    return { step, steps, loss: losses[length - 1]!, meanLoss, losses, stepsPerSecond: (1000 * length) / milliseconds };
  }

  /** Gives its memory back, so that another training of the model may begin. */
  dispose(): void {
    this.#trainer.dispose();
  }
}

/** Numbers of steps at whose multiples something is done: one, several, or none. Throws TypeError or RangeError. */
export function checkedEvery(name: string, every: number | readonly number[] | undefined): readonly number[] {
  if (every === undefined) return [];
  const check = (item: string, value: unknown) => integer(item, value, 1);
  return Array.isArray(every) ? list(name, every, check) : [check(name, every)];
}

/** Steps to the next of these multiples. */
export function stepsUntil(everies: readonly number[], step: number): number {
  return Math.min(...everies.map((every) => every - (step % every)));
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
    const first = finite('rate', rate ?? trainingPresets.rate, 0);
    return (step) => (step < steps / 2 ? first : first / 10);
  }
  if (rate !== undefined) throw new TypeError('rate: expected none where schedule is given, got both');
  if (typeof schedule !== 'function') throw new TypeError(`schedule: expected a function, got ${show(schedule)}`);
  return (step) => finite(`schedule(${step})`, schedule(step), 0);
}

/** Throws TrainingError where a loss, or a parameter after the last step, is not finite. */
function checkFinite(model: Mlp, losses: TypedArray, rates: Float64Array, firstStep: number): void {
  const check = (name: string, values: TypedArray, stepOf: (at: number) => number) => {
    const at = firstNotFinite(values);
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

/** The place of the first value that is not finite; -1 where all are. A plain loop, for every slice goes over all parameters. */
function firstNotFinite(values: TypedArray): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
