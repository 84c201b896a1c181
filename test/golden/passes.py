"""Writes fixtures/passes/*.json: the notebook's forward and backward pass in PyTorch, in several sizes.

    python3 test/golden/passes.py   (PyTorch 1.13)

Parameters and batch come from an integer hash that test/support/golden.ts computes too, in multiples of 2^-22 that float32 holds.
Of every tensor there are elements computed in float64, and the largest error that float32 makes in any of its elements. In a
tensor of few elements one run may be right by luck, so it is the largest of eight: rows, contexts, characters, embedding and
hidden units stand in another order in each, which changes no result but its rounding.
"""

import base64
import json
import math
import pathlib

import numpy as np
import torch

sizes = [
    {"B": 2, "T": 1, "V": 27, "E": 3, "H": 13},
    {"B": 3, "T": 2, "V": 3, "E": 2, "H": 2},
    {"B": 5, "T": 2, "V": 31, "E": 7, "H": 30},
    {"B": 16, "T": 4, "V": 130, "E": 6, "H": 40},
    {"B": 32, "T": 3, "V": 27, "E": 10, "H": 64},
    {"B": 33, "T": 8, "V": 5, "E": 1, "H": 1},
    {"B": 32, "T": 3, "V": 27, "E": 10, "H": 200},
    {"B": 257, "T": 3, "V": 27, "E": 10, "H": 512},
]
inputs = ["C", "W1", "b1", "W2", "b2", "bngain", "bnbias", "Xb", "Yb"]
samples = 64
orders = 8

# The axes of each tensor: X is T times E, "-" of size 1.
axes = {"C": "VE", "W1": "XH", "b1": "H", "W2": "HV", "b2": "V", "bngain": "-H", "bnbias": "-H", "emb": "BTE", "embcat": "BX", "loss": ""}
axes |= dict.fromkeys(["hprebn", "bndiff", "bndiff2", "bnraw", "hpreact", "h"], "BH")
axes |= dict.fromkeys(["bnmeani", "bnvar", "bnvar_inv"], "-H")
axes |= dict.fromkeys(["logits", "norm_logits", "counts", "probs", "logprobs"], "BV")
axes |= dict.fromkeys(["logit_maxes", "counts_sum", "counts_sum_inv"], "B-")


def hashes(stream, count):
    """`count` integers of 32 bits: MurmurHash3's finalizer of stream * 0x9e3779b1 + i."""
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(count, dtype=np.uint64) + np.uint64(stream * 0x9E3779B1)) & mask
    h ^= h >> np.uint64(16)
    h = h * np.uint64(0x85EBCA6B) & mask
    h ^= h >> np.uint64(13)
    h = h * np.uint64(0xC2B2AE35) & mask
    return (h ^ h >> np.uint64(16)).astype(np.int64)


def parameter(name, shape, scale, mean=0.0):
    """mean + scale * u, u in [-1, 1) in steps of 2^-20."""
    u = ((hashes(inputs.index(name), math.prod(shape)) >> 11) - 2**20) / 2**20
    return torch.tensor(mean + scale * u).view(shape)


def parameters(B, T, V, E, H):
    return {
        "C": parameter("C", (V, E), 2),
        "W1": parameter("W1", (T * E, H), 0.5),
        "b1": parameter("b1", (H,), 0.25),
        "W2": parameter("W2", (H, V), 0.25),
        "b2": parameter("b2", (V,), 0.25),
        "bngain": parameter("bngain", (1, H), 0.25, 1.0),
        "bnbias": parameter("bnbias", (1, H), 0.25),
    }


def indices(name, shape, n):
    return torch.tensor(hashes(inputs.index(name), math.prod(shape)) % n).view(shape)


def permutations(size, k):
    """Order k of every axis; the first is the given one."""
    order = {axis: torch.tensor(hashes(len(inputs) + k, n).argsort() if k else np.arange(n)) for axis, n in size.items()}
    return {**order, "X": (order["T"][:, None] * size["E"] + order["E"]).flatten()}


def reordered(t, name, order):
    for dim, axis in enumerate(axes[name]):
        t = t.index_select(dim, order[axis]) if axis in order else t
    return t


def run(size, eps, dtype, k=0):
    """Every intermediate and every gradient, by the notebook's names, computed in order k."""
    batch_size = size["B"]
    order = permutations(size, k)
    back = {axis: p.argsort() for axis, p in order.items()}
    leaves = {name: reordered(value, name, order).to(dtype).requires_grad_() for name, value in parameters(**size).items()}
    C, W1, b1, W2, b2, bngain, bnbias = leaves.values()
    Xb = back["V"][indices("Xb", (batch_size, size["T"]), size["V"])[order["B"]][:, order["T"]]]
    Yb = back["V"][indices("Yb", (batch_size,), size["V"])[order["B"]]]

    emb = C[Xb]
    embcat = emb.view(emb.shape[0], -1)
    hprebn = embcat @ W1 + b1
    bnmeani = 1/batch_size*hprebn.sum(0, keepdim=True)
    bndiff = hprebn - bnmeani
    bndiff2 = bndiff**2
    bnvar = 1/(batch_size-1)*(bndiff2).sum(0, keepdim=True)
    bnvar_inv = (bnvar + eps)**-0.5
    bnraw = bndiff * bnvar_inv
    hpreact = bngain * bnraw + bnbias
    h = torch.tanh(hpreact)
    logits = h @ W2 + b2
    logit_maxes = logits.max(1, keepdim=True).values
    norm_logits = logits - logit_maxes
    counts = norm_logits.exp()
    counts_sum = counts.sum(1, keepdim=True)
    counts_sum_inv = counts_sum**-1
    probs = counts * counts_sum_inv
    logprobs = probs.log()
    loss = -logprobs[range(batch_size), Yb].mean()

    intermediates = {
        "emb": emb, "embcat": embcat, "hprebn": hprebn, "bnmeani": bnmeani, "bndiff": bndiff, "bndiff2": bndiff2, "bnvar": bnvar,
        "bnvar_inv": bnvar_inv, "bnraw": bnraw, "hpreact": hpreact, "h": h, "logits": logits, "logit_maxes": logit_maxes,
        "norm_logits": norm_logits, "counts": counts, "counts_sum": counts_sum, "counts_sum_inv": counts_sum_inv, "probs": probs,
        "logprobs": logprobs, "loss": loss,
    }
    differentiated = {name: t for name, t in {**leaves, **intermediates}.items() if name != "loss"}
    for t in differentiated.values():
        t.retain_grad()
    loss.backward()
    results = {name: reordered(t.detach(), name, back) for name, t in intermediates.items()}
    results |= {f"d{name}": reordered(t.grad, name, back) for name, t in differentiated.items()}
    return {name: t.double().flatten().numpy() for name, t in results.items()}


def sampled(values):
    """All of up to 64 elements; of more, the largest in magnitude, the first, the last, and those that a hash chooses."""
    if len(values) <= samples:
        return {"values": encoded(values)}
    top = int(np.abs(values).argmax())
    chosen = [top, 0, len(values) - 1, *hashes(len(inputs), samples - 3) % len(values)]
    return {"top": top, "values": encoded(values[chosen])}


def encoded(values):
    return base64.b64encode(values.astype("<f8").tobytes()).decode()


def golden(size, eps):
    reference = run(size, eps, torch.float64)
    singles = [run(size, eps, torch.float32, k) for k in range(orders)]
    errors = {name: max(float(np.abs(single[name] - values).max()) for single in singles) for name, values in reference.items()}
    return {"eps": eps, "tensors": {name: {"error32": errors[name], **sampled(values)} for name, values in reference.items()}}


folder = pathlib.Path(__file__).parent / "fixtures" / "passes"
folder.mkdir(exist_ok=True)
for size in sizes:
    path = folder / ("-".join(f"{name}{n}" for name, n in size.items()) + ".json")
    case = {"sizes": size, "runs": [golden(size, eps) for eps in (1e5, 1e-5)]}
    path.write_text(json.dumps(case, separators=(",", ":")).replace('},"', '},\n"') + "\n")
