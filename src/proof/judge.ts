// How far rounding can carry a gradient, and whether one has gone further.

import type { FloatDType } from '../base/ndarray.js';
import { epsilon } from '../compare/ulp.js';
import type { ErrorFigures } from './report.js';

type Values = ArrayLike<number>;

/** Runs of which the spread is taken. */
export const noiseRuns = 6;

/**
 * What a right gradient may differ by, in standard deviations of the perturbed reference. Right formulas, other ones than the
 * reference's too, were seen to differ by 14 at most, wrong ones by 10^11 at least: anywhere between tells them apart.
 */
const allowance = 2 ** 8;

/**
 * For each element, what rounding in float32 can do: a multiple of the standard deviation over `runs` around `truth`, at least a
 * tenth of the tensor's own (an element may be lucky in few runs), and at least one rounding of the element itself.
 */
export function boundsOf(truth: Values, runs: readonly Values[]): Float64Array {
  const sigma = new Float64Array(truth.length);
  let sumOfSquares = 0;
  for (let i = 0; i < truth.length; i++) {
    let squares = 0;
    for (const run of runs) squares += (run[i]! - truth[i]!) ** 2;
    sumOfSquares += squares;
    sigma[i] = Math.sqrt(squares / runs.length);
  }
  const usual = Math.sqrt(sumOfSquares / runs.length / Math.max(1, truth.length));
  return sigma.map((value, i) => allowance * Math.max(value, usual / 10, Math.abs(truth[i]!) * 2 ** -26));
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
    ulp = largest(ulp, error === 0 ? 0 : error / ulpOf(truth[i]!, dtype));
    multiple = largest(multiple, error === 0 ? 0 : error / (bounds[i]! * scale));
  }
  return { max, ulp, bounds: multiple };
}

/** The elements, by their places, of `values` in float64 that differ from `truth` by more than rounding. */
export function beyond(values: Values, truth: Values, bounds: Values, slack: number = 1): number[] {
  const scale = boundScale('float64') * slack;
  const places: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    if (!(distance(values[i]!, truth[i]!) <= bounds[i]! * scale)) places.push(i);
  }
  return places;
}

/** |a - b|; 0 for two values that are the same, NaN and infinities too. */
function distance(a: number, b: number): number {
  return Object.is(a, b) ? 0 : Math.abs(a - b);
}

function largest(a: number, b: number): number {
  return Number.isNaN(b) || b > a ? b : a;
}

/** One unit in the last place of `value` in `dtype`. */
export function ulpOf(value: number, dtype: FloatDType): number {
  const smallest = dtype === 'float32' ? 2 ** -126 : 2 ** -1022;
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), smallest)));
  return 2 ** exponent * epsilon(dtype);
}
