// The entry `handgrad/proof`: verdicts on gradients. It stands apart from `handgrad`, so that a page that trains does not carry it.

export {
  type GradcheckElement,
  type GradcheckInput,
  type GradcheckOptions,
  type GradcheckResult,
  type GradcheckVerdict,
  gradcheck,
} from './proof/gradcheck.js';
export type { Kernel } from './proof/kernel.js';
export {
  defineProof,
  type Forwarded,
  type Gradients,
  type Named,
  type Proof,
  type Values,
} from './proof/proof.js';
export { proofsOf } from './proof/proofsOf.js';
export { type ProveOptions, prove } from './proof/prove.js';
export type { ProofReport } from './proof/report.js';
export type {
  ChainStep,
  Diagnosis,
  DiagnosisKind,
  ErrorFigures,
  GradientReport,
  GradientValues,
  ReferenceReport,
  ReportData,
  Verdict,
  WorstElement,
} from './proof/schema.js';
export type { Differentiable } from './proof/subject.js';
