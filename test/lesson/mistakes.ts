// Mistakes that learners make in the exercises, in both languages, with what a proof says of each. Tests of the lesson and of the page read it.

import type { Code } from '../../src/lesson/exercises.js';
import type { DifferentiatedName } from '../../src/mlp/layout.js';
import type { DiagnosisKind } from '../../src/proof/schema.js';

/** A mistake: these lines take the place of the solution's. */
export interface Mistake extends Code {
  /** The gradient whose lines are replaced. */
  readonly of: DifferentiatedName;
  /** The first gradient that is wrong by it; null where it makes no difference in this model. */
  readonly root: DifferentiatedName | null;
  /** What is wrong with that, where it can be told for certain. */
  readonly kind: DiagnosisKind | null;
  /** Where it makes no difference: the gradient that is right but no longer exact, and a part of what is said of it. */
  readonly blurred?: readonly [DifferentiatedName, note: string];
}

/** One mistake, whose root is the gradient itself. */
function wrong(of: DifferentiatedName, kind: DiagnosisKind | null, python: string, typescript: string): Mistake {
  return { of, root: of, kind, python, typescript };
}

/** One that changes nothing in real numbers, but the last bits of a gradient; or another right formula, taken for a mistake. */
function hidden(of: DifferentiatedName, blurred: Mistake['blurred'] & {}, python: string, typescript: string): Mistake {
  return { of, root: null, kind: null, blurred, python, typescript };
}

/** Mistakes in exercise 1; each gradient has at least one. */
export const mistakes: readonly Mistake[] = [
  wrong(
    'logprobs',
    'sign',
    'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = 1.0/batch_size',
    'd.logprobs = hg.zerosLike(t.logprobs).indexPut_([t.range, t.Yb], 1 / t.batch_size);',
  ),
  wrong(
    'logprobs',
    'factor',
    'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = -1.0',
    'd.logprobs = hg.zerosLike(t.logprobs).indexPut_([t.range, t.Yb], -1);',
  ),
  wrong(
    'logprobs',
    null,
    'dlogprobs = -1.0/batch_size * torch.ones_like(logprobs)',
    'd.logprobs = hg.onesLike(t.logprobs).mul(-1 / t.batch_size);',
  ),
  wrong('probs', null, 'dprobs = probs * dlogprobs', 'd.probs = t.probs.mul(d.logprobs);'),
  wrong('probs', 'missing-upstream', 'dprobs = 1.0/probs', 'd.probs = t.probs.pow(-1);'),
  wrong(
    'counts_sum_inv',
    'not-summed',
    'dcounts_sum_inv = counts * dprobs',
    'd.counts_sum_inv = t.counts.mul(d.probs);',
  ),
  wrong(
    'counts_sum_inv',
    null,
    'dcounts_sum_inv = counts.sum(1, keepdim=True) * dprobs',
    'd.counts_sum_inv = t.counts.sum(1, { keepdim: true }).mul(d.probs);',
  ),
  wrong(
    'counts_sum_inv',
    null,
    'dcounts_sum_inv = counts.sum() * dprobs',
    'd.counts_sum_inv = t.counts.sum().mul(d.probs);',
  ),
  wrong(
    'counts_sum_inv',
    'wrong-axis',
    'dcounts_sum_inv = (counts * dprobs).sum(0, keepdim=True)',
    'd.counts_sum_inv = t.counts.mul(d.probs).sum(0, { keepdim: true });',
  ),
  wrong(
    'counts_sum',
    'sign',
    'dcounts_sum = counts_sum**-2 * dcounts_sum_inv',
    'd.counts_sum = t.counts_sum.pow(-2).mul(d.counts_sum_inv);',
  ),
  wrong(
    'counts_sum',
    null,
    'dcounts_sum = -counts_sum**-1 * dcounts_sum_inv',
    'd.counts_sum = t.counts_sum.pow(-1).neg().mul(d.counts_sum_inv);',
  ),
  hidden(
    'counts_sum',
    ['counts_sum', ''],
    'dcounts_sum = -(1.0/counts_sum)*(1.0/counts_sum) * dcounts_sum_inv',
    'd.counts_sum = t.counts_sum.pow(-1).neg().mul(t.counts_sum.pow(-1)).mul(d.counts_sum_inv);',
  ),
  wrong('counts', 'missing-branch', 'dcounts = counts_sum_inv * dprobs', 'd.counts = t.counts_sum_inv.mul(d.probs);'),
  wrong(
    'counts',
    'missing-branch',
    'dcounts = counts_sum_inv * dprobs\ndcounts = torch.ones_like(counts) * dcounts_sum',
    'd.counts = t.counts_sum_inv.mul(d.probs);\nd.counts = hg.onesLike(t.counts).mul(d.counts_sum);',
  ),
  wrong(
    'norm_logits',
    'other-value',
    'dnorm_logits = norm_logits * dcounts',
    'd.norm_logits = t.norm_logits.mul(d.counts);',
  ),
  wrong('norm_logits', 'missing-upstream', 'dnorm_logits = norm_logits.exp()', 'd.norm_logits = t.norm_logits.exp();'),
  wrong('logit_maxes', 'not-summed', 'dlogit_maxes = -dnorm_logits', 'd.logit_maxes = d.norm_logits.neg();'),
  hidden(
    'logit_maxes',
    ['logit_maxes', 'has the opposite sign'],
    'dlogit_maxes = dnorm_logits.sum(1, keepdim=True)',
    'd.logit_maxes = d.norm_logits.sum(1, { keepdim: true });',
  ),
  hidden(
    'logits',
    ['logits', 'the branch through logit_maxes is missing'],
    'dlogits = dnorm_logits.clone()',
    'd.logits = d.norm_logits.clone();',
  ),
  hidden(
    'logits',
    ['logits', ''],
    'dlogits = dnorm_logits.clone()\ndlogits += F.one_hot(Yb, num_classes=logits.shape[1]) * dlogit_maxes',
    'd.logits = d.norm_logits.clone();\nd.logits = d.logits.add(hg.oneHot(t.Yb, t.logits.shape[1]).mul(d.logit_maxes));',
  ),
  hidden(
    'logits',
    ['norm_logits', ''],
    'dlogits = dnorm_logits\ndlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes',
    'd.logits = d.norm_logits;\nd.logits.add_(hg.oneHot(t.logits.max(1).indices, t.logits.shape[1]).mul(d.logit_maxes));',
  ),
  wrong('h', 'transposed', 'dh = W2 @ dlogits.T', 'd.h = t.W2.matmul(d.logits.T);'),
  wrong('W2', 'transposed', 'dW2 = dlogits.T @ h', 'd.W2 = d.logits.T.matmul(t.h);'),
  wrong('W2', 'factor', 'dW2 = h.T @ dlogits / batch_size', 'd.W2 = t.h.T.matmul(d.logits).div(t.batch_size);'),
  wrong('b2', 'not-summed', 'db2 = dlogits', 'd.b2 = d.logits.clone();'),
  wrong('b2', 'mean-instead-of-sum', 'db2 = dlogits.mean(0)', 'd.b2 = d.logits.mean(0);'),
  wrong('b2', null, 'db2 = dlogits.sum(1)', 'd.b2 = d.logits.sum(1);'),
  hidden('hpreact', ['hpreact', ''], 'dhpreact = dh - h**2 * dh', 'd.hpreact = d.h.sub(t.h.pow(2).mul(d.h));'),
  wrong('hpreact', null, 'dhpreact = (1.0 - h) * dh', 'd.hpreact = t.h.neg().add(1).mul(d.h);'),
  wrong(
    'hpreact',
    null,
    'dhpreact = (1.0 - torch.tanh(h)**2) * dh',
    'd.hpreact = t.h.tanh().pow(2).neg().add(1).mul(d.h);',
  ),
  wrong('hpreact', 'sign', 'dhpreact = (h**2 - 1.0) * dh', 'd.hpreact = t.h.pow(2).sub(1).mul(d.h);'),
  wrong('bngain', 'not-summed', 'dbngain = bnraw * dhpreact', 'd.bngain = t.bnraw.mul(d.hpreact);'),
  wrong(
    'bngain',
    'mean-instead-of-sum',
    'dbngain = (bnraw * dhpreact).mean(0, keepdim=True)',
    'd.bngain = t.bnraw.mul(d.hpreact).mean(0, { keepdim: true });',
  ),
  wrong('bnraw', 'missing-derivative', 'dbnraw = dhpreact.clone()', 'd.bnraw = d.hpreact.clone();'),
  wrong('bnraw', 'other-gradient', 'dbnraw = bngain * dh', 'd.bnraw = t.bngain.mul(d.h);'),
  wrong('bnbias', 'not-summed', 'dbnbias = dhpreact.clone()', 'd.bnbias = d.hpreact.clone();'),
  wrong(
    'bnbias',
    'wrong-axis',
    'dbnbias = dhpreact.sum(1, keepdim=True)',
    'd.bnbias = d.hpreact.sum(1, { keepdim: true });',
  ),
  wrong('bnvar_inv', 'not-summed', 'dbnvar_inv = bndiff * dbnraw', 'd.bnvar_inv = t.bndiff.mul(d.bnraw);'),
  wrong(
    'bnvar_inv',
    'other-value',
    'dbnvar_inv = (bnraw * dbnraw).sum(0, keepdim=True)',
    'd.bnvar_inv = t.bnraw.mul(d.bnraw).sum(0, { keepdim: true });',
  ),
  wrong(
    'bnvar',
    'constant',
    'dbnvar = -0.5*bnvar**-1.5 * dbnvar_inv',
    'd.bnvar = t.bnvar.pow(-1.5).mul(-0.5).mul(d.bnvar_inv);',
  ),
  wrong(
    'bnvar',
    'factor',
    'dbnvar = -(bnvar + eps)**-1.5 * dbnvar_inv',
    'd.bnvar = t.bnvar.add(t.eps).pow(-1.5).neg().mul(d.bnvar_inv);',
  ),
  wrong(
    'bnvar',
    null,
    'dbnvar = -0.5*(bnvar + eps)**-0.5 * dbnvar_inv',
    'd.bnvar = t.bnvar.add(t.eps).pow(-0.5).mul(-0.5).mul(d.bnvar_inv);',
  ),
  wrong(
    'bndiff2',
    'factor',
    'dbndiff2 = 1.0/batch_size * torch.ones_like(bndiff2) * dbnvar',
    'd.bndiff2 = hg.onesLike(t.bndiff2).mul(1 / t.batch_size).mul(d.bnvar);',
  ),
  wrong(
    'bndiff2',
    'factor',
    'dbndiff2 = torch.ones_like(bndiff2) * dbnvar',
    'd.bndiff2 = hg.onesLike(t.bndiff2).mul(d.bnvar);',
  ),
  wrong('bndiff2', null, 'dbndiff2 = 1.0/(batch_size-1) * dbnvar', 'd.bndiff2 = d.bnvar.mul(1 / (t.batch_size - 1));'),
  wrong('bndiff', 'missing-branch', 'dbndiff = bnvar_inv * dbnraw', 'd.bndiff = t.bnvar_inv.mul(d.bnraw);'),
  wrong(
    'bndiff',
    'missing-branch',
    'dbndiff = bnvar_inv * dbnraw\ndbndiff = 2*bndiff * dbndiff2',
    'd.bndiff = t.bnvar_inv.mul(d.bnraw);\nd.bndiff = t.bndiff.mul(2).mul(d.bndiff2);',
  ),
  wrong(
    'bndiff',
    'factor-of-branch',
    'dbndiff = bnvar_inv * dbnraw\ndbndiff += bndiff * dbndiff2',
    'd.bndiff = t.bnvar_inv.mul(d.bnraw);\nd.bndiff = d.bndiff.add(t.bndiff.mul(d.bndiff2));',
  ),
  wrong(
    'bnmeani',
    'sign',
    'dbnmeani = dbndiff.sum(0, keepdim=True)',
    'd.bnmeani = d.bndiff.sum(0, { keepdim: true });',
  ),
  wrong('bnmeani', 'not-summed', 'dbnmeani = -dbndiff', 'd.bnmeani = d.bndiff.neg();'),
  wrong('hprebn', 'missing-branch', 'dhprebn = dbndiff.clone()', 'd.hprebn = d.bndiff.clone();'),
  wrong(
    'hprebn',
    'factor-of-branch',
    'dhprebn = dbndiff.clone()\ndhprebn += torch.ones_like(hprebn) * dbnmeani',
    'd.hprebn = d.bndiff.clone();\nd.hprebn = d.hprebn.add(hg.onesLike(t.hprebn).mul(d.bnmeani));',
  ),
  {
    of: 'hprebn',
    root: 'bndiff',
    kind: 'overwritten',
    python: 'dhprebn = dbndiff\ndhprebn += 1.0/batch_size * torch.ones_like(hprebn) * dbnmeani',
    typescript: 'd.hprebn = d.bndiff;\nd.hprebn.add_(hg.onesLike(t.hprebn).mul(1 / t.batch_size).mul(d.bnmeani));',
  },
  wrong('embcat', 'transposed', 'dembcat = W1 @ dhprebn.T', 'd.embcat = t.W1.matmul(d.hprebn.T);'),
  wrong('embcat', 'other-gradient', 'dembcat = dbndiff @ W1.T', 'd.embcat = d.bndiff.matmul(t.W1.T);'),
  wrong('W1', 'transposed', 'dW1 = dhprebn.T @ embcat', 'd.W1 = d.hprebn.T.matmul(t.embcat);'),
  wrong('W1', 'other-gradient', 'dW1 = embcat.T @ dhpreact', 'd.W1 = t.embcat.T.matmul(d.hpreact);'),
  wrong('b1', 'not-summed', 'db1 = dhprebn.clone()', 'd.b1 = d.hprebn.clone();'),
  wrong('b1', null, 'db1 = dhpreact.sum(0)', 'd.b1 = d.hpreact.sum(0);'),
  wrong('emb', 'copied', 'demb = dembcat.clone()', 'd.emb = d.embcat.clone();'),
  wrong(
    'emb',
    null,
    'demb = dembcat.view(emb.shape[1], emb.shape[0], emb.shape[2])',
    'd.emb = d.embcat.view(t.emb.shape[1], t.emb.shape[0], t.emb.shape[2]);',
  ),
  wrong(
    'C',
    'not-accumulated',
    'dC = torch.zeros_like(C)\ndC[Xb] += demb',
    'd.C = hg.zerosLike(t.C).indexPut_([t.Xb], d.emb);',
  ),
  wrong(
    'C',
    'not-accumulated',
    'dC = torch.zeros_like(C)\nfor k in range(Xb.shape[0]):\n    for j in range(Xb.shape[1]):\n        ix = Xb[k, j]\n        dC[ix] = demb[k, j]',
    'd.C = hg.zerosLike(t.C);\nd.C.indexPut_([t.Xb], d.emb);',
  ),
];

/** Mistakes in exercise 2. */
export const crossEntropyMistakes: readonly Mistake[] = [
  wrong(
    'logits',
    'factor',
    'dlogits = F.softmax(logits, 1)\ndlogits[range(batch_size), Yb] -= 1',
    'd.logits = t.logits.softmax(1).indexPut_([t.range, t.Yb], -1, { accumulate: true });',
  ),
  wrong(
    'logits',
    null,
    'dlogits = F.softmax(logits, 1)\ndlogits /= batch_size',
    'd.logits = t.logits.softmax(1).div_(t.batch_size);',
  ),
  wrong(
    'logits',
    null,
    'dlogits = F.softmax(logits, 0)\ndlogits[range(batch_size), Yb] -= 1\ndlogits /= batch_size',
    'd.logits = t.logits.softmax(0).indexPut_([t.range, t.Yb], -1, { accumulate: true }).div_(t.batch_size);',
  ),
];

/** Mistakes in exercise 3. */
export const batchNormMistakes: readonly Mistake[] = [
  wrong(
    'hprebn',
    null,
    'dhprebn = bngain*bnvar_inv * dhpreact',
    'd.hprebn = t.bngain.mul(t.bnvar_inv).mul(d.hpreact);',
  ),
  wrong(
    'hprebn',
    null,
    'dhprebn = bngain*bnvar_inv/batch_size * (batch_size*dhpreact - dhpreact.sum(0) - bnraw*(dhpreact*bnraw).sum(0))',
    `const slope = t.bnraw.mul(d.hpreact.mul(t.bnraw).sum(0));
d.hprebn = t.bngain.mul(t.bnvar_inv).div(t.batch_size).mul(d.hpreact.mul(t.batch_size).sub(d.hpreact.sum(0)).sub(slope));`,
  ),
  wrong(
    'hprebn',
    'factor',
    'dhprebn = bngain*bnvar_inv * (batch_size*dhpreact - dhpreact.sum(0) - batch_size/(batch_size-1)*bnraw*(dhpreact*bnraw).sum(0))',
    `const n = t.batch_size;
const slope = t.bnraw.mul(n / (n - 1)).mul(d.hpreact.mul(t.bnraw).sum(0));
d.hprebn = t.bngain.mul(t.bnvar_inv).mul(d.hpreact.mul(n).sub(d.hpreact.sum(0)).sub(slope));`,
  ),
];
