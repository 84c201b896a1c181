// Reverse-mode differentiation: the tape that operations leave, and the walk back over it.

import { runAtOnce } from '../base/check.js';
import { GraphError, ReleasedError } from '../base/errors.js';
import type { Core } from '../core/core.js';
import { binary } from './arrays/binary.js';
import type { StridedArray } from './arrays/strided.js';
import { perturbedCopy } from './perturb.js';

/** The method that takes a gradient, under a name that is not public. */
export const accumulate: unique symbol = Symbol('accumulate');

/** Receives a gradient that is kept: a leaf, or a tensor with `retainGrad()`. */
export interface Sink {
  readonly array: StridedArray;
  /** What has been accumulated so far. */
  readonly grad: { readonly array: StridedArray } | null;
  /** Takes the memory that it needs for `gradient`; what it returns adds it, and can't fail. */
  [accumulate](gradient: StridedArray): () => void;
}

/** The backward pass of an operation: the gradient of each input that requires one, from that of the output. */
export type Backward = (dout: StridedArray) => readonly (StridedArray | null)[];

/** What leads from an operation back to its inputs. */
export interface Recording {
  /** Null for an input that requires no gradient. */
  inputs: readonly (Node | null)[];
  backward: Backward;
  /** What `backward` reads. The node owns it. */
  saved: readonly StridedArray[];
  /** The number that the operation takes beside its inputs. */
  scalar?: number | undefined;
}

let sequence = 0;
const nothing: Recording = { inputs: [], backward: () => [], saved: [] };

/** One tensor that requires a gradient: a leaf, without a recording, or the output of an operation. */
export class Node {
  /** Later operations have larger numbers, so that descending order is a topological one. */
  readonly sequence: number = sequence++;
  readonly operation: string;
  readonly isLeaf: boolean;
  sink: Sink | null = null;
  #recording: Recording;
  /** The versions of what is saved when it was. */
  readonly #versions: readonly number[];
  /** How many hold it: its tensor, and the operations that it is an input of. */
  #holders = 1;

  constructor(operation: string, recording: Recording = nothing) {
    this.operation = operation;
    this.isLeaf = recording === nothing;
    this.#recording = recording;
    this.#versions = recording.saved.map(({ version }) => version);
    for (const input of recording.inputs) if (input !== null) input.#holders++;
  }

  get inputs(): Recording['inputs'] {
    return this.#recording.inputs;
  }

  get backward(): Backward {
    return this.#recording.backward;
  }

  get saved(): Recording['saved'] {
    return this.#recording.saved;
  }

  get scalar(): number | undefined {
    return this.#recording.scalar;
  }

  /** Throws GraphError or ReleasedError where the backward pass can't go through it. */
  check(): void {
    if (!this.isLeaf && this.#recording === nothing) {
      throw new GraphError(
        `backward: expected a graph that is still there, got one that an earlier backward() went through (at ${this.operation}); ` +
          'pass { retainGraph: true } to that one',
      );
    }
    this.sink?.array.expectInMemory();
    this.sink?.grad?.array.expectInMemory();
    this.#recording.saved.forEach((array, i) => {
      if (array.released) {
        throw new ReleasedError(
          `${array.describe()}: expected a tensor in memory, which the gradient of ${this.operation} reads, got one released`,
        );
      }
      if (array.version !== this.#versions[i]) {
        throw new GraphError(
          `${array.describe()}: expected the values that ${this.operation} was given, got ones changed in place since`,
        );
      }
    });
  }

  /** Gives the saved arrays back; the node can't be gone through again. */
  free(): void {
    for (const input of this.#cut()) input?.drop();
  }

  /** One holder less. A node that nobody holds can't be reached any more, so its saved arrays are released. */
  drop(): void {
    const dropped: (Node | null)[] = [this];
    for (const node of dropped) if (node !== null && --node.#holders === 0) dropped.push(...node.#cut());
  }

  #cut(): Recording['inputs'] {
    const { inputs, saved } = this.#recording;
    for (const array of saved) array.release();
    this.#recording = nothing;
    return inputs;
  }
}

/**
 * Carries the gradient `dout` of `root` back to every sink that it depends on. Each has its gradient when all of them are there, so
 * that an error on the way, of a full memory say, changes none.
 */
export function backward(core: Core, root: Node, dout: StridedArray, retainGraph: boolean): void {
  const order = topological([root]);
  core.scopes.run(() => {
    const accumulations: (() => void)[] = [];
    propagate(order, new Map([[root, dout]]), (node, gradient) => {
      if (node.sink !== null) accumulations.push(node.sink[accumulate](gradient));
      return gradient;
    });
    for (const accumulation of accumulations) accumulation();
  });
  if (!retainGraph) for (const node of order) node.free();
}

/**
 * Carries gradients from the nodes that `gradients` begins with through `order`. `visit` sees the gradient of each node when it is
 * complete, and returns the one to go on with; `pass` sees what a node gives each of its inputs.
 */
export function propagate(
  order: readonly Node[],
  gradients: Map<Node, StridedArray>,
  visit: (node: Node, gradient: StridedArray) => StridedArray,
  pass?: (from: Node, to: Node, partial: StridedArray) => void,
): void {
  for (const node of order) {
    const complete = gradients.get(node);
    if (complete === undefined) continue;
    gradients.delete(node);
    const gradient = visit(node, perturbedCopy(complete));
    const partials = node.backward(gradient);
    node.inputs.forEach((input, i) => {
      if (input === null) return;
      const [partial, others] = [partials[i]!, gradients.get(input)];
      pass?.(node, input, partial);
      gradients.set(input, others === undefined ? partial : binary('add', others, partial));
    });
  }
}

/** Every node that `roots` depend on, each before its inputs. Throws GraphError or ReleasedError where there is no way through. */
export function topological(roots: readonly Node[]): Node[] {
  return reachable(roots).sort((a, b) => b.sequence - a.sequence);
}

function reachable(roots: readonly Node[]): Node[] {
  const found = new Set(roots);
  for (const node of found) {
    node.check();
    for (const input of node.inputs) if (input !== null) found.add(input);
  }
  return [...found];
}

let recording = true;

/** Whether operations leave a tape now. */
export function isRecording(): boolean {
  return recording;
}

/** What `run` returns; the operations in it leave no tape. */
export function noGrad<Result>(run: () => Result): Result {
  return withRecording(false, run);
}

/** What `run` returns; the operations in it leave a tape, inside `noGrad` too. */
export function enableGrad<Result>(run: () => Result): Result {
  return withRecording(true, run);
}

function withRecording<Result>(on: boolean, run: () => Result): Result {
  const before = recording;
  recording = on;
  try {
    return runAtOnce(run);
  } finally {
    recording = before;
  }
}
