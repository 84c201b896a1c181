// The model's tensors: their names, which are the notebook's, their order and their shapes. Frames, dumps and reports read it here.

/** Batch, context length, vocabulary, embedding width, hidden width. */
export interface Sizes {
  readonly B: number;
  readonly T: number;
  readonly V: number;
  readonly E: number;
  readonly H: number;
}

/** The parameters, in the order in which they are drawn. */
export const parameterNames = Object.freeze(['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'] as const);

/** The results of the forward pass, in its order. */
export const intermediateNames = Object.freeze([
  'emb',
  'embcat',
  'hprebn',
  'bnmeani',
  'bndiff',
  'bndiff2',
  'bnvar',
  'bnvar_inv',
  'bnraw',
  'hpreact',
  'h',
  'logits',
  'logit_maxes',
  'norm_logits',
  'counts',
  'counts_sum',
  'counts_sum_inv',
  'probs',
  'logprobs',
  'loss',
] as const);

/** The name of a parameter. */
export type ParameterName = (typeof parameterNames)[number];
/** The name of a result of the forward pass. */
export type IntermediateName = (typeof intermediateNames)[number];
/** What has a gradient in exercise 1: everything but the loss, whose gradient is 1. */
export type DifferentiatedName = ParameterName | Exclude<IntermediateName, 'loss'>;

/** Everything that has a gradient, parameters first. */
export const differentiatedNames: readonly DifferentiatedName[] = Object.freeze([
  ...parameterNames,
  ...intermediateNames.filter((name) => name !== 'loss'),
]);

/** The 26 comparisons of exercise 1 in the notebook's order: the gradient of which tensor, under which label. */
export const exercise1: readonly (readonly [label: string, name: DifferentiatedName])[] = Object.freeze(
  (
    [
      'logprobs',
      'probs',
      'counts_sum_inv',
      'counts_sum',
      'counts',
      'norm_logits',
      'logit_maxes',
      'logits',
      'h',
      'W2',
      'b2',
      'hpreact',
      'bngain',
      'bnraw',
      'bnbias',
      'bnvar_inv',
      'bnvar',
      'bndiff2',
      'bndiff',
      'hprebn',
      'bnmeani',
      'embcat',
      'W1',
      'b1',
      'emb',
      'C',
    ] as const
  ).map((name, row) => Object.freeze([row < 2 ? name : `d${name}`, name] as const)),
);

type Shape = (sizes: Sizes) => number[];

const perExample: Shape = ({ B, V }) => [B, V];
const perRow: Shape = ({ B }) => [B, 1];
const perHidden: Shape = ({ H }) => [1, H];
const hidden: Shape = ({ B, H }) => [B, H];

const shapes: Record<ParameterName | IntermediateName | 'Xb' | 'Yb', Shape> = {
  Xb: ({ B, T }) => [B, T],
  Yb: ({ B }) => [B],
  C: ({ V, E }) => [V, E],
  W1: ({ T, E, H }) => [T * E, H],
  b1: ({ H }) => [H],
  W2: ({ H, V }) => [H, V],
  b2: ({ V }) => [V],
  bngain: perHidden,
  bnbias: perHidden,
  emb: ({ B, T, E }) => [B, T, E],
  embcat: ({ B, T, E }) => [B, T * E],
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
  loss: () => [],
};

/** Shape of a tensor of the model, which is its gradient's too. */
export function shapeOf(name: keyof typeof shapes, sizes: Sizes): number[] {
  return shapes[name](sizes);
}
