// How far rounding can carry a gradient, and whether one has gone further.

import type { FloatDType } from '../base/ndarray.js';
import { roundingOf, ulpOf } from '../compare/ulp.js';
import type { ErrorFigures } from './schema.js';

type Values = ArrayLike<number>;

/** Runs of which the spread is taken. */
export const noiseRuns = 6;

/**
 * What a right gradient may differ by, in standard deviations of the perturbed reference. Right ones, by other formulas than the
 * reference's and in sums of hundreds of terms, were seen to differ by 64 at most (`npm run verdicts`), wrong ones by 10^8 at least.
 */
export const allowance = 2 ** 10;

/** Adds to `squares` those of the distances of `values` from `truth`. */
export function addSquares(squares: Float64Array, values: Values, truth: Values): void {
  for (let i = 0; i < squares.length; i++) squares[i]! += (values[i]! - truth[i]!) ** 2;
}

/**
 * For each element, what rounding in float32 can do: a multiple of the standard deviation around `truth`, of which `squares` are the sums
 * of squares over `runs` runs; at least a tenth of the tensor's own (an element may be lucky in few runs), and at least one rounding
 * of the element itself. Not finite where a perturbed run was not.
 */
export function boundsOf(truth: Values, squares: Float64Array, runs: number): Float64Array {
  let total = 0;
  for (const square of squares) if (Number.isFinite(square)) total += square;
  const usual = Math.sqrt(total / runs / Math.max(1, squares.length)) / 10;
  const bounds = new Float64Array(squares.length);
  for (let i = 0; i < bounds.length; i++) {
    bounds[i] = allowance * Math.max(Math.sqrt(squares[i]! / runs), usual, Math.abs(truth[i]!) * 2 ** -26);
  }
  return bounds;
}

/** What of float32's bound is left in `dtype`. */
export function boundScale(dtype: FloatDType): number {
  return dtype === 'float32' ? 1 : 2 ** -29;
}

/** How `values` of `dtype` differ from `truth`, where float32's `bounds` hold. */
export function errorFigures(values: Values, truth: Values, bounds: Values, dtype: FloatDType): ErrorFigures {
  const scale = boundScale(dtype);
  let [max, ulp, multiple] = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    const error = distance(values[i]!, truth[i]!);
    max = largest(max, error);
    if (error === 0) continue;
    multiple = largest(multiple, error / (bounds[i]! * scale));
    // A unit in the last place is at least half of epsilon times the value: most elements need no logarithm.
    if (!(2 * error <= ulp * roundingOf[dtype].epsilon * Math.abs(truth[i]!))) {
      ulp = largest(ulp, error / ulpOf(truth[i]!, dtype));
    }
  }
  return { max, ulp, bounds: multiple };
}

/** The elements, by their places, of `values` in `dtype` that differ from `truth` by more than rounding. */
export function beyond(
  values: Values,
  truth: Values,
  bounds: Values,
  slack: number = 1,
  dtype: FloatDType = 'float64',
): number[] {
  const scale = boundScale(dtype) * slack;
  const places: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    const error = distance(values[i]!, truth[i]!);
    if (error !== 0 && !(error <= bounds[i]! * scale)) places.push(i);
  }
  return places;
}

/** |a - b|; 0 for two values that are the same, NaN and infinities too. */
function distance(a: number, b: number): number {
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 0 : Math.abs(a - b);
}

function largest(a: number, b: number): number {
  return Number.isNaN(b) || b > a ? b : a;
}
