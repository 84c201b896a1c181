// How each cell of each tensor comes about, as data: a sum of products. `dW2` is the gradient of W2.
//
// Factors are written in the letters of the axes: b example, t place in the context, e place in the embedding, c and j character,
// i hidden neuron, k place in embcat; B, T, V, E and H are the sizes.

/** The letters of a tensor's axes, in the order of its shape; 0 is an axis of size 1. */
export const axesOf: Readonly<Record<string, readonly string[]>> = {
  Xb: ['b', 't'],
  Yb: ['b'],
  C: ['c', 'e'],
  W1: ['k', 'i'],
  b1: ['i'],
  W2: ['i', 'j'],
  b2: ['j'],
  bngain: ['0', 'i'],
  bnbias: ['0', 'i'],
  emb: ['b', 't', 'e'],
  embcat: ['b', 'k'],
  hprebn: ['b', 'i'],
  bnmeani: ['0', 'i'],
  bndiff: ['b', 'i'],
  bndiff2: ['b', 'i'],
  bnvar: ['0', 'i'],
  bnvar_inv: ['0', 'i'],
  bnraw: ['b', 'i'],
  hpreact: ['b', 'i'],
  h: ['b', 'i'],
  logits: ['b', 'j'],
  logit_maxes: ['b', '0'],
  norm_logits: ['b', 'j'],
  counts: ['b', 'j'],
  counts_sum: ['b', '0'],
  counts_sum_inv: ['b', '0'],
  probs: ['b', 'j'],
  logprobs: ['b', 'j'],
  loss: [],
};

/** Products that are added up, in one cell. */
export interface Path {
  /** The factors of a product. */
  readonly factors: readonly string[];
  /** The letters that run over all their values; none where there is one product. */
  readonly over?: readonly string[];
  /** Which of these products there are. */
  readonly where?: string;
  /** In a gradient with two branches: the tensor through which this one comes. */
  readonly through?: string;
}

/** The paths to a cell of each tensor that is computed, and of each gradient. */
export const sums: Readonly<Record<string, readonly Path[]>> = {
  emb: [{ factors: ['C[Xb[b,t],e]'] }],
  embcat: [{ factors: ['emb[b,floor(k/E),k%E]'] }],
  hprebn: [{ over: ['k'], factors: ['embcat[b,k]', 'W1[k,i]'] }, { factors: ['b1[i]'] }],
  bnmeani: [{ over: ['b'], factors: ['1/B', 'hprebn[b,i]'] }],
  bndiff: [{ factors: ['hprebn[b,i]'] }, { factors: ['-1', 'bnmeani[0,i]'] }],
  bndiff2: [{ factors: ['bndiff[b,i]', 'bndiff[b,i]'] }],
  bnvar: [{ over: ['b'], factors: ['1/(B-1)', 'bndiff2[b,i]'] }],
  bnvar_inv: [{ factors: ['(bnvar[0,i]+eps)^-0.5'] }],
  bnraw: [{ factors: ['bndiff[b,i]', 'bnvar_inv[0,i]'] }],
  hpreact: [{ factors: ['bngain[0,i]', 'bnraw[b,i]'] }, { factors: ['bnbias[0,i]'] }],
  h: [{ factors: ['tanh(hpreact[b,i])'] }],
  logits: [{ over: ['i'], factors: ['h[b,i]', 'W2[i,j]'] }, { factors: ['b2[j]'] }],
  logit_maxes: [{ over: ['j'], where: 'j==argmax(logits[b])', factors: ['logits[b,j]'] }],
  norm_logits: [{ factors: ['logits[b,j]'] }, { factors: ['-1', 'logit_maxes[b,0]'] }],
  counts: [{ factors: ['exp(norm_logits[b,j])'] }],
  counts_sum: [{ over: ['j'], factors: ['counts[b,j]'] }],
  counts_sum_inv: [{ factors: ['counts_sum[b,0]^-1'] }],
  probs: [{ factors: ['counts[b,j]', 'counts_sum_inv[b,0]'] }],
  logprobs: [{ factors: ['log(probs[b,j])'] }],
  loss: [{ over: ['b'], factors: ['-1/B', 'logprobs[b,Yb[b]]'] }],

  dlogprobs: [{ where: 'j==Yb[b]', factors: ['-1/B'] }],
  dprobs: [{ factors: ['probs[b,j]^-1', 'dlogprobs[b,j]'] }],
  dcounts_sum_inv: [{ over: ['j'], factors: ['counts[b,j]', 'dprobs[b,j]'] }],
  dcounts_sum: [{ factors: ['-1', 'counts_sum[b,0]^-2', 'dcounts_sum_inv[b,0]'] }],
  dcounts: [
    { through: 'probs', factors: ['counts_sum_inv[b,0]', 'dprobs[b,j]'] },
    { through: 'counts_sum', factors: ['dcounts_sum[b,0]'] },
  ],
  dnorm_logits: [{ factors: ['counts[b,j]', 'dcounts[b,j]'] }],
  dlogit_maxes: [{ over: ['j'], factors: ['-1', 'dnorm_logits[b,j]'] }],
  dlogits: [
    { through: 'norm_logits', factors: ['dnorm_logits[b,j]'] },
    { through: 'logit_maxes', where: 'j==argmax(logits[b])', factors: ['dlogit_maxes[b,0]'] },
  ],
  dh: [{ over: ['j'], factors: ['dlogits[b,j]', 'W2[i,j]'] }],
  dW2: [{ over: ['b'], factors: ['h[b,i]', 'dlogits[b,j]'] }],
  db2: [{ over: ['b'], factors: ['dlogits[b,j]'] }],
  dhpreact: [{ factors: ['(1-h[b,i]^2)', 'dh[b,i]'] }],
  dbngain: [{ over: ['b'], factors: ['bnraw[b,i]', 'dhpreact[b,i]'] }],
  dbnraw: [{ factors: ['bngain[0,i]', 'dhpreact[b,i]'] }],
  dbnbias: [{ over: ['b'], factors: ['dhpreact[b,i]'] }],
  dbnvar_inv: [{ over: ['b'], factors: ['bndiff[b,i]', 'dbnraw[b,i]'] }],
  dbnvar: [{ factors: ['-0.5', '(bnvar[0,i]+eps)^-1.5', 'dbnvar_inv[0,i]'] }],
  dbndiff2: [{ factors: ['1/(B-1)', 'dbnvar[0,i]'] }],
  dbndiff: [
    { through: 'bnraw', factors: ['bnvar_inv[0,i]', 'dbnraw[b,i]'] },
    { through: 'bndiff2', factors: ['2', 'bndiff[b,i]', 'dbndiff2[b,i]'] },
  ],
  dbnmeani: [{ over: ['b'], factors: ['-1', 'dbndiff[b,i]'] }],
  dhprebn: [
    { through: 'bndiff', factors: ['dbndiff[b,i]'] },
    { through: 'bnmeani', factors: ['1/B', 'dbnmeani[0,i]'] },
  ],
  dembcat: [{ over: ['i'], factors: ['dhprebn[b,i]', 'W1[k,i]'] }],
  dW1: [{ over: ['b'], factors: ['embcat[b,k]', 'dhprebn[b,i]'] }],
  db1: [{ over: ['b'], factors: ['dhprebn[b,i]'] }],
  demb: [{ factors: ['dembcat[b,t*E+e]'] }],
  dC: [{ over: ['b', 't'], where: 'Xb[b,t]==c', factors: ['demb[b,t,e]'] }],
};
