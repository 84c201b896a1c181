// The losses that a training's report and plot need, however many steps it has.

import { type Extra, FormatError, type Handgrad, type NdArray, type TypedArray } from '../index.js';

const first = 100;
const each = 10_000;
/** Steps whose losses are averaged for a point of the plot. */
export const stepsPerPoint = 1000;
/** log10 of the smallest number there is. It stands for that of a loss of 0, which would be -Infinity. */
const leastLog = Math.log10(Number.MIN_VALUE);

/** The first 100 losses, every 10,000th, and the sums of log10 losses over each 1,000 steps. */
export class History {
  readonly firstLosses: number[] = [];
  readonly every10k: number[] = [];
  readonly #lossi: number[] = [];
  #step = 0;

  /** Steps so far. */
  get step(): number {
    return this.#step;
  }

  /** The mean of log10 loss over each 1,000 steps, the last over those that there are. */
  get curve(): number[] {
    return this.#lossi.map((sum, i) => sum / Math.min(stepsPerPoint, this.#step - i * stepsPerPoint));
  }

  /** Adds the losses of the next steps. The module's logarithm is the same in every engine. */
  add(hg: Handgrad, losses: TypedArray): void {
    const logs = hg.scope(() => hg.tensor(losses).to('float64').log().data);
    for (let i = 0; i < losses.length; i++, this.#step++) {
      if (this.#step < first) this.firstLosses.push(losses[i]!);
      if (this.#step % each === 0) this.every10k.push(losses[i]!);
      if (this.#step % stepsPerPoint === 0) this.#lossi.push(0);
      this.#lossi[this.#lossi.length - 1]! += losses[i]! > 0 ? logs[i]! / Math.LN10 : leastLog;
    }
  }

  /** The losses as tensors of a checkpoint. */
  get tensors(): Extra['tensors'] {
    const vector = (values: number[]): NdArray => ({
      dtype: 'float64',
      shape: [values.length],
      data: Float64Array.from(values),
    });
    return { firstLosses: vector(this.firstLosses), every10k: vector(this.every10k), lossi: vector(this.#lossi) };
  }

  /** What the tensors of a checkpoint after `step` steps hold. Throws FormatError, beginning with `name`. */
  static from(tensors: Extra['tensors'], step: number, name: string): History {
    const history = new History();
    const fill = (list: number[], key: string, length: number) => {
      const tensor = tensors[key];
      if (tensor?.data.length !== length) {
        const got = tensor === undefined ? 'none' : `one of ${tensor.data.length}`;
        throw new FormatError(`${name}: expected a tensor ${key} of ${length} values, got ${got}`);
      }
      if (tensor.dtype !== 'float64' || tensor.shape.length !== 1) {
        throw new FormatError(`${name}: ${key}: expected float64 of shape [${length}], got another dtype or shape`);
      }
      for (const value of tensor.data) {
        if (!Number.isFinite(value)) throw new FormatError(`${name}: ${key}: expected finite values, got ${value}`);
        list.push(value);
      }
    };
    fill(history.firstLosses, 'firstLosses', Math.min(step, first));
    fill(history.every10k, 'every10k', Math.ceil(step / each));
    fill(history.#lossi, 'lossi', Math.ceil(step / stepsPerPoint));
    history.#step = step;
    return history;
  }
}
