// How an operation on arrays becomes one on tensors.

import type { StridedArray } from './arrays/strided.js';
import { type Edge, isRecording, Node } from './autograd.js';

/** What an operation needs to know of a tensor. */
export interface Operand {
  readonly array: StridedArray;
  /** Its place in the graph; null when it requires no gradient. */
  readonly node: Node | null;
}

/** The gradient of one input, as a function of the output's. */
export type GradientOf = (dout: StridedArray) => StridedArray;

/** What the forward pass of an operation gives. */
export interface Forward {
  out: StridedArray;
  /** Further arrays that the caller keeps. */
  kept?: readonly StridedArray[];
  /** Each input's gradient, made when the operation is recorded. `save` gives an array that lives as long as the graph. */
  gradients(save: (array: StridedArray) => StridedArray): GradientOf[];
}

/**
 * Runs `forward` and, where an input requires a gradient, records it. What `forward` allocates beyond `out`, `kept` and what it
 * saves is released.
 */
export function operate(name: string, inputs: readonly Operand[], forward: () => Forward): Operand {
  const { core } = inputs[0]!.array;
  for (const { array } of inputs) array.expectCore(core, name);
  return core.scopes.run((keep) => {
    const { out, kept = [], gradients } = forward();
    const node =
      isRecording() && inputs.some((input) => input.node !== null) ? record(name, inputs, gradients, keep) : null;
    for (const array of kept) keep(array);
    return { array: keep(out), node };
  });
}

function record(
  name: string,
  inputs: readonly Operand[],
  gradients: Forward['gradients'],
  keep: (array: StridedArray) => StridedArray,
): Node {
  const saved: StridedArray[] = [];
  const functions = gradients((array) => {
    const alias = keep(array.alias());
    alias.name = array.name;
    saved.push(alias);
    return alias;
  });
  const edges: Edge[] = [];
  inputs.forEach(({ node }, i) => {
    if (node !== null) edges.push({ node, gradient: functions[i]! });
  });
  return new Node(name, edges, saved);
}
