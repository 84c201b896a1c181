// What rounding did to a reference whose truth is known, and what follows for a candidate of which there is nothing but its values.

import type { StoredFloat } from '../base/ndarray.js';
import { roundingOf, ulpOf } from '../compare/ulp.js';
import type { ErrorFigures } from './schema.js';

type Values = ArrayLike<number>;

/** A right element errs by at most this many times the scale there, all elements together, as root mean squares, by the second. */
const rightAtMost = 16;
const rightOfLargest = 4;
const rightTogether = 4;
/** A wrong element errs by more than this many times the scale of the tensor, and more where few elements show it. */
const wrongFrom = 2 ** 8;
/** Elements of which the errors are taken together. */
const poolSize = 16;

interface Pool {
  readonly exponent: number;
  count: number;
  squares: number;
  largest: number;
}

/** The reference's errors at a magnitude. */
interface Errors {
  readonly usual: number;
  readonly largest: number;
}

/** What an element of some magnitude may differ from its truth by. */
export interface Bounds {
  /** One unit in the last place of the candidate's dtype. */
  readonly ulp: number;
  /** What rounding usually does. */
  readonly usual: number;
  /** What a right element does at most. */
  readonly right: number;
  /** What no right element does. */
  readonly wrong: number;
}

/** How far a right candidate can be from the truth. */
export interface Scale {
  /** The bounds of an element whose truth is of this magnitude. */
  at(magnitude: number): Bounds;
  readonly largestTruth: number;
  /** Whether there is nothing but rounding in the truth itself: the gradient is zero in real numbers. */
  readonly isZero: boolean;
  /** Whether the reference is the truth but for its last rounding, so that it does not show what rounding can do. */
  readonly isRounded: boolean;
}

/**
 * The scale of rounding at each magnitude of the truth: the root mean square of the reference's errors over the elements of that
 * power of two, together with those of the next larger ones until there are 16, and at least a rounding of the element itself. Where
 * the candidate has another dtype than the reference, `right` takes the smaller of what either dtype would do, `wrong` the larger.
 */
export function scaleOf(
  reference: Values,
  truth: Values,
  dtypes: { readonly reference: StoredFloat; readonly candidate: StoredFloat },
): Scale {
  const pools = new Map<number, Pool>();
  let [count, squares, largestError, largestTruth, isRounded] = [0, 0, 0, 0, true];
  for (let i = 0; i < truth.length; i++) {
    const [t, error] = [truth[i]!, Math.abs(reference[i]! - truth[i]!)];
    if (!Number.isFinite(t) || !Number.isFinite(error)) continue;
    const exponent = exponentOf(t);
    const pool = pools.get(exponent) ?? { exponent, count: 0, squares: 0, largest: 0 };
    pools.set(exponent, pool);
    pool.count++;
    pool.squares += error * error;
    pool.largest = Math.max(pool.largest, error);
    count++;
    squares += error * error;
    largestError = Math.max(largestError, error);
    largestTruth = Math.max(largestTruth, Math.abs(t));
    isRounded &&= error <= ulpOf(t, dtypes.reference) / 2;
  }
  const { epsilon } = roundingOf[dtypes.candidate];
  const ratio = epsilon / roundingOf[dtypes.reference].epsilon;
  const [less, more] = [Math.min(1, ratio), Math.max(1, ratio)];
  const together = Math.sqrt(squares / Math.max(1, count));
  const pooled = pooledErrors([...pools.values()]);
  const beyond = Math.max(wrongFrom, epsilon ** -0.5) * 2 ** (12 / Math.max(1, count));
  // What is as large as the tensor itself is wrong, where the reference has a few digits at least.
  const hasDigits = largestError <= largestTruth / (count < poolSize ? 2 ** 10 : 2 ** 5);
  const wrongOf = (errors: Errors, own: number) => {
    if (count === 0) return Infinity;
    if (isRounded) return largestTruth / 4;
    const bound = beyond * Math.max(errors.usual * more, together * more, own);
    return hasDigits ? Math.min(bound, largestTruth / 2) : bound;
  };
  const known = new Map<number, Bounds>();
  return {
    at(magnitude) {
      const exponent = exponentOf(magnitude);
      const found = known.get(exponent);
      if (found !== undefined) return found;
      const errors = pooled(exponent);
      const ulp = ulpOf(magnitude, dtypes.candidate);
      const own = ulp / Math.sqrt(12);
      const usual = Math.max(errors.usual * less, own);
      const right = Math.max(rightAtMost * usual, rightOfLargest * errors.largest * less);
      const bounds = { ulp, usual, right, wrong: wrongOf(errors, own) };
      known.set(exponent, bounds);
      return bounds;
    },
    largestTruth,
    isZero: largestTruth <= largestError / residueOf(dtypes.reference),
    isRounded,
  };
}

/**
 * How many times larger at least a gradient that is zero in real numbers comes out in `dtype` than in float64, where it is a
 * residue of rounding too.
 */
function residueOf(dtype: StoredFloat): number {
  return Math.max(2 ** -23, roundingOf[dtype].epsilon) * 2 ** 42;
}

/** What is found out about values by a scale. */
export interface Held {
  readonly verdict: 'rounding' | 'wrong' | 'undecided';
  /** In units in the last place of `dtype`, and as a multiple of what a right element may differ by. */
  readonly figures: ErrorFigures;
  /** The elements, by their places, that differ by more than a right one may. */
  readonly off: readonly number[];
  /** The share of elements, of those that are not zero, at which a factor of 1/2 would not show. */
  readonly hidden: number;
  /** The first element whose truth `dtype` can't hold, or which is no number, and which is not the same. */
  readonly unheld: number | undefined;
}

/** Holds `values` of `dtype` against a truth. */
export function heldAgainst(values: Values, truth: Values, scale: Scale, dtype: StoredFloat): Held {
  const { largest } = roundingOf[dtype];
  let [max, ulp, bounds, squares, isBeyond, largestValue, nonzero, hidden] = [0, 0, 0, 0, false, 0, 0, 0];
  let unheld: number | undefined;
  const off: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    const [value, magnitude] = [values[i]!, Math.abs(truth[i]!)];
    if (!(magnitude <= largest)) {
      if (value !== truth[i]) unheld ??= i;
      continue;
    }
    const { right, usual, wrong, ulp: unit } = scale.at(magnitude);
    if (magnitude > 0) nonzero++;
    if (magnitude > 0 && magnitude <= 2 * right) hidden++;
    const error = Number.isNaN(value) ? Infinity : Math.abs(value - truth[i]!);
    if (error === 0) continue;
    max = Math.max(max, error);
    ulp = Math.max(ulp, error / unit);
    bounds = Math.max(bounds, error / right);
    squares += (error / usual) ** 2;
    if (Number.isFinite(value)) largestValue = Math.max(largestValue, Math.abs(value));
    if (error > right) off.push(i);
    isBeyond ||= error > wrong;
  }
  const together = Math.sqrt(squares / Math.max(1, truth.length));
  const share = nonzero === 0 ? 1 : hidden / nonzero;
  const isRight =
    off.length === 0 && together <= rightTogether * (1 + 12 / truth.length) && (share <= 0.5 || scale.isZero);
  // Values that are a residue of rounding can be as much larger than a truth that is one.
  const isResidue = largestValue > scale.largestTruth * residueOf(dtype);
  const verdict = isBeyond && !isResidue ? 'wrong' : isRight && unheld === undefined ? 'rounding' : 'undecided';
  return { verdict, figures: { max, ulp, bounds }, off, hidden: share, unheld };
}

/** The errors at each power of two, of which one that is not there gets those of the next larger. */
function pooledErrors(pools: Pool[]): (exponent: number) => Errors {
  const sorted = pools.sort((a, b) => a.exponent - b.exponent);
  const errors = new Map<number, Errors>();
  for (let at = 0; at < sorted.length; at++) {
    let [first, last] = [at, at];
    let { count, squares, largest } = sorted[at]!;
    while (count < poolSize && (last + 1 < sorted.length || first > 0)) {
      const next = sorted[last + 1 < sorted.length ? ++last : --first]!;
      count += next.count;
      squares += next.squares;
      largest = Math.max(largest, next.largest);
    }
    errors.set(sorted[at]!.exponent, { usual: Math.sqrt(squares / count), largest });
  }
  return (exponent) => {
    const next = sorted.find((pool) => pool.exponent >= exponent) ?? sorted.at(-1);
    return errors.get(exponent) ?? errors.get(next?.exponent ?? 0) ?? { usual: 0, largest: 0 };
  };
}

/** The power of two of a number; zero is below them all. */
function exponentOf(value: number): number {
  return value === 0 ? -2000 : Math.floor(Math.log2(Math.abs(value)));
}
