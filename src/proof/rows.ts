// The rows of a report: a verdict for each gradient that was written, and for each that was not.

import type { FloatDType, NdArray } from '../base/ndarray.js';
import { sameButForOnes, sameShape, showShape } from '../base/shape.js';
import { compareValues, indexOf } from '../compare/compare.js';
import type { Final } from './candidate.js';
import type { Context } from './case.js';
import { copied } from './copied.js';
import { diagnose } from './diagnosis.js';
import type { Findings } from './findings.js';
import { beyond, boundScale, errorFigures } from './judge.js';
import { diagnoseShape } from './misshapen.js';
import type { Diagnosis, GradientReport, GradientValues, Verdict, WorstElement } from './schema.js';

/** The rows in the order in which the gradients were finished, then those that are missing; and the values behind them. */
export function judgeGradients(findings: Findings): {
  gradients: GradientReport[];
  values: Map<string, GradientValues>;
} {
  const { shown, wide, run } = findings;
  const values = new Map<string, GradientValues>();
  const gradients = [...wide.inChain.keys()].map((name) => {
    const candidate = shown.inChain.get(name)?.array ?? null;
    values.set(name, { candidate, reference: shown.reference.get(name)!, truth: wide.reference.get(name)! });
    return judged(name, findings);
  });
  for (const name of run.differentiated) {
    if (wide.inChain.has(name)) continue;
    const reference = wide.reference.get(name)!;
    values.set(name, { candidate: null, reference, truth: reference });
    gradients.push(missing(name, reference));
  }
  return { gradients, values };
}

function judged(name: string, findings: Findings): GradientReport {
  const { dtype, shown, wide } = findings;
  const truth = wide.reference.get(name)!;
  const bounds = findings.bounds.get(name)!;
  const notes: string[] = [];
  const [chain, alone] = [fitted(wide.inChain.get(name)!, truth.shape), fitted(wide.alone.get(name), truth.shape)];
  const unfinished = wide.first.readUnfinished.get(name);
  if (unfinished !== undefined) notes.push(`d${unfinished} was read for it before it was complete`);
  const note = findings.notes.get(name);
  if (note !== undefined) notes.push(note);
  const isRightAlone = alone !== undefined && beyond(alone, truth.data, bounds).length === 0;
  if (chain === undefined) return misshapen(name, findings, isRightAlone, notes);
  const { shape } = wide.inChain.get(name)!.array;
  const isOther = !sameShape(shape, truth.shape);
  if (isOther) {
    notes.push(`has shape ${showShape(shape)}, expected ${showShape(truth.shape)}; axes of size 1 ignored`);
  }
  return rowOf({
    name,
    dtype,
    truth,
    bounds,
    decisive: chain,
    candidate: fitted(shown.inChain.get(name), truth.shape) ?? absent(truth),
    reference: shown.reference.get(name)!,
    isRightAlone,
    ...(isOther && { givenShape: shape }),
    diagnose: () =>
      alone === undefined ? null : (diagnose(name, alone, contextOf(name, findings)) ?? copied(name, findings)),
    notes,
  });
}

function contextOf(name: string, { wide, bounds, run }: Findings): Context {
  const { reference, branches, alone } = wide;
  return { reference, branches, bounds, run, final: alone.get(name) };
}

/** What a row is made of. */
export interface Row {
  readonly name: string;
  readonly kind?: GradientReport['kind'];
  readonly dtype: FloatDType;
  /** The reference in float64. */
  readonly truth: NdArray;
  readonly bounds: Float64Array;
  /** The candidate in float64, which decides; of a kernel that has float32 alone, in that. */
  readonly decisive: ArrayLike<number>;
  readonly decisiveDType?: FloatDType;
  /** Candidate and reference in `dtype`. */
  readonly candidate: NdArray['data'];
  readonly reference: NdArray;
  /** Whether it is right given the reference's gradients. */
  readonly isRightAlone?: boolean;
  /** The shape that was given, where it is another than the truth's. */
  readonly givenShape?: readonly number[];
  readonly diagnose?: () => Diagnosis | null;
  readonly notes?: readonly string[];
}

/** The row of a gradient whose shape is the reference's. */
export function rowOf(row: Row): GradientReport {
  const { name, dtype, truth, bounds, decisive, candidate, reference } = row;
  const { decisiveDType = 'float64' } = row;
  const off = beyond(decisive, truth.data, bounds, 1, decisiveDType);
  const { exact, approximate, maxdiff } = compareValues(name, candidate, { ...reference, dtype });
  const notes = [...(row.notes ?? [])];
  const error = {
    candidate: errorFigures(candidate, truth.data, bounds, dtype),
    reference: errorFigures(reference.data, truth.data, bounds, dtype),
    decisive: errorFigures(decisive, truth.data, bounds, decisiveDType),
  };
  const verdict = verdictOf(row, off, exact, error.candidate.bounds, notes);
  const ownFault = verdict === 'wrong';
  // Of the elements that are off in what decides, or else of all in what is shown.
  const at = off.length > 0 ? worstOf(decisive, truth.data, off) : worstOf(candidate, truth.data);
  return {
    name,
    kind: row.kind ?? 'gradient',
    shape: truth.shape,
    ...(row.givenShape && { givenShape: row.givenShape }),
    verdict,
    ownFault,
    exact,
    approximate,
    maxdiff,
    error,
    bound: bounds.reduce((largest, bound) => Math.max(largest, bound), 0) * boundScale(dtype),
    share: truth.data.length === 0 ? 0 : off.length / truth.data.length,
    worst: at === undefined ? null : elementAt(at, row),
    nonFinite: nonFiniteIn(candidate),
    diagnosis: ownFault ? (row.diagnose?.() ?? null) : null,
    notes,
  };
}

function elementAt(at: number, { truth, candidate, reference }: Row): WorstElement {
  return {
    index: indexOf(at, truth.shape),
    candidate: candidate[at]!,
    reference: reference.data[at]!,
    truth: truth.data[at]!,
  };
}

/** Multiples of the bound by which right formulas in float32 do not err; the square of it is more than any digits lost explain. */
const lossy = 64;

/** The verdict on a row whose candidate errs by `multiple` times the bounds, and notes that explain it. */
function verdictOf(row: Row, off: readonly number[], exact: boolean, multiple: number, notes: string[]): Verdict {
  const { truth, candidate, bounds, dtype, isRightAlone = false } = row;
  const canTell = (i: number) => Number.isFinite(truth.data[i]!) && Number.isFinite(bounds[i]!);
  if (off.some(canTell)) return isRightAlone ? 'inherited' : 'wrong';
  const infinite = truth.data.findIndex((x) => !Number.isFinite(x));
  if (infinite >= 0) {
    const index = indexOf(infinite, truth.shape).join(', ');
    notes.push(`the reference is ${truth.data[infinite]} at [${index}]: finite inputs would decide`);
    return 'undecided';
  }
  if (off.length > 0) {
    notes.push('rounding alone makes the reference NaN or infinite: smaller inputs would decide');
    return 'undecided';
  }
  if (exact) return 'exact';
  const lost = candidate.findIndex((x) => !Number.isFinite(x));
  if (lost >= 0) {
    const index = indexOf(lost, truth.shape).join(', ');
    notes.push(
      `right in float64, but ${candidate[lost]} at [${index}] in ${dtype}: smaller inputs or a stabler formula would decide`,
    );
    return 'undecided';
  }
  if (multiple > lossy) {
    notes.push(
      `right in float64, but in ${dtype} it errs by ${multiple.toPrecision(2)} times what rounding explains: another formula there, or one that loses digits`,
    );
    return multiple > lossy ** 2 ? 'wrong' : 'undecided';
  }
  if (
    notes.length === 0 &&
    truth.data.every((x, i) => Math.abs(x) <= bounds[i]! * boundScale(row.decisiveDType ?? 'float64'))
  ) {
    notes.push('zero here but for rounding: a wrong factor would not show');
  }
  return 'rounding';
}

/** A gradient whose shape does not fit. */
function misshapen(name: string, findings: Findings, isRightAlone: boolean, notes: readonly string[]): GradientReport {
  const { wide } = findings;
  const truth = wide.reference.get(name)!;
  const got = wide.inChain.get(name)!.array;
  const { diagnosis, hint } = diagnoseShape((wide.alone.get(name) ?? wide.inChain.get(name)!).array, truth);
  return {
    ...missing(name, truth),
    givenShape: got.shape,
    verdict: isRightAlone ? 'inherited' : 'wrong',
    ownFault: !isRightAlone,
    nonFinite: nonFiniteIn(got.data),
    diagnosis: isRightAlone ? null : (diagnosis ?? copied(name, findings)),
    notes: [
      `expected shape ${showShape(truth.shape)}, got ${showShape(got.shape)}${isRightAlone ? '' : hint}`,
      ...notes,
    ],
  };
}

/** The row of a gradient that was not given. */
export function missing(name: string, { shape }: NdArray): GradientReport {
  return {
    name,
    kind: 'gradient',
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
  return sameButForOnes(final.array.shape, shape) ? final.array.data : undefined;
}

/** The element that errs most, one that is NaN before all; of those at `places`, where they are given. */
export function worstOf(
  values: ArrayLike<number>,
  truth: ArrayLike<number>,
  places?: readonly number[],
): number | undefined {
  let [worst, largest]: [number | undefined, number] = [undefined, -1];
  for (let i = 0; i < (places ?? truth).length; i++) {
    const at = places?.[i] ?? i;
    const distance = Math.abs(values[at]! - truth[at]!);
    const error = Number.isNaN(distance) ? Infinity : distance;
    if (error > largest) [worst, largest] = [at, error];
  }
  return worst;
}

function absent({ data }: NdArray): Float64Array {
  return new Float64Array(data.length).fill(Number.NaN);
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
