// Autograd's gradients of any function of tensors, held against differences of its values that estimate their own error.

import { boolean, finite, oneOf } from '../base/check.js';
import { ProofError } from '../base/errors.js';
import { options as checkedOptions } from '../base/options.js';
import { refuseSurplus } from '../base/surplus.js';
import { indexOf } from '../compare/compare.js';
import { Generator } from '../random/generator.js';
import { perturbing } from '../tensor/perturb.js';
import type { Tensor } from '../tensor/tensor.js';
import { converge, type Derivative } from './differences.js';
import { addSquares, boundScale, boundsOf, noiseRuns } from './judge.js';
import { coreOf, type Differentiable, expectSameShapes, Subject, type Variable } from './subject.js';

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
  /** That of the input. */
  readonly shape: readonly number[];
  /** Wrong where one place is, undecided where one is and none is wrong. */
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
  /** What was differentiated: every element, or directions. */
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
/** How many times the noise that was seen a value may be off. */
const deviations = 4;

/**
 * Holds autograd's gradients of `fn` against differences of its values. `fn` gets `inputs` (a tensor, or a list of them) in float64
 * and returns a float64 tensor, or several; what is differentiated is the sum of their elements, each times a random number (of a
 * single element, itself). No tolerance is picked: each difference comes with an estimate of its own error. Where these can't
 * tell (kinks, values that are not finite, steep or rough functions), the verdict is `undecided`, which is not `ok`.
 * Throws ProofError unless everything is right, or with `raiseException: false` where `fn` can't be examined; TypeError, RangeError,
 * DTypeError, CoreError, ReleasedError for arguments, and what `fn` throws.
 *
 * @example gradcheck((x, W) => x.matmul(W).tanh(), [x, W]);
 */
export function gradcheck(
  fn: Differentiable,
  inputs: Tensor | readonly Tensor[],
  options?: GradcheckOptions,
  ...surplus: never[]
): GradcheckResult {
  refuseSurplus('gradcheck', 3, surplus);
  const given = checkedOptions('options', options, names);
  const { eps, atol = 0, rtol = 0, nondetTol = 0, mode, raiseException = true } = given;
  if (eps !== undefined) finite('eps', eps, Number.MIN_VALUE);
  for (const [name, value] of Object.entries({ atol, rtol, nondetTol })) finite(name, value, 0);
  if (mode !== undefined) oneOf('mode', mode, ['full', 'directions']);
  boolean('raiseException', raiseException);
  const settings = { eps, atol, rtol, nondetTol, mode };
  const run = () => new Gradcheck(new Subject(fn, inputs), settings).result();
  // Without a core there is no tensor, which is what Subject refuses.
  const result = coreOf(inputs)?.scopes.run(run) ?? run();
  if (raiseException && !result.ok) throw new ProofError(complaint(result));
  return result;
}

interface Settings extends Required<Pick<GradcheckOptions, 'atol' | 'rtol' | 'nondetTol'>> {
  readonly eps: number | undefined;
  readonly mode: GradcheckOptions['mode'];
}

/** A derivative of the weighted sum along a direction: autograd's, and that of the differences. */
interface Pair {
  /** Elements of an input, by their places, and how far each goes along the direction. */
  readonly places: readonly number[];
  readonly along: readonly number[];
  /** The distance over which the function is expected to change. */
  readonly size: number;
  readonly analytical: number;
  readonly numerical: Derivative;
  /** What the two may differ by, and their distance as a multiple of that; infinite where autograd's alone is not finite. */
  readonly allowed: number;
  readonly excess: number;
}

/** The check of one function: its outputs and gradients, the noise in them, and derivatives along directions. */
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
  /** What rounding can do to autograd's gradients. */
  #bounds: readonly Float64Array[] = [];

  constructor(subject: Subject, settings: Settings) {
    this.#subject = subject;
    this.#settings = settings;
    this.#generator = new Generator(subject.core).manualSeed(0);
    this.#first = subject.gradients(({ elements }) => {
      this.#weights = elements.length === 1 ? Float64Array.of(1) : this.#random(elements.length);
      return this.#weights;
    });
  }

  result(): GradcheckResult {
    const { variables } = this.#subject;
    const weights = this.#weights;
    const count = variables.reduce((total, { values }) => total + values.length, 0);
    const mode = this.#settings.mode ?? (count > mostElements ? 'directions' : 'full');
    const again = this.#gradients();
    const values = distance(again.elements, this.#first.elements);
    const gradients = Math.max(...again.gradients.map((gradient, i) => distance(gradient, this.#first.gradients[i]!)));
    if (!(Math.max(values, gradients) <= this.#settings.nondetTol)) {
      return { ok: false, mode, weights, inputs: [], nondeterministic: { values, gradients } };
    }
    this.#measureNoise();
    const pairs = variables.map(({ values, sizes }, i) => {
      const places = Array.from(values, (_, place) => place);
      if (mode === 'full') return places.map((place) => this.#pair(i, [place], [1], sizes[place]!));
      return Array.from({ length: directions }, () =>
        this.#pair(
          i,
          places,
          Array.from(this.#random(values.length), (x, place) => x * sizes[place]!),
        ),
      );
    });
    const inputs = variables.map((variable, i) => this.#judge(variable, i, pairs));
    const ok = inputs.every(({ verdict }) => verdict === 'right');
    return { ok, mode, weights, inputs, nondeterministic: null };
  }

  /** Numbers of either sign, from 0.5 to 1.5 in size: none so small that a fault hides behind it. */
  #random(count: number): Float64Array {
    return Float64Array.from(this.#generator.rand([count]).data, (x) => (x < 0.5 ? -0.5 - 2 * x : 2 * x - 0.5));
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
    const { elements, gradients } = this.#first;
    const scale = boundScale('float64');
    const runs = Array.from({ length: noiseRuns }, (_, i) => {
      try {
        return perturbing(i + 1, () => this.#gradients());
      } catch {
        // `fn` refuses what is not exact.
        return this.#first;
      }
    });
    this.#bounds = gradients.map((gradient, i) => {
      const squares = new Float64Array(gradient.length);
      for (const run of runs) addSquares(squares, run.gradients[i]!, gradient);
      // A perturbed run may be the one that overflows.
      const finite = squares.map((square) => (Number.isFinite(square) ? square : 0));
      return boundsOf(gradient, finite, noiseRuns).map((bound) => (Number.isFinite(bound) ? bound * scale : 0));
    });
    const perturbed = runs.map((run) => elements.map((x, o) => (run.elements[o]! - x) * scale));
    // Fourth differences of values in a row: what is smooth has none (Moré and Wild's ECnoise). All are to one side of a kink here.
    const steps = this.#subject.variables.map(({ sizes }) => this.#random(sizes.length).map((x, i) => x * sizes[i]!));
    const row = Array.from({ length: 13 }, (_, t) =>
      this.#outputs(
        this.#subject.variables.map(({ values }, i) => values.map((x, j) => x + (t + 1) * 2 ** -20 * steps[i]![j]!)),
      ),
    );
    const rough = row
      .slice(4)
      .map((_, i) =>
        elements.map((_, o) => [1, -4, 6, -4, 1].reduce((sum, c, t) => sum + c * row[i + t]![o]!, 0) / Math.sqrt(70)),
      );
    this.#noise = [perturbed, rough];
    const isNarrow = row.every((values) => values.every((x) => x === Math.fround(x)));
    if (isNarrow && distance(row[0]!, row[12]!) > 0) this.#unit = 2 ** -24;
  }

  /** How noisy the sum of the `changed` outputs is. A perturbed run may be the one that overflows; a kink close by is no noise. */
  #noiseOf(changed: readonly boolean[]): number {
    const [perturbed, rough] = this.#noise.map((vectors) => {
      const sums = vectors.map((vector) => {
        const sum = vector.reduce((sum, x, o) => (changed[o] ? sum + x * this.#weights[o]! : sum), 0);
        return Number.isFinite(sum) ? Math.abs(sum) : Infinity;
      });
      return sums.sort((a, b) => a - b);
    });
    return Math.max(perturbed!.at(-1)!, 1.5 * rough![rough!.length >> 1]!);
  }

  /** The derivatives of variable `i` where `places` move `along` a direction, over distances of about `size`. */
  #pair(i: number, places: readonly number[], along: readonly number[], size: number = 1): Pair {
    const { eps, atol, rtol } = this.#settings;
    const all = this.#subject.variables.map(({ values }) => values);
    const shifted = (t: number) => {
      const values = all[i]!.slice();
      places.forEach((place, j) => {
        values[place]! += t * along[j]!;
      });
      return values;
    };
    const outputs = (values: Float64Array) => this.#outputs(all.map((given, j) => (j === i ? values : given)));
    const [middle, weights] = [this.#first.elements, this.#weights];
    // Which outputs depend on the direction, seen from far away: up close, a small change may be lost in a large value. NaN may.
    const far = [2 ** 60, -(2 ** 60)].map((t) => outputs(shifted(size * t)));
    const changed = Array.from(middle, (x, o) => far.some((values) => values[o] !== x));
    const noise = deviations * this.#noiseOf(changed);
    const difference = (t: number) => {
      const [right, left] = [shifted(t), shifted(-t)];
      const [above, below] = [outputs(right), outputs(left)];
      // As far apart as the rounded inputs are.
      const [place] = places;
      const step = places.length === 1 ? (right[place!]! - left[place!]!) / along[0]! / 2 : t;
      let [rise, bend, rounding] = [0, 0, 0];
      for (let o = 0; o < middle.length; o++) {
        const [a, b, value] = [above[o]!, below[o]!, middle[o]!];
        const isMoved = !(Object.is(a, value) && Object.is(b, value));
        if (isMoved) {
          rise += weights[o]! * (a - b);
          bend += weights[o]! * (a - value - (value - b));
        }
        if (isMoved || changed[o]) rounding += Math.abs(weights[o]!) * (Math.abs(a) + Math.abs(b)) * this.#unit;
      }
      return { step, central: rise / (2 * step), gap: bend / step, noise: (noise + rounding) / (2 * step) };
    };
    const numerical = changed.includes(true)
      ? converge(difference, eps ?? size * firstStep, eps !== undefined)
      : { value: 0, error: 0, isKink: false };
    let [analytical, bound] = [0, 0];
    places.forEach((place, j) => {
      analytical += along[j]! * this.#first.gradients[i]![place]!;
      bound += Math.abs(along[j]!) * this.#bounds[i]![place]!;
    });
    const { value, error } = numerical;
    const allowed = patience * error + bound + atol + rtol * Math.abs(value);
    const apart = Math.abs(analytical - value);
    const excess = apart === 0 ? 0 : Number.isNaN(apart) ? Infinity : apart / allowed;
    return { places, along, size, analytical, numerical, allowed, excess };
  }

  #judge({ position, name, shape }: Variable, i: number, pairs: readonly (readonly Pair[])[]): GradcheckInput {
    const found = pairs[i]!;
    const poor = this.#poor(found, pairs.flat());
    const verdicts = found.map(({ analytical, numerical: { value, error, isKink }, excess }) => {
      if (isKink) return 'kink';
      if (value === analytical && error < zero) return 'right';
      if (!Number.isFinite(value + error) || !(error <= poor)) return 'undecided';
      return excess <= 1 ? 'right' : 'wrong';
    });
    const places = (verdict: string) => verdicts.flatMap((each, place) => (each === verdict ? [place] : []));
    const [wrong, kinks, undecided] = [places('wrong'), places('kink'), places('undecided')];
    const verdict = wrong.length > 0 ? 'wrong' : kinks.length + undecided.length > 0 ? 'undecided' : 'right';
    const decisive = verdict === 'wrong' ? wrong : verdict === 'right' ? places('right') : [...kinks, ...undecided];
    let worst: number | undefined;
    for (const place of decisive) if (!(found[place]!.excess <= (found[worst!]?.excess ?? -1))) worst = place;
    return {
      ...{ position, name, shape, verdict },
      analytical: Float64Array.from(found, (pair) => pair.analytical),
      numerical: Float64Array.from(found, (pair) => pair.numerical.value),
      estimatedError: Float64Array.from(found, (pair) => pair.numerical.error),
      ...{ wrong, kinks, undecided },
      worst: worst === undefined ? null : this.#element(i, worst, found[worst]!, verdict),
    };
  }

  /**
   * The estimated error that tells nothing any more about a variable: relative to its gradients, to what they would be if its values
   * mattered as much as the others do, or to rounding of the outputs' terms, for a gradient may be zero but for that.
   */
  #poor(found: readonly Pair[], all: readonly Pair[]): number {
    const largest = (list: readonly Pair[], of: (pair: Pair) => number) =>
      list.reduce((most, pair) => (Math.abs(of(pair)) > most ? Math.abs(of(pair)) : most), 0);
    const terms = this.#first.elements.map((x, o) => Math.abs(x * this.#weights[o]!)).filter(Number.isFinite);
    const effect = Math.max(
      useless * largest(all, ({ numerical, size }) => numerical.value * size),
      zero * terms.reduce((total, x) => total + x, 0),
    );
    const own = Math.max(
      largest(found, ({ analytical }) => analytical),
      largest(found, ({ numerical }) => numerical.value),
    );
    return Math.max(useless * own, effect / (largest(found, ({ size }) => size) || 1), this.#settings.atol);
  }

  #element(i: number, place: number, pair: Pair, verdict: GradcheckVerdict): GradcheckElement {
    const found = verdict === 'wrong' ? this.#narrowed(i, pair) : pair;
    const { places, analytical, numerical, allowed } = found;
    const index = places.length === 1 ? indexOf(places[0]!, this.#subject.variables[i]!.shape) : [place];
    return { index, analytical, numerical: numerical.value, estimatedError: numerical.error, allowed };
  }

  /** The element that is the most wrong of a direction: halves of it, and halves of the one that is off by more. */
  #narrowed(i: number, pair: Pair): Pair {
    const { places, along } = pair;
    if (places.length === 1) return this.#pair(i, places, [1], this.#subject.variables[i]!.sizes[places[0]!]!);
    const half = places.length >> 1;
    const [front, back] = [
      this.#pair(i, places.slice(0, half), along.slice(0, half)),
      this.#pair(i, places.slice(half), along.slice(half)),
    ];
    return this.#narrowed(i, front.excess >= back.excess ? front : back);
  }
}

/** The largest difference of two lists; NaN where one is. */
function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => (Object.is(x, b[i]) ? most : Math.max(most, Math.abs(x - b[i]!))), 0);
}

/** One sentence for what is not right. */
function complaint({ inputs, nondeterministic, mode }: GradcheckResult): string {
  if (nondeterministic !== null) {
    const { values, gradients } = nondeterministic;
    const what = values === 0 ? `gradients that differ by ${gradients}` : `values that differ by ${values}`;
    return `fn: expected the same each time, got ${what}; seed what it draws from, or set nondetTol`;
  }
  const { name, verdict, worst, wrong, kinks, numerical } =
    inputs.find((input) => input.verdict === 'wrong') ?? inputs.find((input) => input.verdict !== 'right')!;
  const { index, analytical, numerical: value, estimatedError } = worst!;
  const difference = `${value} ± ${estimatedError.toPrecision(2)}`;
  if (verdict === 'wrong') {
    const unit = mode === 'full' ? 'elements' : 'directions';
    return `${name} at [${index.join(', ')}]: expected the gradient ${difference} of differences, got ${analytical} of autograd; ${wrong.length} of ${numerical.length} ${unit} are wrong`;
  }
  const where = mode === 'full' ? `at [${index.join(', ')}]` : `along direction ${index[0]}`;
  const cause = kinks.length > 0 ? 'a kink' : 'values that differences cannot follow';
  return `${name} ${where}: expected a function that is smooth there, got ${cause} (autograd ${analytical}, differences ${difference}); undecided`;
}
