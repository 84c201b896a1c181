// The notebook's cmp, with the line it prints.

import { number, string } from '../base/check.js';
import type { NdArray } from '../base/ndarray.js';
import { fields } from '../base/options.js';
import { pythonFloat } from '../base/python.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { type Comparison, compare } from './compare.js';

/**
 * The line that the notebook prints for a comparison.
 *
 * @example formatComparison(compare('dh', dh, h.grad!)) // 'dh              | exact: True  | approximate: True  | maxdiff: 0.0'
 */
export function formatComparison(comparison: Comparison, ...surplus: AsCallback): string {
  refuseSurplus('formatComparison', 1, surplus);
  const parts = ({ name, dtype, exact, approximate, maxdiff }: Comparison) => ({
    name,
    dtype,
    exact,
    approximate,
    maxdiff,
  });
  const { name, dtype, exact, approximate, maxdiff } = fields('comparison', "compare's", comparison, parts);
  string('name', name);
  number('maxdiff', maxdiff);
  const value = dtype === 'int32' ? String(maxdiff) : pythonFloat(maxdiff);
  return `${pad(name, 15)} | exact: ${bool(exact)} | approximate: ${bool(approximate)} | maxdiff: ${value}`;
}

/**
 * Compares two arrays of one shape and dtype, prints the notebook's line and returns the comparison. Throws ShapeError or
 * DTypeError.
 *
 * @example cmp('logprobs', dlogprobs, logprobs.grad!);
 */
export function cmp(name: string, manual: NdArray, reference: NdArray, ...surplus: never[]): Comparison {
  refuseSurplus('cmp', 3, surplus);
  const comparison = compare(name, manual, reference);
  console.log(formatComparison(comparison));
  return comparison;
}

function bool(value: boolean): string {
  return pad(value ? 'True' : 'False', 5);
}

/** Python's `f'{text:15s}'`, which counts code points. */
function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
