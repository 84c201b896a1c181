// What a proof finds out, as data: one verdict a gradient, with the figures behind it.

import type { NdArray } from '../base/ndarray.js';

/**
 * What is found out about a gradient.
 * - `exact`: the same bits as the reference.
 * - `rounding`: the formula is right; what differs is rounding.
 * - `wrong`: the formula is wrong.
 * - `inherited`: right given the gradients that it is computed from, one of which is wrong.
 * - `undecided`: these inputs can't tell; it does not count as right.
 * - `unclaimed`: nothing was given for an input that requires a gradient.
 */
export type Verdict = 'exact' | 'rounding' | 'wrong' | 'inherited' | 'undecided' | 'unclaimed';

/** How far values are from the truth. */
export interface ErrorFigures {
  /** Largest |value - truth|. */
  readonly max: number;
  /** The same in units in the last place that the truth has in the dtype. */
  readonly ulp: number;
  /** The same as a multiple of what rounding can do there. */
  readonly bounds: number;
}

/** What is wrong with a gradient. */
export interface Diagnosis {
  /** Which of the faults that are recognised. */
  readonly kind: DiagnosisKind;
  /** One sentence for a reader. */
  readonly text: string;
  /** The factor, of `factor` and its like. */
  readonly factor?: number;
  /** The branch that it concerns: the operation, and the named result that it leads to. */
  readonly branch?: string;
}

/** The kinds of fault that are recognised. */
export type DiagnosisKind =
  | 'sign'
  | 'factor'
  | 'transposed'
  | 'missing-branch'
  | 'factor-of-branch'
  | 'sign-of-branch'
  | 'extra-branch'
  | 'accumulated-twice'
  | 'mean-instead-of-sum'
  | 'wrong-axis'
  | 'not-summed'
  | 'not-accumulated'
  | 'shifted'
  | 'overwritten'
  | 'constant'
  | 'missing-derivative'
  | 'missing-upstream'
  | 'other-gradient'
  | 'other-value'
  | 'copied';

/**
 * The element that errs most, by its `index` along each axis: what the `candidate` has there, the reference and the truth, which is
 * the reference where there is none.
 */
export interface WorstElement {
  readonly index: readonly number[];
  readonly candidate: number;
  readonly reference: number;
  readonly truth: number;
}

/** One gradient. */
export interface GradientReport {
  /** The tensor that it is the gradient of. */
  readonly name: string;
  /** `value` for an output of a kernel's forward pass, which is judged in the same way. */
  readonly kind: 'gradient' | 'value';
  /** That of the reference. */
  readonly shape: readonly number[];
  /** The shape that was given, where it is another; by axes of size 1 apart alone, values are compared all the same, and there is an `error`. */
  readonly givenShape?: readonly number[];
  /** What was found out. */
  readonly verdict: Verdict;
  /** Whether it is wrong even when the gradients that it is computed from are right. */
  readonly ownFault: boolean;
  /** As `compare` has `exact`, `approximate` and `maxdiff`, against the reference in the run's dtype; false, false and NaN for another shape or none. */
  readonly exact: boolean;
  /** See `exact`. */
  readonly approximate: boolean;
  /** See `exact`. */
  readonly maxdiff: number;
  /**
   * Errors in the run's dtype, and what decides: that of the candidate in float64, or in float32 for a
   * kernel that has nothing else. Null where none could be taken.
   */
  readonly error: {
    readonly candidate: ErrorFigures;
    readonly reference: ErrorFigures;
    readonly decisive: ErrorFigures;
  } | null;
  /** The largest bound of an element: what rounding in the run's dtype can do. */
  readonly bound: number | null;
  /** The share of elements that are beyond it in float64. */
  readonly share: number;
  /** The element that errs most; null where none was compared. */
  readonly worst: WorstElement | null;
  /** Elements of the candidate that are NaN or infinite. */
  readonly nonFinite: { readonly nan: number; readonly infinite: number };
  /** What is wrong, where that can be told for certain. */
  readonly diagnosis: Diagnosis | null;
  /** Sentences for a reader. */
  readonly notes: readonly string[];
}

/** Whether what the gradients are held against is right itself. */
export interface ReferenceReport {
  /** What it is: the tape, differences, or what was given. */
  readonly kind: 'autograd' | 'differences' | 'given';
  /** Whether differences along random directions agree with it. */
  readonly trusted: boolean;
  /** Differences along random directions: what the reference says, what they say, and the error that they estimate for themselves. */
  readonly directions: readonly {
    readonly reference: number;
    readonly difference: number;
    readonly estimatedError: number;
  }[];
  /**
   * The gradient of which a copy scaled by `factor`, 1 + 2^-20 where there is none, was judged, and whether it was found wrong; null
   * where none could show it.
   */
  readonly control: { readonly name: string; readonly found: boolean; readonly factor?: number } | null;
}

/** The values behind a row, for pictures; not part of the JSON. Where there is no truth, it is the reference. */
export interface GradientValues {
  /** Null where nothing was given. */
  readonly candidate: NdArray | null;
  readonly reference: NdArray;
  readonly truth: NdArray;
}

/** A step of the chain: the `name` of its result, what it is computed from, and how its last operation is called. */
export interface ChainStep {
  readonly name: string;
  readonly from: readonly string[];
  readonly operation: string;
}

/** A report as JSON has it; numbers that JSON lacks are texts, as in `Tensor.toJSON`. */
export interface ReportData {
  /** The version of this schema. */
  readonly format: 'handgrad-report-1';
  /** That of the proof. */
  readonly name: string;
  /** The dtype that is compared bit for bit. */
  readonly dtype: 'float32' | 'float64';
  /** Whether every gradient is right, and the reference can be trusted. */
  readonly ok: boolean;
  /** The first gradient, in the order of writing, that is wrong by its own fault. */
  readonly root: string | null;
  /** What the gradients are held against. */
  readonly reference: ReferenceReport;
  /** In the order in which they were finished; then those that are missing. */
  readonly gradients: readonly GradientReport[];
  /** The steps of the forward pass, in order. */
  readonly chain: readonly ChainStep[];
}

/** How a row is called: the gradient of x is dx. */
export function labelOf({ name, kind }: Pick<GradientReport, 'name' | 'kind'>): string {
  return kind === 'gradient' ? `d${name}` : name;
}

/** The verdict on everything in a report. */
export function outcomeOf({ ok, gradients }: Pick<ReportData, 'ok' | 'gradients'>): 'right' | 'wrong' | 'undecided' {
  if (ok) return 'right';
  return gradients.some(({ verdict }) => ['wrong', 'inherited', 'unclaimed'].includes(verdict)) ? 'wrong' : 'undecided';
}

/** Why a report is not right though all of its verdicts are. */
export function lackOf({ trusted, control }: ReferenceReport): string {
  if (!trusted) return 'the reference cannot be trusted';
  return control === null ? 'no fault could show here' : 'a fault made on purpose was not found';
}

/**
 * All verdicts, in the order in which they are counted.
 *
 * @example verdicts.filter((verdict) => report.gradients.some((row) => row.verdict === verdict));
 */
export const verdicts: readonly Verdict[] = ['exact', 'rounding', 'wrong', 'inherited', 'undecided', 'unclaimed'];

/** How many gradients have which verdict: 3 exact, 1 wrong. */
export function countsOf({ gradients }: Pick<ReportData, 'gradients'>): string {
  return verdicts
    .flatMap((verdict) => {
      const count = gradients.filter((gradient) => gradient.verdict === verdict).length;
      return count === 0 ? [] : [`${count} ${verdict}`];
    })
    .join(', ');
}

/** Whether a verdict counts as right. */
export function isRight(verdict: Verdict): boolean {
  return verdict === 'exact' || verdict === 'rounding';
}
