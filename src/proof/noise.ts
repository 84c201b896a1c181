// How far rounding can carry each result of a computation: the spread of runs in which every operation is perturbed.

import type { NdArray } from '../base/ndarray.js';
import type { Handgrad } from '../handgrad.js';
import type { StridedArray } from '../tensor/arrays/strided.js';
import { perturbing } from '../tensor/perturb.js';
import { addSquares, boundsOf, noiseRuns } from './judge.js';

/** The bound of each element of `truth`, by name, from runs of `compute` in float64, perturbed as float32 rounds. */
export function boundsByName(
  truth: ReadonlyMap<string, NdArray>,
  compute: () => ReadonlyMap<string, StridedArray>,
  hg: Handgrad,
): Map<string, Float64Array> {
  const squares = new Map([...truth].map(([name, { data }]) => [name, new Float64Array(data.length)]));
  for (let i = 0; i < noiseRuns; i++) {
    hg.scope(() =>
      perturbing(i + 1, () => {
        for (const [name, array] of compute()) {
          addSquares(squares.get(name)!, array.contiguous().elements(), truth.get(name)!.data);
        }
      }),
    );
  }
  return new Map([...truth].map(([name, { data }]) => [name, boundsOf(data, squares.get(name)!, noiseRuns)]));
}
