// A training that can be looked into: the session, what it leaves behind to be drawn, and the model from inside.

import {
  type Backward,
  buildDataset,
  type Dataset,
  type Generator,
  type Handgrad,
  type Model,
  parameterNames,
  type Session,
  type SessionProgress,
  type Tensor,
  TrainingError,
  Vocabulary,
} from 'handgrad';
import { drawBatch, drawModel, partsOf } from './drawing.js';
import { measured } from './measure.js';
import { Losses, noPoints, withPoint } from './series.js';
import { histogram, saturatedShares, spreadOf } from './spread.js';
import { extraOf, type List, savedTraining } from './trainingFile.js';
import type {
  Look,
  Memory,
  Prepared,
  Progress,
  RateFrom,
  RunState,
  Saved,
  Speed,
  SplitLosses,
} from './trainProtocol.js';
import type { TrainSettings } from './trainSettings.js';

/** Characters that a picture has room for. */
const mostShown = 60;
const namesAtOnce = 8;
const forgetting = 0.8;

export class Training {
  readonly settings: TrainSettings;
  readonly list: List;
  readonly model: Model;
  readonly #hg: Handgrad;
  readonly #vocabulary: Vocabulary;
  readonly #datasets: Readonly<Record<keyof SplitLosses, Dataset>>;
  readonly #session: Session;
  /** These draw what is looked at, and have no influence on the training. */
  readonly #sampler: Generator;
  readonly #prober: Generator;
  readonly #losses: Losses;
  #memory: Memory;
  #rates: readonly RateFrom[];
  #loss = Number.NaN;
  #devLoss = Number.NaN;
  /** Steps and seconds of the last reports, of which each counts less than the next. */
  #pace = { steps: 0, seconds: 0 };
  #failure = '';
  #isLooping = false;
  /** What waits for the next report. */
  readonly #waiting: (() => void)[] = [];

  /** A training before its first step, or the one that was saved. Throws what the library throws for what can't be. */
  constructor(hg: Handgrad, list: List, from: { settings: TrainSettings } | { saved: Saved }) {
    const saved =
      'saved' in from
        ? savedTraining(hg.loadModel(from.saved.bytes, from.saved.name), list, from.saved.name)
        : undefined;
    const settings = 'saved' in from ? saved!.settings : from.settings;
    this.#hg = hg;
    this.list = list;
    this.settings = settings;
    this.#vocabulary = new Vocabulary(list.words);
    this.#datasets = datasetsOf(hg, list.words, this.#vocabulary, settings.block);
    const { model, generator, firstStep } = saved ?? {
      ...drawModel(hg, this.#vocabulary.size, settings),
      firstStep: 0,
    };
    this.model = model;
    this.#losses = saved?.losses ?? new Losses();
    this.#rates = saved?.rates ?? [{ step: 0, rate: settings.rate }];
    this.#sampler = hg.generator().manualSeed(firstStep);
    this.#prober = hg.generator().manualSeed(firstStep);
    const { batch, backward, steps } = settings;
    this.#session = model.session({
      dataset: this.#datasets.train,
      dev: this.#datasets.dev,
      vocabulary: this.#vocabulary,
      generator,
      batch,
      backward,
      steps,
      firstStep,
      schedule: (step) => this.#rateAt(step),
      reportEvery: { milliseconds: 100 },
    });
    this.#memory = ('saved' in from && from.saved.memory) || {
      dev: noPoints,
      ratios: noPoints,
      log: [{ step: firstStep, names: this.#names() }],
    };
  }

  /** The learning rate of the first half of the steps, from now on. */
  get rate(): number {
    return this.#rates.at(-1)!.rate;
  }

  set rate(rate: number) {
    const step = this.#session.stepCount;
    this.#rates = [...this.#rates.filter((before) => before.step < step), { step, rate }];
  }

  /** The rate of a step: the first half's, or a tenth of it. */
  #rateAt(step: number): number {
    return step < this.settings.steps / 2 ? this.rate : this.rate / 10;
  }

  get progress(): Progress {
    return {
      state: this.#state,
      step: this.#session.stepCount,
      steps: this.settings.steps,
      rates: this.#rates,
      loss: this.#loss,
      devLoss: this.#devLoss,
      stepsPerSecond: this.#pace.steps / this.#pace.seconds || 0,
      curve: { every: this.#losses.every, means: this.#losses.means },
      memory: this.#memory,
      failure: this.#failure,
    };
  }

  get prepared(): Prepared {
    const { words: _, ...list } = this.list;
    const counts = new Map<number, number>();
    for (const character of this.#datasets.train.Y.data) counts.set(character, (counts.get(character) ?? 0) + 1);
    const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([character]) => character);
    const size = (part: keyof SplitLosses) => this.#datasets[part].Y.data.length;
    return {
      settings: this.settings,
      list,
      examples: { train: size('train'), dev: size('dev'), test: size('test') },
      parameterCount: this.model.parameterCount,
      characters: this.#vocabulary.itos,
      shown: byCount.slice(0, mostShown).sort((a, b) => a - b),
      progress: this.progress,
    };
  }

  /** Trains until it ends or diverges; while it is paused, so is this. `told` is called with each report. */
  async run(told: () => void): Promise<void> {
    this.#failure = '';
    this.#session.resume();
    if (this.#isLooping) return;
    this.#isLooping = true;
    try {
      for await (const report of this.#session) {
        this.#take(report);
        told();
        this.#wake();
      }
    } catch (error) {
      this.#fail(error);
      told();
    } finally {
      this.#isLooping = false;
      this.#wake();
    }
  }

  /** Pauses, and resolves once the steps until then are reported. */
  async pause(): Promise<void> {
    this.#session.pause();
    if (this.#losses.steps === this.#session.stepCount) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets those go on that wait for a report. */
  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Carries out some steps at once; it pauses before. */
  step(count: number): void {
    this.#session.pause();
    try {
      this.#take(this.#session.step(count));
      this.#failure = '';
    } catch (error) {
      this.#fail(error);
    }
  }

  get #state(): RunState {
    const { state } = this.#session;
    return state === 'stopped' ? 'done' : state;
  }

  #take(report: SessionProgress): void {
    const { step, loss, losses, devLoss, stepsPerSecond } = report;
    this.#losses.add(losses);
    this.#loss = loss;
    this.#pace = {
      steps: forgetting * this.#pace.steps + losses.length,
      seconds: forgetting * this.#pace.seconds + losses.length / stepsPerSecond,
    };
    this.#devLoss = devLoss ?? Number.NaN;
    const { dev, ratios, log } = this.#memory;
    this.#memory = {
      dev: withPoint(dev, step, [this.#devLoss]),
      ratios: withPoint(ratios, step, this.#ratios()),
      log: isMilestone(step, log.at(-1)!.step) ? [...log, { step, names: this.#names() }] : log,
    };
  }

  /** Takes a TrainingError: the session has gone back to its last report. Throws what is none. */
  #fail(error: unknown): void {
    if (!(error instanceof TrainingError)) throw error;
    this.#failure = error.message;
  }

  /** log10 of how large the update of each parameter is beside the parameter, by standard deviations. */
  #ratios(): number[] {
    const rate = this.#rateAt(this.#session.stepCount);
    return this.#probe((Xb, Yb) => {
      const { gradients } = this.model.fused(Xb, Yb);
      return parameterNames.map((name) => {
        const [update, weight] = [gradients[name], this.model.parameters[name]].map(({ data }) => spreadOf(data).std);
        return Math.log10((rate * update!) / weight!);
      });
    });
  }

  #names(): string[] {
    return this.#session.sample({ generator: this.#sampler, count: namesAtOnce, maxLength: 30 });
  }

  /** What `run` returns for a minibatch that is not of the training's own draws. */
  #probe<Result>(run: (Xb: Tensor, Yb: Tensor) => Result): Result {
    const { train } = this.#datasets;
    const { Xb, Yb } = drawBatch(train, this.#prober, this.settings.batch);
    return this.#hg.scope(() => run(this.#hg.tensor(Xb), this.#hg.tensor(Yb)));
  }

  look(): Look {
    const start = performance.now();
    const { hidden, embed } = this.settings;
    const { histograms, saturated } = this.#probe((Xb, Yb) => {
      const { intermediates, gradients } = this.model.stepwise(Xb, Yb);
      const h = intermediates.h.data;
      return {
        histograms: [
          histogram('hpreact', intermediates.hpreact.data),
          histogram('h', h, 1),
          histogram('dhpreact', gradients.hpreact.data),
          histogram('dlogits', gradients.logits.data),
        ],
        saturated: saturatedShares(h, hidden),
      };
    });
    return {
      step: this.#session.stepCount,
      names: this.#names(),
      C: Float32Array.from(this.model.parameters.C.data),
      width: embed,
      histograms,
      saturated,
      milliseconds: performance.now() - start,
    };
  }

  /** The losses of the three splits, with statistics of the training split. */
  evaluate(): SplitLosses {
    const statistics = this.model.calibrate(this.#datasets.train);
    const of = (part: keyof SplitLosses) => this.model.evaluate(this.#datasets[part], statistics);
    return { train: of('train'), dev: of('dev'), test: of('test') };
  }

  /** How fast a copy of the model trains with a backward pass, for a moment. */
  measure(backward: Backward): Speed {
    return measured(this.#hg, this.#datasets.train, this.#vocabulary, this.settings, backward);
  }

  /** The training as a file, from which it goes on to the byte; where it runs, it rests for that. */
  async file(): Promise<Uint8Array<ArrayBuffer>> {
    const isRunning = this.#state === 'running';
    await this.pause();
    const bytes = this.reportedFile();
    if (isRunning) this.#session.resume();
    return bytes;
  }

  /** The same, right after a report. */
  reportedFile(): Uint8Array<ArrayBuffer> {
    const { settings, list } = this;
    return this.#session.checkpoint({ extra: extraOf(settings, list, this.#rates, this.#losses) });
  }

  /** The model alone, as `handgrad sample` and `handgrad evaluate` take it. */
  weights(): Uint8Array<ArrayBuffer> {
    const statistics = this.model.calibrate(this.#datasets.train);
    return this.model.save({ vocabulary: this.#vocabulary, statistics });
  }

  dispose(): void {
    this.#session.stop();
    this.model.dispose();
  }
}

function datasetsOf(hg: Handgrad, words: readonly string[], vocabulary: Vocabulary, block: number) {
  const { train, dev, test } = partsOf(hg, words);
  const dataset = (part: readonly string[]) => buildDataset(part, vocabulary, block);
  return { train: dataset(train), dev: dataset(dev), test: dataset(test) };
}

/** Whether names are to be remembered: at 1, 2 and 5 times a power of ten, or at the first report after it. */
function isMilestone(step: number, last: number): boolean {
  const marks = [1, 2, 5].map((times) => times * 10 ** Math.floor(Math.log10(step / times)));
  return Math.max(...marks) > last;
}
