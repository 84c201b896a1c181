// The public API: exports, nothing else.

export type { Build } from './core/core.js';
export {
  CoreError,
  DatasetError,
  DTypeError,
  FormatError,
  GraphError,
  OutOfMemoryError,
  ReleasedError,
  ShapeError,
} from './core/errors.js';
export type { DType, FloatDType, NdArray, TypedArray } from './core/ndarray.js';
export type { Scope } from './core/scope.js';
export { type DrawOptions, type Handgrad, type InitOptions, init } from './handgrad.js';
export {
  type DifferentiatedName,
  differentiatedNames,
  exercise1,
  type IntermediateName,
  intermediateNames,
  type ParameterName,
  parameterNames,
} from './mlp/layout.js';
export type { Model, ModelOptions, ParameterSource, Parameters } from './mlp/model.js';
export { type FullPass, type FusedPass, fusedNames, type Pass } from './mlp/passes.js';
export type { FloatOptions, Generator } from './random/generator.js';
export type { PythonRandom } from './random/pythonRandom.js';
export type { TensorData, TensorOptions } from './tensor/create.js';
export type { Indices, Nested, ReduceOptions, Tensor } from './tensor/tensor.js';
