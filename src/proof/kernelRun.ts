// One run of a kernel in one dtype, over plain typed arrays: what it gives, what it changes, and whether it gives the same again.

import { ProofError } from '../base/errors.js';
import { dtypes, type FloatDType, type TypedArray } from '../base/ndarray.js';
import { elementCount } from '../base/shape.js';
import { show } from '../base/show.js';
import { typedArrayName } from '../base/typedArrays.js';
import type { Kernel, KernelArrays } from './kernel.js';
import { atOnce } from './proof.js';
import type { DrawnInputs } from './run.js';

type Arrays = Record<string, TypedArray>;

/** The arrays that a run computes. */
export interface Computed {
  readonly outputs: Readonly<Arrays>;
  readonly saved: Readonly<Arrays>;
  /** The gradients that were given, by the name of the input; those that are added to something, without it. */
  readonly gradients: Readonly<Arrays>;
}

/** What a run gives. */
export interface KernelRun extends Computed {
  /** What gradients were added to, by the name of the input. */
  readonly addends: Readonly<Arrays>;
  /** Inputs that the kernel changed, though it has no business to. */
  readonly clobbered: readonly string[];
  /** What a second run on the same inputs gave. */
  readonly again: Computed;
}

/** The forward pass alone: outputs and what is saved. */
export function runKernelForward(
  kernel: Kernel,
  inputs: DrawnInputs,
  dtype: FloatDType,
): { outputs: Arrays; saved: Arrays } {
  return forwardOf(kernel, arraysFor(inputs, dtype), dtype);
}

/** Runs a kernel twice on the same inputs and gradients of its outputs. */
export function runKernel(
  kernel: Kernel,
  inputs: DrawnInputs,
  dtype: FloatDType,
  upstream: ReadonlyMap<string, ArrayLike<number>>,
): KernelRun {
  const first = once(kernel, inputs, dtype, upstream);
  return { ...first, again: once(kernel, inputs, dtype, upstream) };
}

function once(
  kernel: Kernel,
  inputs: DrawnInputs,
  dtype: FloatDType,
  upstream: ReadonlyMap<string, ArrayLike<number>>,
): Omit<KernelRun, 'again'> {
  const given = arraysFor(inputs, dtype);
  const { outputs, saved } = forwardOf(kernel, given, dtype);
  const produced = copiesOf(outputs);
  const changed = changedIn(given, arraysFor(inputs, dtype));
  const fresh = () =>
    Object.fromEntries([...upstream].map(([name, values]) => [name, arrayOf(dtype, values)])) as Arrays;
  const gradientsOfOutputs = fresh();
  const { out, addends } = gradientArrays(kernel, inputs, dtype, gradientsOfOutputs);
  const kept = copiesOf(saved);
  const returned = kernel.backward(given, gradientsOfOutputs, saved, out);
  const written = Object.entries(out).filter(([, values]) => values.length === 0 || !values.every(Number.isNaN));
  const gradients = checkedArrays('backward', returned ?? Object.fromEntries(written), dtype, Object.keys(out));
  const overwritten = Object.values(kernel.overwrites ?? {});
  const clobbered = [
    ...changed,
    ...changedIn(given, arraysFor(inputs, dtype)),
    ...changedIn(gradientsOfOutputs, fresh())
      .filter((name) => !overwritten.includes(name))
      .map((name) => `the gradient of ${name}`),
    ...changedIn(saved, kept).map((name) => `saved ${name}`),
  ];
  return { outputs: produced, saved: kept, gradients, addends, clobbered: [...new Set(clobbered)] };
}

/** The arrays that a kernel writes gradients to: NaN, or what they are added to, or the memory of an output's gradient. */
function gradientArrays(
  { overwrites = {}, accumulates = [] }: Kernel,
  { tensors }: DrawnInputs,
  dtype: FloatDType,
  gradientsOfOutputs: Readonly<Arrays>,
): { out: Arrays; addends: Arrays } {
  const out: Arrays = {};
  const addends: Arrays = {};
  for (const [name, { array, requiresGrad }] of tensors) {
    if (!requiresGrad) continue;
    const target = overwrites[name];
    if (target !== undefined && gradientsOfOutputs[target] === undefined) {
      throw new ProofError(`kernel.overwrites.${name}: expected the name of an output, got ${show(target)}`);
    }
    const isAdded = accumulates.includes(name);
    // A number that every dtype has.
    const empty = () => arrayOf(dtype, elementCount(array.shape)).fill(isAdded ? 1.25 : Number.NaN);
    out[name] = target === undefined ? empty() : gradientsOfOutputs[target]!;
    if (target === undefined && isAdded) addends[name] = out[name].slice();
  }
  return { out, addends };
}

function forwardOf(kernel: Kernel, given: KernelArrays, dtype: FloatDType): { outputs: Arrays; saved: Arrays } {
  const { saved, ...outputs } = arraysByName('forward', kernel.forward(given));
  if (Object.keys(outputs).length === 0)
    throw new ProofError('forward: expected at least one output by name, got none');
  // Saved values may be anything, of which arrays of floating-point numbers can be judged.
  return { outputs: checkedArrays('forward', outputs, dtype), saved: (saved ?? {}) as Arrays };
}

/** The arrays of `given`, each of the dtype of the run. */
function checkedArrays(from: string, given: unknown, dtype: FloatDType, known?: readonly string[]): Arrays {
  for (const [name, values] of Object.entries(arraysByName(from, given))) {
    if (known?.includes(name) === false) {
      throw new ProofError(`${from}: expected gradients of ${known.join(', ')}, got one of ${show(name)}`);
    }
    const type = dtypes[dtype].array.name;
    if (typedArrayName(values) !== type)
      throw new ProofError(`${from}: ${name}: expected a ${type}, got ${show(values)}`);
  }
  return given as Arrays;
}

/** `given` when it is an object; otherwise a ProofError that names the function that returned it. */
function arraysByName(from: string, given: unknown): Readonly<Record<string, unknown>> {
  atOnce(from, given);
  if (typeof given === 'object' && given !== null) return given as Record<string, unknown>;
  throw new ProofError(`${from}: expected arrays by name, got ${show(given)}`);
}

/** A typed array of these values, or of so many zeros. */
function arrayOf(dtype: FloatDType, values: ArrayLike<number> | number): TypedArray {
  const type = dtypes[dtype].array;
  return typeof values === 'number' ? new type(values) : new type(values);
}

/** The inputs as typed arrays of a run, and what else stood among them. */
function arraysFor({ tensors, constants }: DrawnInputs, dtype: FloatDType): KernelArrays {
  const arrays: Record<string, unknown> = { ...constants };
  for (const [name, { array }] of tensors) {
    arrays[name] = array.dtype === 'int32' ? array.data.slice() : arrayOf(dtype, array.data);
  }
  return arrays;
}

/** The names of the typed arrays in `now` whose values are not those of `before`. */
function changedIn(now: KernelArrays, before: KernelArrays): string[] {
  return Object.keys(before).filter((name) => isArray(before[name]) && !isSame(before[name], now[name]));
}

function isArray(value: unknown): value is TypedArray {
  return ['Float32Array', 'Float64Array', 'Int32Array'].includes(typedArrayName(value) ?? '');
}

/** Copies of the arrays among values: later calls may change them. */
function copiesOf(values: KernelArrays): Arrays {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isArray(value) ? value.slice() : value]),
  );
}

/** Whether an array of a run has other values in the run after it. */
export function varies(values: TypedArray | undefined, again: TypedArray | undefined): boolean {
  return isArray(values) && !isSame(values, again);
}

function isSame(a: TypedArray, b: TypedArray | undefined): boolean {
  return a.length === b?.length && a.every((x, i) => Object.is(x, b[i]));
}
