"""Writes fixtures/compare.json: torch.allclose at the edge of its tolerance, and lines printed by the notebook's cmp.

    python3 test/golden/compare.py   (PyTorch 1.13)
"""

import contextlib
import io
import json
import pathlib

import torch

torch.manual_seed(1)
dtypes = {"float32": torch.float32, "float64": torch.float64}
special = [0.0, -0.0, 1.0, -1.0, 1e-8, 1.0000001e-8, 1e-40, 3e38, -3e38, float("inf"), float("-inf"), float("nan")]


def numbers(tensor):
    """The values as Python prints them: JSON has no NaN and no infinity."""
    return [repr(value) for value in tensor.flatten().tolist()]


def closeness(name, dtype):
    """Pairs one or two steps to either side of the tolerance, and all pairs of special values."""
    cases = []
    for tolerance in [{}, {"rtol": 1e-3, "atol": 0.0}, {"rtol": 0.0, "atol": 1e-6}, {"rtol": 0.0, "atol": 0.0}, {"equal_nan": True}]:
        rtol, atol = tolerance.get("rtol", 1e-5), tolerance.get("atol", 1e-8)
        b = torch.randn(64, dtype=dtype) * 10.0 ** torch.randint(-9, 4, (64,))
        a = b + (atol + (rtol * b).abs())
        for _ in range(3):
            cases.append([tolerance, a, b])
            a = torch.nextafter(a, torch.full_like(a, float("inf")))
        a = torch.tensor(special, dtype=dtype).repeat_interleave(len(special))
        b = torch.tensor(special, dtype=dtype).repeat(len(special))
        cases.append([tolerance, a, b])
    for tolerance, a, b in cases:
        rtol, atol = tolerance.get("rtol", 1e-5), tolerance.get("atol", 1e-8)
        close = torch.isclose(a, b, rtol=rtol, atol=atol, equal_nan=tolerance.get("equal_nan", False))
        yield {"dtype": name, "tolerance": tolerance, "a": numbers(a), "b": numbers(b), "close": close.tolist()}


def rounded(name, dtype):
    """Pairs at the edge whose verdict hangs on rounding each step to float32."""
    b = torch.randn(400_000, dtype=dtype) * 10.0 ** torch.randint(-4, 2, (400_000,))
    a = b + (1e-8 + (1e-5 * b).abs())
    difference = (a - b).abs().double()
    close = torch.isclose(a, b)
    exact = (a.double() - b.double()).abs() <= 1e-8 + 1e-5 * b.double().abs()
    product = difference <= (torch.tensor(1e-8, dtype=dtype).double() + torch.tensor(1e-5, dtype=dtype).double() * b.double().abs()).to(dtype).double()
    for other in (exact, product):
        a_, b_ = a[close != other][:40], b[close != other][:40]
        yield {"dtype": name, "tolerance": {}, "a": numbers(a_), "b": numbers(b_), "close": torch.isclose(a_, b_).tolist()}


def cmp(s, dt, t):
    ex = torch.all(dt == t.grad).item()
    app = torch.allclose(dt, t.grad)
    maxdiff = (dt - t.grad).abs().max().item()
    print(f'{s:15s} | exact: {str(ex):5s} | approximate: {str(app):5s} | maxdiff: {maxdiff}')


class Leaf:
    def __init__(self, grad):
        self.grad = grad


def lines(name, dtype):
    names = ["logprobs", "dcounts_sum_inv", "a name of more than 15", "", "😀é"]
    for step in range(15):
        reference = torch.randn(3, 4, dtype=dtype)
        manual = reference * (1 + torch.randn(3, 4, dtype=dtype) * 10.0 ** -step) if step < 13 else reference.clone()
        if step == 14:
            manual[1, 2] = float("nan")
        yield names[step % len(names)], name, manual, reference
    for _ in range(10):
        yield "dh", name, torch.randn(5, dtype=dtype), torch.randn(5, dtype=dtype)
    for values in [[0.0], [1e-30], [1e6], [3e38], [float("inf")], [-1e-5]]:
        yield "dh", name, torch.tensor(values, dtype=dtype), torch.zeros(1, dtype=dtype)
    yield "dh", name, torch.tensor([float("inf")], dtype=dtype), torch.tensor([float("inf")], dtype=dtype)


def line(s, dtype, manual, reference):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cmp(s, manual, Leaf(reference))
    shape = list(manual.shape)
    return {"name": s, "dtype": dtype, "shape": shape, "manual": numbers(manual), "reference": numbers(reference), "line": out.getvalue()}


golden = {
    "closeness": [case for name, dtype in dtypes.items() for case in closeness(name, dtype)] + list(rounded("float32", torch.float32)),
    "lines": [line(*case) for name, dtype in dtypes.items() for case in lines(name, dtype)],
}
path = pathlib.Path(__file__).parent / "fixtures" / "compare.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
