// Steps that are right at these inputs alone: what is 0 or 1 here, as a bias of zeros or a gain of ones, hides a fault that shows a little
// way off.

import type { NdArray } from '../base/ndarray.js';
import { sameButForOnes } from '../base/shape.js';
import type { Handgrad } from '../handgrad.js';
import type { Node } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { backwardAlone, type Candidate, finals, plain, referenceOf } from './candidate.js';
import { largest, type Step } from './case.js';
import { ofBranches } from './diagnosis.js';
import { boundScale } from './judge.js';
import type { Values } from './proof.js';
import type { Recording } from './recorder.js';
import { worstOf } from './rows.js';
import { type Problem, type Run, runForward } from './run.js';
import { areReadsReplaced, isNear, isRight } from './steps.js';
import type { Branch } from './tape.js';

/** How far off, of the size of each input; the second time half of it. */
const distance = 2 ** -8;
/** Random directions, in each of which a fault must show. */
const directions = 2;
/** The least error, relative to what goes into a step; rounding is far below. */
const least = 1e-8;
/** How many times what rounding can do an error must be at least. */
const patience = 64;

/** A gradient, given the reference's gradients of what it depends on. */
interface Near extends Step {
  /** The size of what goes into it. */
  readonly size: () => number;
}

type Steps = ReadonlyMap<string, Near>;
type Bounds = ReadonlyMap<string, Float64Array>;

/**
 * Notes on gradients that are right at these inputs, but wrong at others next to them, by name. An error counts where it falls with the
 * distance by a power of it, so that a choice that is made otherwise there, as of the largest element, is none. None where the backward
 * function can't be asked: it fails there, does other things there, or reads a constant that may have come of the inputs.
 */
export function notesNearby(problem: Problem, run: Run, candidate: Candidate, bounds: Bounds): Map<string, string> {
  const { hg, generator, inputs } = problem;
  generator.manualSeed(problem.seed + 5);
  // All at once: the forward pass seeds the generator anew.
  const drawn = Array.from({ length: directions }, () => {
    const along = ({ shape }: NdArray) => generator.randn(shape, { dtype: 'float64' }).data;
    return new Map(run.differentiated.map((name) => [name, along(inputs.tensors.get(name)!.array)]));
  });
  const { inChain } = candidate;
  let names = [...inChain.keys()].filter(
    (name) => isRight(name, candidate, bounds) && !inChain.get(name)!.changed && areReadsReplaced(name, candidate),
  );
  let notes = new Map<string, string>();
  for (const direction of drawn) {
    const at = (size: number) => stepsAt(problem, candidate.first, direction, size);
    const found = hg.scope(() => notesAlong(at, names, bounds));
    if (found === undefined || found.size === 0) return new Map();
    notes = found;
    names = [...found.keys()];
  }
  return notes;
}

/** Notes on those of `names` that are wrong in a direction; undefined where the backward function can't be asked. */
function notesAlong(
  at: (size: number) => Steps | undefined,
  names: readonly string[],
  bounds: Bounds,
): Map<string, string> | undefined {
  const far = at(distance);
  if (far === undefined) return undefined;
  const suspects = names.filter((name) => errs(far.get(name), bounds.get(name)!));
  // What is right there needs no second look.
  if (suspects.length === 0) return new Map();
  const near = at(distance / 2);
  if (near === undefined) return undefined;
  const faults = suspects.filter((name) => isFault(far.get(name)!, near.get(name), bounds.get(name)!));
  return new Map(faults.map((name) => [name, noteOn(far.get(name)!)]));
}

function noteOn(step: Near): string {
  const found = ofBranches(step);
  return found === null
    ? 'right here, but wrong for inputs next to these'
    : `${found.text}; here that makes no difference, for inputs next to these it would`;
}

/** The steps at inputs that are `size` of their own size off in a direction. They live in the scope that is open. */
function stepsAt(
  problem: Problem,
  first: Recording,
  direction: ReadonlyMap<string, ArrayLike<number>>,
  size: number,
): Steps | undefined {
  const { proof } = problem;
  const [forward, backward] = [new Set<string>(), new Set<string>()];
  const watched = {
    ...proof,
    forward: (t: Values, handle: Handgrad) => proof.forward(noting(t, forward), handle),
    backward: (...[t, d, handle]: Parameters<typeof proof.backward>) => proof.backward(noting(t, backward), d, handle),
  };
  const run = runForward({ ...problem, proof: watched }, 'float64', (name, values) => {
    const along = direction.get(name);
    if (along === undefined) return undefined;
    let squares = 0;
    for (const x of values) squares += x * x;
    const step = size * (Math.sqrt(squares / values.length) || 1);
    return new Float64Array(values).map((x, i) => x + step * along[i]!);
  });
  const branches = new Map<Node, Branch[]>();
  const reference = referenceOf(run, branches);
  const recording = attempted(() => backwardAlone(watched, run, reference, first));
  if (recording === undefined || !isSameCourse(recording, first)) return undefined;
  if ([...backward].some((name) => !forward.has(name) && mayComeOfInputs(run.t[name], name, problem))) return undefined;
  const steps = new Map<string, Near>();
  for (const [name, { array }] of finals(recording)) {
    const { shape, data: truth } = plain(reference.get(name)!);
    if (!sameButForOnes(array.shape, shape)) continue;
    const { data: candidate } = array;
    const parts = branches.get(run.tape.nodes.get(name)!) ?? [];
    const size = () => Math.max(largest(truth), ...parts.map(({ upstream }) => largest(upstream.values)));
    const fits = (value: (i: number) => number) => isNear(candidate, value, truth.length);
    steps.set(name, { candidate, truth, shape, branches: parts, fits, size });
  }
  return steps;
}

const errorAt = ({ candidate, truth }: Near, at: number): number => Math.abs(candidate[at]! - truth[at]!);

/** Whether a step errs by more than rounding: where it errs most, or at another element. */
function errs(
  step: Near | undefined,
  bounds: ArrayLike<number>,
  at = step && worstOf(step.candidate, step.truth),
): boolean {
  if (step === undefined || at === undefined) return false;
  const error = errorAt(step, at);
  return error > patience * boundScale('float64') * bounds[at]! && error > least * step.size();
}

/** Whether a step that errs at the larger distance does so at half of it too, less by a power of two. */
function isFault(far: Near, near: Near | undefined, bounds: ArrayLike<number>): boolean {
  const at = worstOf(far.candidate, far.truth)!;
  if (near === undefined || !errs(near, bounds, at)) return false;
  const power = Math.log2(errorAt(far, at) / errorAt(near, at));
  return power > 0.75 && power < 4.25 && Math.abs(power - Math.round(power)) < 0.25;
}

/** `values`, noting which of them are read. */
function noting<Given extends Values>(values: Given, read: Set<string>): Given {
  const get = (target: Given, name: string | symbol) => {
    read.add(String(name));
    return target[name as string];
  };
  return new Proxy(values, { get } as ProxyHandler<Given>);
}

/** Whether a value among the inputs is a constant that may have been computed from others, other than a choice, which is an integer. */
function mayComeOfInputs(value: unknown, name: string, { inputs }: Problem): boolean {
  const isConstant = name in inputs.constants || inputs.tensors.get(name)?.requiresGrad === false;
  return isConstant && !isInteger(value);
}

function isInteger(value: unknown): boolean {
  if (Tensor.is(value)) return value.dtype === 'int32';
  return Array.isArray(value) ? value.every(isInteger) : Number.isInteger(value);
}

/** What `run` returns; undefined where it throws. */
function attempted<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Whether gradients were read and written in the same order as before. */
function isSameCourse({ events }: Recording, { events: before }: Recording): boolean {
  return (
    events.length === before.length &&
    events.every(({ kind, name, writes, version }, i) => {
      const then = before[i]!;
      return kind === then.kind && name === then.name && writes === then.writes && version === then.version;
    })
  );
}
