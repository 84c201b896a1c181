// The losses that a training's report and plot need, however many steps it has.

import { type Extra, FormatError, type Handgrad, type NdArray, type TypedArray } from '../index.js';

const first = 100;
const each = 10_000;
/** Points that the curve has at most. Beyond so many, a point is the mean of 2 steps, then of 4, and so on. */
const mostPoints = 400;
/** log10 of the smallest number there is. It stands for that of a loss of 0, which would be -Infinity. */
const leastLog = Math.log10(Number.MIN_VALUE);

/** The first 100 losses, every 10,000th, the sums of log10 losses over the steps of each point, and what dev's loss was when. */
export class History {
  readonly firstLosses: number[] = [];
  readonly every10k: number[] = [];
  /** Steps, ascending, each with dev's loss after it. */
  readonly dev: (readonly [step: number, loss: number])[] = [];
  #lossi: number[] = [];
  #step = 0;
  #stepsPerPoint = 1;

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
    return this.#lossi.map((sum, i) => sum / Math.min(size, this.#step - i * size));
  }

  /** Adds the losses of the next steps. The module's logarithm is the same in every engine. */
  add(hg: Handgrad, losses: TypedArray): void {
    const logs = hg.scope(() => hg.tensor(losses).to('float64').log().data);
    for (let i = 0; i < losses.length; i++, this.#step++) {
      if (this.#step < first) this.firstLosses.push(losses[i]!);
      if (this.#step % each === 0) this.every10k.push(losses[i]!);
      if (this.#step === mostPoints * this.#stepsPerPoint) this.#halve();
      if (this.#step % this.#stepsPerPoint === 0) this.#lossi.push(0);
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

  /** What the tensors of a checkpoint after `step` steps hold. Throws FormatError, beginning with `name`. */
  static from(tensors: Extra['tensors'], step: number, name: string): History {
    const history = new History();
    while (mostPoints * history.#stepsPerPoint < step) history.#stepsPerPoint *= 2;
    const fill = (list: number[], key: string, length: number) => {
      const tensor = tensors[key];
      if (tensor?.data.length !== length) {
        const got = tensor === undefined ? 'none' : `one of ${tensor.data.length}`;
        throw new FormatError(`${name}: expected a tensor ${key} of ${length} values, got ${got}`);
      }
      list.push(...checked(name, key, tensor, [length]));
    };
    fill(history.firstLosses, 'firstLosses', Math.min(step, first));
    fill(history.every10k, 'every10k', Math.ceil(step / each));
    fill(history.#lossi, 'lossi', Math.ceil(step / history.#stepsPerPoint));
    history.#step = step;
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
