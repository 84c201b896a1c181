// The tape of a forward pass, with names: which named value depends on which, and what each gradient is the sum of.

import type { StridedArray } from '../tensor/arrays/strided.js';
import { type Node, propagate, topological } from '../tensor/autograd.js';
import type { Tensor } from '../tensor/tensor.js';
import type { ChainStep } from './schema.js';

/** The values of an array in float64, copied when they are first read: most never are. The array must live until then. */
class LazyCopy {
  readonly shape: readonly number[];
  readonly #array: StridedArray;
  #values: Float64Array | undefined;

  constructor(array: StridedArray) {
    this.#array = array;
    this.shape = array.shape;
  }

  get values(): Float64Array {
    this.#values ??= inFloat64(this.#array);
    return this.#values;
  }
}

/** What an operation that reads a named value gives to its gradient. */
export class Branch extends LazyCopy {
  readonly operation: string;

  constructor(
    readonly from: Node,
    /** The named value that it leads to. */
    readonly through: string,
    array: StridedArray,
    /** The gradient of the operation's output. */
    readonly upstream: LazyCopy,
  ) {
    super(array);
    this.operation = from.operation;
  }
}

/** The tape below named outputs. */
export interface Tape {
  readonly order: readonly Node[];
  /** The tape's nodes of the named tensors that require a gradient. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly chain: readonly ChainStep[];
}

/** The tape of `tensors` by name, from `outputs` down. */
export function tapeOf(tensors: ReadonlyMap<string, Tensor>, outputs: readonly string[]): Tape {
  const nodes = new Map<string, Node>();
  for (const [name, { node }] of tensors) if (node !== null) nodes.set(name, node);
  const order = topological(outputs.flatMap((name) => nodes.get(name) ?? []));
  const names = namesByNode(nodes);
  const chain = [...nodes].flatMap(([name, node]) =>
    node.isLeaf ? [] : [{ name, from: namedInputs(node, names), operation: node.operation }],
  );
  return { order, nodes, chain };
}

/** The gradients of the named values, from those of the outputs, and the branches that each is the sum of. */
export function gradientsOf(
  tape: Tape,
  seeds: ReadonlyMap<Node, StridedArray>,
  options: {
    /** Takes the place of a complete gradient, where the walk goes on from it. */
    readonly replace?: (node: Node) => StridedArray | undefined;
    readonly branches?: Map<Node, Branch[]>;
  } = {},
): Map<Node, StridedArray> {
  const named = new Set(tape.nodes.values());
  const names = namesByNode(tape.nodes);
  const consumers = options.branches === undefined ? undefined : consumersOf(tape.order);
  const found = new Map<Node, StridedArray>();
  const complete = new Map<Node, StridedArray>();
  propagate(
    tape.order,
    new Map(seeds),
    (node, gradient) => {
      if (named.has(node)) found.set(node, gradient);
      const replaced = options.replace?.(node) ?? gradient;
      if (consumers !== undefined) complete.set(node, replaced);
      return replaced;
    },
    (from, to, partial) => {
      if (options.branches === undefined || !named.has(to)) return;
      const upstream = new LazyCopy(complete.get(from)!);
      appendTo(options.branches, to, new Branch(from, firstNamed(from, names, consumers!), partial, upstream));
    },
  );
  return found;
}

/** A copy of the values. */
function inFloat64(array: StridedArray): Float64Array {
  const values = array.toTypedArray();
  return values instanceof Float64Array ? values : new Float64Array(values);
}

/** The operations that read each node. */
export function consumersOf(order: readonly Node[]): Map<Node, Node[]> {
  const consumers = new Map<Node, Node[]>();
  for (const node of order) {
    for (const input of node.inputs) if (input !== null) appendTo(consumers, input, node);
  }
  return consumers;
}

function appendTo<Item>(lists: Map<Node, Item[]>, node: Node, item: Item): void {
  const list = lists.get(node);
  if (list === undefined) lists.set(node, [item]);
  else list.push(item);
}

function namesByNode(nodes: ReadonlyMap<string, Node>): Map<Node, string> {
  return new Map([...nodes].reverse().map(([name, node]) => [node, name]));
}

/** The named values that a value is computed from directly. */
function namedInputs(node: Node, names: ReadonlyMap<Node, string>): string[] {
  const found = new Set<string>();
  const below = new Set([node]);
  for (const { inputs } of below) {
    for (const input of inputs) {
      const name = input === null ? undefined : names.get(input);
      if (name !== undefined) found.add(name);
      else if (input !== null) below.add(input);
    }
  }
  return [...found];
}

/** The named value that an operation leads to. */
function firstNamed(node: Node, names: ReadonlyMap<Node, string>, consumers: ReadonlyMap<Node, Node[]>): string {
  for (let at: Node | undefined = node; at !== undefined; at = consumers.get(at)?.[0]) {
    const name = names.get(at);
    if (name !== undefined) return name;
  }
  return 'the output';
}
