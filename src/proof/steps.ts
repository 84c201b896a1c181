// Steps on their own: what does not show in this chain, because it vanishes there, shows with random gradients upstream.

import type { NdArray } from '../base/ndarray.js';
import { sameButForOnes } from '../base/shape.js';
import type { Generator } from '../random/generator.js';
import type { Node } from '../tensor/autograd.js';
import type { Tensor } from '../tensor/tensor.js';
import { backward, type Candidate, finals } from './candidate.js';
import { largest, support } from './case.js';
import { ofBranches, sign } from './diagnosis.js';
import { beyond } from './judge.js';
import type { Proof } from './proof.js';
import type { Recording } from './recorder.js';
import { type Run, seedArrays } from './run.js';
import { type Branch, consumersOf, gradientsOf } from './tape.js';

/** How far a step may be off in float64, relative to its largest element: rounding of a step is far below, a fault far above. */
const tolerance = 1e-9;

/**
 * Notes on gradients that vanish here, as a whole or in one of the branches that they are the sum of, by name: each is computed once
 * more from random gradients of what it depends on, and compared with the tape's for the same.
 */
export function notesOnSteps(
  proof: Proof,
  run: Run,
  candidate: Candidate,
  bounds: ReadonlyMap<string, Float64Array>,
  generator: Generator,
): Map<string, string> {
  const names = [...candidate.inChain.keys()].filter(
    (name) => vanishes(name, candidate, bounds) && isRight(name, candidate, bounds),
  );
  const notes = new Map<string, string>();
  if (names.length === 0) return notes;
  const random = new Map(
    [...candidate.reference].map(([name, { shape }]) => [name, randomGradient(run, generator, shape)]),
  );
  const { first } = candidate;
  const given = finals(backward(proof, run, { gradients: random, first }));
  for (const name of names) {
    const note = areReadsReplaced(name, candidate)
      ? noteOn(name, given.get(name)?.array, random, run, first)
      : undefined;
    if (note !== undefined) notes.set(name, note);
  }
  return notes;
}

function noteOn(
  name: string,
  given: NdArray | undefined,
  random: ReadonlyMap<string, Tensor>,
  run: Run,
  first: Recording,
): string | undefined {
  const node = run.tape.nodes.get(name)!;
  const read = readsOf(first, name);
  // What was read but never written is a gradient that is given, which stays as it is.
  const known = new Map(
    [...read].map((one) => [
      run.tape.nodes.get(one),
      (first.written.has(one) ? random.get(one) : run.seeds.get(one))?.array,
    ]),
  );
  const branches = new Map<Node, Branch[]>();
  const found = gradientsOf(run.tape, seedArrays(run), { replace: (other) => known.get(other), branches });
  const truth = found.get(node)?.toTypedArray();
  if (truth === undefined || given?.data.length !== truth.length || read.size === 0) return undefined;
  const fits = (value: (i: number) => number) => isNear(given.data, value, truth.length);
  if (fits((i) => truth[i]!)) return undefined;
  const { shape } = run.tensors.get(name)!;
  const step = { candidate: given.data, truth, shape, branches: branches.get(node) ?? [], fits };
  const diagnosis = (support(truth) > 1 ? sign(step) : null) ?? ofBranches(step);
  if (diagnosis !== null)
    return `${diagnosis.text}; here that makes no difference, for other gradients upstream it would`;
  const consumers = consumersOf(run.tape.order).get(node) ?? [];
  const isDirect = consumers.every((consumer) => [...read].some((one) => run.tape.nodes.get(one) === consumer));
  return isDirect ? 'right here, where it vanishes, but wrong for other gradients upstream' : undefined;
}

/** Whether a gradient is right given the reference's gradients of what it depends on. */
export function isRight(
  name: string,
  { alone, reference }: Candidate,
  bounds: ReadonlyMap<string, Float64Array>,
): boolean {
  const [given, truth] = [alone.get(name)?.array, reference.get(name)!];
  if (given === undefined || !sameButForOnes(given.shape, truth.shape)) return false;
  return truth.data.every(Number.isFinite) && beyond(given.data, truth.data, bounds.get(name)!).length === 0;
}

/** Whether what was read for a gradient could be replaced: one that was changed after it was read could not. */
export function areReadsReplaced(name: string, { inChain, first }: Candidate): boolean {
  return [...readsOf(first, name)].every((read) => inChain.get(read)?.changed !== true);
}

/** The names that were read for `name`, since the gradient before it was written. */
function readsOf({ events }: Recording, name: string): Set<string> {
  const reads = new Set<string>();
  let since: string[] = [];
  for (const event of events) {
    if (event.kind === 'read') since.push(event.name);
    else {
      if (event.name === name) for (const read of since) if (read !== name) reads.add(read);
      since = [];
    }
  }
  return reads;
}

/** Whether a gradient, or one of several branches of it, is no larger than rounding. */
function vanishes(
  name: string,
  { reference, branches }: Candidate,
  bounds: ReadonlyMap<string, Float64Array>,
): boolean {
  const bound = bounds.get(name);
  const truth = reference.get(name);
  if (bound === undefined || truth === undefined) return false;
  const isZero = (values: ArrayLike<number>) => bound.every((limit, i) => Math.abs(values[i]!) <= limit);
  const parts = branches.get(name)!;
  if (!isZero(truth.data) && (parts.length < 2 || !parts.some(({ values }) => isZero(values)))) return false;
  // Where the forward pass loses digits, as x - mean(x) does for a large x, a right step may lose them too.
  return largest(bound) <= 0.01 * Math.max(...parts.map(({ upstream }) => largest(upstream.values)));
}

function randomGradient(run: Run, generator: Generator, shape: readonly number[]): Tensor {
  const { data } = generator.randn(shape, { dtype: run.dtype });
  return run.hg.tensor({ dtype: run.dtype, shape, data }, { dtype: run.dtype });
}

/** Whether values are equal but for rounding of a step in float64. */
export function isNear(a: ArrayLike<number>, b: (i: number) => number, length: number): boolean {
  let [size, distance] = [0, 0];
  for (let i = 0; i < length; i++) {
    size = Math.max(size, Math.abs(a[i]!), Math.abs(b(i)));
    distance = Math.max(distance, Math.abs(a[i]! - b(i)));
  }
  return distance <= tolerance * size;
}
