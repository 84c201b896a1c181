// What a training leaves behind to be drawn, in bounded room however many steps it has.

/** Losses in sums of equally many steps each, which do not depend on the slices that they come in. */
export class Losses {
  /** Sums that there are at most. */
  static readonly most = 1024;
  #every = 1;
  #sums: number[] = [];
  #steps = 0;

  /** Steps of each sum; the last is of those that there are. */
  get every(): number {
    return this.#every;
  }

  get steps(): number {
    return this.#steps;
  }

  get sums(): Float64Array {
    return Float64Array.from(this.#sums);
  }

  get means(): Float64Array {
    return Float64Array.from(this.#sums, (sum, i) => sum / Math.min(this.#every, this.#steps - i * this.#every));
  }

  add(losses: ArrayLike<number>): void {
    for (let i = 0; i < losses.length; i++) {
      if (this.#steps % this.#every === 0) this.#open();
      this.#sums[this.#sums.length - 1]! += losses[i]!;
      this.#steps++;
    }
  }

  /** The losses of `steps` steps, of which `sums` has the sums of `every` each. Throws RangeError where these do not fit. */
  static from(sums: ArrayLike<number>, every: number, steps: number): Losses {
    if (!(every >= 1) || sums.length !== Math.ceil(steps / every) || sums.length > Losses.most) {
      throw new RangeError(`losses: expected those of ${steps} steps, got ${sums.length} sums of ${every} steps`);
    }
    const losses = new Losses();
    losses.#every = every;
    losses.#steps = steps;
    losses.#sums = Array.from(sums);
    return losses;
  }

  /** Losses of steps that nothing is known of. */
  static unknown(steps: number): Losses {
    let every = 1;
    while (steps > every * Losses.most) every *= 2;
    return Losses.from(new Array<number>(Math.ceil(steps / every)).fill(Number.NaN), every, steps);
  }

  #open(): void {
    if (this.#sums.length === Losses.most) {
      this.#every *= 2;
      this.#sums = Array.from({ length: Losses.most / 2 }, (_, i) => this.#sums[2 * i]! + this.#sums[2 * i + 1]!);
    }
    this.#sums.push(0);
  }
}

/** Values at some steps. */
export interface Points {
  readonly steps: readonly number[];
  /** A list for each quantity, of one value a step. */
  readonly values: readonly (readonly number[])[];
}

/** Points there are at most. */
const mostPoints = 512;

/** `points` with those of one more step, or without it where it comes too soon after the last to be told apart. */
export function withPoint({ steps, values }: Points, step: number, added: readonly number[]): Points {
  const span = step - (steps[0] ?? step);
  if (steps.length > 1 && step - steps.at(-1)! < span / mostPoints) return { steps, values };
  if (steps.length < mostPoints) {
    return { steps: [...steps, step], values: added.map((value, i) => [...(values[i] ?? []), value]) };
  }
  const thinned = (list: readonly number[]) => list.filter((_, i) => i % 2 === 0);
  return withPoint({ steps: thinned(steps), values: values.map(thinned) }, step, added);
}

export const noPoints: Points = { steps: [], values: [] };
