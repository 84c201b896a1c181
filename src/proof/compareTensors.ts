// Tensors that another program has written, held against a reference's.

import { refuseSurplus } from '../base/surplus.js';
import type { ProofReport } from './report.js';
import { type CompareTensorsOptions, judgeTensors, type NamedTensors } from './tensors.js';

/**
 * Holds tensors against a reference's of the same names. Every tensor of either side gets a row: what the candidate lacks is
 * `unclaimed`, what the reference lacks is `undecided`, and neither counts as right. Axes of size 1 may differ; any other shape
 * is `wrong`. The same bits in the same dtype are `exact`, unless there is a NaN among them, which nothing decides. Integers are
 * not rounded: they are `exact` or `wrong`.
 *
 * With a `truth` the scale of rounding is the reference's own errors: their root mean square over the elements of like magnitude, at
 * least a rounding of the element itself. A candidate is right (`rounding`) up to 16 times that in each element, or 4 times the
 * largest error that the reference has there, and up to 4 times in the root mean square over all; 97 of 100 other right formulas
 * in float32 stayed within both. From 2^8 times on it is `wrong`, or where half of the dtype's digits are lost, which comes later
 * in float32 and float64: unstable formulas that are right were seen to err by 400 times. In between it is `undecided`, as
 * everything is where a factor of 1/2 would not show in most elements. Fewer than 16 elements must err by more to be wrong, for the
 * reference may be near the truth by luck. A candidate in another dtype than the reference is right by the smaller of what both
 * dtypes' rounding does, and wrong by the larger.
 *
 * Without a truth what is not exact is `undecided`, with the distances in ULP: nothing tells which side errs.
 *
 * It is exported by `handgrad/report`. There is no chain, so there is no root either. Throws RangeError where no name is common, or `map` or `only` has a name that is
 * not there; ShapeError and DTypeError where the truth is not in float64 or of another shape than the reference.
 *
 * @example const report = compareTensors({ dlogits }, { logits: logits.grad! }, { map: { dlogits: 'logits' } });
 */
export function compareTensors(
  candidate: NamedTensors,
  reference: NamedTensors,
  options?: CompareTensorsOptions,
  ...surplus: never[]
): ProofReport {
  refuseSurplus('compareTensors', 3, surplus);
  return judgeTensors(candidate, reference, options);
}
