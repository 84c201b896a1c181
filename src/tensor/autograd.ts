// Reverse-mode differentiation: the tape that operations leave, and the walk back over it.

import { runAtOnce } from '../base/check.js';
import { GraphError, ReleasedError } from '../base/errors.js';
import type { Core } from '../core/core.js';
import { binary } from './arrays/elementwise.js';
import type { StridedArray } from './arrays/strided.js';

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

/** An input of an operation, and its gradient as a function of the output's. */
export interface Edge {
  node: Node;
  gradient(dout: StridedArray): StridedArray;
}

let sequence = 0;

/** One tensor that requires a gradient: a leaf, without edges, or the output of an operation. */
export class Node {
  /** Later operations have larger numbers, so that descending order is a topological one. */
  readonly sequence: number = sequence++;
  readonly operation: string;
  sink: Sink | null = null;
  #edges: readonly Edge[];
  #saved: readonly { array: StridedArray; version: number }[];
  #freed = false;
  /** How many hold it: its tensor, and the edges that lead here. */
  #holders = 1;

  /** `saved`: arrays that the edges' gradients read. The node owns them. */
  constructor(operation: string, edges: readonly Edge[] = [], saved: readonly StridedArray[] = []) {
    this.operation = operation;
    this.#edges = edges;
    this.#saved = saved.map((array) => ({ array, version: array.version }));
    for (const { node } of edges) node.#holders++;
  }

  get isLeaf(): boolean {
    return this.#edges.length === 0 && !this.#freed;
  }

  /** Its edges, once it is sure that they can be followed. Throws GraphError or ReleasedError. */
  edges(): readonly Edge[] {
    if (this.#freed) {
      throw new GraphError(
        `backward: expected a graph that is still there, got one that an earlier backward() went through (at ${this.operation}); ` +
          'pass { retainGraph: true } to that one',
      );
    }
    this.sink?.array.expectInMemory();
    this.sink?.grad?.array.expectInMemory();
    for (const { array, version } of this.#saved) {
      if (array.released) {
        throw new ReleasedError(
          `${array.describe()}: expected a tensor in memory, which the gradient of ${this.operation} reads, got one released`,
        );
      }
      if (array.version !== version) {
        throw new GraphError(
          `${array.describe()}: expected the values that ${this.operation} was given, got ones changed in place since`,
        );
      }
    }
    return this.#edges;
  }

  /** Gives the saved arrays back; the node can't be gone through again. */
  free(): void {
    for (const input of this.#cut()) input.drop();
  }

  /** Notes that one who held it does no longer. Held by none, it can't be reached, and gives the saved arrays back. */
  drop(): void {
    const dropped: Node[] = [this];
    for (const node of dropped) if (--node.#holders === 0) dropped.push(...node.#cut());
  }

  #cut(): Node[] {
    if (this.isLeaf) return [];
    const inputs = this.#edges.map(({ node }) => node);
    for (const { array } of this.#saved) array.release();
    this.#edges = [];
    this.#saved = [];
    this.#freed = true;
    return inputs;
  }
}

/**
 * Carries the gradient `dout` of `root` back to every sink that it depends on. Each has its gradient when all of them are there, so
 * that an error on the way, of a full memory say, changes none.
 */
export function backward(core: Core, root: Node, dout: StridedArray, retainGraph: boolean): void {
  const order = reachable(root).sort((a, b) => b.sequence - a.sequence);
  const gradients = new Map<Node, StridedArray>([[root, dout]]);
  core.scopes.run(() => {
    const accumulations: (() => void)[] = [];
    for (const node of order) {
      const gradient = gradients.get(node)!;
      gradients.delete(node);
      if (node.sink !== null) accumulations.push(node.sink[accumulate](gradient));
      for (const edge of node.edges()) {
        const partial = edge.gradient(gradient);
        const others = gradients.get(edge.node);
        gradients.set(edge.node, others === undefined ? partial : binary('add', others, partial));
      }
    }
    for (const accumulation of accumulations) accumulation();
  });
  if (!retainGraph) for (const node of order) node.free();
}

function reachable(root: Node): Node[] {
  const found = new Set([root]);
  for (const node of found) for (const edge of node.edges()) found.add(edge.node);
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
