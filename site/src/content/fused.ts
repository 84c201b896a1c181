// The fused forms: gradients in one expression, beside the chain of steps that each takes the place of. Where a sum runs over other
// examples, they are a; P is the table of the first layer.

import type { Line } from './derivations.js';
import { tex } from './tex.js';

/** How often arrays with a row for each example are walked over. */
export interface Walks {
  readonly reads: number;
  readonly writes: number;
}

/** One fused form. */
export interface FusedForm {
  readonly name: string;
  readonly title: string;
  /** The tensors whose gradients the chain computes one after another, in its order. */
  readonly replaces: readonly string[];
  /** What it is good for, and what it leaves out. */
  readonly text: string;
  /** From the chain to the expression. */
  readonly derivation: readonly Line[];
  /** TeX of the expression. */
  readonly formula: string;
  /** The expression in Python, where one can be written that does the same. */
  readonly code: string;
  /** What the steps of the chain walk over, and what the fused form does. */
  readonly walks: { readonly chain: Walks; readonly fused: Walks };
  /** How both are counted. */
  readonly counted: { readonly chain: string; readonly fused: string };
}

/** How the walks of a chain are counted. */
const chainCounted =
  'Each line of the chain is one loop. An array with B rows and more than one column that stands on its right side is read once, and the one ' +
  'on its left side is written once; += reads it too. What has one number for each row or for each column is not counted, nor what ' +
  'ones_like, one_hot and view would fill, nor a line that touches one element of each row.';

/** Exercise 2, exercise 3, and the rest of the fused pass. */
export const fusedForms: readonly FusedForm[] = [
  {
    name: 'crossEntropy',
    title: 'cross-entropy in one go',
    replaces: ['logprobs', 'probs', 'counts_sum_inv', 'counts_sum', 'counts', 'norm_logits', 'logit_maxes', 'logits'],
    text: 'Eight steps become one difference: the probabilities, less 1 at the target, over B. Each row adds up to 0: what pulls the target up pushes all others down, each as hard as the network believes in it.',
    derivation: [
      {
        text: 'The loss of one example with target y, in the logits alone. The maximum has gone, for it changes nothing in real numbers.',
        tex: tex`loss_{b} = -\log\, \frac{e^{logits_{by}}}{\sum_c e^{logits_{bc}}} = \log\, \sum_c e^{logits_{bc}} - logits_{by}`,
      },
      {
        text: 'The slope of the first part towards a logit is the probability of its character.',
        tex: tex`D[|logits_{bj}] \log\, \sum_c e^{logits_{bc}} = \frac{e^{logits_{bj}}}{\sum_c e^{logits_{bc}}} = probs_{bj}`,
      },
      {
        text: 'The second part takes 1 from the target’s, and the loss is a mean over B examples.',
        tex: tex`dlogits_{bj} = \frac{1}{B} \left( probs_{bj} - [\, j = Yb_{b} ] \right)`,
      },
    ],
    formula: tex`dlogits_{bj} = \frac{1}{B} \left( probs_{bj} - [\, j = Yb_{b} ] \right)`,
    code: 'dlogits = F.softmax(logits, 1)\ndlogits[range(batch_size), Yb] -= 1\ndlogits /= batch_size',
    walks: { chain: { reads: 11, writes: 7 }, fused: { reads: 1, writes: 1 } },
    counted: {
      chain: chainCounted,
      fused:
        'Row by row: the V logits of an example are read once, stay in the nearest cache while their maximum, their sum and their quotients are taken, and dlogits is written once. The probabilities of the forward pass are not needed.',
    },
  },
  {
    name: 'batchNorm',
    title: 'batch norm in one go',
    replaces: ['bnraw', 'bnvar_inv', 'bnvar', 'bndiff2', 'bndiff', 'bnmeani', 'hprebn'],
    text: 'Seven steps become one expression with two sums. What is left of dhpreact is what neither a shift nor a stretch of the whole column could do, for batch norm undoes both.',
    derivation: [
      {
        text: 'One number of a column reaches the result in three ways: directly, through the variance and through the mean.',
        tex: tex`dhprebn_{bi} = bnvar_inv_{i} \, dbnraw_{bi} + \frac{2 \, bndiff_{bi}}{B - 1} \, dbnvar_{i} + \frac{1}{B} \, dbnmeani_{i}`,
      },
      {
        text: 'The gradient of the variance, in the normalised layer: bndiff is bnraw over bnvar_inv, so that one power of bnvar_inv goes.',
        tex: tex`dbnvar_{i} = -\tfrac{1}{2} \, bngain_{i} \, bnvar_inv_{i}^2 \sum_a dhpreact_{ai} \, bnraw_{ai}`,
      },
      {
        text: 'The gradient of the mean: the part through the variance is 0, because the differences from a mean add up to 0.',
        tex: tex`dbnmeani_{i} = -bngain_{i} \, bnvar_inv_{i} \sum_a dhpreact_{ai}`,
      },
      {
        text: 'Put in, with what all three have in common in front.',
        tex: tex`dhprebn_{bi} = \frac{bngain_{i} \, bnvar_inv_{i}}{B} \left( B \, dhpreact_{bi} - \sum_a dhpreact_{ai} - \frac{B}{B - 1} \, bnraw_{bi} \sum_a dhpreact_{ai} \, bnraw_{ai} \right)`,
      },
    ],
    formula: tex`dhprebn_{bi} = \frac{bngain_{i} \, bnvar_inv_{i}}{B} \left( B \, dhpreact_{bi} - \sum_a dhpreact_{ai} - \frac{B}{B - 1} \, bnraw_{bi} \sum_a dhpreact_{ai} \, bnraw_{ai} \right)`,
    code: 'dhprebn = bngain*bnvar_inv/batch_size * (batch_size*dhpreact - dhpreact.sum(0) - batch_size/(batch_size-1)*bnraw*(dhpreact*bnraw).sum(0))',
    walks: { chain: { reads: 10, writes: 6 }, fused: { reads: 4, writes: 1 } },
    counted: {
      chain: chainCounted,
      fused:
        'Two walks: the first reads dhpreact and bnraw and takes both sums, which are dbnbias and dbngain; the second reads the two again and writes dhprebn. The sums must be there before the first element can be written, so that one walk is not enough.',
    },
  },
  {
    name: 'hiddenLayer',
    title: 'tanh, batch norm and three biases in two walks',
    replaces: [
      'hpreact',
      'bngain',
      'bnraw',
      'bnbias',
      'bnvar_inv',
      'bnvar',
      'bndiff2',
      'bndiff',
      'bnmeani',
      'hprebn',
      'b1',
    ],
    text: 'Exercise 3 with what stands around it. dhpreact is made on the first walk, where the sums need it, and takes the place of dh; the sums that batch norm needs are the gradients of gain and bias; the rows of dhprebn are added up to db1 as they are written. A few columns at a time are taken through both walks, so that the second finds them in the nearest cache.',
    derivation: [
      {
        text: 'The first walk: the slope of tanh, and two sums on the way.',
        tex: tex`dhpreact_{bi} = (1 - h_{bi}^2) \, dh_{bi}, \quad dbnbias_{i} = \sum_b dhpreact_{bi}, \quad dbngain_{i} = \sum_b dhpreact_{bi} \, bnraw_{bi}`,
      },
      {
        text: 'The second walk: exercise 3, with these sums in the place of its own.',
        tex: tex`dhprebn_{bi} = \frac{bngain_{i} \, bnvar_inv_{i}}{B} \left( B \, dhpreact_{bi} - dbnbias_{i} - \frac{B}{B - 1} \, bnraw_{bi} \, dbngain_{i} \right), \quad db1_{i} = \sum_b dhprebn_{bi}`,
      },
    ],
    formula: tex`dhprebn_{bi} = \frac{bngain_{i} \, bnvar_inv_{i}}{B} \left( B \, dhpreact_{bi} - dbnbias_{i} - \frac{B}{B - 1} \, bnraw_{bi} \, dbngain_{i} \right)`,
    code: '',
    walks: { chain: { reads: 16, writes: 7 }, fused: { reads: 5, writes: 2 } },
    counted: {
      chain: chainCounted,
      fused:
        'The first walk reads dh, h and bnraw and writes dhpreact, the second reads dhpreact and bnraw and writes dhprebn.',
    },
  },
  {
    name: 'lookUp',
    title: 'embedding and first layer as a look-up',
    replaces: ['embcat', 'W1', 'emb', 'C'],
    text: 'The input is one of V characters at each of T places, so that the first layer can only ever do T V different things. Forward, C times a slice of W1 is a table with a row for each character at each place, and hprebn adds up T rows of it. Backward, rows of dhprebn are added up by character and place, and two small products give dC and dW1. Neither emb nor embcat is ever there.',
    derivation: [
      {
        text: 'Forward: the T E products of a neuron, sorted by place. The inner sum knows only a character and a place.',
        tex: tex`hprebn_{bi} = b1_{i} + \sum_t P_{t,\, Xb_{bt},\, i}, \qquad P_{tci} = \sum_e C_{ce} \, W1_{tE+e,\, i}`,
      },
      {
        text: 'A row of the table is used wherever its character stands at its place, so the gradients of those examples are added.',
        tex: tex`D[P_{tci}] = \sum_{b \,:\, Xb_{bt} = c} dhprebn_{bi}`,
      },
      {
        text: 'The table is a product of matrices, and so are its two gradients.',
        tex: tex`dC_{ce} = \sum_{t,i} D[P_{tci}] \, W1_{tE+e,\, i}, \qquad dW1_{tE+e,\, i} = \sum_c C_{ce} \, D[P_{tci}]`,
      },
    ],
    formula: tex`dC_{ce} = \sum_{t,i} D[P_{tci}] \, W1_{tE+e,\, i}, \qquad dW1_{tE+e,\, i} = \sum_c C_{ce} \, D[P_{tci}]`,
    code: '',
    walks: { chain: { reads: 4, writes: 1 }, fused: { reads: 0, writes: 0 } },
    counted: {
      chain: chainCounted,
      fused:
        'Each row of dhprebn is added to T rows of the table’s gradient while it is written, so that it need not be read again. The table has at most T V rows whatever B is, and is small enough to stay in cache; it is not counted.',
    },
  },
];
