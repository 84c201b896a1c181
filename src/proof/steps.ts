// Steps on their own: what does not show in this chain, because it vanishes there, shows with random gradients upstream.

import type { NdArray } from '../base/ndarray.js';
import type { Generator } from '../random/generator.js';
import type { Node } from '../tensor/autograd.js';
import type { Tensor } from '../tensor/tensor.js';
import { backward, type Candidate, finals } from './candidate.js';
import { largest, ofBranches, sign, support } from './diagnosis.js';
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
  const names = [...candidate.inChain.keys()].filter((name) => vanishes(name, candidate, bounds));
  const notes = new Map<string, string>();
  if (names.length === 0) return notes;
  const random = new Map(
    [...candidate.reference].map(([name, { shape }]) => [name, randomGradient(run, generator, shape)]),
  );
  const { first } = candidate;
  const given = finals(backward(proof, run, { gradients: random, first }));
  for (const name of names) {
    const note = noteOn(name, given.get(name)?.array, random, run, first);
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
  const { read, before } = readsOf(first, name);
  const gradientFrom = (names: ReadonlySet<string>, branches?: Map<Node, Branch[]>) => {
    // What was read but never written is a gradient that is given, which stays as it is.
    const known = new Map(
      [...names].map((one) => [
        run.tape.nodes.get(one),
        (first.written.has(one) ? random.get(one) : run.seeds.get(one))?.array,
      ]),
    );
    const replace = (other: Node) => known.get(other);
    return gradientsOf(run.tape, seedArrays(run), branches === undefined ? { replace } : { replace, branches })
      .get(node)
      ?.toTypedArray();
  };
  const branches = new Map<Node, Branch[]>();
  const truth = gradientFrom(read, branches);
  const all = gradientFrom(before);
  if (truth === undefined || all === undefined || given?.data.length !== truth.length || read.size === 0)
    return undefined;
  const isTruth = (value: (i: number) => number) => isNear(given.data, value, truth.length);
  // What was read for earlier gradients may be used for this one too: where that matters, nothing can be told.
  if (!isNear(all, (i) => truth[i]!, truth.length) || isTruth((i) => truth[i]!)) return undefined;
  const { shape } = run.tensors.get(name)!;
  const step = { candidate: given.data, truth, shape, branches: branches.get(node) ?? [], fits: isTruth };
  const diagnosis = (support(truth) > 1 ? sign(step) : null) ?? ofBranches(step);
  if (diagnosis !== null)
    return `${diagnosis.text}; here that makes no difference, for other gradients upstream it would`;
  const consumers = consumersOf(run.tape.order).get(node) ?? [];
  const isDirect = consumers.every((consumer) => [...read].some((one) => run.tape.nodes.get(one) === consumer));
  return isDirect ? 'right here, where it vanishes, but wrong for other gradients upstream' : undefined;
}

/** The names that were read for `name`, since the gradient before it was written; and all that were read before it was complete. */
function readsOf({ events }: Recording, name: string): { read: Set<string>; before: Set<string> } {
  const read = new Set<string>();
  const last = events.findLastIndex((event) => event.kind === 'write' && event.name === name);
  const earlier = events.slice(0, last).filter((event) => event.kind === 'read' && event.name !== name);
  let since: string[] = [];
  for (const event of events) {
    if (event.kind === 'read') since.push(event.name);
    else {
      if (event.name === name) for (const one of since) if (one !== name) read.add(one);
      since = [];
    }
  }
  return { read, before: new Set(earlier.map((event) => event.name)) };
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
  // Where the forward pass loses digits, as in x - mean(x) for a large x, so does a step of the backward pass.
  if (largest(bound) > 0.01 * Math.max(...parts.map(({ upstream }) => largest(upstream.values)))) return false;
  return isZero(truth.data) || (parts.length > 1 && parts.some(({ values }) => isZero(values)));
}

function randomGradient(run: Run, generator: Generator, shape: readonly number[]): Tensor {
  const { data } = generator.randn(shape, { dtype: run.dtype });
  return run.hg.tensor({ dtype: run.dtype, shape, data }, { dtype: run.dtype });
}

function isNear(a: ArrayLike<number>, b: (i: number) => number, length: number): boolean {
  let [size, distance] = [0, 0];
  for (let i = 0; i < length; i++) {
    size = Math.max(size, Math.abs(a[i]!), Math.abs(b(i)));
    distance = Math.max(distance, Math.abs(a[i]! - b(i)));
  }
  return distance <= tolerance * size;
}
