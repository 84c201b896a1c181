// PyTorch's passes (test/golden/passes.py): parameters and batch made as there, and the elements it wrote down.

import type { Handgrad } from '../../src/handgrad.js';
import type { FloatDType, NdArray, Tensor } from '../../src/index.js';
import { type ParameterName, parameterNames, type Sizes, shapeOf } from '../../src/mlp/layout.js';
import type { Model } from '../../src/mlp/model.js';
import type { FullPass, Pass } from '../../src/mlp/passes.js';
import { fromBase64 } from './bytes.js';
import { fixture } from './fixture.js';

/** Elements of a tensor in float64, and the largest error that PyTorch's float32 makes in any. */
export interface Golden {
  readonly error32: number;
  /** Index of the largest magnitude, for a tensor of which not all elements are there. */
  readonly top?: number;
  /** In base64. */
  readonly values: string;
}

export interface Run {
  readonly eps: number;
  readonly tensors: Readonly<Record<string, Golden>>;
}

export interface Case {
  readonly sizes: Sizes;
  readonly runs: readonly Run[];
}

/** The files of test/golden/fixtures/passes: one for each size that PyTorch was run in. */
export const files: readonly string[] = [
  'B16-T4-V130-E6-H40.json',
  'B2-T1-V27-E3-H13.json',
  'B257-T3-V27-E10-H512.json',
  'B3-T2-V3-E2-H2.json',
  'B32-T3-V27-E10-H200.json',
  'B32-T3-V27-E10-H64.json',
  'B33-T8-V5-E1-H1.json',
  'B5-T2-V31-E7-H30.json',
];

export const cases: readonly Case[] = await Promise.all(files.map((file) => fixture<Case>(`passes/${file}`)));

/** An integer of 32 bits: MurmurHash3's finalizer of stream * 0x9e3779b1 + i. */
function hash(stream: number, i: number): number {
  let h = (Math.imul(stream, 0x9e3779b1) + i) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const inputs = [...parameterNames, 'Xb', 'Yb'] as const;

function made(name: (typeof inputs)[number], sizes: Sizes, element: (hash: number) => number): NdArray {
  const shape = shapeOf(name, sizes);
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, i) => element(hash(inputs.indexOf(name), i)));
  if (name === 'Xb' || name === 'Yb') return { dtype: 'int32', shape, data: Int32Array.from(values) };
  return { dtype: 'float64', shape, data: Float64Array.from(values) };
}

const scales: Record<ParameterName, number> = {
  C: 2,
  W1: 0.5,
  b1: 0.25,
  W2: 0.25,
  b2: 0.25,
  bngain: 0.25,
  bnbias: 0.25,
};

/** Parameters of these sizes. */
export function goldenParameters(sizes: Sizes): Record<ParameterName, NdArray> {
  const parameter = (name: ParameterName) =>
    made(name, sizes, (hash) => (name === 'bngain' ? 1 : 0) + (scales[name] * ((hash >>> 11) - 2 ** 20)) / 2 ** 20);
  return Object.fromEntries(parameterNames.map((name) => [name, parameter(name)])) as Record<ParameterName, NdArray>;
}

/** A model with these parameters. */
export function goldenModel(hg: Handgrad, sizes: Sizes, eps: number, dtype: FloatDType = 'float32'): Model {
  const { T, V, E, H } = sizes;
  return hg.createModel({
    vocabSize: V,
    blockSize: T,
    embed: E,
    hidden: H,
    eps,
    dtype,
    parameters: goldenParameters(sizes),
  });
}

/** Contexts and targets of these sizes. */
export function goldenBatch(hg: Handgrad, sizes: Sizes): [Xb: Tensor, Yb: Tensor] {
  const batch = (name: 'Xb' | 'Yb') => hg.tensor(made(name, sizes, (hash) => hash % sizes.V));
  return [batch('Xb'), batch('Yb')];
}

/** Every tensor of a pass by the fixture's names: intermediates, and gradients as d<name>. */
export function tensorsOf(pass: Pass | FullPass): Record<string, Tensor> {
  const gradients = Object.entries(pass.gradients).map(([name, tensor]) => [`d${name}`, tensor]);
  return { ...pass.intermediates, ...Object.fromEntries(gradients) };
}

/** The elements of `golden`, and those of `tensor` that they are to be held against. */
export function sampled(golden: Golden, tensor: NdArray): { expected: Float64Array; got: number[] } {
  const expected = new Float64Array(fromBase64(golden.values).buffer);
  const { data } = tensor;
  if (golden.top === undefined) return { expected, got: Array.from(data) };
  const chosen = Array.from({ length: expected.length - 3 }, (_, i) => hash(inputs.length, i) % data.length);
  return { expected, got: [golden.top, 0, data.length - 1, ...chosen].map((i) => data[i]!) };
}

/** Largest |value|, NaN when one is. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
