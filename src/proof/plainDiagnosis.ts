// What is wrong with values of which there is neither a chain nor a run in float64.

import { elementCount } from '../base/shape.js';
import { type Plain, ratio, scaled, shifted, sign, transposed } from './diagnosis.js';
import type { Diagnosis } from './schema.js';

/** What the candidate is instead of the truth, where that is certain to rounding. */
export function diagnoseValues(given: Plain): Diagnosis | null {
  return sign(given) ?? plainFactor(given) ?? transposed(given) ?? shifted(given);
}

/** A factor of values that rounding has blurred, in as few digits as fit; of one value alone it says nothing. */
function plainFactor({ candidate, truth, shape, fits }: Plain): Diagnosis | null {
  const factor = ratio(candidate, truth);
  const size = 1 + Math.abs(factor);
  const isFactor = (guess: number) => fits(scaled(truth, guess), size);
  if (Array.from(truth).filter((x) => x !== 0).length < 2) return null;
  if (!(Math.abs(factor) > 1e-12) || !isFactor(factor)) return null;
  const digits = [1, 2, 3, 4, 5, 6].find((count) => isFactor(Number(factor.toPrecision(count)))) ?? 7;
  if (isFactor(1)) return null;
  const sizes = [...shape, elementCount(shape), ...Array.from({ length: 127 }, (_, i) => i + 2)].filter((n) => n > 1);
  const fractions = sizes.flatMap((n) => [
    [1, n],
    [n, n - 1],
    [n - 1, n],
  ]);
  const fraction = digits < 4 ? undefined : fractions.find(([over, under]) => isFactor(over! / under!));
  const name = fraction?.join('/') ?? Number(factor.toPrecision(digits));
  return { kind: 'factor', text: `${name} times what it should be`, factor };
}
