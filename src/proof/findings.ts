// What the runs of a proof have found, before anything is judged.

import type { FloatDType } from '../base/ndarray.js';
import type { Candidate } from './candidate.js';
import type { Run } from './run.js';

/** What verdicts and diagnoses are made of. */
export interface Findings {
  readonly dtype: FloatDType;
  /** The runs in float32 and in float64. */
  readonly narrow: Candidate;
  readonly wide: Candidate;
  readonly bounds: ReadonlyMap<string, Float64Array>;
  /** What was found of steps on their own. */
  readonly notes: ReadonlyMap<string, string>;
  /** The forward pass in float64. */
  readonly run: Run;
}
