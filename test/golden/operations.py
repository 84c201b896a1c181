"""Writes fixtures/operations.json: every operation on tensors, its result and the gradients of its inputs, by PyTorch in float64.

    python3 test/golden/operations.py   (PyTorch 1.13)

A case calls a method on its first input; {"input": 1} among the arguments is another input, {"int32": ...} a tensor of indices.
The gradient of the result is weights(n), so that no gradient is one by symmetry.
"""

import json
import math
import pathlib

import torch

torch.manual_seed(3)
nan, inf = math.nan, math.inf
special = [0.0, -0.0, 1.0, -1.0, inf, -inf, nan]
cases = []


def numbers(tensor):
    """The values; as strings those that JSON does not have."""
    return [x if math.isfinite(x) and (x != 0 or math.copysign(1, x) > 0) else repr(x) for x in tensor.flatten().tolist()]


def weights(count):
    return torch.tensor([((7 * i) % 11 - 4.5) / 4 for i in range(count)], dtype=torch.float64)


def random(*shape, positive=False):
    """Multiples of 1/64, exact in float32 too."""
    x = torch.randint(-128, 128, shape).double() / 64
    return x.abs() + 0.25 if positive else x


def indices(value):
    tensor = torch.tensor(value)
    return {"int32": tensor.flatten().tolist(), "shape": list(tensor.shape)}


def case(method, args, inputs, run, transposed=(), note=""):
    """`run` gets the inputs, those in `transposed` with their first two axes swapped."""
    leaves = [torch.as_tensor(x, dtype=torch.float64).clone().requires_grad_() for x in inputs]
    out = run(*[leaf.transpose(0, 1) if i in transposed else leaf for i, leaf in enumerate(leaves)])
    entry = {
        "method": method,
        "args": args,
        "note": note,
        "transposed": list(transposed),
        "inputs": [{"shape": list(x.shape), "data": numbers(x)} for x in leaves],
    }
    if isinstance(out, tuple):
        out, positions = out
        entry["indices"] = positions.flatten().tolist()
    entry["out"] = {"shape": list(out.shape), "data": numbers(out)}
    if out.is_floating_point():
        out.backward(weights(out.numel()).reshape(out.shape))
        entry["grads"] = [numbers(x.grad) for x in leaves]
    cases.append(entry)


binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}
shapes = [([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 3]), ([2, 3], []), ([], [3]), ([], []),
          ([4, 1, 3], [2, 1]), ([2, 1, 3, 1], [5, 1, 2]), ([1], [3, 2]), ([0, 3], [3]), ([2, 1], [2, 0])]
for name, function in binary.items():
    for a, b in shapes:
        case(name, [{"input": 1}], [random(*a), random(*b, positive=True)], function)
    case(name, [2.5], [random(2, 3)], lambda a: function(a, 2.5), note="a number")
    case(name, [{"input": 1}], [random(4, 3), random(3, 4, positive=True)], function, transposed=[1])
    case(name, [{"input": 1}], [random(4, 3), random(3, positive=True)[:, None].expand(3, 1)], function, transposed=[0])
    pairs = torch.tensor([[x, y] for x in special for y in special], dtype=torch.float64)
    case(name, [{"input": 1}], [pairs[:, 0], pairs[:, 1]], function, note="special values")

unary = {"neg": torch.neg, "exp": torch.exp, "log": torch.log, "tanh": torch.tanh, "sqrt": torch.sqrt}
for name, function in unary.items():
    case(name, [], [random(3, 5, positive=name in ("log", "sqrt"))], function)
    case(name, [], [random(3, 5, positive=True)], function, transposed=[0])
    case(name, [], [random(0)], function)
    case(name, [], [torch.tensor(special)], function, note="special values")
for exponent in [0, 1, 2, 3, 4, 0.5, -0.5, -1, -2, -3, 1.5, 2.75, -0.25]:
    case("pow", [exponent], [random(7, positive=True)], lambda a: a.pow(exponent))
    case("pow", [exponent], [torch.tensor(special)], lambda a: a.pow(exponent), note="special values")
for exponent in [2, 3, -1, -2, 4]:
    case("pow", [exponent], [random(3, 2) - 1 / 128], lambda a: a.pow(exponent), transposed=[0], note="negative bases")

axes = [0, 1, 2, -1, [0, 1], [1, 2], [0, 2], [0, 1, 2], [-1, 0]]
for name in ["sum", "mean"]:
    case(name, [], [random(2, 3, 4)], lambda a: getattr(a, name)())
    case(name, [], [random()], lambda a: getattr(a, name)())
    for dim in axes:
        case(name, [dim], [random(2, 3, 4)], lambda a: getattr(a, name)(dim))
        case(name, [dim, {"keepdim": True}], [random(2, 3, 4)], lambda a: getattr(a, name)(dim, keepdim=True))
    case(name, [1], [random(3, 2, 4)], lambda a: getattr(a, name)(1), transposed=[0])
    case(name, [0], [random(0, 3)], lambda a: getattr(a, name)(0))
    case(name, [], [torch.tensor([1, inf, 2])], lambda a: getattr(a, name)())
    case(name, [0], [torch.tensor([[1, nan], [inf, 2], [-inf, 3]])], lambda a: getattr(a, name)(0))

tied = torch.tensor([[1.0, 3, 3, 0], [2, 2, -1, 2], [-5, -5, -5, -5]])
with_nan = torch.tensor([[1.0, nan, 3, nan], [inf, 2, -1, nan], [-inf, -5, -inf, -5]])
for x in [random(3, 4), tied, with_nan]:
    case("max", [], [x], lambda a: a.max())
    case("argmax", [], [x], lambda a: a.argmax())
    for dim in [0, 1, -1]:
        case("max", [dim], [x], lambda a: tuple(a.max(dim)))
        case("max", [dim, {"keepdim": True}], [x], lambda a: tuple(a.max(dim, keepdim=True)))
        case("argmax", [dim], [x], lambda a: a.argmax(dim))
        case("argmax", [dim, {"keepdim": True}], [x], lambda a: a.argmax(dim, keepdim=True))
case("max", [1], [random(3, 2, 4)], lambda a: tuple(a.max(1)), transposed=[0])
case("max", [], [torch.tensor([2.0, 2, 1, 2])], lambda a: a.max(), note="three ties")

for a, b in [([3, 4], [4, 5]), ([1, 7], [7, 2]), ([4], [4, 5]), ([3, 4], [4]), ([4], [4]), ([0, 3], [3, 2]), ([2, 0], [0, 3]), ([9, 5], [5, 17])]:
    case("matmul", [{"input": 1}], [random(*a), random(*b)], torch.matmul)
case("matmul", [{"input": 1}], [random(4, 3), random(4, 5)], torch.matmul, transposed=[0])
case("matmul", [{"input": 1}], [random(3, 4), random(5, 4)], torch.matmul, transposed=[1])
case("matmul", [{"input": 1}], [random(4, 3), random(5, 4)], torch.matmul, transposed=[0, 1])
case("matmul", [{"input": 1}], [random(4, 3), random(4)], torch.matmul, transposed=[0], note="times a vector")
case("matmul", [{"input": 1}], [random(4), random(5, 4)], torch.matmul, transposed=[1], note="a vector times")

for chosen in [[0, 2, 2, 1], [-1, -5, 4], [[3, 3, 3], [0, -1, 3]], []]:
    case("index", [indices(chosen)], [random(5, 3)], lambda a: a[torch.tensor(chosen, dtype=torch.long)])
    case("index", [indices(chosen)], [random(3, 5)], lambda a: a[torch.tensor(chosen, dtype=torch.long)], transposed=[0])
case("index", [indices([1, 0, 1])], [random(4)], lambda a: a[torch.tensor([1, 0, 1])])
case("index", [indices([1, -1])], [random(3, 2, 4)], lambda a: a[torch.tensor([1, -1])])
pairs = [0, 2, 2, -1, 2], [1, 0, 0, -3, -3]
for shape, transposed in [([4, 3], []), ([3, 4], [0]), ([4, 3, 2], [])]:
    case("index", [indices(pairs[0]), indices(pairs[1])], [random(*shape)],
         lambda a: a[torch.tensor(pairs[0]), torch.tensor(pairs[1])], transposed=transposed)

for dim in [0, 1, 2, -1, -2]:
    case("softmax", [dim], [random(2, 3, 4)], lambda a: a.softmax(dim))
case("softmax", [], [random(3, 27)], lambda a: a.softmax(-1))
case("softmax", [0], [random(3, 5)], lambda a: a.softmax(0), transposed=[0])
case("softmax", [], [torch.tensor([[1000.0, 999, -1000], [-inf, 0, 1], [0, inf, 1], [nan, 0, 1]])], lambda a: a.softmax(-1))

for n, classes in [(1, 1), (4, 5), (3, 27)]:
    targets = torch.arange(n) * 3 % classes
    case("crossEntropy", [indices(targets.tolist())], [random(n, classes)], lambda a: torch.nn.functional.cross_entropy(a, targets))
case("crossEntropy", [indices([1, 0])], [random(3, 2)], lambda a: torch.nn.functional.cross_entropy(a, torch.tensor([1, 0])), transposed=[0])


def batch_norm(x, gain, bias):
    return gain * (x - x.mean(0, keepdim=True)) / (x.var(0, keepdim=True, unbiased=True) + 1e-5).sqrt() + bias


for shape in [[3], [1, 3]]:
    case("batchNorm", [{"input": 1}, {"input": 2}], [random(5, 3), random(*shape), random(*shape)], batch_norm)
case("batchNorm", [{"input": 1}, {"input": 2}], [random(3, 5), random(3), random(3)], batch_norm, transposed=[0])

case("view", [3, -1], [random(2, 6)], lambda a: a.view(3, -1))
case("view", [[12]], [random(2, 6)], lambda a: a.view(12))
case("view", [[]], [random(1, 1)], lambda a: a.view([]))
case("reshape", [2, 6], [random(3, 4)], lambda a: a.reshape(2, 6))
case("reshape", [2, -1], [random(3, 4)], lambda a: a.reshape(2, -1), transposed=[0])
case("transpose", [0, 2], [random(2, 3, 4)], lambda a: a.transpose(0, 2))
case("transpose", [-1, 1], [random(2, 3, 4)], lambda a: a.transpose(-1, 1))
case("expand", [4, 2, 3], [random(2, 1)], lambda a: a.expand(4, 2, 3))
case("expand", [3, 2], [random()], lambda a: a.expand(3, 2))
case("expand", [0, 3], [random(1, 3)], lambda a: a.expand(0, 3))
case("contiguous", [], [random(2, 3)], lambda a: a.contiguous(), transposed=[0])
case("contiguous", [], [random(2, 3)], lambda a: a.contiguous())
case("clone", [], [random(2, 3)], lambda a: a.clone(), transposed=[0])

path = pathlib.Path(__file__).parent / "fixtures" / "operations.json"
path.write_text("[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]\n")
