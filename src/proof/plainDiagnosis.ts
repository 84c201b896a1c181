// What is wrong with values of which there is neither a chain nor a run in float64.

import { elementCount } from '../base/shape.js';
import { filled, type Plain, ratio, support } from './case.js';
import { fractionOf, shifted, sign, transposed } from './diagnosis.js';
import type { Diagnosis } from './schema.js';

/** What the candidate is instead of the truth, where that is certain to rounding. */
export function diagnoseValues({
  fits,
  ...values
}: Omit<Plain, 'fits'> & { fits: (values: ArrayLike<number>, size?: number) => boolean }): Diagnosis | null {
  const { truth } = values;
  const given: Plain = { ...values, fits: (value, size) => fits(filled(truth.length, value), size) };
  return sign(given) ?? plainFactor(given) ?? transposed(given) ?? shifted(given);
}

/** A factor of values that rounding has blurred, in as few digits as fit; of one value alone it says nothing. */
function plainFactor({ candidate, truth, shape, fits }: Plain): Diagnosis | null {
  const factor = ratio(candidate, truth);
  const size = 1 + Math.abs(factor);
  const isFactor = (guess: number) => fits((i) => truth[i]! * guess, size);
  if (support(truth) < 2) return null;
  if (!(Math.abs(factor) > 1e-12 && size < Infinity) || !isFactor(factor)) return null;
  const digits = filled(14, (i) => i + 1).find((count) => isFactor(Number(factor.toPrecision(count)))) ?? 15;
  if (isFactor(1)) return null;
  const sizes = [...shape, elementCount(shape), ...filled(127, (i) => i + 2)];
  const isIt = (guess: number) => Math.abs(guess - factor) <= 0.01 * Math.abs(factor) && isFactor(guess);
  const name = (digits < 4 ? undefined : fractionOf(sizes, isIt)) ?? Number(factor.toPrecision(digits));
  return { kind: 'factor', text: `${name} times what it should be`, factor };
}
