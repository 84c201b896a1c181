// What a kernel is held against: the tape of the tensors that its author gives, or differences of its own forward pass.

import { ProofError } from '../base/errors.js';
import { dtypes, type FloatDType, type NdArray } from '../base/ndarray.js';
import { elementCount } from '../base/shape.js';
import { show } from '../base/show.js';
import type { Handgrad } from '../handgrad.js';
import type { StridedArray } from '../tensor/arrays/strided.js';
import type { Node } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { attest } from './attest.js';
import { plainly, referenceOf } from './candidate.js';
import type { Context } from './case.js';
import { derivative } from './differences.js';
import type { Kernel } from './kernel.js';
import { runKernelForward } from './kernelRun.js';
import { boundsByName } from './noise.js';
import { checkedValues, type Forwarded, type Proof } from './proof.js';
import { type DrawnInputs, type Problem, type Run, runForward } from './run.js';
import type { ReferenceReport } from './schema.js';
import type { Branch } from './tape.js';

/** A result that is judged: a value of the forward pass, or the gradient of an input. */
export interface Target {
  readonly name: string;
  readonly kind: 'gradient' | 'value';
  /** In float64. */
  readonly truth: NdArray;
  /** In the dtype that is shown. */
  readonly reference: NdArray;
  readonly bounds: Float64Array;
  /** What a diagnosis needs, where there is a tape. */
  readonly context?: Context;
}

/** What a kernel is held against on some inputs. */
export interface KernelReference {
  readonly targets: readonly Target[];
  /** The gradients of the outputs, by name: numbers that float32 has. */
  readonly upstream: ReadonlyMap<string, Float64Array>;
  /** Whether it can be trusted, which takes a while to find out. */
  readonly report: () => Omit<ReferenceReport, 'control'>;
}

/** How much of its estimated error a difference may be off: the kernel's own rounding is not known. */
const patience = 200;
/** Differences are taken of every element; of more than these, that takes too long. */
const mostDifferences = 2000;

/** The reference of `kernel` on `inputs`, shown in `dtype`. */
export function referenceFor(
  hg: Handgrad,
  kernel: Kernel,
  inputs: DrawnInputs,
  seed: number,
  dtype: FloatDType,
): KernelReference {
  const first = kernel.dtypes?.[0] ?? 'float64';
  const { outputs, saved } = runKernelForward(kernel, inputs, first);
  if (kernel.reference === undefined) return byDifferences(hg, kernel, inputs, seed, dtype, outputs);
  return byTape(hg, kernel, inputs, seed, dtype, Object.keys(outputs), Object.keys(saved));
}

function byTape(
  hg: Handgrad,
  kernel: Kernel,
  inputs: DrawnInputs,
  seed: number,
  dtype: FloatDType,
  outputs: readonly string[],
  saved: readonly string[],
): KernelReference {
  const generator = hg.generator();
  const proof = proofOf(kernel, outputs);
  const problem: Problem = { hg, core: generator.core, proof, seed, generator, inputs, drawn: new Map() };
  const run = runForward(problem, 'float64');
  const shown = dtype === 'float64' ? run : runForward(problem, 'float32');
  const values = [...outputs, ...saved.filter((name) => run.tensors.has(name) && !inputs.tensors.has(name))];
  const gradients = run.differentiated;
  /** By kind and name: a saved value may be called as an input is. */
  const results = (from: Run, branches?: Map<Node, Branch[]>): Map<string, StridedArray> => {
    const found = referenceOf(from, branches);
    return new Map([
      ...values.map((name) => [`value ${name}`, from.tensors.get(name)!.array] as const),
      ...gradients.map((name) => [`gradient ${name}`, found.get(name)!] as const),
    ]);
  };
  const branches = new Map<Node, Branch[]>();
  const truth = plainly(results(run, branches));
  const reference = dtype === 'float64' ? truth : plainly(results(shown));
  const bounds = boundsByName(truth, () => results(runForward(problem, 'float64')), hg);
  const targetOf =
    (kind: Target['kind']) =>
    (name: string): Target => {
      const key = `${kind} ${name}`;
      const own = { truth: truth.get(key)!, reference: reference.get(key)!, bounds: bounds.get(key)! };
      if (kind === 'value') return { name, kind, ...own };
      const context: Context = {
        reference: new Map([[name, own.truth]]),
        branches: new Map([[name, branches.get(run.tape.nodes.get(name)!) ?? []]]),
        bounds: new Map([[name, own.bounds]]),
        run,
      };
      return { name, kind, ...own, context };
    };
  const targets = [...values.map(targetOf('value')), ...gradients.map(targetOf('gradient'))];
  const byName = <Part>(part: (key: string) => Part) =>
    new Map(gradients.map((name) => [name, part(`gradient ${name}`)]));
  const report = () =>
    attest(
      problem,
      byName((key) => truth.get(key)!),
      byName((key) => bounds.get(key)!),
      run,
    );
  const upstream = new Map([...run.seeds].map(([name, { data }]) => [name, Float64Array.from(data)]));
  return { targets, upstream, report };
}

/** The kernel's reference as a proof, whose outputs are those of the kernel. */
function proofOf(kernel: Kernel, outputs: readonly string[]): Proof {
  return {
    inputs: () => ({}),
    forward: (t, hg) => {
      const given = checkedValues('reference', kernel.reference!(t as Record<string, Tensor>, hg));
      const missing = outputs.find((name) => !Tensor.is(given[name]));
      if (missing !== undefined) {
        throw new ProofError(`reference: expected a tensor ${missing}, as forward has it, got ${show(given[missing])}`);
      }
      const named = Object.entries(given).filter(([name]) => !outputs.includes(name));
      return {
        ...Object.fromEntries(named),
        outputs: Object.fromEntries(outputs.map((name) => [name, given[name]!])),
      } as unknown as Forwarded;
    },
    backward: () => {},
  };
}

/** Each gradient from differences of the kernel's own forward pass in float64, judged by their own estimate of their error. */
function byDifferences(
  hg: Handgrad,
  kernel: Kernel,
  inputs: DrawnInputs,
  seed: number,
  dtype: FloatDType,
  outputs: Readonly<Record<string, ArrayLike<number>>>,
): KernelReference {
  if (kernel.dtypes?.includes('float64') === false) {
    throw new ProofError('kernel: expected a reference for a kernel that has no float64, got none');
  }
  const differentiated = [...inputs.tensors].filter(([, { requiresGrad }]) => requiresGrad);
  const count = differentiated.reduce((sum, [, { array }]) => sum + elementCount(array.shape), 0);
  if (count > mostDifferences) {
    throw new ProofError(
      `kernel: expected a reference for inputs of more than ${mostDifferences} elements, got none for ${count}; smaller inputs need none`,
    );
  }
  const generator = hg.generator().manualSeed(seed + 2);
  const upstream = new Map(
    Object.entries(outputs).map(([name, { length }]) => [name, Float64Array.from(generator.randn([length]).data)]),
  );
  const total = (changed: DrawnInputs): number => {
    const { outputs: now } = runKernelForward(kernel, changed, 'float64');
    let sum = 0;
    for (const [name, weights] of upstream) {
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * now[name]![i]!;
    }
    return sum;
  };
  const targets = differentiated.map(([name, input]): Target => {
    const values = new Float64Array(input.array.data);
    const step = 2 ** -6 * (spread(values) || Math.abs(values[0] ?? 0) || 1);
    const estimates = Array.from(values, (x, i) =>
      derivative((t) => {
        const data = values.slice();
        data[i] = x + t;
        const tensors = new Map(inputs.tensors).set(name, {
          ...input,
          array: { ...input.array, dtype: 'float64', data },
        });
        return total({ ...inputs, tensors });
      }, step),
    );
    const { shape } = input.array;
    // At a kink there is no derivative.
    const data = Float64Array.from(estimates, ({ value, isKink }) => (isKink ? Number.NaN : value));
    const truth: NdArray = { dtype: 'float64', shape, data };
    const reference = { ...truth, dtype, data: dtypes[dtype].array.from(truth.data) };
    // In float64, where bounds count 2^-29 of what they are in float32.
    const bounds = Float64Array.from(estimates, ({ error }) => patience * error * 2 ** 29);
    return { name, kind: 'gradient', truth, reference, bounds };
  });
  return { targets, upstream, report: () => ({ kind: 'differences', trusted: true, directions: [] }) };
}

/** The standard deviation. */
function spread(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}
