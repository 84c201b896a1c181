"""PyTorch as contestant, on one thread: python3 torch_step.py <problem> autograd|manual|compile

The protocol is that of serve.mjs. `autograd` is loss.backward(); `manual` the notebook's exercise 4, its loop over dC as an
accumulating index_put_; `compile` the same through torch.compile.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

EPS, RATE = 1e-5, 0.1
NAMES = ["C", "W1", "b1", "W2", "b2", "bngain", "bnbias"]

torch.set_num_threads(1)
path, how = sys.argv[1:]
if how == "compile" and not hasattr(torch, "compile"):
    sys.exit(f"PyTorch {torch.__version__} has no torch.compile")


def read(path):
    data = open(path, "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    types = {"F32": torch.float32, "I32": torch.int32}
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        body = bytearray(data[start + begin : start + end])
        tensors[name] = torch.frombuffer(body, dtype=types[entry["dtype"]]).view(entry["shape"])
    return tensors


tensors = read(path)
X, Y, indices = (tensors[name].long() for name in ("X", "Y", "indices"))
B = indices.shape[1]
parameters = [tensors[name] for name in NAMES]


def forward(C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb):
    embcat = C[Xb].view(B, -1)
    hprebn = embcat @ W1 + b1
    bnmean = hprebn.mean(0, keepdim=True)
    bnvar = hprebn.var(0, keepdim=True, unbiased=True)
    bnvar_inv = (bnvar + EPS) ** -0.5
    bnraw = (hprebn - bnmean) * bnvar_inv
    h = torch.tanh(bngain * bnraw + bnbias)
    logits = h @ W2 + b2
    return embcat, bnvar_inv, bnraw, h, logits, F.cross_entropy(logits, Yb)


def autograd(Xb, Yb):
    loss = forward(*parameters, Xb, Yb)[-1]
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -RATE * p.grad
    return loss


def gradients(C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb):
    embcat, bnvar_inv, bnraw, h, logits, loss = forward(C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb)
    dlogits = F.softmax(logits, 1)
    dlogits[range_, Yb] -= 1
    dlogits /= B
    dh = dlogits @ W2.T
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dhpreact = (1.0 - h**2) * dh
    dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
    dbnbias = dhpreact.sum(0, keepdim=True)
    dhprebn = bngain * bnvar_inv / B * (B * dhpreact - dhpreact.sum(0) - B / (B - 1) * bnraw * (dhpreact * bnraw).sum(0))
    dembcat = dhprebn @ W1.T
    dW1 = embcat.T @ dhprebn
    db1 = dhprebn.sum(0)
    demb = dembcat.view(B, Xb.shape[1], -1)
    dC = torch.zeros_like(C).index_put_((Xb,), demb, accumulate=True)
    return loss, dC, dW1, db1, dW2, db2, dbngain, dbnbias


@torch.no_grad()
def manual(Xb, Yb):
    loss, *grads = step(*parameters, Xb, Yb)
    for p, grad in zip(parameters, grads):
        p += -RATE * grad
    return loss


def blas():
    """Which library multiplies matrices, as far as PyTorch or Linux tells."""
    if "BLAS_INFO=mkl" in torch.__config__.show():
        return ", MKL"
    try:
        maps = open("/proc/self/maps").read()
    except OSError:
        return ""
    names = {"openblas": "OpenBLAS", "mkl_": "MKL", "libblas": "reference BLAS"}
    return next((f", {title}" for name, title in names.items() if name in maps), "")


range_ = torch.arange(B)
step = torch.compile(gradients) if how == "compile" else gradients
run = autograd if how == "autograd" else manual
for p in parameters:
    p.requires_grad = how == "autograd"

losses = [run(X[batch], Y[batch]).item() for batch in indices]
print(json.dumps({"title": f"PyTorch {torch.__version__}{blas()}, {how}", "losses": losses}), flush=True)
g = torch.Generator().manual_seed(0)
for line in sys.stdin:
    wall, used = time.perf_counter(), time.process_time()
    for _ in range(int(line)):
        batch = torch.randint(0, X.shape[0], (B,), generator=g)
        run(X[batch], Y[batch])
    print(min(time.perf_counter() - wall, time.process_time() - used), flush=True)
