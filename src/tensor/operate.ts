// How an operation on arrays becomes one on tensors.

import type { StridedArray } from './arrays/strided.js';
import { type Backward, isRecording, Node } from './autograd.js';
import { perturbedCopy, perturbResult } from './perturb.js';

/** What an operation needs to know of a tensor. */
export interface Operand {
  readonly array: StridedArray;
  /** Its place in the graph; null when it requires no gradient. */
  readonly node: Node | null;
}

/** What the forward pass of an operation gives. */
export interface Forward {
  out: StridedArray;
  /** The number that it takes beside its inputs. */
  scalar?: number | undefined;
  /** Further arrays that the caller keeps. */
  kept?: readonly StridedArray[];
  /**
   * The backward pass, made when the operation is recorded. `save` gives an array that lives as long as the graph, `needs` tells
   * which inputs require a gradient.
   */
  backward(save: (array: StridedArray) => StridedArray, needs: readonly boolean[]): Backward;
}

/**
 * Runs `forward` and, where an input requires a gradient, records it. What `forward` allocates beyond `out`, `kept` and what it
 * saves is released.
 */
export function operate(name: string, inputs: readonly Operand[], forward: () => Forward): Operand {
  const { core } = inputs[0]!.array;
  for (const { array } of inputs) array.expectCore(core, name);
  return core.scopes.run((keep) => {
    const { out, kept = [], backward, scalar } = forward();
    perturbResult(out, inputs);
    const nodes = isRecording() ? inputs.map(({ node }) => node) : [];
    const node = nodes.some((input) => input !== null) ? record(name, nodes, { backward, scalar }, keep) : null;
    for (const array of kept) keep(array);
    return { array: keep(out), node };
  });
}

function record(
  name: string,
  inputs: readonly (Node | null)[],
  { backward, scalar }: Pick<Forward, 'backward' | 'scalar'>,
  keep: (array: StridedArray) => StridedArray,
): Node {
  const saved: StridedArray[] = [];
  const save = (array: StridedArray) => {
    const alias = keep(perturbedCopy(array).alias());
    alias.name = array.name;
    saved.push(alias);
    return alias;
  };
  const needs = inputs.map((input) => input !== null);
  return new Node(name, { inputs, backward: backward(save, needs), saved, scalar });
}
