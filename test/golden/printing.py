"""Writes fixtures/printing.json: tensors as PyTorch prints them.

    python3 test/golden/printing.py   (PyTorch 2.13)
"""

import json
import pathlib

import torch

generator = torch.Generator().manual_seed(1)
inf, nan = float("inf"), float("nan")


def randn(*shape, dtype=torch.float32):
    return torch.randn(shape, dtype=dtype, generator=generator)


def steps(*shape):
    """Numbers for tensors of many elements; the test computes them too, so that they need not be stored."""
    return ((torch.arange(torch.Size(shape).numel()) * 37 % 101 - 50) / 16).reshape(shape)


def tensors():
    """Pairs of a tensor and the options that it is printed with."""
    for shape in [(), (1,), (5,), (30,), (2, 3), (1, 1), (4, 20), (2, 3, 4), (2, 1, 2, 3), (1, 2, 2, 2, 1)]:
        yield randn(*shape), {}
        yield randn(*shape, dtype=torch.float64), {}
        yield torch.randint(-1000, 1000, shape, generator=generator, dtype=torch.int32), {}
        yield torch.randint(-9, 9, shape, generator=generator).float(), {}
    for shape in [(1000,), (1001,), (10, 100), (7, 143), (11, 91), (3, 5, 67), (10, 10, 11), (2, 600), (600, 2), (8, 7, 6, 5)]:
        yield steps(*shape), {}
        yield steps(*shape).int(), {}
    for values in [
        [nan], [inf], [-inf], [0.0], [-0.0], [nan, 1.0, -inf], [nan, 1.5, -inf, inf], [0.0, -0.0, 0.5], [1.0, 2.0, 3.0],
        [1.0, -1.0], [1e-5], [1e-4, 1.0], [9.9e-5, 0.01], [1.0, 1000.0], [1.0, 1001.0], [0.5, 500.5], [0.5, 501.0], [1e8], [1.1e8],
        [123456789.0, 1.0], [1e20, 1e18], [1e30, 1e28], [3e38], [1e-45, 1e-44], [1e-40, nan], [-1e-6, 0.25],
        [0.03125, 0.09375, -0.15625], [0.5, 1.5, 2.5, 3.5], [1.03125, 1.09375], [-0.00001, 0.5, -0.5], [0.99999, 1.0], [99999.5, 7.25],
        [12345.0, 12355.0, 1e-3], [2.5, 0.001], [16777216.0, 0.125],
    ]:  # fmt: skip
        yield torch.tensor(values), {}
        yield torch.tensor(values, dtype=torch.float64), {}
    for sci_mode in [True, False]:
        for values in [[1.0, 2.0], [1.5, -2.25], [1e-7, 1.0], [1e10, 3.0], [1e25], [nan, inf, 0.0], [0.0, -0.0, 2.5], [1.00005, 1.00015]]:
            yield torch.tensor(values, dtype=torch.float64), {"sci_mode": sci_mode}
            yield torch.tensor(values), {"sci_mode": sci_mode, "precision": 2}
    for precision in [0, 1, 2, 3, 6, 8, 12]:
        yield randn(3, 4), {"precision": precision}
        yield torch.tensor([12345678.0, 2.5e-3, 1.25]), {"precision": precision}
        yield torch.tensor([0.5, 1.5, 2.25, 2.375, 0.0625], dtype=torch.float64), {"precision": precision}
    for linewidth in [1, 20, 40, 79, 81, 120, 10000]:
        yield randn(3, 12), {"linewidth": linewidth}
        yield torch.ones(2, 5, dtype=torch.float64).requires_grad_(), {"linewidth": linewidth}
    for edgeitems in [0, 1, 2, 5]:
        yield steps(20, 60), {"edgeitems": edgeitems}
        yield torch.arange(12, dtype=torch.int32), {"edgeitems": edgeitems, "threshold": 5}
    yield torch.arange(12, dtype=torch.int32).reshape(2, 6), {"threshold": 0}
    yield steps(26, 40), {"threshold": inf}
    for profile in ["short", "full", "default"]:
        yield steps(34, 30), {"profile": profile}
    for shape in [(0,), (0, 3), (2, 0), (1, 0, 2)]:
        for dtype in [torch.float32, torch.float64, torch.int32]:
            yield torch.empty(shape, dtype=dtype), {}
    for length in range(1, 14):
        yield randn(length).requires_grad_(), {}
        yield randn(length, dtype=torch.float64).requires_grad_(), {}
        yield randn(length).requires_grad_().tanh(), {}
    yield torch.empty(0, 2, requires_grad=True), {}
    leaf = torch.tensor([[1.0, 2.0], [3.0, 4.5]], requires_grad=True)
    for out in [leaf.exp(), leaf.log(), leaf.sqrt(), -leaf, leaf + 1, leaf - 1, leaf * 2, leaf / 2, leaf**2, leaf.mean(), leaf.sum(),
                leaf.clone(), leaf.softmax(1), leaf.view(4), leaf.transpose(0, 1)]:  # fmt: skip
        yield out, {}


def case(tensor, options):
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    line = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "text": repr(tensor)}
    values = tensor.detach().flatten().tolist()
    if values != steps(*tensor.shape).to(tensor.dtype).flatten().tolist():
        # What JSON has no number for is a string.
        line["data"] = [value if str(float(value)) not in ("nan", "inf", "-inf", "-0.0") else str(float(value)) for value in values]
    if options:
        line["options"] = {key: "inf" if value == inf else value for key, value in options.items()}
    if tensor.grad_fn is not None:
        line["note"] = f"grad_fn=<{type(tensor.grad_fn).__name__}>"
    elif tensor.requires_grad:
        line["note"] = "requires_grad=True"
    return line


golden = [case(*pair) for pair in tensors()]
path = pathlib.Path(__file__).parent / "fixtures" / "printing.json"
path.write_text("[\n" + ",\n".join(json.dumps(line, separators=(",", ":")) for line in golden) + "\n]\n")
