"""Writes fixtures/exercise4.json: losses of the notebook's training, and a small trained model with what PyTorch makes of it.

    python3 test/golden/exercise4.py names.txt ../makemore/names.txt   (PyTorch 1.13, built without MKL)

Losses: the first 100 of exercise 4 with each of the two word lists. Small model: parameters after 2,000 steps with the first
list; batch norm's statistics and the three losses, in float64; words that torch.multinomial draws.
"""

import json
import pathlib
import random
import sys

import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
block_size = 3


def datasets(path):
    words = pathlib.Path(path).read_text().splitlines()
    chars = sorted(set("".join(words)))
    stoi = {s: i + 1 for i, s in enumerate(chars)}
    stoi["."] = 0

    def build(words):
        X, Y = [], []
        for w in words:
            context = [0] * block_size
            for ch in w + ".":
                X.append(context)
                Y.append(stoi[ch])
                context = context[1:] + [stoi[ch]]
        return torch.tensor(X), torch.tensor(Y)

    random.seed(42)
    random.shuffle(words)
    n1, n2 = int(0.8 * len(words)), int(0.9 * len(words))
    return stoi, [build(words[:n1]), build(words[n1:n2]), build(words[n2:])]


def train(Xtr, Ytr, vocab_size, n_embd, n_hidden, steps, rate=0.1, n=32, eps=1e-5):
    """The notebook's exercise 4; losses and parameters."""
    g = torch.Generator().manual_seed(2147483647)
    C = torch.randn((vocab_size, n_embd), generator=g)
    W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) * (5 / 3) / ((n_embd * block_size) ** 0.5)
    b1 = torch.randn(n_hidden, generator=g) * 0.1
    W2 = torch.randn((n_hidden, vocab_size), generator=g) * 0.1
    b2 = torch.randn(vocab_size, generator=g) * 0.1
    torch.manual_seed(42)
    bngain = torch.randn((1, n_hidden)) * 0.1 + 1.0
    bnbias = torch.randn((1, n_hidden)) * 0.1
    parameters = {"C": C, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "bngain": bngain, "bnbias": bnbias}
    losses = []
    for i in range(steps):
        ix = torch.randint(0, Xtr.shape[0], (n,), generator=g)
        Xb, Yb = Xtr[ix], Ytr[ix]
        emb = C[Xb]
        embcat = emb.view(emb.shape[0], -1)
        hprebn = embcat @ W1 + b1
        bnmean = hprebn.mean(0, keepdim=True)
        bnvar = hprebn.var(0, keepdim=True, unbiased=True)
        bnvar_inv = (bnvar + eps) ** -0.5
        bnraw = (hprebn - bnmean) * bnvar_inv
        hpreact = bngain * bnraw + bnbias
        h = torch.tanh(hpreact)
        logits = h @ W2 + b2
        losses.append(F.cross_entropy(logits, Yb).item())

        dlogits = F.softmax(logits, 1)
        dlogits[range(n), Yb] -= 1
        dlogits /= n
        dh = dlogits @ W2.T
        dhpreact = (1.0 - h**2) * dh
        dhprebn = bngain * bnvar_inv / n * (n * dhpreact - dhpreact.sum(0) - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))
        demb = (dhprebn @ W1.T).view(emb.shape)
        dC = torch.zeros_like(C)
        for k in range(Xb.shape[0]):
            for j in range(Xb.shape[1]):
                dC[Xb[k, j]] += demb[k, j]
        gradients = {
            "C": dC,
            "W1": embcat.T @ dhprebn,
            "b1": dhprebn.sum(0),
            "W2": h.T @ dlogits,
            "b2": dlogits.sum(0),
            "bngain": (bnraw * dhpreact).sum(0, keepdim=True),
            "bnbias": dhpreact.sum(0, keepdim=True),
        }
        lr = rate if i < steps / 2 else rate / 10
        for name, p in parameters.items():
            p += -lr * gradients[name]
    return losses, parameters


def forward(X, p, bnmean, bnvar, eps=1e-5):
    hpreact = p["C"][X].view(X.shape[0], -1) @ p["W1"] + p["b1"]
    hpreact = p["bngain"] * (hpreact - bnmean) * (bnvar + eps) ** -0.5 + p["bnbias"]
    return torch.tanh(hpreact) @ p["W2"] + p["b2"]


def sample(p, bnmean, bnvar, itos, count, temperature=1.0, prompt=()):
    g = torch.Generator().manual_seed(2147483647 + 10)
    words = []
    for _ in range(count):
        out = list(prompt)
        while True:
            context = ([0] * block_size + out)[-block_size:]
            probs = F.softmax(forward(torch.tensor([context]), p, bnmean, bnvar) / temperature, dim=1)
            ix = torch.multinomial(probs, num_samples=1, generator=g).item()
            if ix == 0:
                break
            out.append(ix)
        words.append("".join(itos[i] for i in out))
    return words


def numbers(tensor):
    """float32 in its shortest decimal form, float64 in full."""
    return {"shape": list(tensor.shape), "data": [float(str(x)) for x in tensor.numpy().flatten()]}


def small(path):
    stoi, (tr, dev, test) = datasets(path)
    itos = {i: s for s, i in stoi.items()}
    _, p = train(*tr, len(stoi), n_embd=4, n_hidden=16, steps=2000)
    double = {name: value.double() for name, value in p.items()}
    hprebn = double["C"][tr[0]].view(len(tr[0]), -1) @ double["W1"] + double["b1"]
    bnmean, bnvar = hprebn.mean(0, keepdim=True), hprebn.var(0, keepdim=True, unbiased=True)
    loss = [F.cross_entropy(forward(X, double, bnmean, bnvar), Y).item() for X, Y in (tr, dev, test)]
    single = (p, bnmean.float(), bnvar.float(), itos)
    return {
        "parameters": {name: numbers(value) for name, value in p.items()},
        "bnmean": numbers(bnmean),
        "bnvar": numbers(bnvar),
        "loss": dict(zip(("train", "dev", "test"), loss)),
        "words": sample(*single, 200),
        "cold": sample(*single, 50, temperature=0.5),
        "prompted": sample(*single, 50, prompt=[stoi[s] for s in "mari"]),
    }


def losses(path):
    stoi, (tr, _, _) = datasets(path)
    return train(*tr, len(stoi), n_embd=10, n_hidden=200, steps=200)[0][:100]


bundled, makemore = sys.argv[1:]
golden = {"losses": {"bundled": losses(bundled), "makemore": losses(makemore)}, "small": small(bundled)}
(here / "fixtures" / "exercise4.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
