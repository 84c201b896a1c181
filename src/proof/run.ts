// One run of a proof's functions: the forward pass in a dtype, and the tape that it leaves.

import { ProofError } from '../base/errors.js';
import type { DType, FloatDType, NdArray, TypedArray } from '../base/ndarray.js';
import { showShape } from '../base/shape.js';
import { show } from '../base/show.js';
import type { Core } from '../core/core.js';
import type { Handgrad } from '../handgrad.js';
import type { Generator } from '../random/generator.js';
import type { StridedArray } from '../tensor/arrays/strided.js';
import { enableGrad, type Node } from '../tensor/autograd.js';
import { perturbResult } from '../tensor/perturb.js';
import { Tensor } from '../tensor/tensor.js';
import { handleFor } from './handle.js';
import { checkedValues, type Proof, type Values } from './proof.js';
import { type Tape, tapeOf } from './tape.js';

/** The inputs of a proof as plain arrays, in float32, and what else stands among them. */
export interface DrawnInputs {
  readonly tensors: ReadonlyMap<string, { readonly array: NdArray; readonly requiresGrad: boolean }>;
  readonly constants: Values;
}

/** A problem: the functions of a proof with the inputs that they are run on. */
export interface Problem {
  readonly hg: Handgrad;
  readonly core: Core;
  readonly proof: Proof;
  readonly seed: number;
  readonly generator: Generator;
  readonly inputs: DrawnInputs;
  /** The gradients of outputs, drawn in float32 when they are first needed. */
  readonly drawn: Map<string, Float32Array>;
}

/** What a forward pass leaves. Its tensors belong to the scope that it was run in. */
export interface Run {
  readonly hg: Handgrad;
  readonly dtype: FloatDType;
  /** Inputs and values by name: what backward functions read, apart from the tape. */
  readonly t: Values;
  /** The tensors among them, on the tape. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The inputs that require a gradient. */
  readonly differentiated: readonly string[];
  readonly tape: Tape;
  /** The gradients of the outputs, by name. */
  readonly seeds: ReadonlyMap<string, Tensor>;
}

/** Reads the inputs of a proof, each rounded to float32. */
export function drawInputs(hg: Handgrad, proof: Pick<Proof, 'inputs'>, generator: Generator): DrawnInputs {
  return hg.scope(() => {
    const given = checkedValues('inputs', proof.inputs(handleFor(hg, 'float32', generator)));
    const tensors = new Map<string, { array: NdArray; requiresGrad: boolean }>();
    const constants: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given)) {
      if (!Tensor.is(value)) constants[name] = value;
      else {
        value.array.expectCore(generator.core, `inputs: ${name}`);
        const { dtype, shape, data } = named(name, value);
        const array: NdArray =
          dtype === 'float64' ? { dtype: 'float32', shape, data: new Float32Array(data) } : value.toArray();
        tensors.set(name, { array, requiresGrad: value.requiresGrad });
      }
    }
    return { tensors, constants };
  });
}

/** Runs the forward pass in `dtype`, on the inputs, but for those in whose place `moved` gives other values. */
export function runForward(
  { hg, core, proof, seed, generator, inputs, drawn }: Problem,
  dtype: FloatDType,
  moved: (name: string, values: TypedArray) => Float64Array | undefined = () => undefined,
): Run {
  const handle = handleFor(hg, dtype, generator);
  generator.manualSeed(seed + 1);
  return enableGrad(() => {
    const tensors = new Map<string, Tensor>();
    for (const [name, { array, requiresGrad }] of inputs.tensors) {
      const data = (array.dtype === 'int32' ? undefined : moved(name, array.data)) ?? array.data;
      const options = { shape: array.shape, dtype: array.dtype === 'int32' ? ('int32' as DType) : dtype, requiresGrad };
      const leaf = hg.tensor(data, { ...options, name });
      // A sum of inputs rounds by its terms, not by its result.
      perturbResult(leaf.array, []);
      tensors.set(name, leaf);
    }
    const versions = versionsOf(tensors);
    const given = { ...inputs.constants, ...Object.fromEntries(tensors) };
    const { outputs: inner, ...values } = checkedValues('forward', proof.forward(given, handle));
    if (inner !== undefined && 'loss' in values) {
      throw new ProofError('forward: expected a loss or outputs, got both; a loss may stand among the outputs');
    }
    const outputs = inner === undefined ? {} : checkedValues('forward: outputs', inner);
    const all: Record<string, unknown> = { ...inputs.constants, ...values, ...outputs };
    for (const [name, value] of Object.entries(all)) {
      if (!Tensor.is(value)) continue;
      if (tensors.has(name) && tensors.get(name) !== value) {
        throw new ProofError(`forward: expected names other than those of inputs, got ${show(name)} again`);
      }
      value.array.expectCore(core, `forward: ${name}`);
      tensors.set(name, named(name, value));
    }
    expectUnchanged('forward', tensors, versions);
    const names = inner === undefined ? ['loss'] : Object.keys(outputs);
    for (const name of names) checkOutput(name, all[name], inner === undefined, dtype);
    if (names.length === 0) throw new ProofError('forward: expected outputs by name, got none');
    const tape = tapeOf(tensors, names);
    return {
      hg: handle,
      dtype,
      t: view(all, tensors),
      tensors,
      differentiated: [...inputs.tensors].flatMap(([name, { requiresGrad }]) => (requiresGrad ? [name] : [])),
      tape,
      seeds: seedsOf(hg, generator.manualSeed(seed + 2), drawn, inner === undefined, names, tensors),
    };
  });
}

/** The gradients that the tape's walk begins with. */
export function seedArrays({ tape, seeds }: Run): Map<Node, StridedArray> {
  const arrays = new Map<Node, StridedArray>();
  for (const [name, { array }] of seeds) {
    const node = tape.nodes.get(name);
    if (node !== undefined) arrays.set(node, array);
  }
  return arrays;
}

/** How often the memory of each tensor had been changed. */
export function versionsOf(tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, number> {
  return new Map([...tensors].map(([name, { array }]) => [name, array.version]));
}

/** Throws ProofError where a tensor has been changed in place since. */
export function expectUnchanged(
  from: 'forward' | 'backward',
  tensors: ReadonlyMap<string, Tensor>,
  versions: ReadonlyMap<string, number>,
): void {
  for (const [name, version] of versions) {
    if (tensors.get(name)!.array.version !== version) {
      throw new ProofError(`${from}: expected t.${name} as it was given, got it changed in place; clone it first`);
    }
  }
}

function named(name: string, tensor: Tensor): Tensor {
  tensor.array.name ??= name;
  tensor.array.expectInMemory();
  return tensor;
}

/** What backward functions see: tensors apart from the tape, and constants. */
function view(all: Values, tensors: ReadonlyMap<string, Tensor>): Values {
  const t: Record<string, unknown> = { ...all };
  for (const [name, tensor] of tensors) {
    const seen = tensor.detach();
    seen.name = name;
    t[name] = seen;
  }
  return t;
}

function checkOutput(name: string, value: unknown, isLoss: boolean, dtype: FloatDType): void {
  const from = isLoss ? 'forward: loss' : `forward: outputs.${name}`;
  if (!Tensor.is(value)) {
    throw new ProofError(
      `${from}: expected a tensor, got ${show(value)}${isLoss ? '; several outputs stand under outputs' : ''}`,
    );
  }
  if (isLoss && value.size !== 1) {
    throw new ProofError(
      `${from}: expected one element, got ${showShape(value.shape)}; what is no scalar stands under outputs`,
    );
  }
  if (value.dtype !== dtype) {
    throw new ProofError(
      `${from}: expected ${dtype}, the dtype of this run, got ${value.dtype}; the hg that the functions get makes tensors of it`,
    );
  }
  if (!value.requiresGrad)
    throw new ProofError(
      `${from}: expected a tensor that depends on an input that requires a gradient, got one that does not`,
    );
}

/** Ones for a loss, numbers drawn in float32 for outputs. */
function seedsOf(
  hg: Handgrad,
  generator: Generator,
  drawn: Map<string, Float32Array>,
  isLoss: boolean,
  names: readonly string[],
  tensors: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  return new Map(
    names.map((name) => {
      const { shape, dtype } = tensors.get(name)!;
      const data = drawn.get(name) ?? (isLoss ? Float32Array.of(1) : (generator.randn(shape).data as Float32Array));
      drawn.set(name, data);
      const gradient = hg.tensor(data, { shape, dtype });
      gradient.name = `d.${name}`;
      return [name, gradient];
    }),
  );
}
