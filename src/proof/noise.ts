// How far rounding can carry each result of a computation: the spread of runs in which every operation is perturbed.

import type { NdArray } from '../base/ndarray.js';
import type { Handgrad } from '../handgrad.js';
import type { StridedArray } from '../tensor/arrays/strided.js';
import { perturbing } from '../tensor/perturb.js';
import { boundsOf, noiseRuns } from './judge.js';

/** The bound of each element of `truth`, by name, from runs of `compute` in float64, perturbed as float32 rounds. */
export function boundsByName(
  truth: ReadonlyMap<string, NdArray>,
  compute: () => ReadonlyMap<string, StridedArray>,
  hg: Handgrad,
): Map<string, Float64Array> {
  const runs = Array.from({ length: noiseRuns }, (_, i) =>
    hg.scope(() =>
      perturbing(i + 1, () => new Map([...compute()].map(([name, array]) => [name, array.toTypedArray()]))),
    ),
  );
  return new Map(
    [...truth].map(([name, { data }]) => [
      name,
      boundsOf(
        data,
        runs.map((run) => run.get(name)!),
      ),
    ]),
  );
}
