// Autograd's gradients of any function of tensors, held against differences of its values that estimate their own error.

import { boolean, finite, oneOf } from '../base/check.js';
import { ProofError } from '../base/errors.js';
import { options as checkedOptions } from '../base/options.js';
import { show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { indexOf } from '../compare/compare.js';
import type { Handgrad } from '../handgrad.js';
import type { Generator } from '../random/generator.js';
import { perturbing } from '../tensor/perturb.js';
import { converge, type Derivative } from './differences.js';
import { boundScale, boundsOf, noiseRuns } from './judge.js';
import { type Differentiable, expectSameShapes, Subject, type Variable } from './subject.js';

export type { Differentiable } from './subject.js';

/** How `gradcheck` goes about it; the names are PyTorch's where PyTorch has one. */
export interface GradcheckOptions {
  /** A fixed step: differences are taken with it and with twice it, and extrapolated. Default: steps are chosen for each element. */
  eps?: number;
  /** What a gradient may differ by beyond what the differences' own estimated error explains. Default 0. */
  atol?: number;
  /** The same, relative to the difference. Default 0. */
  rtol?: number;
  /** What values and gradients may differ by from one evaluation to the next. Default 0. */
  nondetTol?: number;
  /** Every element of every input, or random directions in each input. Default: directions beyond 2,000 elements. */
  mode?: 'full' | 'directions';
  /** Whether to throw a ProofError unless everything is right. Default true. */
  raiseException?: boolean;
}

/** What is found out about the gradient of an input: it agrees with differences, it does not, or they can't tell. */
export type GradcheckVerdict = 'right' | 'wrong' | 'undecided';

/** One element of a gradient. */
export interface GradcheckElement {
  /** Its index along each axis of the input; in `directions` that are not wrong, the number of the direction. */
  readonly index: readonly number[];
  /** Autograd's. */
  readonly analytical: number;
  /** The extrapolated differences'. */
  readonly numerical: number;
  /** How far `numerical` may be off, as the differences themselves have it. */
  readonly estimatedError: number;
  /** What the two may differ by. */
  readonly allowed: number;
}

/** What is found out about one input that requires a gradient. */
export interface GradcheckInput {
  /** Its place among the inputs, from 0. */
  readonly position: number;
  /** Its name; `inputs[0]` for one that has none. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly verdict: GradcheckVerdict;
  /** Autograd's gradient, row-major; with `directions`, the derivative along each of them. */
  readonly analytical: Float64Array;
  /** The same from differences. */
  readonly numerical: Float64Array;
  /** How far each of `numerical` may be off. */
  readonly estimatedError: Float64Array;
  /** Places in these lists that are wrong. */
  readonly wrong: readonly number[];
  /** Places at which the function has a kink: the differences to either side disagree by more than their errors. */
  readonly kinks: readonly number[];
  /** Places at which differences are not finite, or too inexact to tell anything. */
  readonly undecided: readonly number[];
  /** Of those that make the verdict, the one that differs most, as a multiple of what it may; null where there is none. */
  readonly worst: GradcheckElement | null;
}

/** What `gradcheck` finds out, as data. */
export interface GradcheckResult {
  /** Whether every verdict is `right`. */
  readonly ok: boolean;
  readonly mode: 'full' | 'directions';
  /** What is differentiated is the sum of all outputs' elements, one output after the other, each times one of these. */
  readonly weights: Float64Array;
  /** One for each input that requires a gradient; none for a function that is not deterministic. */
  readonly inputs: readonly GradcheckInput[];
  /** By how much two evaluations differed, where that is more than `nondetTol`; otherwise null. */
  readonly nondeterministic: { readonly values: number; readonly gradients: number } | null;
}

const names = ['eps', 'atol', 'rtol', 'nondetTol', 'mode', 'raiseException'] as const;
/** Elements up to which each is differentiated by itself. */
const mostElements = 2000;
/** Random directions in each input. */
const directions = 6;
/** A gradient is wrong where it is off by more than this many estimated errors; estimates of errors are estimates. */
const patience = 10;
/** An estimated error that tells nothing any more, relative to the gradients. */
const useless = 1e-3;
/** The same, relative to the terms of the outputs: a gradient below that is not told from zero. */
const zero = 2 ** -40;
/** The first step, relative to what is changed. */
const firstStep = 2 ** -3;
/** How many standard deviations of the noise a value may be off. */
const deviations = 4;

/**
 * Holds autograd's gradients of `fn` against differences of its values. `fn` gets `inputs` (a tensor, or a list of them) in float64
 * and returns a float64 tensor, or several; what is differentiated is the sum of their elements, each times a random number (of a
 * single element, itself). No tolerance is picked: each difference comes with an estimate of its own error. Where these can't
 * tell (kinks, values that are not finite, steep or rough functions), the verdict is `undecided`, which is not `ok`.
 * Throws ProofError unless everything is right, or with `raiseException: false` where `fn` can't be examined; TypeError, RangeError,
 * DTypeError, CoreError, ReleasedError for arguments, and what `fn` throws.
 *
 * @example gradcheck(hg, (x, W) => x.matmul(W).tanh(), [x, W]);
 */
export function gradcheck(
  hg: Handgrad,
  fn: Differentiable,
  inputs: Parameters<Differentiable>[0] | Parameters<Differentiable>,
  options?: GradcheckOptions,
  ...surplus: never[]
): GradcheckResult {
  refuseSurplus('gradcheck', 4, surplus);
  if (typeof hg?.generator !== 'function') throw new TypeError(`hg: expected what init() gives, got ${show(hg)}`);
  const given = checkedOptions('options', options, names);
  const { eps, atol = 0, rtol = 0, nondetTol = 0, mode, raiseException = true } = given;
  if (eps !== undefined) finite('eps', eps, Number.MIN_VALUE);
  for (const [name, value] of Object.entries({ atol, rtol, nondetTol })) finite(name, value, 0);
  if (mode !== undefined) oneOf('mode', mode, ['full', 'directions']);
  boolean('raiseException', raiseException);
  const settings = { eps, atol, rtol, nondetTol, mode };
  const result = hg.scope(() => new Gradcheck(hg, new Subject(hg, fn, inputs), settings).result());
  if (raiseException && !result.ok) throw new ProofError(complaint(result));
  return result;
}

type Settings = Required<Pick<GradcheckOptions, 'atol' | 'rtol' | 'nondetTol'>> & {
  readonly eps: number | undefined;
  readonly mode: GradcheckOptions['mode'];
};

/** Elements of a variable, by their places, and how far each goes along a direction. */
interface Direction {
  readonly places: readonly number[];
  readonly along: readonly number[];
}

/** A derivative along a direction: autograd's, and that of the differences. */
interface Pair {
  readonly direction: Direction;
  readonly analytical: number;
  readonly numerical: Derivative;
  /** What rounding can do to `analytical`. */
  readonly rounding: number;
}

class Gradcheck {
  readonly #subject: Subject;
  readonly #settings: Settings;
  readonly #generator: Generator;
  /** What is differentiated is the sum of the outputs' elements, each times its weight. */
  #weights: Float64Array = new Float64Array(0);
  readonly #first: ReturnType<Subject['gradients']>;
  /** How far rounding was seen to carry the outputs: perturbed runs, and what is rough about values close by. */
  #noise: readonly (readonly Float64Array[])[] = [];
  /** Half a unit in the last place of outputs, relative: float32's where all that were seen are in float32. */
  #unit = 2 ** -53;
  #bounds: readonly Float64Array[] = [];

  constructor(hg: Handgrad, subject: Subject, settings: Settings) {
    this.#subject = subject;
    this.#settings = settings;
    this.#generator = hg.generator().manualSeed(0);
    this.#first = subject.gradients(({ elements }) => {
      this.#weights = elements.length === 1 ? Float64Array.of(1) : this.#random(elements.length);
      return this.#weights;
    });
  }

  result(): GradcheckResult {
    const { variables } = this.#subject;
    const count = variables.reduce((total, { values }) => total + values.length, 0);
    const mode = this.#settings.mode ?? (count > mostElements ? 'directions' : 'full');
    const again = this.#gradients();
    const nondeterministic = {
      values: largestDifference([again.elements], [this.#first.elements]),
      gradients: largestDifference(again.gradients, this.#first.gradients),
    };
    if (Math.max(nondeterministic.values, nondeterministic.gradients) > this.#settings.nondetTol) {
      return { ok: false, mode, weights: this.#weights, inputs: [], nondeterministic };
    }
    this.#measureNoise();
    const pairs = variables.map(({ values, shape }, i) => {
      const sizes = sizesOf(values);
      const places = Array.from(values, (_, place) => place);
      if (mode === 'full') return places.map((place) => this.#pair(i, { places: [place], along: [1] }, sizes[place]!));
      const drawn = Array.from({ length: shape.includes(0) ? 0 : directions }, () => this.#random(values.length));
      return drawn.map((random) => this.#pair(i, { places, along: Array.from(random, (x, j) => x * sizes[j]!) }, 1));
    });
    const inputs = variables.map((variable, i) => this.#judge(variable, i, pairs));
    const ok = inputs.every(({ verdict }) => verdict === 'right');
    return { ok, mode, weights: this.#weights, inputs, nondeterministic: null };
  }

  /** Numbers of either sign, from 0.5 to 1.5 in size: none so small that a fault hides behind it. */
  #random(count: number): Float64Array {
    const uniform = this.#generator.rand([count]).data;
    return Float64Array.from(uniform, (x) => (x < 0.5 ? -0.5 - 2 * x : 2 * x - 0.5));
  }

  #gradients(): ReturnType<Subject['gradients']> {
    return this.#subject.gradients((outputs) => {
      expectSameShapes(outputs, this.#first);
      return this.#weights;
    });
  }

  /** The outputs; where `fn` refuses these values, NaN: it took those that it was given. */
  #outputs(values: readonly Float64Array[]): Float64Array {
    try {
      const outputs = this.#subject.outputs(values);
      expectSameShapes(outputs, this.#first);
      return outputs.elements;
    } catch {
      return this.#first.elements.map(() => Number.NaN);
    }
  }

  #measureNoise(): void {
    const runs = Array.from({ length: noiseRuns }, (_, i) => perturbing(i + 1, () => this.#gradients()));
    const { elements, gradients } = this.#first;
    this.#bounds = gradients.map((gradient, i) => {
      const truth = gradient.map((x) => (Number.isFinite(x) ? x : 0));
      const spread = runs.map((run) => run.gradients[i]!.map((x, j) => (Number.isFinite(x) ? x : truth[j]!)));
      return boundsOf(truth, spread).map((bound) => bound * boundScale('float64'));
    });
    const perturbed = runs.map((run) => elements.map((x, o) => (run.elements[o]! - x) * boundScale('float64')));
    // Fourth differences of values in a row: what is smooth has none (Moré and Wild's ECnoise). All are to one side of a kink here.
    const { variables } = this.#subject;
    const steps = variables.map(({ values }) => {
      const random = this.#random(values.length);
      return sizesOf(values).map((size, i) => size * random[i]! * 2 ** -20);
    });
    const row = Array.from({ length: 13 }, (_, t) =>
      this.#outputs(variables.map(({ values }, i) => values.map((x, j) => x + (t + 1) * steps[i]![j]!))),
    );
    const rough = row.slice(4).map((last, i) =>
      last.map((e, o) => {
        const [a, b, c, d] = [0, 1, 2, 3].map((t) => row[i + t]![o]!) as [number, number, number, number];
        return (a - 4 * b + 6 * c - 4 * d + e) / Math.sqrt(70);
      }),
    );
    this.#noise = [perturbed, rough];
    const isNarrow = row.every((values) => values.every((x) => x === Math.fround(x)));
    if (isNarrow && row[0]!.some((x, o) => x !== row[12]![o])) this.#unit = 2 ** -24;
  }

  /** The standard deviation of the noise in the sum of those outputs that a direction changes, from medians: a kink is no noise. */
  #noiseOf(changed: readonly boolean[]): number {
    const spread = this.#noise.map((vectors) => {
      const sums = vectors.map((vector) =>
        Math.abs(vector.reduce((sum, x, o) => (changed[o] ? sum + x * this.#weights[o]! : sum), 0)),
      );
      const known = sums.filter(Number.isFinite).sort((a, b) => a - b);
      return 1.5 * (known[known.length >> 1] ?? 0);
    });
    return Math.max(...spread);
  }

  /**
   * Which outputs depend on a direction, seen from far away, for up close a small change may be lost in a large value. What is NaN
   * here may.
   */
  #dependent(shifted: (t: number) => readonly Float64Array[], size: number): boolean[] {
    const far = [2 ** 60, -(2 ** 60)].map((distance) => this.#outputs(shifted(size * distance)));
    return Array.from(this.#first.elements, (x, o) => Number.isNaN(x) || far.some((outputs) => outputs[o] !== x));
  }

  /** The derivatives of variable `i` along `direction`, over distances of about `size`. */
  #pair(i: number, direction: Direction, size: number): Pair {
    const { variables } = this.#subject;
    const { places, along } = direction;
    const all = variables.map(({ values }) => values);
    const shifted = (t: number) => {
      const values = all[i]!.slice();
      places.forEach((place, j) => {
        values[place]! += t * along[j]!;
      });
      return all.map((given, j) => (j === i ? values : given));
    };
    const middle = this.#first.elements;
    const weights = this.#weights;
    const changed = this.#dependent(shifted, size);
    let noise = this.#noiseOf(changed);
    const difference = (t: number) => {
      const [right, left] = [shifted(t), shifted(-t)];
      const [above, below] = [this.#outputs(right), this.#outputs(left)];
      // As far apart as the rounded inputs are.
      const step = places.length === 1 ? (right[i]![places[0]!]! - left[i]![places[0]!]!) / along[0]! / 2 : t;
      let [rise, bend, rounding, isNew] = [0, 0, 0, false];
      for (let o = 0; o < middle.length; o++) {
        const a = above[o]!;
        const b = below[o]!;
        const value = middle[o]!;
        const weight = weights[o]!;
        if (!(Object.is(a, value) && Object.is(b, value))) {
          rise += weight * (a - b);
          bend += weight * (a - value - (value - b));
          isNew ||= !changed[o];
          changed[o] = true;
        }
        if (changed[o]) rounding += Math.abs(weight) * (Math.abs(a) + Math.abs(b)) * this.#unit;
      }
      if (isNew) noise = this.#noiseOf(changed);
      return {
        step,
        central: rise / (2 * step),
        gap: bend / step,
        noise: (deviations * noise + rounding) / (2 * step),
      };
    };
    const { eps } = this.#settings;
    const numerical = changed.includes(true)
      ? converge(difference, eps ?? size * firstStep, eps !== undefined)
      : { value: 0, error: 0, isKink: false };
    const dot = (values: Float64Array) => places.reduce((sum, place, j) => sum + along[j]! * values[place]!, 0);
    const rounding = places.reduce((sum, place, j) => sum + Math.abs(along[j]!) * this.#bounds[i]![place]!, 0);
    return { direction, analytical: dot(this.#first.gradients[i]!), numerical, rounding };
  }

  #allowed({ numerical: { value, error }, rounding }: Pair): number {
    return patience * error + rounding + this.#settings.atol + this.#settings.rtol * Math.abs(value);
  }

  /** How far a pair is apart, as a multiple of what it may be; infinite where autograd's derivative alone is not finite. */
  #excess(pair: Pair): number {
    const distance = Math.abs(pair.analytical - pair.numerical.value);
    return distance === 0 ? 0 : Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance / this.#allowed(pair);
  }

  #judge({ position, name, shape }: Variable, i: number, pairs: readonly (readonly Pair[])[]): GradcheckInput {
    const found = pairs[i]!;
    const poor = this.#poor(i, pairs);
    const verdicts = found.map((pair) => {
      const { value, error, isKink } = pair.numerical;
      if (isKink) return 'kink';
      if (!Number.isFinite(value) || !(error <= poor)) return 'undecided';
      return this.#excess(pair) <= 1 ? 'right' : 'wrong';
    });
    const places = (verdict: string) => verdicts.flatMap((each, place) => (each === verdict ? [place] : []));
    const [wrong, kinks, undecided] = [places('wrong'), places('kink'), places('undecided')];
    const verdict = wrong.length > 0 ? 'wrong' : kinks.length + undecided.length > 0 ? 'undecided' : 'right';
    const decisive = [wrong, [...kinks, ...undecided], places('right')].find((list) => list.length > 0) ?? [];
    let worst = decisive[0];
    for (const place of decisive) if (this.#excess(found[place]!) > this.#excess(found[worst!]!)) worst = place;
    return {
      ...{ position, name, shape, verdict },
      analytical: Float64Array.from(found, ({ analytical }) => analytical),
      numerical: Float64Array.from(found, ({ numerical }) => numerical.value),
      estimatedError: Float64Array.from(found, ({ numerical }) => numerical.error),
      ...{ wrong, kinks, undecided },
      worst: worst === undefined ? null : this.#element(i, shape, worst, found[worst]!, verdict),
    };
  }

  /**
   * The estimated error that tells nothing any more about variable `i`: relative to its gradients, to what they would be if its values
   * mattered as much as the others do, or to rounding of the outputs' terms, for a gradient may be zero but for that.
   */
  #poor(i: number, pairs: readonly (readonly Pair[])[]): number {
    const largest = (values: Iterable<number>) => [...values].reduce((most, x) => (x > most ? x : most), 0);
    const sizes = this.#subject.variables.map(({ values }, j) =>
      pairs[j]?.[0]?.direction.places.length === 1 ? sizesOf(values) : values.map(() => 1),
    );
    const effects = pairs.map((list, j) =>
      largest(list.map(({ numerical }, place) => Math.abs(numerical.value) * sizes[j]![place]!)),
    );
    const own = largest(pairs[i]!.flatMap(({ analytical, numerical }) => [analytical, numerical.value].map(Math.abs)));
    const terms = this.#first.elements.reduce(
      (total, x, o) => (Number.isFinite(x) ? total + Math.abs(x * this.#weights[o]!) : total),
      0,
    );
    const others = Math.max(useless * largest(effects), zero * terms) / (largest(sizes[i]!) || 1);
    return Math.max(useless * own, others, this.#settings.atol);
  }

  #element(
    i: number,
    shape: readonly number[],
    place: number,
    pair: Pair,
    verdict: GradcheckVerdict,
  ): GradcheckElement {
    const isElement = pair.direction.places.length === 1;
    const found = verdict === 'wrong' ? this.#narrowed(i, pair) : pair;
    const { direction, analytical, numerical } = found;
    return {
      index: isElement || verdict === 'wrong' ? indexOf(direction.places[0]!, shape) : [place],
      ...{ analytical, numerical: numerical.value, estimatedError: numerical.error, allowed: this.#allowed(found) },
    };
  }

  /** The element that is the most wrong of a direction: halves of it, and halves of the one that is off by more. */
  #narrowed(i: number, pair: Pair): Pair {
    const { places, along } = pair.direction;
    if (places.length === 1) {
      return along[0] === 1
        ? pair
        : this.#pair(i, { places, along: [1] }, sizesOf(this.#subject.variables[i]!.values)[places[0]!]!);
    }
    const half = places.length >> 1;
    const halves = [
      { places: places.slice(0, half), along: along.slice(0, half) },
      { places: places.slice(half), along: along.slice(half) },
    ].map((direction) => this.#pair(i, direction, 1)) as [Pair, Pair];
    return this.#narrowed(i, this.#excess(halves[0]) >= this.#excess(halves[1]) ? halves[0] : halves[1]);
  }
}

/** The size of each value, as far as steps are concerned: its own, or that of all where it is 0 or next to it. */
function sizesOf(values: Float64Array): Float64Array {
  const usual = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / Math.max(1, values.length)) || 1;
  return values.map((x) => (Math.abs(x) > usual * 2 ** -60 ? Math.abs(x) : usual));
}

function largestDifference(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  let largest = 0;
  a.forEach((values, i) => {
    values.forEach((x, j) => {
      const difference = Object.is(x, b[i]![j]!) ? 0 : Math.abs(x - b[i]![j]!);
      if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    });
  });
  return largest;
}

/** One sentence for what is not right. */
function complaint({ inputs, nondeterministic, mode }: GradcheckResult): string {
  if (nondeterministic !== null) {
    const { values, gradients } = nondeterministic;
    const what = values > 0 ? `values that differ by ${values}` : `gradients that differ by ${gradients}`;
    return `fn: expected the same each time, got ${what}; seed what it draws from, or set nondetTol`;
  }
  const { name, verdict, worst, wrong, kinks, numerical } =
    inputs.find((input) => input.verdict === 'wrong') ?? inputs.find((input) => input.verdict !== 'right')!;
  const { index, analytical, numerical: value, estimatedError, allowed } = worst!;
  const isElement = mode === 'full' || verdict === 'wrong';
  const where = isElement ? `${name} at [${index.join(', ')}]` : `${name} along direction ${index[0]}`;
  const difference = `${value} ± ${estimatedError.toPrecision(2)}`;
  if (verdict === 'wrong') {
    const unit = mode === 'full' ? 'elements' : 'directions';
    return `${where}: expected the gradient ${difference} of differences, got ${analytical} of autograd, which is off by more than ${allowed.toPrecision(2)}; ${wrong.length} of ${numerical.length} ${unit} are wrong`;
  }
  const cause = kinks.length > 0 ? `a kink` : 'values that differences cannot follow';
  return `${where}: expected a function that is smooth there, got ${cause} (autograd ${analytical}, differences ${difference}); undecided`;
}
