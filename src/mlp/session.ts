// A training that others drive: it goes on while it is iterated, and between its slices it is paused, saved, evaluated, sampled from.

import { finite, integer, object } from '../base/check.js';
import { TrainingError } from '../base/errors.js';
import { disposeSymbol, Identified, textOf } from '../base/identified.js';
import { nextTask } from '../base/nextTask.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import { strictArguments } from '../base/surplus.js';
import type { Dataset } from '../data/dataset.js';
import type { Vocabulary } from '../data/vocabulary.js';
import type { Generator } from '../random/generator.js';
import { type CalibrateOptions, calibrate, sampled } from './calibrate.js';
import { type SaveOptions, save } from './checkpoint.js';
import { Course, checkedEvery, courseOptions, type Progress, stepsUntil, type TrainOptions } from './course.js';
import { evaluate, type Statistics } from './inference.js';
import { parameterNames } from './layout.js';
import type { Mlp } from './mlp.js';
import { type SampleOptions, sample, sampleOptions } from './sample.js';

/** How a session trains, and what it tells. */
export interface SessionOptions extends Omit<TrainOptions, 'pauseEvery' | 'signal'> {
  /** The characters of the model's V classes, for checkpoints and samples. */
  vocabulary: Vocabulary;
  /** Examples of which each report has the loss, `devLoss`. Default none. */
  dev?: Dataset;
  /**
   * When there is a report: at multiples of `steps`, or of each of these, and after so many milliseconds of training, whichever comes first. Default
   * `{ milliseconds: 100 }`.
   */
  reportEvery?: { readonly milliseconds?: number; readonly steps?: number | readonly number[] };
}

/** What a session did since its last report. */
export interface SessionProgress extends Progress {
  /** Loss on 1,000 rows of `dev`, spread evenly; undefined where there is no `dev`, and after `stop()`. */
  readonly devLoss: number | undefined;
}

/**
 * What a session does: `ready` where nobody iterates it, `running`, `paused`; `diverged` after a TrainingError, until it goes on; at
 * its end `done`, or `stopped` before the last step.
 */
export type SessionState = 'ready' | 'running' | 'paused' | 'diverged' | 'done' | 'stopped';

/** What a session samples: `statistics` are estimated unless they are given, and the vocabulary is its own. */
export type SessionSampleOptions = Omit<SampleOptions, 'statistics' | 'vocabulary'> &
  Partial<Pick<SampleOptions, 'statistics'>>;

/** How many rows statistics and losses are estimated from. */
const sampleRows = 1000;

/**
 * A training of a model, made by `model.session`. It goes on while it is iterated, in slices of a few milliseconds between which the
 * event loop runs; so messages arrive, and what they call has its effect after the slice. `break` ends the loop, not the session.
 *
 * Where a loss or a parameter is no longer finite, the loop throws a TrainingError, and model, generator and `stepCount` go back to the
 * last report. Neither slices and pauses nor what is looked at meanwhile have an influence on the numbers, which are those of
 * `model.train`. A session that nobody can reach ends when it is collected.
 *
 * @example
 * for await (const { step, meanLoss } of session) {
 *   console.log(step, meanLoss, session.sample({ generator: sampler, count: 5 }));
 *   if (step >= 10_000) break;
 * }
 */
export class Session extends Identified {
  readonly #model: Mlp;
  readonly #course: Course;
  readonly #generator: Generator;
  readonly #vocabulary: Vocabulary;
  /** Rows of the training split, and of `dev`, that are looked at. */
  readonly #rows: Dataset;
  readonly #dev: Dataset | undefined;
  readonly #every: { readonly milliseconds: number; readonly steps: readonly number[] };
  /** Brings the last report's state back. */
  #restore: () => void;
  /** What there is to report. */
  #losses: number[] = [];
  #milliseconds = 0;
  #iterated = false;
  #paused = false;
  #diverged = false;
  #end: 'done' | 'stopped' | undefined;
  #wake = () => {};

  /** @internal */
  constructor(model: Mlp, given: SessionOptions) {
    super();
    const names = [...courseOptions, 'vocabulary', 'dev', 'reportEvery'] as const;
    const asked = options('options', object('options', given), names);
    const { vocabulary, dev, reportEvery = { milliseconds: 100 }, ...rest } = asked;
    this.#vocabulary = model.checkVocabulary(vocabulary);
    this.#every = checkedInterval(reportEvery);
    this.#rows = sampled(model, rest.dataset!, undefined, sampleRows);
    this.#dev = dev === undefined ? undefined : sampled(model, model.checkDataset(dev, 'dev'), undefined, sampleRows);
    this.#model = model;
    this.#course = new Course(model, rest);
    this.#generator = rest.generator!;
    this.#restore = this.#kept();
    this.#endIfDone();
  }

  /** `Session(state=paused, stepCount=300)` */
  override toString(): string {
    const { state, stepCount } = this;
    return textOf('Session', { state, stepCount });
  }

  /** What it does. */
  get state(): SessionState {
    if (this.#end !== undefined) return this.#end;
    if (this.#diverged) return 'diverged';
    if (this.#paused) return 'paused';
    return this.#iterated ? 'running' : 'ready';
  }

  /** Steps carried out so far, those before `firstStep` among them. */
  get stepCount(): number {
    return this.#course.step;
  }

  /** Trains, and yields what is reported. While it is paused, so is the loop; it ends with the session. One loop at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SessionProgress, void, void> {
    if (this.#iterated) throw this.#error('one loop over it', 'another');
    this.#iterated = true;
    try {
      while (this.#end === undefined) {
        if (this.#paused) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else {
          if (this.#left > 0) this.#slice(stepsUntil(this.#every.steps, this.stepCount));
          await nextTask();
        }
        if (this.#isDue()) yield this.#report();
      }
    } finally {
      this.#iterated = false;
    }
  }

  /** Pauses after the slice; what there is to report is reported then. Does nothing where it has ended. */
  pause(): void {
    this.#paused = true;
  }

  /** Goes on after `pause()`. Throws TrainingError where it has ended. */
  resume(): void {
    this.#expectGoing();
    this.#paused = false;
    this.#wake();
  }

  /**
   * Carries out n steps, or those that are left, at once, and returns the report. Default 1. Throws TrainingError where it is running
   * or has ended.
   *
   * @example const { loss } = session.step();
   */
  step(n?: number): SessionProgress {
    const last = Math.max(this.#left - integer('n', n ?? 1, 1), 0);
    this.#expectGoing();
    if (this.state === 'running') throw this.#error('one that is paused', 'one that is running');
    while (this.#left > last) this.#slice(this.#left - last);
    return this.#report();
  }

  /** Ends it and its loop, and gives its memory back. The model stays as it is, and may be saved, evaluated, sampled from. */
  stop(): void {
    this.#end ??= 'stopped';
    this.#course.dispose();
    this.#wake();
  }

  [disposeSymbol](): void {
    this.stop();
  }

  /**
   * The bytes of `model.save`, with the step and the generator. A session of the model that `hg.loadModel` gives back goes on as if
   * nothing had happened: `model.session({ generator: training.generator, firstStep: training.step, … })`.
   *
   * @example const { model, training } = hg.loadModel(session.checkpoint());
   */
  checkpoint(given?: Pick<SaveOptions, 'statistics' | 'extra'>): Uint8Array<ArrayBuffer> {
    const asked = options('options', given, ['statistics', 'extra']);
    const training = { step: this.stepCount, generator: this.#generator };
    return save(this.#model, { ...asked, vocabulary: this.#vocabulary, training });
  }

  /**
   * New words, as `model.sample` gives them, with statistics of 1,000 rows of the training split unless others are given. Throws
   * RangeError for the generator of the training, which would change it, and TrainingError where the statistics are not finite.
   *
   * @example const names = session.sample({ generator: sampler, count: 10 });
   */
  sample(given: SessionSampleOptions): string[] {
    const asked = options<Partial<SampleOptions>>('options', object('options', given), sampleOptions);
    if (asked.generator === this.#generator) {
      throw new RangeError('generator: expected another than that of the training, got the same');
    }
    const { statistics = this.#statistics(), vocabulary = this.#vocabulary, generator, ...rest } = asked;
    return sample(this.#model, { statistics, vocabulary, generator: generator!, ...rest });
  }

  /**
   * The loss on `rows` rows of a split, spread evenly, with statistics of 1,000 rows of the training split: an estimate. Default 1,000
   * rows. Throws as `model.evaluate` does, and TrainingError where the statistics are not finite.
   *
   * @example const loss = session.evaluate(dev, { rows: 5000 });
   */
  evaluate(dataset: Dataset, given?: CalibrateOptions): number {
    return evaluate(this.#model, sampled(this.#model, dataset, given, sampleRows), this.#statistics());
  }

  /** Carries out a slice of at most so many steps. */
  #slice(most: number): void {
    this.#diverged = false;
    const { losses, milliseconds } = this.#orGoBack(() => this.#course.slice(most));
    for (const loss of losses) this.#losses.push(loss);
    this.#milliseconds += milliseconds;
  }

  #endIfDone(): void {
    if (this.#left > 0) return;
    this.#end ??= 'done';
    this.#course.dispose();
  }

  get #left(): number {
    return this.#course.steps - this.stepCount;
  }

  #isDue(): boolean {
    const { milliseconds, steps } = this.#every;
    if (this.#losses.length === 0) return false;
    const isThere = this.#milliseconds >= milliseconds || steps.some((every) => this.stepCount % every === 0);
    return isThere || this.#left === 0 || this.state !== 'running';
  }

  #report(): SessionProgress {
    const progress = this.#course.progress(Float64Array.from(this.#losses), this.#milliseconds);
    let devLoss: number | undefined;
    // After stop() the model may be gone.
    if (this.#end === undefined) {
      devLoss = this.#dev && this.#orGoBack(() => this.evaluate(this.#dev!));
      this.#restore = this.#kept();
      this.#endIfDone();
    }
    this.#clear();
    return { ...progress, devLoss };
  }

  #clear(): void {
    this.#losses = [];
    this.#milliseconds = 0;
  }

  /** What `run` returns; where it throws a TrainingError, everything goes back to the last report. */
  #orGoBack<Result>(run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      if (error instanceof TrainingError) {
        this.#restore();
        this.#clear();
        this.#diverged = true;
      }
      throw error;
    }
  }

  /** A function that brings the state of now back. */
  #kept(): () => void {
    const arrays = parameterNames.map((name) => this.#model.parameters[name].array);
    const values = arrays.map((array) => array.elements().slice() as Float64Array);
    const state = this.#generator.getState();
    const step = this.stepCount;
    return () => {
      arrays.forEach((array, i) => {
        array.elements().set(values[i]!);
      });
      this.#generator.setState(state);
      this.#course.step = step;
    };
  }

  #statistics(): Statistics {
    const statistics = calibrate(this.#model, this.#rows);
    for (const { data } of [statistics.bnmean, statistics.bnvar]) {
      const outside = data.find((value) => !Number.isFinite(value));
      if (outside !== undefined) throw this.#error('finite statistics', show(outside));
    }
    return statistics;
  }

  #expectGoing(): void {
    if (this.#end !== undefined) throw this.#error('one that has not ended', `one that is ${this.#end}`);
  }

  #error(expected: string, got: string): TrainingError {
    return new TrainingError(`session: expected ${expected}, got ${got}`, this.stepCount);
  }
}

strictArguments(Session.prototype);

function checkedInterval(given: NonNullable<SessionOptions['reportEvery']>): {
  milliseconds: number;
  steps: readonly number[];
} {
  const { milliseconds, steps } = options('reportEvery', given, ['milliseconds', 'steps']);
  return {
    milliseconds: milliseconds === undefined ? Infinity : finite('reportEvery.milliseconds', milliseconds, 0),
    steps: checkedEvery('reportEvery.steps', steps),
  };
}
