// What the runs of a proof have found, before anything is judged.

import type { FloatDType } from '../base/ndarray.js';
import type { Candidate, Chain } from './candidate.js';
import type { Run } from './run.js';

/** What verdicts and diagnoses are made of. */
export interface Findings {
  readonly dtype: FloatDType;
  /** The run in `dtype`, which is shown. */
  readonly shown: Chain;
  /** The run in float64, which decides. */
  readonly wide: Candidate;
  readonly bounds: ReadonlyMap<string, Float64Array>;
  /** What was found of steps on their own. */
  readonly notes: ReadonlyMap<string, string>;
  /** The forward pass in float64. */
  readonly run: Run;
}
