// Where the nodes of the notebook's graph stand: the chain in the first column, what branches off in the second, parameters in the
// third. Made by hand, so that forms that people know, batch norm's and softmax's, are seen as such.

export interface Place {
  readonly column: 0 | 1 | 2;
  readonly row: number;
}

const chain = {
  Xb: 0,
  emb: 1,
  embcat: 2,
  hprebn: 3,
  bndiff: 5,
  bnraw: 9,
  hpreact: 10,
  h: 11,
  logits: 12,
  norm_logits: 14,
  counts: 15,
  probs: 18,
  logprobs: 19,
  loss: 20,
};

const branches = {
  bnmeani: 4,
  bndiff2: 6,
  bnvar: 7,
  bnvar_inv: 8,
  logit_maxes: 13,
  counts_sum: 16,
  counts_sum_inv: 17,
};

const leaves = { C: 0, W1: 2, b1: 3, bngain: 9, bnbias: 10, W2: 11, b2: 12, Yb: 19 };

const column = (rows: Readonly<Record<string, number>>, index: Place['column']): [string, Place][] =>
  Object.entries(rows).map(([name, row]) => [name, { column: index, row }]);

/** The place of each node. */
export const places: ReadonlyMap<string, Place> = new Map([
  ...column(chain, 0),
  ...column(branches, 1),
  ...column(leaves, 2),
]);

/** How many rows there are. */
export const rowCount = 21;

/** What each result is computed from. */
export const inputsOf: Readonly<Record<string, readonly string[]>> = {
  emb: ['C', 'Xb'],
  embcat: ['emb'],
  hprebn: ['embcat', 'W1', 'b1'],
  bnmeani: ['hprebn'],
  bndiff: ['hprebn', 'bnmeani'],
  bndiff2: ['bndiff'],
  bnvar: ['bndiff2'],
  bnvar_inv: ['bnvar'],
  bnraw: ['bndiff', 'bnvar_inv'],
  hpreact: ['bngain', 'bnraw', 'bnbias'],
  h: ['hpreact'],
  logits: ['h', 'W2', 'b2'],
  logit_maxes: ['logits'],
  norm_logits: ['logits', 'logit_maxes'],
  counts: ['norm_logits'],
  counts_sum: ['counts'],
  counts_sum_inv: ['counts_sum'],
  probs: ['counts', 'counts_sum_inv'],
  logprobs: ['probs'],
  loss: ['logprobs', 'Yb'],
};

/** The parts of the model, each with the rows that it takes. */
export const parts: readonly { readonly title: string; readonly from: number; readonly to: number }[] = [
  { title: 'embedding', from: 0, to: 2 },
  { title: 'linear layer 1', from: 2.5, to: 3 },
  { title: 'batch norm', from: 4, to: 10 },
  { title: 'tanh', from: 11, to: 11 },
  { title: 'linear layer 2', from: 12, to: 12 },
  { title: 'cross-entropy', from: 13, to: 20 },
];
