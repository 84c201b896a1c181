// Ways to write each gradient that are right, some of which learners have found: every one must be found right.

import { describe, expect, test } from 'vitest';
import { cell, faults, judged, type Step, steps } from './cells.js';

const spellings: Readonly<Record<Step, readonly string[]>> = {
  dlogprobs: [
    'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[torch.arange(batch_size), Yb] = -1 / batch_size',
    'dlogprobs = torch.zeros(logprobs.shape)\ndlogprobs[range(n), Yb] -= 1 / n',
    'dlogprobs = -F.one_hot(Yb, num_classes=vocab_size) / batch_size',
    'dlogprobs = F.one_hot(Yb, vocab_size).float() * (-1.0 / n)',
    'dlogprobs = torch.zeros((batch_size, vocab_size))\nfor i in range(batch_size):\n    dlogprobs[i, Yb[i]] = -1.0 / batch_size',
    'dlogprobs = torch.zeros_like(logprobs)\nfor i, y in enumerate(Yb):\n    dlogprobs[i][y] = -1.0 / n',
    'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs.scatter_(1, Yb.view(-1, 1), -1.0 / n)',
    'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[list(range(n)), Yb.tolist()] = torch.tensor([-1.0 / n] * n)',
    'dlogprobs = torch.zeros_like(logprobs).index_put_((torch.arange(n), Yb), torch.tensor(-1 / n))',
    'dlogprobs = (torch.arange(vocab_size) == Yb.unsqueeze(1)) * (-1 / n)',
    'dlogprobs = torch.where(torch.arange(vocab_size) == Yb[:, None], -1 / n, 0.0)',
    'dlogprobs = torch.zeros_like(logprobs)\nfor i in range(n): dlogprobs[i, Yb[i].item()] += -n ** -1',
    'dlogprobs = torch.full(logprobs.shape, 0.0)\ndlogprobs[range(n), Yb] = torch.full((n,), -1 / n)',
  ],
  dprobs: [
    'dprobs = dlogprobs / probs',
    'dprobs = probs ** -1 * dlogprobs',
    'dprobs = (1 / probs) * dlogprobs',
    'dprobs = torch.div(dlogprobs, probs)',
    'dprobs = dlogprobs.div(probs)',
    'dprobs = probs.reciprocal() * dlogprobs',
    'dprobs = dlogprobs.clone()\ndprobs /= probs',
    'dprobs = probs.pow(-1).mul(dlogprobs)',
    'dprobs = torch.pow(probs, -1) * dlogprobs',
    'dprobs = torch.exp(-logprobs) * dlogprobs',
  ],
  dcounts_sum_inv: [
    'dcounts_sum_inv = torch.sum(counts * dprobs, 1, keepdim=True)',
    'dcounts_sum_inv = (counts * dprobs).sum(1, True)',
    'dcounts_sum_inv = (dprobs * counts).sum(dim=1, keepdim=True)',
    'dcounts_sum_inv = (counts * dprobs).sum(-1, keepdim=True)',
    'dcounts_sum_inv = (counts * dprobs).sum(axis=1, keepdims=True)',
    'dcounts_sum_inv = (counts * dprobs).sum(1).unsqueeze(1)',
    'dcounts_sum_inv = (counts * dprobs).sum(1).view(-1, 1)',
    'dcounts_sum_inv = (counts * dprobs).sum(1)[:, None]',
    "dcounts_sum_inv = torch.einsum('ij,ij->i', counts, dprobs).reshape(n, 1)",
    'dcounts_sum_inv = (counts * dprobs) @ torch.ones((vocab_size, 1))',
    'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True).clone()',
  ],
  dcounts_sum: [
    'dcounts_sum = (-1 / counts_sum ** 2) * dcounts_sum_inv',
    'dcounts_sum = -(counts_sum ** -2) * dcounts_sum_inv',
    'dcounts_sum = (-1.0 * counts_sum ** (-2)) * dcounts_sum_inv',
    'dcounts_sum = -counts_sum_inv ** 2 * dcounts_sum_inv',
    'dcounts_sum = -dcounts_sum_inv / (counts_sum * counts_sum)',
    'dcounts_sum = -dcounts_sum_inv / counts_sum.pow(2)',
    'dcounts_sum = -torch.square(counts_sum_inv) * dcounts_sum_inv',
    'dcounts_sum = dcounts_sum_inv * -(counts_sum_inv * counts_sum_inv)',
  ],
  dcounts: [
    'dcounts = counts_sum_inv * dprobs\ndcounts = dcounts + dcounts_sum',
    'dcounts = dprobs * counts_sum_inv + dcounts_sum',
    'dcounts = counts_sum_inv * dprobs\ndcounts += dcounts_sum',
    'dcounts = counts_sum_inv * dprobs\ndcounts.add_(dcounts_sum)',
    'dcounts = dprobs * counts_sum_inv + dcounts_sum.expand(counts.shape)',
    'dcounts = dprobs * counts_sum_inv + dcounts_sum.expand_as(counts)',
    'first = counts_sum_inv * dprobs\nsecond = torch.ones_like(counts) * dcounts_sum\ndcounts = first + second',
    'dcounts = torch.add(counts_sum_inv * dprobs, dcounts_sum)',
    'dcounts = sum([counts_sum_inv * dprobs, dcounts_sum])',
  ],
  dnorm_logits: [
    'dnorm_logits = norm_logits.exp() * dcounts',
    'dnorm_logits = torch.exp(norm_logits) * dcounts',
    'dnorm_logits = dcounts.mul(counts)',
    'dnorm_logits = torch.mul(counts, dcounts)',
    'dnorm_logits = dcounts.clone()\ndnorm_logits *= counts',
    'dnorm_logits = dcounts.clone().mul_(counts)',
  ],
  dlogit_maxes: [
    'dlogit_maxes = (-dnorm_logits).sum(1, keepdim=True)',
    'dlogit_maxes = -torch.sum(dnorm_logits, dim=1, keepdim=True)',
    'dlogit_maxes = (-1 * dnorm_logits).sum(1, True)',
    'dlogit_maxes = dnorm_logits.neg().sum(1, keepdim=True)',
    'dlogit_maxes = dnorm_logits.sum(1, keepdim=True) * -1',
    'dlogit_maxes = 0 - dnorm_logits.sum(1).reshape(-1, 1)',
  ],
  dlogits: [
    'dlogits = dnorm_logits.clone()\ndlogits[range(n), logits.max(1).indices] += dlogit_maxes.view(-1)',
    'dlogits = dnorm_logits + F.one_hot(logits.argmax(1), vocab_size) * dlogit_maxes',
    'hit = torch.zeros_like(logits)\nhit[range(n), logits.max(1)[1]] = 1\ndlogits = dnorm_logits + hit * dlogit_maxes',
    'dlogits = dnorm_logits + (logits == logit_maxes) * dlogit_maxes',
    'dlogits = dnorm_logits + (logits == logit_maxes).float() * dlogit_maxes',
    'dlogits = dnorm_logits.clone()\nvalues, indices = logits.max(1)\nfor i in range(n):\n    dlogits[i, indices[i]] += dlogit_maxes[i, 0]',
    'dlogits = dnorm_logits.clone()\ndlogits.scatter_add_(1, logits.max(1, keepdim=True).indices, dlogit_maxes)',
    'dlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n',
    'dlogits = (torch.softmax(logits, dim=1) - F.one_hot(Yb, vocab_size)) / n',
    'dlogits = probs.clone()\ndlogits[range(n), Yb] -= 1\ndlogits *= 1 / n',
  ],
  dh: [
    'dh = dlogits.matmul(W2.T)',
    'dh = torch.matmul(dlogits, W2.t())',
    'dh = torch.mm(dlogits, W2.transpose(0, 1))',
    'dh = (W2 @ dlogits.T).T',
    "dh = torch.einsum('bv,hv->bh', dlogits, W2)",
    'dh = dlogits @ W2.permute(1, 0)',
    'dh = torch.stack([W2 @ row for row in dlogits])',
  ],
  dW2: [
    'dW2 = torch.matmul(h.T, dlogits)',
    'dW2 = (dlogits.T @ h).T',
    "dW2 = torch.einsum('bh,bv->hv', h, dlogits)",
    'dW2 = torch.zeros_like(W2)\nfor i in range(n):\n    dW2 += torch.outer(h[i], dlogits[i])',
    'dW2 = sum(h[i].unsqueeze(1) * dlogits[i] for i in range(n))',
    'dW2 = h.transpose(1, 0).mm(dlogits)',
    'dW2 = (h.unsqueeze(2) * dlogits.unsqueeze(1)).sum(0)',
  ],
  db2: [
    'db2 = torch.sum(dlogits, 0)',
    'db2 = dlogits.sum(dim=0)',
    'db2 = dlogits.sum(0, keepdim=True)',
    'db2 = dlogits.sum(axis=0)',
    'db2 = torch.ones(n) @ dlogits',
    'db2 = dlogits.T.sum(1)',
    'db2 = torch.zeros_like(b2)\nfor row in dlogits:\n    db2 += row',
    'db2 = dlogits.sum(0, keepdim=True).squeeze(0)',
    'db2 = dlogits.mean(0) * n',
  ],
  dhpreact: [
    'dhpreact = (1 - h ** 2) * dh',
    'dhpreact = dh * (1.0 - h * h)',
    'dhpreact = (1 - torch.tanh(hpreact) ** 2) * dh',
    'dhpreact = (torch.ones_like(h) - h.pow(2)) * dh',
    'dhpreact = dh - h ** 2 * dh',
    'dhpreact = (1 - h.square()) * dh',
    'dhpreact = (1 - hpreact.tanh() ** 2).mul(dh)',
    'dhpreact = dh * (1 + h) * (1 - h)',
  ],
  dbngain: [
    'dbngain = torch.sum(bnraw * dhpreact, 0, keepdim=True)',
    'dbngain = (dhpreact * bnraw).sum(0, True)',
    'dbngain = (bnraw * dhpreact).sum(0)',
    "dbngain = torch.einsum('ij,ij->j', bnraw, dhpreact)",
    'dbngain = (bnraw * dhpreact).sum(0).view(1, -1)',
    'dbngain = (bnraw * dhpreact).sum(0)[None, :]',
  ],
  dbnbias: [
    'dbnbias = torch.sum(dhpreact, dim=0, keepdim=True)',
    'dbnbias = dhpreact.sum(0)',
    'dbnbias = dhpreact.sum(0, True)',
    'dbnbias = torch.ones((1, n)) @ dhpreact',
    'dbnbias = torch.zeros_like(bnbias)\nfor i in range(n):\n    dbnbias += dhpreact[i:i + 1]',
  ],
  dbnraw: [
    'dbnraw = dhpreact * bngain',
    'dbnraw = dhpreact.mul(bngain)',
    'dbnraw = bngain.expand(h.shape) * dhpreact',
    'dbnraw = dhpreact.clone()\ndbnraw *= bngain',
  ],
  dbnvar_inv: [
    'dbnvar_inv = torch.sum(bndiff * dbnraw, 0, keepdim=True)',
    'dbnvar_inv = (dbnraw * bndiff).sum(0, True)',
    'dbnvar_inv = (bndiff * dbnraw).sum(dim=0, keepdim=True)',
    'dbnvar_inv = (bndiff * dbnraw).sum(0)',
  ],
  dbnvar: [
    'dbnvar = -0.5 * ((bnvar + 1e5) ** -1.5) * dbnvar_inv',
    'dbnvar = dbnvar_inv * -0.5 * (bnvar + 100000) ** (-3 / 2)',
    'dbnvar = -0.5 * bnvar_inv ** 3 * dbnvar_inv',
    'dbnvar = (-1 / 2) * torch.pow(bnvar + 1e05, -1.5) * dbnvar_inv',
    'dbnvar = -dbnvar_inv / (2 * (bnvar + 1e5) * torch.sqrt(bnvar + 1e5))',
    'dbnvar = -0.5 * (bnvar + 1e5).pow(-1.5).mul(dbnvar_inv)',
    'dbnvar = -0.5 * (bnvar + 1e5).rsqrt() ** 3 * dbnvar_inv',
  ],
  dbndiff2: [
    'dbndiff2 = torch.ones_like(bndiff2) * dbnvar / (batch_size - 1)',
    'dbndiff2 = (1 / (n - 1)) * dbnvar.expand(n, n_hidden)',
    'dbndiff2 = (1.0 / (n - 1)) * torch.ones_like(bndiff2) * dbnvar',
    'dbndiff2 = torch.ones((n, 1)) @ dbnvar / (n - 1)',
    'dbndiff2 = dbnvar.repeat(n, 1) / (n - 1)',
    'dbndiff2 = torch.cat([dbnvar for _ in range(n)]) / (n - 1)',
  ],
  dbndiff: [
    'dbndiff = bnvar_inv * dbnraw + 2 * bndiff * dbndiff2',
    'dbndiff = bnvar_inv * dbnraw\ndbndiff = dbndiff + (2 * bndiff) * dbndiff2',
    'dbndiff = dbnraw * bnvar_inv\ndbndiff.add_(bndiff * dbndiff2 * 2)',
    'dbndiff = bnvar_inv * dbnraw\ndbndiff += (bndiff + bndiff) * dbndiff2',
  ],
  dbnmeani: [
    'dbnmeani = -dbndiff.sum(0, keepdim=True)',
    'dbnmeani = (-dbndiff).sum(0)',
    'dbnmeani = -torch.sum(dbndiff, 0)',
    'dbnmeani = dbndiff.neg().sum(0, True)',
    'dbnmeani = (-torch.ones_like(bndiff) * dbndiff).sum(0)',
  ],
  dhprebn: [
    'dhprebn = dbndiff + dbnmeani / n',
    'dhprebn = dbndiff.clone()\ndhprebn += (1.0 / n) * (torch.ones_like(hprebn) * dbnmeani)',
    'dhprebn = dbndiff - dbndiff.mean(0)',
    'dhprebn = bngain * bnvar_inv / n * (n * dhpreact - dhpreact.sum(0) - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))',
    'dhprebn = dbndiff + 1 / n * dbnmeani.expand(n, -1)',
  ],
  dembcat: [
    'dembcat = torch.matmul(dhprebn, W1.T)',
    'dembcat = (W1 @ dhprebn.T).T',
    "dembcat = torch.einsum('bh,eh->be', dhprebn, W1)",
    'dembcat = dhprebn.mm(W1.t())',
  ],
  dW1: [
    'dW1 = (dhprebn.T @ embcat).T',
    'dW1 = torch.mm(embcat.T, dhprebn)',
    "dW1 = torch.einsum('be,bh->eh', embcat, dhprebn)",
    'dW1 = embcat.t().matmul(dhprebn)',
  ],
  db1: [
    'db1 = torch.sum(dhprebn, 0)',
    'db1 = dhprebn.sum(0, keepdim=True)',
    'db1 = dhprebn.sum(dim=0)',
    'db1 = dhprebn.T.sum(1)',
  ],
  demb: [
    'demb = dembcat.view(n, block_size, n_embd)',
    'demb = dembcat.reshape(emb.shape)',
    'demb = dembcat.view(emb.shape[0], emb.shape[1], -1)',
    'demb = dembcat.view(-1, 3, n_embd)',
    'demb = dembcat.view(*emb.shape)',
    'demb = dembcat.view_as(emb)',
    'demb = dembcat.contiguous().view(emb.size())',
  ],
  dC: [
    'dC = torch.zeros_like(C)\nfor k in range(Xb.shape[0]):\n    for j in range(Xb.shape[1]):\n        ix = Xb[k, j]\n        dC[ix] += demb[k, j]',
    'dC = torch.zeros_like(C)\ndC.index_add_(0, Xb.view(-1), demb.view(-1, n_embd))',
    'dC = torch.zeros_like(C)\ndC.index_put_((Xb,), demb, accumulate=True)',
    'dC = F.one_hot(Xb.view(-1), vocab_size).float().T @ demb.view(-1, n_embd)',
    "dC = torch.einsum('btv,bte->ve', F.one_hot(Xb, num_classes=vocab_size).float(), demb)",
    'dC = torch.zeros_like(C).index_add(0, Xb.flatten(), demb.flatten(0, 1))',
    'dC = torch.zeros_like(C)\nfor row, grads in zip(Xb, demb):\n    for ix, grad in zip(row, grads):\n        dC[ix.item()] += grad',
    'dC = torch.zeros(C.shape)\nfor (k, row) in enumerate(Xb.tolist()):\n    for (j, ix) in enumerate(row):\n        dC[ix] = dC[ix] + demb[k][j]',
    'onehot = F.one_hot(Xb, num_classes=vocab_size).float()\ndC = (onehot.transpose(1, 2).unsqueeze(3) * torch.ones((1, 1, 1, 1)) * demb.unsqueeze(1)).sum((0, 2))',
  ],
};

const most = Math.max(...Object.values(spellings).map(({ length }) => length));
const isRight = (step: string, round: number) => spellings[step as Step][round] !== undefined;
const small = { hidden: 13, embed: 5, batch: 9 };

describe.each(Array.from({ length: most }, (_, round) => round))('spellings, number %i of each', (round) => {
  const names = Object.keys(steps).filter((step) => isRight(step, round)) as Step[];
  const result = judged(cell(Object.fromEntries(names.map((name) => [name, spellings[name][round]]))), small);

  test(`are right: ${names.join(', ')}`, () => {
    expect({ error: result.error, faults: faults(result), open: result.open }).toEqual({
      error: null,
      faults: {},
      open: [],
    });
    expect(result.ok).toBe(true);
  });
});

test('there are more than a hundred', () => {
  expect(Object.values(spellings).flat().length).toBeGreaterThan(150);
});
