// The exercises of the lecture as data: what is to be written, what helps on the way, and the solution in Python and in TypeScript.

import { type DifferentiatedName, type IntermediateName, shapes } from '../mlp/layout.js';

/** One text in both languages. */
export interface Code {
  /** As it stands in a cell, under the notebook's names. */
  readonly python: string;
  /** As it stands in a proof: `t` has the values, `d` takes the gradients. */
  readonly typescript: string;
}

/** A gradient to be written. Its lines come one after another, so that it can be judged as soon as they have run. */
export interface Step extends Code {
  /** What it is called in a cell: `dcounts`. */
  readonly name: `d${DifferentiatedName}`;
  /** The tensor that it is the gradient of: `counts`. */
  readonly of: DifferentiatedName;
  /** The shape of both, in letters. */
  readonly shape: readonly (string | 1)[];
  /** The results of the forward pass that are computed from it, in order; each is a way back. */
  readonly usedIn: readonly IntermediateName[];
  /** Their lines, in Python. */
  readonly forward: readonly string[];
  /** More and more of the answer: the rule, the shapes that meet, the formula with a hole. */
  readonly hints: readonly [rule: string, shapes: string, formula: string];
  /** Why it stands where it does, or has several lines; where nothing needs to be said, it is missing. */
  readonly note?: string;
}

/** The forward pass, each line under the name of its result. */
export const forwardPass: Readonly<Record<IntermediateName, Code>> = {
  emb: { python: 'emb = C[Xb]', typescript: 'const emb = C.index(Xb);' },
  embcat: {
    python: 'embcat = emb.view(emb.shape[0], -1)',
    typescript: 'const embcat = emb.view(emb.shape[0], -1);',
  },
  hprebn: { python: 'hprebn = embcat @ W1 + b1', typescript: 'const hprebn = embcat.matmul(W1).add(b1);' },
  bnmeani: {
    python: 'bnmeani = 1/batch_size*hprebn.sum(0, keepdim=True)',
    typescript: 'const bnmeani = hprebn.sum(0, { keepdim: true }).mul(1 / batch_size);',
  },
  bndiff: { python: 'bndiff = hprebn - bnmeani', typescript: 'const bndiff = hprebn.sub(bnmeani);' },
  bndiff2: { python: 'bndiff2 = bndiff**2', typescript: 'const bndiff2 = bndiff.pow(2);' },
  bnvar: {
    python: 'bnvar = 1/(batch_size-1)*bndiff2.sum(0, keepdim=True)',
    typescript: 'const bnvar = bndiff2.sum(0, { keepdim: true }).mul(1 / (batch_size - 1));',
  },
  bnvar_inv: {
    python: 'bnvar_inv = (bnvar + eps)**-0.5',
    typescript: 'const bnvar_inv = bnvar.add(eps).pow(-0.5);',
  },
  bnraw: { python: 'bnraw = bndiff * bnvar_inv', typescript: 'const bnraw = bndiff.mul(bnvar_inv);' },
  hpreact: {
    python: 'hpreact = bngain * bnraw + bnbias',
    typescript: 'const hpreact = bngain.mul(bnraw).add(bnbias);',
  },
  h: { python: 'h = torch.tanh(hpreact)', typescript: 'const h = hpreact.tanh();' },
  logits: { python: 'logits = h @ W2 + b2', typescript: 'const logits = h.matmul(W2).add(b2);' },
  logit_maxes: {
    python: 'logit_maxes = logits.max(1, keepdim=True).values',
    typescript: 'const logit_maxes = logits.max(1, { keepdim: true }).values;',
  },
  norm_logits: {
    python: 'norm_logits = logits - logit_maxes',
    typescript: 'const norm_logits = logits.sub(logit_maxes);',
  },
  counts: { python: 'counts = norm_logits.exp()', typescript: 'const counts = norm_logits.exp();' },
  counts_sum: {
    python: 'counts_sum = counts.sum(1, keepdim=True)',
    typescript: 'const counts_sum = counts.sum(1, { keepdim: true });',
  },
  counts_sum_inv: {
    python: 'counts_sum_inv = counts_sum**-1',
    typescript: 'const counts_sum_inv = counts_sum.pow(-1);',
  },
  probs: { python: 'probs = counts * counts_sum_inv', typescript: 'const probs = counts.mul(counts_sum_inv);' },
  logprobs: { python: 'logprobs = probs.log()', typescript: 'const logprobs = probs.log();' },
  loss: {
    python: 'loss = -logprobs[range(batch_size), Yb].mean()',
    typescript: 'const loss = logprobs.index(range, Yb).mean().neg();',
  },
};

function step(of: DifferentiatedName, rest: Omit<Step, 'name' | 'of' | 'shape' | 'forward'>): Step {
  const forward = rest.usedIn.map((name) => forwardPass[name].python);
  return { name: `d${of}`, of, shape: shapes[of], forward, ...rest };
}

/**
 * Exercise 1: 26 gradients, one operation at a time. The order is the one in which `exercise1` of the model's layout compares them, but for
 * dbnmeani, which stands before dhprebn here, for that needs it. Put together, the solutions are the whole backward pass.
 */
export const operationByOperation: readonly Step[] = [
  step('logprobs', {
    usedIn: ['loss'],
    hints: [
      'The loss is the mean of some elements of logprobs, with a minus in front. Which elements does it read? One that it does not read cannot change it.',
      'logprobs is [B, V], and so is dlogprobs. The loss reads one element in each of the B rows, in the column of the target Yb; each of them has the weight -1/B.',
      'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = ____',
    ],
    python: 'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = -1.0/batch_size',
    typescript: 'd.logprobs = hg.zerosLike(t.logprobs).indexPut_([t.range, t.Yb], -1 / t.batch_size);',
  }),
  step('probs', {
    usedIn: ['logprobs'],
    hints: [
      'The logarithm works on each element by itself: the gradient of the result times the slope of the logarithm at that element.',
      'probs, logprobs and dlogprobs are all [B, V]: nothing is broadcast, so nothing is summed.',
      'dprobs = ____ * dlogprobs',
    ],
    python: 'dprobs = 1.0/probs * dlogprobs',
    typescript: 'd.probs = t.probs.pow(-1).mul(d.logprobs);',
  }),
  step('counts_sum_inv', {
    usedIn: ['probs'],
    hints: [
      'In a product, the slope towards one factor is the other factor. And what the forward pass has broadcast, the backward pass sums.',
      'counts is [B, V], counts_sum_inv is [B, 1]: the one number of a row is used for all V elements of it. So V products are added up, along axis 1, and the axis is kept.',
      'dcounts_sum_inv = (____ * dprobs).sum(____, keepdim=True)',
    ],
    python: 'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)',
    typescript: 'd.counts_sum_inv = t.counts.mul(d.probs).sum(1, { keepdim: true });',
  }),
  step('counts_sum', {
    usedIn: ['counts_sum_inv'],
    hints: [
      'A power: the exponent comes down as a factor, and the exponent is one less.',
      'counts_sum and counts_sum_inv are both [B, 1]: element by element. The exponent is -1, so the new one is -2.',
      'dcounts_sum = ____ * dcounts_sum_inv',
    ],
    python: 'dcounts_sum = -counts_sum**-2 * dcounts_sum_inv',
    typescript: 'd.counts_sum = t.counts_sum.pow(-2).neg().mul(d.counts_sum_inv);',
  }),
  step('counts', {
    usedIn: ['counts_sum', 'probs'],
    hints: [
      'counts is used in two lines of the forward pass, so there are two ways back, and their gradients are added. One is a product, the other a sum.',
      'In probs = counts * counts_sum_inv it meets [B, 1], which is broadcast over [B, V]. In counts_sum each of the V elements of a row is added with weight 1, so the one gradient of the row, [B, 1], goes to all of them.',
      'dcounts = ____ * dprobs\ndcounts += torch.ones_like(counts) * ____',
    ],
    python: 'dcounts = counts_sum_inv * dprobs\ndcounts += torch.ones_like(counts) * dcounts_sum',
    typescript:
      'd.counts = t.counts_sum_inv.mul(d.probs);\nd.counts = d.counts.add(hg.onesLike(t.counts).mul(d.counts_sum));',
    note: 'Two branches. The first line could stand right after dprobs, the second needs dcounts_sum; here both stand together, where the second one can.',
  }),
  step('norm_logits', {
    usedIn: ['counts'],
    hints: [
      'The exponential function is its own slope, and its value has been computed already.',
      'norm_logits, counts and dcounts are all [B, V]: element by element.',
      'dnorm_logits = ____ * dcounts',
    ],
    python: 'dnorm_logits = counts * dcounts',
    typescript: 'd.norm_logits = t.counts.mul(d.counts);',
  }),
  step('logit_maxes', {
    usedIn: ['norm_logits'],
    hints: [
      'It is subtracted, so the slope is -1; and it is broadcast, so its gradients are summed.',
      'logits is [B, V], logit_maxes is [B, 1]: one number for the V elements of a row. Sum along axis 1, and keep the axis. The result is nearly zero: shifting a whole row of logits does not change the probabilities.',
      'dlogit_maxes = ____dnorm_logits.sum(____, keepdim=True)',
    ],
    python: 'dlogit_maxes = -dnorm_logits.sum(1, keepdim=True)',
    typescript: 'd.logit_maxes = d.norm_logits.sum(1, { keepdim: true }).neg();',
  }),
  step('logits', {
    usedIn: ['logit_maxes', 'norm_logits'],
    hints: [
      'Two ways back: through the subtraction, with slope 1, and through the maximum, which passes its gradient on to the element that it has picked and to no other.',
      'dnorm_logits is [B, V] as logits is. dlogit_maxes is [B, 1]: it goes to one column in each row, the one of the maximum, which a one-hot array of [B, V] marks. Begin with a copy of dnorm_logits, for what is added in place to an alias changes dnorm_logits too.',
      'dlogits = dnorm_logits.clone()\ndlogits += F.one_hot(____, num_classes=logits.shape[1]) * dlogit_maxes',
    ],
    python:
      'dlogits = dnorm_logits.clone()\ndlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes',
    typescript:
      'd.logits = d.norm_logits.clone();\nd.logits = d.logits.add(hg.oneHot(t.logits.max(1).indices, t.logits.shape[1]).mul(d.logit_maxes));',
    note: 'Two branches. The first line could stand before dlogit_maxes, the second needs it; here both stand after it.',
  }),
  step('h', {
    usedIn: ['logits'],
    hints: [
      'A product of matrices. Written out, one element of h stands in V sums, one for each column of W2; so its gradient is a sum of V products, and that is a product of matrices again.',
      'dlogits is [B, V], W2 is [H, V], and dh must be [B, H]: V must meet V. There is one product of the two whose shape fits.',
      'dh = dlogits @ ____',
    ],
    python: 'dh = dlogits @ W2.T',
    typescript: 'd.h = d.logits.matmul(t.W2.T);',
  }),
  step('W2', {
    usedIn: ['logits'],
    hints: [
      'The other factor of the product of matrices: each weight is used once for every example, so B products are added up.',
      'h is [B, H], dlogits is [B, V], and dW2 must be [H, V]: the axis of the examples, B, must meet itself and vanish.',
      'dW2 = ____ @ dlogits',
    ],
    python: 'dW2 = h.T @ dlogits',
    typescript: 'd.W2 = t.h.T.matmul(d.logits);',
  }),
  step('b2', {
    usedIn: ['logits'],
    hints: [
      'It is added, so the slope is 1; and it is broadcast, so its gradients are summed.',
      'b2 is [V] and is added to each of the B rows of a [B, V]: sum over the rows, which is axis 0.',
      'db2 = dlogits.sum(____)',
    ],
    python: 'db2 = dlogits.sum(0)',
    typescript: 'd.b2 = d.logits.sum(0);',
  }),
  step('hpreact', {
    usedIn: ['h'],
    hints: [
      'Element by element through tanh. Its slope can be told from its value alone.',
      'hpreact, h and dh are all [B, H]. With h = tanh(hpreact) the slope is one minus the square of h.',
      'dhpreact = (____) * dh',
    ],
    python: 'dhpreact = (1.0 - h**2) * dh',
    typescript: 'd.hpreact = t.h.pow(2).neg().add(1).mul(d.h);',
  }),
  step('bngain', {
    usedIn: ['hpreact'],
    hints: [
      'In a product, the slope towards one factor is the other factor; and this factor is broadcast, so its gradients are summed.',
      'bngain is [1, H], bnraw and dhpreact are [B, H]: multiply, sum over the rows, axis 0, and keep the axis.',
      'dbngain = (____ * dhpreact).sum(____, keepdim=True)',
    ],
    python: 'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)',
    typescript: 'd.bngain = t.bnraw.mul(d.hpreact).sum(0, { keepdim: true });',
  }),
  step('bnraw', {
    usedIn: ['hpreact'],
    hints: [
      'The other factor of the same product. It is not broadcast, so nothing is summed.',
      'bngain is [1, H] and is broadcast over dhpreact, [B, H]; the product has the shape of bnraw already.',
      'dbnraw = ____ * dhpreact',
    ],
    python: 'dbnraw = bngain * dhpreact',
    typescript: 'd.bnraw = t.bngain.mul(d.hpreact);',
  }),
  step('bnbias', {
    usedIn: ['hpreact'],
    hints: [
      'It is added, so the slope is 1; and it is broadcast, so its gradients are summed.',
      'bnbias is [1, H] and is added to each of the B rows: sum over axis 0, and keep the axis.',
      'dbnbias = ____.sum(0, keepdim=True)',
    ],
    python: 'dbnbias = dhpreact.sum(0, keepdim=True)',
    typescript: 'd.bnbias = d.hpreact.sum(0, { keepdim: true });',
  }),
  step('bnvar_inv', {
    usedIn: ['bnraw'],
    hints: [
      'In a product, the slope towards one factor is the other factor; and this factor is broadcast, so its gradients are summed.',
      'bnvar_inv is [1, H], bndiff and dbnraw are [B, H]: multiply, sum over the rows, and keep the axis.',
      'dbnvar_inv = (____ * dbnraw).sum(0, keepdim=True)',
    ],
    python: 'dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)',
    typescript: 'd.bnvar_inv = t.bndiff.mul(d.bnraw).sum(0, { keepdim: true });',
  }),
  step('bnvar', {
    usedIn: ['bnvar_inv'],
    hints: [
      'A power of a sum: the exponent comes down as a factor, and the exponent is one less. What is added inside the brackets stays there.',
      'bnvar and bnvar_inv are both [1, H]: element by element. The exponent is -0.5, so the new one is -1.5, of the same bnvar + eps.',
      'dbnvar = ____*(bnvar + eps)**____ * dbnvar_inv',
    ],
    python: 'dbnvar = -0.5*(bnvar + eps)**-1.5 * dbnvar_inv',
    typescript: 'd.bnvar = t.bnvar.add(t.eps).pow(-1.5).mul(-0.5).mul(d.bnvar_inv);',
  }),
  step('bndiff2', {
    usedIn: ['bnvar'],
    hints: [
      'What the forward pass has summed, the backward pass broadcasts: every term of the sum gets the gradient of the sum, times the factor in front of it.',
      'dbnvar is [1, H], bndiff2 is [B, H]: each of the B rows gets the same. The factor is the one of the forward pass, with one example less.',
      'dbndiff2 = ____ * torch.ones_like(bndiff2) * dbnvar',
    ],
    python: 'dbndiff2 = 1.0/(batch_size-1) * torch.ones_like(bndiff2) * dbnvar',
    typescript: 'd.bndiff2 = hg.onesLike(t.bndiff2).mul(1 / (t.batch_size - 1)).mul(d.bnvar);',
  }),
  step('bndiff', {
    usedIn: ['bndiff2', 'bnraw'],
    hints: [
      'bndiff is used in two lines of the forward pass, so there are two ways back, and their gradients are added: through a product and through a square.',
      'bnvar_inv is [1, H] and is broadcast over dbnraw, [B, H]. The square is element by element: bndiff and dbndiff2 are [B, H].',
      'dbndiff = ____ * dbnraw\ndbndiff += ____ * dbndiff2',
    ],
    python: 'dbndiff = bnvar_inv * dbnraw\ndbndiff += 2*bndiff * dbndiff2',
    typescript: 'd.bndiff = t.bnvar_inv.mul(d.bnraw);\nd.bndiff = d.bndiff.add(t.bndiff.mul(2).mul(d.bndiff2));',
    note: 'Two branches. The first line could stand right after dbnraw, the second needs dbndiff2, which needs dbnvar_inv and dbnvar; here both stand together, where the second one can.',
  }),
  step('bnmeani', {
    usedIn: ['bndiff'],
    hints: [
      'It is subtracted, so the slope is -1; and it is broadcast, so its gradients are summed.',
      'bnmeani is [1, H] and is subtracted from each of the B rows: sum over axis 0, and keep the axis.',
      'dbnmeani = (____dbndiff).sum(____, keepdim=True)',
    ],
    python: 'dbnmeani = (-dbndiff).sum(0, keepdim=True)',
    typescript: 'd.bnmeani = d.bndiff.neg().sum(0, { keepdim: true });',
    note: 'The notebook compares it after dhprebn; dhprebn needs it, so that it comes first here.',
  }),
  step('hprebn', {
    usedIn: ['bnmeani', 'bndiff'],
    hints: [
      'Two ways back: through the subtraction, with slope 1, and through the mean, which hands its gradient to every row with the weight that the row has in it.',
      'dbndiff is [B, H] as hprebn is. dbnmeani is [1, H]: each of the B rows gets 1/B of it. Begin with a copy of dbndiff, for what is added in place to an alias changes dbndiff too.',
      'dhprebn = dbndiff.clone()\ndhprebn += ____ * torch.ones_like(hprebn) * dbnmeani',
    ],
    python: 'dhprebn = dbndiff.clone()\ndhprebn += 1.0/batch_size * torch.ones_like(hprebn) * dbnmeani',
    typescript:
      'd.hprebn = d.bndiff.clone();\nd.hprebn = d.hprebn.add(hg.onesLike(t.hprebn).mul(1 / t.batch_size).mul(d.bnmeani));',
    note: 'Two branches. The first line could stand before dbnmeani, the second needs it; here both stand after it.',
  }),
  step('embcat', {
    usedIn: ['hprebn'],
    hints: [
      'A product of matrices, as in the second layer: the gradient of the left factor is the gradient of the result times the right factor, transposed.',
      'dhprebn is [B, H], W1 is [T E, H], and dembcat must be [B, T E]: H must meet H.',
      'dembcat = dhprebn @ ____',
    ],
    python: 'dembcat = dhprebn @ W1.T',
    typescript: 'd.embcat = d.hprebn.matmul(t.W1.T);',
  }),
  step('W1', {
    usedIn: ['hprebn'],
    hints: [
      'A product of matrices, as in the second layer: the gradient of the right factor is the left factor, transposed, times the gradient of the result.',
      'embcat is [B, T E], dhprebn is [B, H], and dW1 must be [T E, H]: the axis of the examples, B, must meet itself.',
      'dW1 = ____ @ dhprebn',
    ],
    python: 'dW1 = embcat.T @ dhprebn',
    typescript: 'd.W1 = t.embcat.T.matmul(d.hprebn);',
  }),
  step('b1', {
    usedIn: ['hprebn'],
    hints: [
      'It is added, so the slope is 1; and it is broadcast, so its gradients are summed.',
      'b1 is [H] and is added to each of the B rows: sum over axis 0. The result is nearly zero: batch norm subtracts the mean, and with it whatever b1 adds.',
      'db1 = dhprebn.sum(____)',
    ],
    python: 'db1 = dhprebn.sum(0)',
    typescript: 'd.b1 = d.hprebn.sum(0);',
  }),
  step('emb', {
    usedIn: ['embcat'],
    hints: [
      'view changes the shape and no number: going back, the same numbers take the old shape.',
      'dembcat is [B, T E], emb is [B, T, E]: as many elements, in the same order.',
      'demb = dembcat.view(____)',
    ],
    python: 'demb = dembcat.view(emb.shape)',
    typescript: 'd.emb = d.embcat.view(t.emb.shape);',
  }),
  step('C', {
    usedIn: ['emb'],
    hints: [
      'Indexing copies rows. A row that is copied several times has several ways back, and their gradients are added.',
      'Xb is [B, T] and names a row of C, [V, E], for each place; demb is [B, T, E] and has the gradient of each copy. Begin with zeros, go over all places, and add each gradient to the row that was copied to it.',
      'dC = torch.zeros_like(C)\nfor k in range(Xb.shape[0]):\n    for j in range(Xb.shape[1]):\n        dC[____] += demb[k, j]',
    ],
    python:
      'dC = torch.zeros_like(C)\nfor k in range(Xb.shape[0]):\n    for j in range(Xb.shape[1]):\n        ix = Xb[k, j]\n        dC[ix] += demb[k, j]',
    typescript: 'd.C = hg.zerosLike(t.C).indexPut_([t.Xb], d.emb, { accumulate: true });',
    note: 'dC[Xb] += demb would write each repeated row once only, with the last of its gradients.',
  }),
];

/** Exercise 2: dlogits from logits and targets, in one expression. */
export const crossEntropyInOneGo: Step = {
  name: 'dlogits',
  of: 'logits',
  shape: shapes.logits,
  usedIn: ['loss'],
  forward: ['loss = F.cross_entropy(logits, Yb)'],
  hints: [
    'For one example with target y, the loss is the logarithm of the sum of all exp(logits), minus the logit of y. Differentiate that, once for a logit that is not the target and once for the target.',
    'The slope of the first part towards a logit is its probability: softmax along axis 1, [B, V]. The second part takes 1 from one column of each row, that of Yb. And the loss is a mean over B examples.',
    'dlogits = F.softmax(logits, 1)\ndlogits[range(batch_size), Yb] -= ____\ndlogits /= ____',
  ],
  python: 'dlogits = F.softmax(logits, 1)\ndlogits[range(batch_size), Yb] -= 1\ndlogits /= batch_size',
  typescript: 'd.logits = t.logits.softmax(1).indexPut_([t.range, t.Yb], -1, { accumulate: true }).div_(t.batch_size);',
  note: 'Right, and yet not equal to the last bit: it rounds in other places than eight steps do.',
};

/** Exercise 3: dhprebn from dhpreact, in one expression. */
export const batchNormInOneGo: Step = {
  name: 'dhprebn',
  of: 'hprebn',
  shape: shapes.hprebn,
  usedIn: ['hpreact'],
  forward: [
    'hpreact = bngain * (hprebn - hprebn.mean(0, keepdim=True)) / torch.sqrt(hprebn.var(0, keepdim=True, unbiased=True) + eps) + bnbias',
  ],
  hints: [
    'Take one column. Each of its numbers reaches the result in three ways: directly, through the mean, and through the variance. Find the three gradients, add them, and put what they have in common in front.',
    'Both detours pass through a sum over the B rows of the column: of dhpreact for the mean, of dhpreact times bnraw for the variance, each [H] or [1, H] and broadcast. The variance divides by B-1, which leaves a factor B/(B-1).',
    'dhprebn = bngain*bnvar_inv/batch_size * (batch_size*dhpreact - ____ - batch_size/(batch_size-1)*bnraw*____)',
  ],
  python:
    'dhprebn = bngain*bnvar_inv/batch_size * (batch_size*dhpreact - dhpreact.sum(0) - batch_size/(batch_size-1)*bnraw*(dhpreact*bnraw).sum(0))',
  typescript: `const n = t.batch_size;
const slope = t.bnraw.mul(n / (n - 1)).mul(d.hpreact.mul(t.bnraw).sum(0));
d.hprebn = t.bngain.mul(t.bnvar_inv).div(n).mul(d.hpreact.mul(n).sub(d.hpreact.sum(0)).sub(slope));`,
  note: 'Right, and yet not equal to the last bit: it rounds in other places than seven steps do.',
};
