// What the notebook's cmp finds out about a gradient written by hand.

import { string } from '../base/check.js';
import type { DType, NdArray, TypedArray } from '../base/ndarray.js';
import { refuseSurplus } from '../base/surplus.js';
import { checkedPair, isClose, rounding, type Tolerance } from './allclose.js';

/** A gradient written by hand, held against its reference: its name, the dtype of both, and the reference's shape. */
export interface Comparison {
  readonly name: string;
  readonly shape: readonly number[];
  /** The shape of the gradient written by hand, where `cmp` found another one. */
  readonly manualShape?: readonly number[];
  readonly dtype: DType;
  /** All elements are equal. */
  readonly exact: boolean;
  /** All elements are close. */
  readonly approximate: boolean;
  /** Largest |manual - reference|; NaN when a difference is NaN or the shapes do not fit, 0 for an empty array. */
  readonly maxdiff: number;
  /** The first element that differs by `maxdiff`; null where none was compared. */
  readonly worst: { readonly index: readonly number[]; readonly manual: number; readonly reference: number } | null;
}

/**
 * Compares two arrays of one shape and dtype as PyTorch does: `exact` is `torch.all(manual == reference)`, `approximate` is
 * `torch.allclose`, `maxdiff` is `(manual - reference).abs().max()`, in the arrays' dtype (int32 without wrapping). Throws
 * ShapeError or DTypeError.
 *
 * @example compare('dlogits', dlogits, logits.grad!).maxdiff
 */
export function compare(
  name: string,
  manual: NdArray,
  reference: NdArray,
  tolerance?: Tolerance,
  ...surplus: never[]
): Comparison {
  refuseSurplus('compare', 4, surplus);
  string('name', name);
  const { dtype, shape, data, reference: expected } = checkedPair('manual', manual, 'reference', reference);
  return compareValues(name, data, { dtype, shape, data: expected }, tolerance);
}

/** The comparison of values with those of `reference`, as many and of its dtype. */
export function compareValues(
  name: string,
  data: TypedArray,
  { dtype, shape, data: reference }: NdArray,
  tolerance?: Tolerance,
): Comparison {
  const round = rounding(dtype);
  const close = isClose(dtype, tolerance);
  let exact = true;
  let approximate = true;
  let maxdiff = 0;
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    const difference = Math.abs(round(data[i]! - reference[i]!));
    exact &&= data[i] === reference[i];
    approximate &&= close(data[i]!, reference[i]!);
    if (difference > maxdiff || (Number.isNaN(difference) && !Number.isNaN(maxdiff))) {
      maxdiff = difference;
      at = i;
    }
  }
  const worst = data.length === 0 ? null : { index: indexOf(at, shape), manual: data[at]!, reference: reference[at]! };
  return { name, shape, dtype, exact, approximate, maxdiff, worst };
}

/** The index along each axis of element `offset` of `shape`. */
export function indexOf(offset: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1, rest = offset; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}
