// The public API: exports, nothing else.

export {
  CoreError,
  DatasetError,
  DTypeError,
  FileError,
  FormatError,
  GraphError,
  ModuleError,
  OutOfMemoryError,
  PolicyError,
  ProofError,
  ReleasedError,
  ScopeError,
  ShapeError,
  TrainingError,
  UnsupportedError,
} from './base/errors.js';
export type { DType, FloatDType, JsonArray, NdArray, StoredArray, StoredDType, TypedArray } from './base/ndarray.js';
export { type PrintOptions, setPrintOptions } from './base/print.js';
export { allclose, type Tolerance } from './compare/allclose.js';
export { cmp, formatComparison } from './compare/cmp.js';
export { type Comparison, compare } from './compare/compare.js';
export { epsilon, ulpDistance } from './compare/ulp.js';
export type { CoreOptions } from './core/core.js';
export type { Build, ModuleSource } from './core/module.js';
export type { Scope } from './core/scope.js';
export { type Batch, buildDataset, type Dataset, type IndexArray, takeBatch } from './data/dataset.js';
export { readFile, writeFileAtomic } from './data/file.js';
export { formatSafetensors, parseSafetensors, type Safetensors } from './data/safetensors.js';
export { type Split, split } from './data/split.js';
export { Vocabulary } from './data/vocabulary.js';
export { type LoadWordsOptions, loadWords, parseWords } from './data/words.js';
export {
  create,
  type DrawIntegerOptions,
  type DrawOptions,
  type Handgrad,
  type InitOptions,
  init,
} from './handgrad.js';
export type { CalibrateOptions } from './mlp/calibrate.js';
export type { Extra, SaveOptions, TrainingState } from './mlp/checkpoint.js';
export type { Progress, TrainOptions } from './mlp/course.js';
export { fusedNames } from './mlp/frame.js';
export type { Statistics } from './mlp/inference.js';
export type { ParameterSource } from './mlp/initialize.js';
export {
  type DifferentiatedName,
  differentiatedNames,
  exercise1,
  type IntermediateName,
  intermediateNames,
  type ParameterName,
  parameterNames,
} from './mlp/layout.js';
export type { Parameters } from './mlp/mlp.js';
export type { LoadedModel, Model } from './mlp/model.js';
export type { FullPass, FusedPass, Pass } from './mlp/passes.js';
export type { SampleOptions } from './mlp/sample.js';
export type {
  Session,
  SessionOptions,
  SessionProgress,
  SessionSampleOptions,
  SessionState,
} from './mlp/session.js';
export type { ModelOptions } from './mlp/settings.js';
export type { Backward, Trainer, TrainerOptions } from './mlp/trainer.js';
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
export type { FloatOptions, Generator } from './random/generator.js';
export type { PythonRandom } from './random/pythonRandom.js';
export type { TensorData, TensorOptions } from './tensor/create.js';
export type { Indices, Nested, ReduceOptions, Tensor } from './tensor/tensor.js';
