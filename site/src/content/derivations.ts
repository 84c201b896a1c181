// What the page says of each tensor: what it is, how it is computed, and how its gradient is derived, one rule at a time.
//
// Subscripts are the letters of the axes: b example, t place in the context, e place in the embedding, c and j character, i hidden neuron,
// k place in embcat. An axis of size 1 has none.

import { tex } from './tex.js';

/** One step of a derivation: what is done, and what comes out. */
export interface Line {
  readonly text: string;
  /** TeX. */
  readonly tex?: string;
}

/** What is said of a tensor. */
export interface Derivation {
  /** The notebook's name. */
  readonly name: string;
  /** In plain words. */
  readonly title: string;
  /** What each axis counts, in the order of the shape; none where it is a single number. */
  readonly axes: readonly string[];
  /** TeX of its line in the forward pass, or of what it is an element of. */
  readonly formula: string;
  /** What it is, in one or two sentences. */
  readonly meaning: string;
  /** The tensors that are computed from it. */
  readonly uses: readonly string[];
  /** From the chain rule to the gradient; none where there is no gradient. */
  readonly derivation: readonly Line[];
  /** TeX of the gradient, which the derivation ends in. */
  readonly gradient?: string;
  /** The gradient in Python. */
  readonly code: string;
}

const examples = 'B examples';
const characters = 'V characters';
const neurons = 'H neurons';
const once = '1 for all examples';
const each = '1 for each example';
const context = 'T E numbers of a context';

/** Every tensor of the model, in the order of the forward pass: inputs and parameters before what they are used for. */
export const derivations: readonly Derivation[] = [
  {
    name: 'Xb',
    title: 'contexts of the minibatch',
    axes: [examples, 'T places'],
    formula: tex`0 \le Xb_{bt} < V`,
    meaning:
      'The T characters that come before the one to be predicted, as whole numbers. The dot, which pads the beginning of a word, is 0.',
    uses: ['emb'],
    derivation: [],
    code: '',
  },
  {
    name: 'Yb',
    title: 'targets of the minibatch',
    axes: [examples],
    formula: tex`0 \le Yb_{b} < V`,
    meaning:
      'The character that does come next in each example. It says which of the V probabilities the loss looks at.',
    uses: ['loss'],
    derivation: [],
    code: '',
  },
  {
    name: 'C',
    title: 'embedding table',
    axes: [characters, 'E numbers each'],
    formula: tex`\operatorname{shape}(C) = [V, E]`,
    meaning:
      'A row of E numbers for each character, learnt like every other weight. Characters that behave alike get rows that are alike.',
    uses: ['emb'],
    derivation: [
      {
        text: 'An element of C is copied to every place of the minibatch where its character stands. Each copy is a way to the loss, and the gradients of all ways are added.',
        tex: tex`D[C_{ce}] = \sum_{b,t} D[emb_{bte}] \, D[emb_{bte}|C_{ce}]`,
      },
      {
        text: 'A copy has slope 1 towards the row that it was copied from, and 0 towards every other row.',
        tex: tex`D[emb_{bte}|C_{ce}] = [Xb_{bt} = c]`,
      },
      {
        text: 'So the gradient of a row is the sum of the gradients of its copies. A character that is not in the minibatch gets zeros.',
        tex: tex`dC_{ce} = \sum_{b,t \,:\, Xb_{bt} = c} demb_{bte}`,
      },
    ],
    gradient: tex`dC_{ce} = \sum_{b,t \,:\, Xb_{bt} = c} demb_{bte}`,
    code: 'dC = torch.zeros_like(C)\nfor k in range(Xb.shape[0]):\n    for j in range(Xb.shape[1]):\n        ix = Xb[k, j]\n        dC[ix] += demb[k, j]',
  },
  {
    name: 'emb',
    title: 'embedded contexts',
    axes: [examples, 'T places', 'E numbers each'],
    formula: tex`emb_{bte} = C_{Xb_{bt},\, e}`,
    meaning: 'Each character of each context as its row of C: a look-up, no arithmetic.',
    uses: ['embcat'],
    derivation: [
      {
        text: 'Every element of emb stands at one place of embcat, under another index. The chain rule has one term.',
        tex: tex`D[emb_{bte}] = D[embcat_{bk}] \, D[embcat_{bk}|emb_{bte}], \quad k = tE + e`,
      },
      {
        text: 'Moving a number changes nothing about it: the slope is 1, and the gradient moves back.',
        tex: tex`demb_{bte} = dembcat_{b,\, tE+e}`,
      },
    ],
    gradient: tex`demb_{bte} = dembcat_{b,\, tE+e}`,
    code: 'demb = dembcat.view(emb.shape)',
  },
  {
    name: 'embcat',
    title: 'embedded contexts, side by side',
    axes: [examples, context],
    formula: tex`embcat_{b,\, tE+e} = emb_{bte}`,
    meaning:
      'The T embeddings of an example in one row, as the input of the first layer. The same memory as emb, in another shape.',
    uses: ['hprebn'],
    derivation: [
      {
        text: 'One input of the layer reaches all H neurons, so it has H ways to the loss.',
        tex: tex`D[embcat_{bk}] = \sum_i D[hprebn_{bi}] \, D[hprebn_{bi}|embcat_{bk}]`,
      },
      {
        text: 'In the sum that makes a neuron, the slope towards an input is the weight between them.',
        tex: tex`D[hprebn_{bi}|embcat_{bk}] = W1_{ki}`,
      },
      {
        text: 'Put in, this is a row of dhprebn times a row of W1, for every pair of rows: a product of matrices with W1 transposed.',
        tex: tex`dembcat_{bk} = \sum_i dhprebn_{bi} \, W1_{ki}`,
      },
    ],
    gradient: tex`dembcat_{bk} = \sum_i dhprebn_{bi} \, W1_{ki}`,
    code: 'dembcat = dhprebn @ W1.T',
  },
  {
    name: 'W1',
    title: 'weights of the first layer',
    axes: [context, neurons],
    formula: tex`\operatorname{shape}(W1) = [TE, H]`,
    meaning: 'How strongly each number of the context pulls at each hidden neuron.',
    uses: ['hprebn'],
    derivation: [
      {
        text: 'A weight is used once in every example, so it has B ways to the loss.',
        tex: tex`D[W1_{ki}] = \sum_b D[hprebn_{bi}] \, D[hprebn_{bi}|W1_{ki}]`,
      },
      {
        text: 'The slope towards a weight is the input that it is multiplied by.',
        tex: tex`D[hprebn_{bi}|W1_{ki}] = embcat_{bk}`,
      },
      {
        text: 'Put in, this is a column of embcat times a column of dhprebn, for every pair of columns: a product of matrices with embcat transposed.',
        tex: tex`dW1_{ki} = \sum_b embcat_{bk} \, dhprebn_{bi}`,
      },
    ],
    gradient: tex`dW1_{ki} = \sum_b embcat_{bk} \, dhprebn_{bi}`,
    code: 'dW1 = embcat.T @ dhprebn',
  },
  {
    name: 'b1',
    title: 'bias of the first layer',
    axes: [neurons],
    formula: tex`\operatorname{shape}(b1) = [H]`,
    meaning:
      'A number added to each hidden neuron. Batch norm subtracts it again with the mean, so that it has no effect, and no gradient but rounding.',
    uses: ['hprebn'],
    derivation: [
      {
        text: 'The same number is added in every example: B ways, each with slope 1.',
        tex: tex`D[b1_{i}] = \sum_b D[hprebn_{bi}] \, D[hprebn_{bi}|b1_{i}], \quad D[hprebn_{bi}|b1_{i}] = 1`,
      },
      {
        text: 'What was broadcast over the rows is summed over the rows. In real numbers the sum is 0, because batch norm makes every column of dhprebn add up to 0.',
        tex: tex`db1_{i} = \sum_b dhprebn_{bi}`,
      },
    ],
    gradient: tex`db1_{i} = \sum_b dhprebn_{bi}`,
    code: 'db1 = dhprebn.sum(0)',
  },
  {
    name: 'hprebn',
    title: 'hidden layer before batch norm',
    axes: [examples, neurons],
    formula: tex`hprebn_{bi} = \sum_k embcat_{bk} \, W1_{ki} + b1_{i}`,
    meaning:
      'What the first layer makes of each context, one number for each neuron. How large these numbers are depends on the weights; batch norm will bring them to one scale.',
    uses: ['bnmeani', 'bndiff'],
    derivation: [
      {
        text: 'Two ways to the loss: into its own difference from the mean, and into the mean, which all examples share.',
        tex: tex`D[hprebn_{bi}] = D[bndiff_{bi}] \, D[bndiff_{bi}|hprebn_{bi}] + D[bnmeani_{i}] \, D[bnmeani_{i}|hprebn_{bi}]`,
      },
      {
        text: 'In the difference it stands by itself: slope 1.',
        tex: tex`D[bndiff_{bi}|hprebn_{bi}] = 1`,
      },
      {
        text: 'In the mean it is one of B numbers: slope 1/B.',
        tex: tex`D[bnmeani_{i}|hprebn_{bi}] = \frac{1}{B}`,
      },
      {
        text: 'The two branches together.',
        tex: tex`dhprebn_{bi} = dbndiff_{bi} + \frac{1}{B} \, dbnmeani_{i}`,
      },
    ],
    gradient: tex`dhprebn_{bi} = dbndiff_{bi} + \frac{1}{B} \, dbnmeani_{i}`,
    code: 'dhprebn = dbndiff.clone()\ndhprebn += 1.0/batch_size * torch.ones_like(hprebn) * dbnmeani',
  },
  {
    name: 'bnmeani',
    title: 'mean over the minibatch',
    axes: [once, neurons],
    formula: tex`bnmeani_{i} = \frac{1}{B} \sum_b hprebn_{bi}`,
    meaning: 'The average of each neuron over the examples. Through it, every example has a say in every other.',
    uses: ['bndiff'],
    derivation: [
      {
        text: 'It is subtracted in every row, so it has B ways to the loss.',
        tex: tex`D[bnmeani_{i}] = \sum_b D[bndiff_{bi}] \, D[bndiff_{bi}|bnmeani_{i}]`,
      },
      {
        text: 'What is subtracted has slope -1. (The variance is computed from bndiff, so its branch is in dbndiff already.)',
        tex: tex`D[bndiff_{bi}|bnmeani_{i}] = -1`,
      },
      {
        text: 'What was broadcast over the rows is summed over the rows.',
        tex: tex`dbnmeani_{i} = -\sum_b dbndiff_{bi}`,
      },
    ],
    gradient: tex`dbnmeani_{i} = -\sum_b dbndiff_{bi}`,
    code: 'dbnmeani = (-dbndiff).sum(0, keepdim=True)',
  },
  {
    name: 'bndiff',
    title: 'difference from the mean',
    axes: [examples, neurons],
    formula: tex`bndiff_{bi} = hprebn_{bi} - bnmeani_{i}`,
    meaning: 'The hidden layer centred: each neuron averages to 0 over the examples.',
    uses: ['bndiff2', 'bnraw'],
    derivation: [
      {
        text: 'Two ways to the loss: as what is scaled, and, squared, as a part of the variance that it is scaled by.',
        tex: tex`D[bndiff_{bi}] = D[bnraw_{bi}] \, D[bnraw_{bi}|bndiff_{bi}] + D[bndiff2_{bi}] \, D[bndiff2_{bi}|bndiff_{bi}]`,
      },
      {
        text: 'In a product, the slope towards one factor is the other factor.',
        tex: tex`D[bnraw_{bi}|bndiff_{bi}] = bnvar_inv_{i}`,
      },
      {
        text: 'The slope of a square is twice its base.',
        tex: tex`D[bndiff2_{bi}|bndiff_{bi}] = 2 \, bndiff_{bi}`,
      },
      {
        text: 'The two branches together.',
        tex: tex`dbndiff_{bi} = bnvar_inv_{i} \, dbnraw_{bi} + 2 \, bndiff_{bi} \, dbndiff2_{bi}`,
      },
    ],
    gradient: tex`dbndiff_{bi} = bnvar_inv_{i} \, dbnraw_{bi} + 2 \, bndiff_{bi} \, dbndiff2_{bi}`,
    code: 'dbndiff = bnvar_inv * dbnraw\ndbndiff += 2*bndiff * dbndiff2',
  },
  {
    name: 'bndiff2',
    title: 'squared difference',
    axes: [examples, neurons],
    formula: tex`bndiff2_{bi} = bndiff_{bi}^2`,
    meaning: 'How far each example is from the mean, squared, so that both directions count alike.',
    uses: ['bnvar'],
    derivation: [
      {
        text: 'Each square is a term of one variance, that of its neuron: one way to the loss.',
        tex: tex`D[bndiff2_{bi}] = D[bnvar_{i}] \, D[bnvar_{i}|bndiff2_{bi}]`,
      },
      {
        text: 'A term of a sum has slope 1, and the sum is divided by B - 1.',
        tex: tex`D[bnvar_{i}|bndiff2_{bi}] = \frac{1}{B - 1}`,
      },
      {
        text: 'What was summed over the rows is broadcast over the rows: all examples get the same.',
        tex: tex`dbndiff2_{bi} = \frac{1}{B - 1} \, dbnvar_{i}`,
      },
    ],
    gradient: tex`dbndiff2_{bi} = \frac{1}{B - 1} \, dbnvar_{i}`,
    code: 'dbndiff2 = 1.0/(batch_size-1) * torch.ones_like(bndiff2) * dbnvar',
  },
  {
    name: 'bnvar',
    title: 'variance over the minibatch',
    axes: [once, neurons],
    formula: tex`bnvar_{i} = \frac{1}{B - 1} \sum_b bndiff2_{bi}`,
    meaning:
      'The spread of each neuron over the examples. It divides by B - 1, not by B, because the mean was taken from the same B numbers: Bessel’s correction.',
    uses: ['bnvar_inv'],
    derivation: [
      {
        text: 'One way to the loss, element by element.',
        tex: tex`D[bnvar_{i}] = D[bnvar_inv_{i}] \, D[bnvar_inv_{i}|bnvar_{i}]`,
      },
      {
        text: 'The slope of a power: the exponent -1/2 comes down as a factor, and one less is left, of the same sum with epsilon.',
        tex: tex`D[bnvar_inv_{i}|bnvar_{i}] = -\tfrac{1}{2} (bnvar_{i} + \text{eps})^{-3/2}`,
      },
      {
        text: 'Put in.',
        tex: tex`dbnvar_{i} = -\tfrac{1}{2} (bnvar_{i} + \text{eps})^{-3/2} \, dbnvar_inv_{i}`,
      },
    ],
    gradient: tex`dbnvar_{i} = -\tfrac{1}{2} (bnvar_{i} + \text{eps})^{-3/2} \, dbnvar_inv_{i}`,
    code: 'dbnvar = -0.5*(bnvar + eps)**-1.5 * dbnvar_inv',
  },
  {
    name: 'bnvar_inv',
    title: 'inverse standard deviation',
    axes: [once, neurons],
    formula: tex`bnvar_inv_{i} = (bnvar_{i} + \text{eps})^{-1/2}`,
    meaning:
      'What each neuron is multiplied by to have spread 1. Epsilon keeps it finite where a neuron does not vary at all; a large epsilon, such as 100000, leaves next to nothing of the layer.',
    uses: ['bnraw'],
    derivation: [
      {
        text: 'One number scales all B rows of its column: B ways to the loss.',
        tex: tex`D[bnvar_inv_{i}] = \sum_b D[bnraw_{bi}] \, D[bnraw_{bi}|bnvar_inv_{i}]`,
      },
      {
        text: 'In a product, the slope towards one factor is the other factor.',
        tex: tex`D[bnraw_{bi}|bnvar_inv_{i}] = bndiff_{bi}`,
      },
      {
        text: 'What was broadcast over the rows is summed over the rows.',
        tex: tex`dbnvar_inv_{i} = \sum_b bndiff_{bi} \, dbnraw_{bi}`,
      },
    ],
    gradient: tex`dbnvar_inv_{i} = \sum_b bndiff_{bi} \, dbnraw_{bi}`,
    code: 'dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)',
  },
  {
    name: 'bnraw',
    title: 'normalised hidden layer',
    axes: [examples, neurons],
    formula: tex`bnraw_{bi} = bndiff_{bi} \, bnvar_inv_{i}`,
    meaning: 'Each neuron with mean 0 and spread 1 over the examples, whatever the weights are.',
    uses: ['hpreact'],
    derivation: [
      {
        text: 'One way to the loss, element by element.',
        tex: tex`D[bnraw_{bi}] = D[hpreact_{bi}] \, D[hpreact_{bi}|bnraw_{bi}]`,
      },
      {
        text: 'In a product, the slope towards one factor is the other factor. The gain is broadcast, but bnraw is not: nothing is summed.',
        tex: tex`dbnraw_{bi} = bngain_{i} \, dhpreact_{bi}`,
      },
    ],
    gradient: tex`dbnraw_{bi} = bngain_{i} \, dhpreact_{bi}`,
    code: 'dbnraw = bngain * dhpreact',
  },
  {
    name: 'bngain',
    title: 'gain of batch norm',
    axes: [once, neurons],
    formula: tex`\operatorname{shape}(bngain) = [1, H]`,
    meaning:
      'What each neuron is scaled by after it was brought to spread 1, so that the network can have another spread where that serves it.',
    uses: ['hpreact'],
    derivation: [
      {
        text: 'One number scales all B rows of its column: B ways to the loss.',
        tex: tex`D[bngain_{i}] = \sum_b D[hpreact_{bi}] \, D[hpreact_{bi}|bngain_{i}]`,
      },
      {
        text: 'In a product, the slope towards one factor is the other factor.',
        tex: tex`D[hpreact_{bi}|bngain_{i}] = bnraw_{bi}`,
      },
      {
        text: 'What was broadcast over the rows is summed over the rows.',
        tex: tex`dbngain_{i} = \sum_b bnraw_{bi} \, dhpreact_{bi}`,
      },
    ],
    gradient: tex`dbngain_{i} = \sum_b bnraw_{bi} \, dhpreact_{bi}`,
    code: 'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)',
  },
  {
    name: 'bnbias',
    title: 'bias of batch norm',
    axes: [once, neurons],
    formula: tex`\operatorname{shape}(bnbias) = [1, H]`,
    meaning: 'What is added to each neuron after it was brought to mean 0. It does what b1 cannot.',
    uses: ['hpreact'],
    derivation: [
      {
        text: 'The same number is added in every example: B ways, each with slope 1.',
        tex: tex`D[bnbias_{i}] = \sum_b D[hpreact_{bi}] \, D[hpreact_{bi}|bnbias_{i}], \quad D[hpreact_{bi}|bnbias_{i}] = 1`,
      },
      {
        text: 'What was broadcast over the rows is summed over the rows.',
        tex: tex`dbnbias_{i} = \sum_b dhpreact_{bi}`,
      },
    ],
    gradient: tex`dbnbias_{i} = \sum_b dhpreact_{bi}`,
    code: 'dbnbias = dhpreact.sum(0, keepdim=True)',
  },
  {
    name: 'hpreact',
    title: 'hidden layer before tanh',
    axes: [examples, neurons],
    formula: tex`hpreact_{bi} = bngain_{i} \, bnraw_{bi} + bnbias_{i}`,
    meaning:
      'The normalised layer, scaled and shifted. Far from 0 tanh is flat, and little gradient comes back through it.',
    uses: ['h'],
    derivation: [
      {
        text: 'One way to the loss, element by element.',
        tex: tex`D[hpreact_{bi}] = D[h_{bi}] \, D[h_{bi}|hpreact_{bi}]`,
      },
      {
        text: 'The slope of tanh can be told from its value: 1 where the value is 0, nearly 0 where the value is close to 1 or -1.',
        tex: tex`D[h_{bi}|hpreact_{bi}] = 1 - h_{bi}^2`,
      },
      {
        text: 'Put in.',
        tex: tex`dhpreact_{bi} = (1 - h_{bi}^2) \, dh_{bi}`,
      },
    ],
    gradient: tex`dhpreact_{bi} = (1 - h_{bi}^2) \, dh_{bi}`,
    code: 'dhpreact = (1.0 - h**2) * dh',
  },
  {
    name: 'h',
    title: 'hidden layer',
    axes: [examples, neurons],
    formula: tex`h_{bi} = \tanh(hpreact_{bi})`,
    meaning: 'What each neuron says of each context, between -1 and 1.',
    uses: ['logits'],
    derivation: [
      {
        text: 'A neuron pulls at all V logits of its example, so it has V ways to the loss.',
        tex: tex`D[h_{bi}] = \sum_j D[logits_{bj}] \, D[logits_{bj}|h_{bi}]`,
      },
      {
        text: 'The slope is the weight between the two.',
        tex: tex`D[logits_{bj}|h_{bi}] = W2_{ij}`,
      },
      {
        text: 'Put in, this is a product of matrices with W2 transposed; no other product of the two has the shape of h.',
        tex: tex`dh_{bi} = \sum_j dlogits_{bj} \, W2_{ij}`,
      },
    ],
    gradient: tex`dh_{bi} = \sum_j dlogits_{bj} \, W2_{ij}`,
    code: 'dh = dlogits @ W2.T',
  },
  {
    name: 'W2',
    title: 'weights of the second layer',
    axes: [neurons, characters],
    formula: tex`\operatorname{shape}(W2) = [H, V]`,
    meaning: 'How strongly each hidden neuron speaks for each character.',
    uses: ['logits'],
    derivation: [
      {
        text: 'A weight is used once in every example, so it has B ways to the loss.',
        tex: tex`D[W2_{ij}] = \sum_b D[logits_{bj}] \, D[logits_{bj}|W2_{ij}]`,
      },
      {
        text: 'The slope towards a weight is the neuron that it is multiplied by.',
        tex: tex`D[logits_{bj}|W2_{ij}] = h_{bi}`,
      },
      {
        text: 'Put in, this is a product of matrices with h transposed.',
        tex: tex`dW2_{ij} = \sum_b h_{bi} \, dlogits_{bj}`,
      },
    ],
    gradient: tex`dW2_{ij} = \sum_b h_{bi} \, dlogits_{bj}`,
    code: 'dW2 = h.T @ dlogits',
  },
  {
    name: 'b2',
    title: 'bias of the second layer',
    axes: [characters],
    formula: tex`\operatorname{shape}(b2) = [V]`,
    meaning: 'What is added to the logit of each character whatever the context: how common the character is.',
    uses: ['logits'],
    derivation: [
      {
        text: 'The same number is added in every example: B ways, each with slope 1.',
        tex: tex`D[b2_{j}] = \sum_b D[logits_{bj}] \, D[logits_{bj}|b2_{j}], \quad D[logits_{bj}|b2_{j}] = 1`,
      },
      {
        text: 'What was broadcast over the rows is summed over the rows.',
        tex: tex`db2_{j} = \sum_b dlogits_{bj}`,
      },
    ],
    gradient: tex`db2_{j} = \sum_b dlogits_{bj}`,
    code: 'db2 = dlogits.sum(0)',
  },
  {
    name: 'logits',
    title: 'scores of the characters',
    axes: [examples, characters],
    formula: tex`logits_{bj} = \sum_i h_{bi} \, W2_{ij} + b2_{j}`,
    meaning:
      'How much speaks for each character as the next one. Only differences within a row matter: they become ratios of probabilities.',
    uses: ['logit_maxes', 'norm_logits'],
    derivation: [
      {
        text: 'Two ways to the loss: as itself into the shifted logits, and, where it is the largest of its row, as what is subtracted.',
        tex: tex`D[logits_{bj}] = D[norm_logits_{bj}] \, D[norm_logits_{bj}|logits_{bj}] + D[logit_maxes_{b}] \, D[logit_maxes_{b}|logits_{bj}]`,
      },
      {
        text: 'In the difference it stands by itself: slope 1.',
        tex: tex`D[norm_logits_{bj}|logits_{bj}] = 1`,
      },
      {
        text: 'A maximum is a copy of one element: slope 1 towards that one, 0 towards the others.',
        tex: tex`D[logit_maxes_{b}|logits_{bj}] = [\, j = \operatorname{argmax}\, logits_{b} ]`,
      },
      {
        text: 'The two branches together. Without the second the result is the same but for rounding, as dlogit_maxes is 0 in real numbers.',
        tex: tex`dlogits_{bj} = dnorm_logits_{bj} + [\, j = \operatorname{argmax}\, logits_{b} ] \, dlogit_maxes_{b}`,
      },
    ],
    gradient: tex`dlogits_{bj} = dnorm_logits_{bj} + [\, j = \operatorname{argmax}\, logits_{b} ] \, dlogit_maxes_{b}`,
    code: 'dlogits = dnorm_logits.clone()\ndlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes',
  },
  {
    name: 'logit_maxes',
    title: 'largest score of each example',
    axes: [examples, each],
    formula: tex`logit_maxes_{b} = \max_j\, logits_{bj}`,
    meaning: 'What is subtracted from a row so that exp cannot overflow. The probabilities do not depend on it.',
    uses: ['norm_logits'],
    derivation: [
      {
        text: 'It is subtracted from all V logits of its row: V ways to the loss.',
        tex: tex`D[logit_maxes_{b}] = \sum_j D[norm_logits_{bj}] \, D[norm_logits_{bj}|logit_maxes_{b}]`,
      },
      {
        text: 'What is subtracted has slope -1.',
        tex: tex`D[norm_logits_{bj}|logit_maxes_{b}] = -1`,
      },
      {
        text: 'What was broadcast along the row is summed along the row. In real numbers this is 0, for a shift of the whole row changes no probability; what is left is rounding, and a gradient that is not tiny here betrays a mistake before it.',
        tex: tex`dlogit_maxes_{b} = -\sum_j dnorm_logits_{bj}`,
      },
    ],
    gradient: tex`dlogit_maxes_{b} = -\sum_j dnorm_logits_{bj}`,
    code: 'dlogit_maxes = -dnorm_logits.sum(1, keepdim=True)',
  },
  {
    name: 'norm_logits',
    title: 'scores below the largest',
    axes: [examples, characters],
    formula: tex`norm_logits_{bj} = logits_{bj} - logit_maxes_{b}`,
    meaning: 'The logits shifted so that the largest of each row is 0 and the others are negative.',
    uses: ['counts'],
    derivation: [
      {
        text: 'One way to the loss, element by element.',
        tex: tex`D[norm_logits_{bj}] = D[counts_{bj}] \, D[counts_{bj}|norm_logits_{bj}]`,
      },
      {
        text: 'exp is its own slope, and its value is there already.',
        tex: tex`D[counts_{bj}|norm_logits_{bj}] = e^{norm_logits_{bj}} = counts_{bj}`,
      },
      {
        text: 'Put in.',
        tex: tex`dnorm_logits_{bj} = counts_{bj} \, dcounts_{bj}`,
      },
    ],
    gradient: tex`dnorm_logits_{bj} = counts_{bj} \, dcounts_{bj}`,
    code: 'dnorm_logits = counts * dcounts',
  },
  {
    name: 'counts',
    title: 'unnormalised probabilities',
    axes: [examples, characters],
    formula: tex`counts_{bj} = e^{norm_logits_{bj}}`,
    meaning:
      'The scores made positive. They play the part that counts of pairs of characters play in a bigram model: divided by their sum they are probabilities.',
    uses: ['counts_sum', 'probs'],
    derivation: [
      {
        text: 'Two ways to the loss: as the numerator of its own probability, and as a term of the sum that divides the whole row.',
        tex: tex`D[counts_{bj}] = D[probs_{bj}] \, D[probs_{bj}|counts_{bj}] + D[counts_sum_{b}] \, D[counts_sum_{b}|counts_{bj}]`,
      },
      {
        text: 'In a product, the slope towards one factor is the other factor.',
        tex: tex`D[probs_{bj}|counts_{bj}] = counts_sum_inv_{b}`,
      },
      {
        text: 'A term of a sum has slope 1: the gradient of the sum goes to all terms of the row.',
        tex: tex`D[counts_sum_{b}|counts_{bj}] = 1`,
      },
      {
        text: 'The two branches together.',
        tex: tex`dcounts_{bj} = counts_sum_inv_{b} \, dprobs_{bj} + dcounts_sum_{b}`,
      },
    ],
    gradient: tex`dcounts_{bj} = counts_sum_inv_{b} \, dprobs_{bj} + dcounts_sum_{b}`,
    code: 'dcounts = counts_sum_inv * dprobs\ndcounts += torch.ones_like(counts) * dcounts_sum',
  },
  {
    name: 'counts_sum',
    title: 'sum of each row',
    axes: [examples, each],
    formula: tex`counts_sum_{b} = \sum_j counts_{bj}`,
    meaning: 'What the counts of a row add up to. Because the largest count is 1, it lies between 1 and V.',
    uses: ['counts_sum_inv'],
    derivation: [
      {
        text: 'One way to the loss, element by element.',
        tex: tex`D[counts_sum_{b}] = D[counts_sum_inv_{b}] \, D[counts_sum_inv_{b}|counts_sum_{b}]`,
      },
      {
        text: 'The slope of a power: the exponent -1 comes down as a factor, and the exponent becomes -2.',
        tex: tex`D[counts_sum_inv_{b}|counts_sum_{b}] = -counts_sum_{b}^{-2}`,
      },
      {
        text: 'Put in.',
        tex: tex`dcounts_sum_{b} = -counts_sum_{b}^{-2} \, dcounts_sum_inv_{b}`,
      },
    ],
    gradient: tex`dcounts_sum_{b} = -counts_sum_{b}^{-2} \, dcounts_sum_inv_{b}`,
    code: 'dcounts_sum = -counts_sum**-2 * dcounts_sum_inv',
  },
  {
    name: 'counts_sum_inv',
    title: 'inverse of that sum',
    axes: [examples, each],
    formula: tex`counts_sum_inv_{b} = counts_sum_{b}^{-1}`,
    meaning:
      'What each count of a row is multiplied by to become a probability. As a division it would be one step less; as a power and a product each has a simple slope.',
    uses: ['probs'],
    derivation: [
      {
        text: 'One number scales all V counts of its row: V ways to the loss.',
        tex: tex`D[counts_sum_inv_{b}] = \sum_j D[probs_{bj}] \, D[probs_{bj}|counts_sum_inv_{b}]`,
      },
      {
        text: 'In a product, the slope towards one factor is the other factor.',
        tex: tex`D[probs_{bj}|counts_sum_inv_{b}] = counts_{bj}`,
      },
      {
        text: 'What was broadcast along the row is summed along the row.',
        tex: tex`dcounts_sum_inv_{b} = \sum_j counts_{bj} \, dprobs_{bj}`,
      },
    ],
    gradient: tex`dcounts_sum_inv_{b} = \sum_j counts_{bj} \, dprobs_{bj}`,
    code: 'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)',
  },
  {
    name: 'probs',
    title: 'probabilities',
    axes: [examples, characters],
    formula: tex`probs_{bj} = counts_{bj} \, counts_sum_inv_{b}`,
    meaning: 'What the network takes each character’s chance to be the next one. Each row adds up to 1.',
    uses: ['logprobs'],
    derivation: [
      {
        text: 'One way to the loss, element by element.',
        tex: tex`D[probs_{bj}] = D[logprobs_{bj}] \, D[logprobs_{bj}|probs_{bj}]`,
      },
      {
        text: 'The slope of the logarithm is one over its argument: large where a probability is small.',
        tex: tex`D[logprobs_{bj}|probs_{bj}] = \frac{1}{probs_{bj}}`,
      },
      {
        text: 'Put in. Only the targets have a gradient, and the less likely the network took one to be, the larger it is.',
        tex: tex`dprobs_{bj} = \frac{1}{probs_{bj}} \, dlogprobs_{bj}`,
      },
    ],
    gradient: tex`dprobs_{bj} = \frac{1}{probs_{bj}} \, dlogprobs_{bj}`,
    code: 'dprobs = 1.0/probs * dlogprobs',
  },
  {
    name: 'logprobs',
    title: 'logarithms of the probabilities',
    axes: [examples, characters],
    formula: tex`logprobs_{bj} = \log\, probs_{bj}`,
    meaning: 'Products of probabilities become sums of these. 0 is certainty, and the more negative, the less likely.',
    uses: ['loss'],
    derivation: [
      {
        text: 'The loss reads one element of each row, that of the target, and no other: towards the others its slope is 0.',
        tex: tex`loss = -\frac{1}{B} \sum_b logprobs_{b,\, Yb_{b}}`,
      },
      {
        text: 'Each element that it reads is one of B in a mean, with a minus in front.',
        tex: tex`dlogprobs_{bj} = -\frac{1}{B} \, [\, j = Yb_{b} ]`,
      },
    ],
    gradient: tex`dlogprobs_{bj} = -\frac{1}{B} \, [\, j = Yb_{b} ]`,
    code: 'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = -1.0/batch_size',
  },
  {
    name: 'loss',
    title: 'loss',
    axes: [],
    formula: tex`loss = -\frac{1}{B} \sum_b logprobs_{b,\, Yb_{b}}`,
    meaning:
      'The mean over the examples of how surprised the network is by the target. log V is what guessing at random costs.',
    uses: [],
    derivation: [
      {
        text: 'Here the way back begins. A number changes by as much as it changes: its slope towards itself is 1.',
        tex: tex`D[loss] = 1`,
      },
    ],
    gradient: tex`D[loss] = 1`,
    code: 'dloss = 1.0',
  },
];
