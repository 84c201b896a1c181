// The rows of a report: a verdict for each gradient that was written, and for each that was not.

import type { FloatDType, NdArray } from '../base/ndarray.js';
import { elementCount, sameShape, showShape } from '../base/shape.js';
import { compareValues, indexOf } from '../compare/compare.js';
import type { Final } from './candidate.js';
import { diagnose, diagnoseShape } from './diagnosis.js';
import type { Findings } from './findings.js';
import { beyond, boundScale, errorFigures } from './judge.js';
import type { GradientReport, GradientValues, Verdict } from './report.js';

/** The rows in the order in which the gradients were finished, then those that are missing; and the values behind them. */
export function judgeGradients(findings: Findings): {
  gradients: GradientReport[];
  values: Map<string, GradientValues>;
} {
  const { narrow, wide, dtype, run } = findings;
  const values = new Map<string, GradientValues>();
  const written = [...wide.inChain.keys()].filter((name) => wide.reference.has(name));
  const gradients = written.map((name) => {
    const shown = dtype === 'float32' ? narrow : wide;
    const candidate = shown.inChain.get(name)?.array ?? null;
    values.set(name, { candidate, reference: shown.reference.get(name)!, truth: wide.reference.get(name)! });
    return judged(name, findings);
  });
  for (const [name, node] of run.tape.nodes) {
    if (!node.isLeaf || wide.inChain.has(name)) continue;
    const reference = wide.reference.get(name);
    if (reference === undefined) continue;
    values.set(name, { candidate: null, reference, truth: reference });
    gradients.push(unclaimed(name, reference));
  }
  return { gradients, values };
}

function judged(name: string, findings: Findings): GradientReport {
  const { dtype, narrow, wide } = findings;
  const truth = wide.reference.get(name)!;
  const bounds = findings.bounds.get(name)!;
  const notes: string[] = [];
  const [chain, alone] = [fitted(wide.inChain.get(name)!, truth.shape), fitted(wide.alone.get(name), truth.shape)];
  const unfinished = wide.readUnfinished.get(name);
  if (unfinished !== undefined) notes.push(`d${unfinished} was read for it before it was complete`);
  if (chain === undefined) return misshapen(name, findings, notes);
  const { shape } = wide.inChain.get(name)!.array;
  if (!sameShape(shape, truth.shape)) {
    notes.push(`has shape ${showShape(shape)}, expected ${showShape(truth.shape)}; axes of size 1 ignored`);
  }

  const off = beyond(chain, truth.data, bounds);
  const isRightAlone = alone !== undefined && beyond(alone, truth.data, bounds).length === 0;
  const shown = dtype === 'float32' ? narrow : wide;
  const reference = shown.reference.get(name)!;
  const candidate =
    fitted(shown.inChain.get(name), truth.shape) ?? new Float64Array(truth.data.length).fill(Number.NaN);
  const { exact, approximate, maxdiff } = compareValues(name, candidate as NdArray['data'], { ...reference, dtype });
  const verdict = verdictOf({ truth, off, exact, isRightAlone, candidate, notes, bounds, dtype });
  const ownFault = verdict === 'wrong';
  const diagnosis = ownFault && alone !== undefined ? diagnose(name, alone, findings) : null;
  const at = worstOf(chain, candidate, truth.data, off);
  return {
    name,
    shape: truth.shape,
    verdict,
    ownFault,
    exact,
    approximate,
    maxdiff,
    error: {
      candidate: errorFigures(candidate, truth.data, bounds, dtype),
      reference: errorFigures(reference.data, truth.data, bounds, dtype),
      float64: errorFigures(chain, truth.data, bounds, 'float64'),
    },
    bound: bounds.reduce((largest, bound) => Math.max(largest, bound), 0) * boundScale(dtype),
    share: truth.data.length === 0 ? 0 : off.length / truth.data.length,
    worst:
      at === undefined
        ? null
        : {
            index: indexOf(at, truth.shape),
            candidate: candidate[at]!,
            reference: reference.data[at]!,
            truth: truth.data[at]!,
          },
    nonFinite: nonFiniteIn(candidate),
    diagnosis,
    notes,
  };
}

function verdictOf(given: {
  truth: NdArray;
  off: readonly number[];
  exact: boolean;
  isRightAlone: boolean;
  candidate: ArrayLike<number>;
  bounds: Float64Array;
  dtype: FloatDType;
  notes: string[];
}): Verdict {
  const { truth, off, exact, isRightAlone, candidate, bounds, dtype, notes } = given;
  const infinite = truth.data.findIndex((x) => !Number.isFinite(x));
  if (off.length > 0 && off.some((i) => Number.isFinite(truth.data[i]!))) return isRightAlone ? 'inherited' : 'wrong';
  if (infinite >= 0) {
    notes.push(
      `the reference is ${truth.data[infinite]} at [${indexOf(infinite, truth.shape).join(', ')}]: finite inputs would decide`,
    );
    return 'undecided';
  }
  if (exact) return 'exact';
  const lost = Array.from(candidate).findIndex((x) => !Number.isFinite(x));
  if (lost >= 0) {
    const index = indexOf(lost, truth.shape).join(', ');
    notes.push(
      `right in float64, but ${candidate[lost]} at [${index}] in ${dtype}: smaller inputs or a stabler formula would decide`,
    );
    return 'undecided';
  }
  if (truth.data.every((x, i) => Math.abs(x) <= bounds[i]!)) {
    notes.push('zero here but for rounding: a wrong factor would not show');
  }
  return 'rounding';
}

/** A gradient whose shape does not fit. */
function misshapen(name: string, { wide }: Findings, notes: string[]): GradientReport {
  const truth = wide.reference.get(name)!;
  const final = wide.alone.get(name) ?? wide.inChain.get(name)!;
  const { shape } = wide.inChain.get(name)!.array;
  const { diagnosis, hint } = diagnoseShape(final.array, truth);
  notes.unshift(`expected shape ${showShape(truth.shape)}, got ${showShape(shape)}${hint}`);
  return {
    ...unclaimed(name, truth),
    verdict: 'wrong',
    ownFault: true,
    nonFinite: nonFiniteIn(final.array.data),
    diagnosis,
    notes,
  };
}

/** The row of a gradient that was not given. */
export function unclaimed(name: string, { shape }: NdArray): GradientReport {
  return {
    name,
    shape,
    verdict: 'unclaimed',
    ownFault: false,
    exact: false,
    approximate: false,
    maxdiff: Number.NaN,
    error: null,
    bound: null,
    share: 1,
    worst: null,
    nonFinite: { nan: 0, infinite: 0 },
    diagnosis: null,
    notes: [],
  };
}

/** The values of a gradient in `shape`, where it differs from it by axes of size 1 at most. */
function fitted(final: Final | undefined, shape: readonly number[]): NdArray['data'] | undefined {
  if (final === undefined) return undefined;
  const wide = (sizes: readonly number[]) => sizes.filter((size) => size !== 1);
  const fits =
    sameShape(wide(final.array.shape), wide(shape)) && elementCount(final.array.shape) === elementCount(shape);
  return fits ? final.array.data : undefined;
}

function worstOf(
  decisive: ArrayLike<number>,
  shown: ArrayLike<number>,
  truth: ArrayLike<number>,
  off: readonly number[],
): number | undefined {
  const places = off.length > 0 ? off : Array.from({ length: truth.length }, (_, i) => i);
  const values = off.length > 0 ? decisive : shown;
  const error = (i: number) => {
    const distance = Math.abs(values[i]! - truth[i]!);
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
  };
  let worst = places[0];
  for (const place of places) if (error(place) > error(worst!)) worst = place;
  return worst;
}

/** How many values are not finite. */
export function nonFiniteIn(values: ArrayLike<number>): { nan: number; infinite: number } {
  let [nan, infinite] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) nan++;
    else if (!Number.isFinite(values[i])) infinite++;
  }
  return { nan, infinite };
}
