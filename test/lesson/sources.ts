// The lecture's cells in a spelling of our own.

/** From the word list to the minibatch. */
export const setup = `
import torch
import torch.nn.functional as F
import random
%matplotlib inline
words = open('names.txt').read().splitlines()
letters = sorted(set(''.join(words)))
stoi = {letter: i + 1 for i, letter in enumerate(letters)}
stoi['.'] = 0
itos = {i: letter for letter, i in stoi.items()}
vocab_size = len(itos)
block_size = 3

def examples(some):
    contexts, targets = [], []
    for word in some:
        context = [0] * block_size
        for letter in word + '.':
            contexts.append(context)
            targets.append(stoi[letter])
            context = context[1:] + [stoi[letter]]
    return torch.tensor(contexts), torch.tensor(targets)

random.seed(42)
random.shuffle(words)
Xtr, Ytr = examples(words[:int(0.8 * len(words))])

n_embd, n_hidden, batch_size = 10, 64, 32
g = torch.Generator().manual_seed(456789096543)
C = torch.randn((vocab_size, n_embd), generator=g)
W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) * (5 / 3) / ((n_embd * block_size) ** 0.5)
b1 = torch.randn(n_hidden, generator=g) * 0.1
W2 = torch.randn((n_hidden, vocab_size), generator=g) * 0.1
b2 = torch.randn(vocab_size, generator=g) * 0.1
bngain = torch.randn((1, n_hidden)) * 0.1 + 1.0
bnbias = torch.randn((1, n_hidden)) * 0.1
parameters = [C, W1, b1, W2, b2, bngain, bnbias]
for parameter in parameters:
    parameter.requires_grad = True
chosen = torch.randint(0, Xtr.shape[0], (batch_size,), generator=g)
Xb, Yb = Xtr[chosen], Ytr[chosen]
`;

/** The forward pass. */
export const forward = `
emb = C[Xb]
embcat = emb.view(emb.shape[0], -1)
hprebn = embcat @ W1 + b1
bnmeani = 1 / batch_size * hprebn.sum(0, keepdim=True)
bndiff = hprebn - bnmeani
bndiff2 = bndiff ** 2
bnvar = 1 / (batch_size - 1) * bndiff2.sum(0, keepdim=True)
bnvar_inv = (bnvar + 1e5) ** -0.5
bnraw = bndiff * bnvar_inv
hpreact = bngain * bnraw + bnbias
h = torch.tanh(hpreact)
logits = h @ W2 + b2
logit_maxes = logits.max(1, keepdim=True).values
norm_logits = logits - logit_maxes
counts = norm_logits.exp()
counts_sum = counts.sum(1, keepdim=True)
counts_sum_inv = counts_sum ** -1
probs = counts * counts_sum_inv
logprobs = probs.log()
loss = -logprobs[range(batch_size), Yb].mean()
`;

/** The way back. */
export const backward = `
for parameter in parameters:
    parameter.grad = None
for value in [logprobs, probs, counts, counts_sum, counts_sum_inv, norm_logits, logit_maxes, logits, h, hpreact, bnraw,
              bnvar_inv, bnvar, bndiff2, bndiff, hprebn, bnmeani, embcat, emb]:
    value.retain_grad()
loss.backward()
`;

/** The gradients of exercise 1, a statement or several each. */
export const steps = {
  dlogprobs: 'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = -1.0 / batch_size',
  dprobs: 'dprobs = (1.0 / probs) * dlogprobs',
  dcounts_sum_inv: 'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)',
  dcounts_sum: 'dcounts_sum = -counts_sum ** -2 * dcounts_sum_inv',
  dcounts: 'dcounts = counts_sum_inv * dprobs\ndcounts += torch.ones_like(counts) * dcounts_sum',
  dnorm_logits: 'dnorm_logits = counts * dcounts',
  dlogit_maxes: 'dlogit_maxes = -dnorm_logits.sum(1, keepdim=True)',
  dlogits:
    'dlogits = dnorm_logits.clone()\ndlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes',
  dh: 'dh = dlogits @ W2.T',
  dW2: 'dW2 = h.T @ dlogits',
  db2: 'db2 = dlogits.sum(0)',
  dhpreact: 'dhpreact = (1.0 - h ** 2) * dh',
  dbngain: 'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)',
  dbnbias: 'dbnbias = dhpreact.sum(0, keepdim=True)',
  dbnraw: 'dbnraw = bngain * dhpreact',
  dbnvar_inv: 'dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)',
  dbnvar: 'dbnvar = -0.5 * (bnvar + 1e5) ** -1.5 * dbnvar_inv',
  dbndiff2: 'dbndiff2 = 1.0 / (batch_size - 1) * torch.ones_like(bndiff2) * dbnvar',
  dbndiff: 'dbndiff = bnvar_inv * dbnraw\ndbndiff += 2 * bndiff * dbndiff2',
  dbnmeani: 'dbnmeani = (-dbndiff).sum(0, keepdim=True)',
  dhprebn: 'dhprebn = dbndiff.clone()\ndhprebn += 1.0 / batch_size * torch.ones_like(hprebn) * dbnmeani',
  dembcat: 'dembcat = dhprebn @ W1.T',
  dW1: 'dW1 = embcat.T @ dhprebn',
  db1: 'db1 = dhprebn.sum(0)',
  demb: 'demb = dembcat.view(emb.shape)',
  dC: `dC = torch.zeros_like(C)
for k in range(Xb.shape[0]):
    for j in range(Xb.shape[1]):
        dC[Xb[k, j]] += demb[k, j]`,
} as const;

export type Step = keyof typeof steps;

/** All gradients of exercise 1, with other statements for some of them. */
export function cell(others: Partial<Record<Step, string>> = {}): string {
  return Object.values({ ...steps, ...others }).join('\n');
}
