// Tensors that another program has written, held against a reference's. The code is loaded when it is used.

import { refuseSurplus } from '../base/surplus.js';
import type { ProofReport } from './report.js';
import type { CompareTensorsOptions, NamedTensors } from './tensors.js';

/**
 * Holds tensors against a reference's of the same names. Every tensor of either side gets a row: what the candidate lacks is
 * `unclaimed`, what the reference lacks is `undecided`, and neither is right. Axes of size 1 may differ; any other shape is
 * `wrong`. The same bits in the same dtype are `exact`, but where they are NaN, which nothing decides. Integers are `exact` or
 * `wrong`, for they are not rounded.
 *
 * With a `truth` the reference's own errors are the scale of rounding: their root mean square over the elements of like magnitude,
 * at least a rounding of the element itself. A candidate is right (`rounding`) up to 16 times this scale in each element, or 4
 * times the largest error that the reference has there, and 4 times in the root mean square over all: other right formulas in
 * the reference's dtype were seen to need 13 and 4. It is `wrong` beyond 2^8 times the scale, or where half of the dtype's
 * digits are lost, which is later in float32 and float64; in between it is `undecided`, as is what a factor of 2 would not show in
 * at most elements. Fewer than 16 elements need more to be wrong, for one error may be small by luck. A candidate in another
 * dtype than the reference is right by the smaller of both dtypes' scales and wrong by the larger.
 *
 * Without a truth what is not exact is `undecided`, with the distances in ULP: nothing tells which side errs.
 *
 * Throws RangeError where no name is common, or `map` or `only` has a name that is not there; ShapeError and DTypeError where the
 * truth is not in float64 or of another shape than the reference.
 *
 * @example (await compareTensors({ dx }, reference, { truth, map: { dx: "x.grad" } })).assert();
 */
export async function compareTensors(
  candidate: NamedTensors,
  reference: NamedTensors,
  options?: CompareTensorsOptions,
  ...surplus: never[]
): Promise<ProofReport> {
  refuseSurplus('compareTensors', 3, surplus);
  const { judgeTensors } = await import('./tensors.js');
  return judgeTensors(candidate, reference, options);
}
