// The losses that a training's report and plot need, however many steps it has.

import { type Extra, FormatError, type Handgrad, type NdArray, type TypedArray } from '../index.js';
import { integerFrom, readMetadata } from './parsers.js';

const first = 100;
const each = 10_000;
/** Points that the curve has at most. Beyond so many, a point is the mean of 2 steps, then of 4, and so on. */
const mostPoints = 400;
/** log10 of the smallest number there is. It stands for that of a loss of 0, which would be -Infinity. */
const leastLog = Math.log10(Number.MIN_VALUE);

/**
 * The first 100 losses, every 10,000th, the sums of log10 losses over the steps of each point, and what dev's loss was when; of the steps
 * from `since` on.
 */
export class History {
  /** The first step whose loss is known. */
  readonly since: number;
  readonly firstLosses: number[] = [];
  readonly every10k: number[] = [];
  /** Steps, ascending, each with dev's loss after it. */
  readonly dev: (readonly [step: number, loss: number])[] = [];
  #lossi: number[] = [];
  #step: number;
  #stepsPerPoint = 1;

  constructor(since = 0) {
    this.since = since;
    this.#step = since;
  }

  /** Steps so far. */
  get step(): number {
    return this.#step;
  }

  /** Steps that a point of the curve averages. */
  get stepsPerPoint(): number {
    return this.#stepsPerPoint;
  }

  /** The mean of log10 loss over the steps of each point, the last over those that there are. */
  get curve(): number[] {
    const size = this.#stepsPerPoint;
    const steps = this.#step - this.since;
    return this.#lossi.map((sum, i) => sum / Math.min(size, steps - i * size));
  }

  /** Adds the losses of the next steps. The module's logarithm is the same in every engine. */
  add(hg: Handgrad, losses: TypedArray): void {
    const logs = hg.scope(() => hg.tensor(losses).to('float64').log().data);
    for (let i = 0; i < losses.length; i++, this.#step++) {
      if (this.#step < first) this.firstLosses.push(losses[i]!);
      if (this.#step % each === 0) this.every10k.push(losses[i]!);
      const known = this.#step - this.since;
      if (known === mostPoints * this.#stepsPerPoint) this.#halve();
      if (known % this.#stepsPerPoint === 0) this.#lossi.push(0);
      this.#lossi[this.#lossi.length - 1]! += losses[i]! > 0 ? logs[i]! / Math.LN10 : leastLog;
    }
  }

  /** Two points become one. */
  #halve(): void {
    const sums = this.#lossi;
    this.#lossi = Array.from({ length: mostPoints / 2 }, (_, i) => sums[2 * i]! + sums[2 * i + 1]!);
    this.#stepsPerPoint *= 2;
  }

  /** Adds dev's loss after the steps so far, where it is finite. */
  addDev(loss: number): void {
    if (Number.isFinite(loss)) this.dev.push([this.#step, loss]);
  }

  /** The losses as tensors of a checkpoint; dev, [n, 2], where there are any. */
  get tensors(): Extra['tensors'] {
    const array = (values: readonly number[], shape = [values.length]): NdArray => ({
      dtype: 'float64',
      shape,
      data: Float64Array.from(values),
    });
    const { firstLosses, every10k, dev } = this;
    const always = { firstLosses: array(firstLosses), every10k: array(every10k), lossi: array(this.#lossi) };
    return dev.length === 0 ? always : { ...always, dev: array(dev.flat(), [dev.length, 2]) };
  }

  /** What they are in the metadata of a checkpoint: `lossesFrom`, where that is not the first step. */
  get metadata(): Extra['metadata'] {
    return this.since === 0 ? {} : { lossesFrom: String(this.since) };
  }

  /**
   * What a checkpoint after `step` steps holds; nothing is known of the losses where it has none, as the files of the lab. Throws
   * FormatError, beginning with `name`.
   */
  static from({ tensors, metadata }: Extra, step: number, name: string): History {
    const isUnknown = ['firstLosses', 'every10k', 'lossi'].every((key) => tensors[key] === undefined);
    const history = new History(isUnknown ? step : firstKnown(metadata, step, name));
    const { since } = history;
    while (mostPoints * history.#stepsPerPoint < step - since) history.#stepsPerPoint *= 2;
    history.#step = step;
    if (isUnknown) return history;
    const fill = (list: number[], key: string, length: number) => {
      const tensor = tensors[key];
      if (tensor?.data.length !== length) {
        const got = tensor === undefined ? 'none' : `one of ${tensor.data.length}`;
        throw new FormatError(`${name}: expected a tensor ${key} of ${length} values, got ${got}`);
      }
      list.push(...checked(name, key, tensor, [length]));
    };
    fill(history.firstLosses, 'firstLosses', Math.min(step, first) - Math.min(since, first));
    fill(history.every10k, 'every10k', Math.ceil(step / each) - Math.ceil(since / each));
    fill(history.#lossi, 'lossi', Math.ceil((step - since) / history.#stepsPerPoint));
    const { dev } = tensors;
    if (dev !== undefined) {
      const values = checked(name, 'dev', dev, [dev.shape[0] ?? 0, 2]);
      for (let i = 0, last = -1; i < values.length; i += 2) {
        const at = values[i]!;
        if (!Number.isInteger(at) || at <= last || at > step) {
          throw new FormatError(`${name}: dev: expected ascending steps up to ${step}, got ${at}`);
        }
        history.dev.push([at, values[i + 1]!]);
        last = at;
      }
    }
    return history;
  }
}

/** The first step whose loss a checkpoint has. Throws FormatError, beginning with `name`. */
function firstKnown({ lossesFrom = '0' }: Extra['metadata'], step: number, name: string): number {
  const since = readMetadata('lossesFrom', lossesFrom, integerFrom(0), name);
  if (since > step) throw new FormatError(`${name}: lossesFrom: expected a step from 0 to ${step}, got ${since}`);
  return since;
}

/** The values of the tensor `key`, which are finite, of float64 and of `shape`. Throws FormatError, beginning with `name`. */
function checked(name: string, key: string, { dtype, shape, data }: NdArray, expected: readonly number[]): TypedArray {
  const wanted = `[${expected.join(', ')}]`;
  if (dtype !== 'float64' || `[${shape.join(', ')}]` !== wanted) {
    throw new FormatError(`${name}: ${key}: expected float64 of shape ${wanted}, got another dtype or shape`);
  }
  for (const value of data) {
    if (!Number.isFinite(value)) throw new FormatError(`${name}: ${key}: expected finite values, got ${value}`);
  }
  return data;
}
