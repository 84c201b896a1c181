// The lecture's notebook in cells, in our spelling: words, model, minibatch, forward pass, and the three exercises.

import { batchNormInOneGo, crossEntropyInOneGo, forwardPass, operationByOperation, type Step } from 'handgrad/lesson';

const compared = ({ name, of, python }: Step): string => `${python}\ncmp('${name}', ${name}, ${of})`;

/** Each cell runs after those before it. */
export const notebookCells: readonly string[] = [
  `import torch
import torch.nn.functional as F

words = open('names.txt', 'r').read().splitlines()
chars = sorted(list(set(''.join(words))))
stoi = {s: i + 1 for i, s in enumerate(chars)}
stoi['.'] = 0
itos = {i: s for s, i in stoi.items()}
vocab_size = len(itos)
print(vocab_size, 'characters,', len(words), 'words')`,
  `block_size = 3
X, Y = [], []
for w in words[:2000]:
    context = [0] * block_size
    for ch in w + '.':
        X.append(context)
        Y.append(stoi[ch])
        context = context[1:] + [stoi[ch]]
X, Y = torch.tensor(X), torch.tensor(Y)
print(X.shape, Y.shape)`,
  `def cmp(s, dt, t):
    ex = torch.all(dt == t.grad).item()
    app = torch.allclose(dt, t.grad)
    maxdiff = (dt - t.grad).abs().max().item()
    print(f'{s:15s} | exact: {str(ex):5s} | approximate: {str(app):5s} | maxdiff: {maxdiff}')`,
  `n_embd, n_hidden, batch_size, eps = 10, 64, 32, 1e-5
g = torch.Generator().manual_seed(2147483647)
C = torch.randn((vocab_size, n_embd), generator=g)
W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) * (5/3) / (n_embd * block_size)**0.5
b1 = torch.randn(n_hidden, generator=g) * 0.1
W2 = torch.randn((n_hidden, vocab_size), generator=g) * 0.1
b2 = torch.randn(vocab_size, generator=g) * 0.1
bngain = torch.randn((1, n_hidden), generator=g) * 0.1 + 1.0
bnbias = torch.randn((1, n_hidden), generator=g) * 0.1
parameters = [C, W1, b1, W2, b2, bngain, bnbias]
for p in parameters:
    p.requires_grad = True
ix = torch.randint(0, X.shape[0], (batch_size,), generator=g)
Xb, Yb = X[ix], Y[ix]`,
  `${Object.values(forwardPass)
    .map(({ python }) => python)
    .join('\n')}

for t in [${Object.keys(forwardPass).toReversed().slice(1).join(', ')}]:
    t.retain_grad()
loss.backward()
print(loss.item())`,
  operationByOperation.map(compared).join('\n'),
  compared(crossEntropyInOneGo),
  compared(batchNormInOneGo),
];
