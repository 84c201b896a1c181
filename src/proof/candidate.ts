// What a backward function gives in one run: in its own chain, and from the reference's gradients.

import { ProofError } from '../base/errors.js';
import type { NdArray } from '../base/ndarray.js';
import { show } from '../base/show.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { type Node, noGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { atOnce, type Proof } from './proof.js';
import { type Recording, recorded, type Substitution } from './recorder.js';
import { expectUnchanged, type Run, seedArrays, versionsOf } from './run.js';
import { type Branch, gradientsOf } from './tape.js';

/** A gradient at the end of a run of the backward function. */
export interface Final {
  readonly array: NdArray;
  /** What it was when it was written last. */
  readonly atWrite: NdArray;
  /** Whether its memory was changed after that. */
  readonly changed: boolean;
  /** The other names whose gradients share its memory. */
  readonly aliases: readonly string[];
  /** Whether the gradient of that name was read before it was written last. */
  readonly hasRead: (name: string) => boolean;
}

/** The gradients of a run. */
export interface Chain {
  /** The tape's, by name. */
  readonly reference: ReadonlyMap<string, NdArray>;
  /** The backward function's, from what it wrote itself, in the order in which they were finished. */
  readonly inChain: ReadonlyMap<string, Final>;
}

/** The gradients of a run, with what tells which of them is wrong, and how. */
export interface Candidate extends Chain {
  /** What each of the tape's is the sum of. */
  readonly branches: ReadonlyMap<string, readonly Branch[]>;
  /** Those of `inChain`, each computed from the reference's gradients. */
  readonly alone: ReadonlyMap<string, Final>;
  /** The run in its own chain. */
  readonly first: Recording;
}

/** The tape's gradients by name, of every tensor that requires one. */
export function referenceOf(run: Run, branches?: Map<Node, Branch[]>): Map<string, StridedArray> {
  const found = gradientsOf(run.tape, seedArrays(run), branches === undefined ? {} : { branches });
  return new Map(
    [...run.tape.nodes].map(([name, node]) => {
      const { core, dtype, shape } = run.tensors.get(name)!.array;
      // What the outputs do not depend on has a gradient of zeros.
      return [name, found.get(node) ?? StridedArray.full(core, dtype, shape, 0)];
    }),
  );
}

/** Runs the backward function of `proof` on what `run` left. */
export function chainOf(proof: Proof, run: Run): Chain {
  return { reference: plainly(referenceOf(run)), inChain: finals(backward(proof, run)) };
}

/** The same, and once more from the reference's gradients. */
export function candidateOf(proof: Proof, run: Run): Candidate {
  const branches = new Map<Node, Branch[]>();
  const reference = referenceOf(run, branches);
  const first = backward(proof, run);
  const inChain = finals(first);
  const alone = finals(backwardAlone(proof, run, reference, first));
  return {
    reference: plainly(reference),
    branches: new Map([...run.tape.nodes].map(([name, node]) => [name, branches.get(node) ?? []])),
    inChain,
    alone,
    first,
  };
}

/** A run of the backward function in which the reference's gradients take the place of those that are finished. */
export function backwardAlone(
  proof: Proof,
  run: Run,
  reference: ReadonlyMap<string, StridedArray>,
  first: Recording,
): Recording {
  const gradients = new Map([...reference].map(([name, array]) => [name, Tensor.of(array.clone())]));
  return backward(proof, run, { gradients, first });
}

/** One run of the backward function, recorded. */
export function backward(proof: Proof, run: Run, substitution?: Substitution): Recording {
  // Copies of the gradients that are given: the function may change them in place.
  const given = new Map([...run.tape.nodes.keys()].map((name) => [name, run.seeds.get(name)?.clone()]));
  const versions = versionsOf(run.tensors);
  const recording = noGrad(() =>
    recorded(
      given,
      run.dtype,
      (d) => expectNothing(proof.backward(run.t as never, d, run.hg)),
      [...run.tensors.values(), ...[...given.values()].flatMap((tensor) => tensor ?? [])],
      substitution,
    ),
  );
  expectUnchanged('backward', run.tensors, versions);
  return recording;
}

/** The gradients at the end of a run. */
export function finals({ written, events }: Recording): Map<string, Final> {
  const sharing = (name: string, { array }: Tensor) =>
    [...written].flatMap(([other, { tensor }]) =>
      other !== name && tensor.array.sharesMemoryWith(array) ? [other] : [],
    );
  return new Map(
    [...written].map(([name, { tensor, atWrite, version, at }]) => {
      tensor.array.expectInMemory();
      const changed = tensor.array.version !== version;
      const hasRead = (other: string) =>
        events.some((event, i) => i < at && event.kind === 'read' && event.name === other);
      const array = changed ? tensor.toArray() : atWrite;
      return [name, { array, atWrite, changed, aliases: sharing(name, tensor), hasRead }];
    }),
  );
}

function expectNothing(returned: unknown): void {
  atOnce('backward', returned);
  if (returned !== undefined)
    throw new ProofError(`backward: expected gradients written to d, got ${show(returned)} returned`);
}

/** Copies as plain arrays. */
export function plainly<Key>(arrays: ReadonlyMap<Key, StridedArray>): Map<Key, NdArray> {
  return new Map([...arrays].map(([key, array]) => [key, plain(array)]));
}

/** A copy as a plain array. */
export function plain(array: StridedArray): NdArray {
  return { dtype: array.dtype, shape: array.shape, data: array.toTypedArray() };
}
