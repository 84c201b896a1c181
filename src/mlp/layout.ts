// The model's tensors: their names, which are the notebook's, their order and their shapes. Frames, dumps and reports read it here.

/** The sizes of a model. */
export interface ModelSizes {
  /** Context length. */
  readonly T: number;
  /** Characters in the vocabulary. */
  readonly V: number;
  /** Width of the embedding. */
  readonly E: number;
  /** Width of the hidden layer. */
  readonly H: number;
}

/** The sizes of a model and of a batch. */
export interface Sizes extends ModelSizes {
  /** Examples in the batch. */
  readonly B: number;
}

type Dimension = keyof Sizes | 'T E' | 1;

const perExample: readonly Dimension[] = ['B', 'V'];
const perRow: readonly Dimension[] = ['B', 1];
const perHidden: readonly Dimension[] = [1, 'H'];
const hidden: readonly Dimension[] = ['B', 'H'];

/** The parameters, in the order in which they are drawn. */
const parameterShapes = {
  C: ['V', 'E'],
  W1: ['T E', 'H'],
  b1: ['H'],
  W2: ['H', 'V'],
  b2: ['V'],
  bngain: perHidden,
  bnbias: perHidden,
} as const satisfies Record<string, readonly Dimension[]>;

/** The results of the forward pass, in its order. */
const intermediateShapes = {
  emb: ['B', 'T', 'E'],
  embcat: ['B', 'T E'],
  hprebn: hidden,
  bnmeani: perHidden,
  bndiff: hidden,
  bndiff2: hidden,
  bnvar: perHidden,
  bnvar_inv: perHidden,
  bnraw: hidden,
  hpreact: hidden,
  h: hidden,
  logits: perExample,
  logit_maxes: perRow,
  norm_logits: perExample,
  counts: perExample,
  counts_sum: perRow,
  counts_sum_inv: perRow,
  probs: perExample,
  logprobs: perExample,
  loss: [],
} as const satisfies Record<string, readonly Dimension[]>;

/** The name of a parameter: C, W1, b1, W2, b2, bngain or bnbias. */
export type ParameterName = keyof typeof parameterShapes;
/** The name of a result of the forward pass, as the notebook has it: emb, embcat, hprebn and so on to loss. */
export type IntermediateName = keyof typeof intermediateShapes;
/** What has a gradient in exercise 1: everything but the loss, whose gradient is 1. */
export type DifferentiatedName = ParameterName | Exclude<IntermediateName, 'loss'>;

const namesOf = <Name extends string>(table: Record<Name, unknown>) => Object.freeze(Object.keys(table) as Name[]);

/** The parameters' names, in the order in which they are drawn. */
export const parameterNames: readonly ParameterName[] = namesOf(parameterShapes);

/** The names of the forward pass's results, in its order. */
export const intermediateNames: readonly IntermediateName[] = namesOf(intermediateShapes);

/** Everything that has a gradient, parameters first. */
export const differentiatedNames: readonly DifferentiatedName[] = Object.freeze([
  ...parameterNames,
  ...intermediateNames.filter((name) => name !== 'loss'),
]);

const notebookOrder =
  'logprobs probs counts_sum_inv counts_sum counts norm_logits logit_maxes logits h W2 b2 hpreact bngain bnraw ' +
  'bnbias bnvar_inv bnvar bndiff2 bndiff hprebn bnmeani embcat W1 b1 emb C';

/** The 26 comparisons of exercise 1 in the notebook's order: the gradient of which tensor, under which label. */
export const exercise1: readonly (readonly [label: string, name: DifferentiatedName])[] = Object.freeze(
  (notebookOrder.split(' ') as DifferentiatedName[]).map((name, row) =>
    Object.freeze([row < 2 ? name : `d${name}`, name] as const),
  ),
);

/** The shapes of the model's tensors, which are their gradients' too. */
export const shapes: Readonly<Record<ParameterName | IntermediateName | 'Xb' | 'Yb', readonly Dimension[]>> = {
  Xb: ['B', 'T'],
  Yb: ['B'],
  ...parameterShapes,
  ...intermediateShapes,
};

/** The shape of a tensor of the model, and of its gradient, in numbers. */
export function shapeOf(name: keyof typeof shapes, sizes: Sizes): number[] {
  const lengths = { ...sizes, 'T E': sizes.T * sizes.E, 1: 1 };
  return shapes[name].map((dimension) => lengths[dimension]);
}

/** What `make` returns for each of the names. */
export function byName<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): Record<Name, Value> {
  const values = {} as Record<Name, Value>;
  for (const name of names) values[name] = make(name);
  return values;
}
