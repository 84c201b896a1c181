// What a kernel is to a proof: functions over typed arrays, and tensors that say what they should give.

import type { FloatDType } from '../base/ndarray.js';
import type { Handgrad } from '../handgrad.js';
import type { Tensor } from '../tensor/tensor.js';
import type { ProofReport } from './report.js';

/** The numbers of a tensor, row-major: Float32Array or Float64Array, after the dtype of the run, or Int32Array. */
// biome-ignore lint/suspicious/noExplicitAny: a kernel takes the kind of array that its inputs are of.
export type KernelArray = any;

/** Arrays by name, and what else stood among the inputs. */
export type KernelArrays = Readonly<Record<string, KernelArray>>;

/** Tensors by name, and constants among them. */
export type KernelInputs = Readonly<Record<string, unknown>>;

/** A change of the inputs that brings out other faults. */
export type Regime<Inputs extends KernelInputs = KernelInputs> = {
  change(t: Inputs, hg: Handgrad): KernelInputs;
}['change'];

/** A forward and a backward pass over typed arrays. */
export interface Kernel<Inputs extends KernelInputs = KernelInputs> {
  /** What reports call it. */
  readonly name?: string;
  /** The inputs, drawn in float32. What is no tensor is passed on as it is. */
  inputs(hg: Handgrad): Inputs;
  /** Other inputs made of these, by name, each tried as well. */
  readonly regimes?: Readonly<Record<string, Regime<Inputs>>>;
  /** The inputs that have a gradient; every floating-point one where it is left out. */
  readonly wrt?: readonly string[];
  /** The dtypes that the kernel takes. Default both; one of float32 alone is judged by what float32 can show. */
  readonly dtypes?: readonly ('float32' | 'float64')[];
  /** The outputs by name, and what is saved under the names that `forward` saves it; differences are the reference without it. */
  reference?(t: Inputs, hg: Handgrad): Readonly<Record<string, Tensor>>;
  /** The outputs by name, and under `saved` what the backward pass needs. */
  forward(inputs: KernelArrays): { readonly saved?: KernelArrays } & KernelArrays;
  /**
   * The gradients of the inputs by name, from those of the outputs; returned, or written to `out`, which has an array of NaN for each.
   */
  backward(
    inputs: KernelArrays,
    gradients: KernelArrays,
    saved: KernelArrays,
    out: KernelArrays,
  ): KernelArrays | undefined;
  /** Gradients that are written over another array: `{ x: 'y' }` says that of x takes the place of the gradient of y. */
  readonly overwrites?: Readonly<Record<string, string>>;
  /** Gradients that are added to what `out` has. */
  readonly accumulates?: readonly string[];
}

/** Under this name a kernel has what proves it, so that `prove` carries no kernels. Known also to another copy of this package. */
const brand: unique symbol = Symbol.for('handgrad.kernel') as never;

/** What proves a kernel. */
export type KernelProver = (hg: Handgrad, kernel: Kernel, options: { dtype: FloatDType; seed: number }) => ProofReport;

/** `kernel` with what proves it. */
export function marked<Given extends object>(kernel: Given, prover: KernelProver): Given {
  return { ...kernel, [brand]: prover };
}

/** What proves `value`, where it is a kernel. */
export function proverOf(value: unknown): KernelProver | undefined {
  return (value as { [brand]?: KernelProver } | null | undefined)?.[brand];
}
