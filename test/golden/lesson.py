"""Writes fixtures/lesson.json: what CPython and PyTorch print for small cells, and whether they end in an error.

    python3 test/golden/lesson.py
"""

import contextlib
import io
import json
import math
import pathlib
import random
import warnings

import torch
import torch.nn.functional as F

warnings.filterwarnings("ignore")
random.seed(1)


def run(source):
    output = io.StringIO()
    failed = False
    names = {"torch": torch, "F": F, "math": math}
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(source, "cell", "exec"), names)
    except Exception:
        failed = True
    return {"source": source, "output": output.getvalue().splitlines(), "error": failed}


cells = []


def show(*expressions):
    for expression in expressions:
        cells.append(f"print({expression})")


# Numbers

show("7 / 2", "7 // 2", "-7 // 2", "7 // -2", "-7 % 3", "7 % -3", "7.5 // 2", "-7.5 // 2", "7.5 % -2", "-0.0", "0.0 == -0.0")
show("2 ** 10", "2 ** -1", "2 ** 0.5", "(-8) ** 3", "-2 ** 2", "(-2) ** 2", "2 ** 3 ** 2", "0 ** 0", "0.0 ** 0", "10 ** 20", "1e3 ** 2")
show("1 / 3", "1e16 + 1", "0.1 + 0.2", "1e-5", "1e05", "123456789012345678901234567890 * 3", "1 / 10 ** 300", "5 / 2.0", "1_000 + 0x1f + 0b11 + 0o17")
show("1 / 0", "1 // 0", "1 % 0", "0 ** -1", "1.0 / 0", "(-1) ** 0.5 if False else 1", "True + True", "True / 2", "True == 1", "False < 1", "not 0", "not 0.5", "not ''")
show("1 < 2 < 3", "1 < 3 < 2", "3 > 2 >= 2 != 1", "1 == 1.0", "'a' < 'b'", "[1, 2] < [1, 3]", "(1, 2) == (1, 2)", "[1] == (1,)", "1 in [1, 2]", "3 not in (1, 2)", "'a' in 'abc'", "None is None", "1 is not None")
show("1 and 2", "0 and 2", "0 or 3", "'' or 'x'", "not None", "1 if 0 else 2", "abs(-3)", "abs(-2.5)", "round(2.5)", "round(3.5)", "round(2.675, 2)", "round(-1.5)", "int(3.9)", "int(-3.9)", "int('42')", "float('1e-3')", "float(3)", "int(True)")
show("min(3, 1, 2)", "max([1, 5, 2])", "min('b', 'a')", "sum([1, 2, 3])", "sum([0.1] * 3)", "sum(range(5))", "sum([1, 2], 10)", "sum(x * x for x in range(4))", "max([1, 2, 3], key=lambda x: -x)", "5 & 3", "5 | 3", "5 ^ 1", "~5")
show("1 + 'a'", "'a' * 'b'", "[] + ()", "1 < 'a'", "-'a'", "int('x')", "float('x')", "len(3)", "None + 1", "[1, 2][2]", "{}['a']", "undefined_name", "math.sqrt(2)", "math.log(10)", "math.floor(-1.5)", "math.pi")

# Text, lists, dicts

show("'a' + 'b'", "'ab' * 3", "3 * 'ab'", "'abc'[1]", "'abc'[-1]", "'abcdef'[1:4]", "'abcdef'[::-1]", "'abcdef'[::2]", "'abc'[10:]", "len('h\\u00e9')", "'a\\tb\\n'", "repr('a\\tb\\n')", "repr(\"it's\")", "r'\\n'", "'''x\ny'''", "'a' 'b'", "'\\x41\\u0042'")
show("','.join(['a', 'b'])", "'a b  c'.split()", "'a,b,,c'.split(',')", "'a\\nb\\r\\nc\\n'.splitlines()", "' x '.strip() + '|'", "'aXb'.lower()", "'ab'.upper()", "'abab'.replace('a', 'c')", "'abc'.startswith('ab')", "'abc'.endswith('bc')", "sorted('banana')", "sorted(set('banana'))", "list('abc')", "'ab'.ljust(5) + '|'", "'ab'.rjust(5) + '|'")
show("[1, 2.0, 'x', None, True, (1,), [2], {3: 'y'}]", "(1, 2)", "()", "[]", "{}", "set()", "{1: 'a', 'b': 2}", "[0] * 3", "[1, 2] + [3]", "(1,) + (2,)", "[1, 2, 3][1:]", "[1, 2, 3, 4][1:3]", "[1, 2, 3, 4][-2:]", "[1, 2, 3][::-1]", "(1, 2, 3)[1:]", "range(5)", "list(range(2, 10, 3))", "list(range(5, 0, -2))", "range(3)[1]", "len(range(10))", "list(enumerate('ab'))", "list(zip([1, 2], 'ab'))", "list(zip([1, 2, 3], [4, 5]))", "list(reversed([1, 2]))", "tuple([1, 2])", "dict([(1, 2)])", "any([0, 1])", "all([])", "all([1, 0])", "sorted([3, 1, 2], reverse=True)", "sorted(['b', 'A'], key=lambda s: s.lower())", "[1, 2, 1].count(1)", "[1, 2].index(2)", "{1: 2}.get(3, 'no')", "list({1: 2, 3: 4}.items())", "list({1: 2}.values())", "1 in {1: 2}", "bool([])", "bool('a')", "str(1.0)", "str([1, 'a'])", "[[1, 2], [3]]", "{True: 1, 1: 2}")
show("[x * 2 for x in range(3)]", "[x for x in range(6) if x % 2]", "[(x, y) for x in range(2) for y in 'ab']", "{x: x ** 2 for x in range(3)}", "{s: i + 1 for i, s in enumerate('ab')}", "[[y for y in range(x)] for x in range(3)]", "{1, 2, 2}", "[a + b for a, b in [(1, 2), (3, 4)]]")
cells += [
    "a, b = 1, 2\na, b = b, a\nprint(a, b)",
    "a = b = [1]\na.append(2)\nprint(b)",
    "a = [1]\nb = a\na += [2]\nprint(b)\na = a + [3]\nprint(b)",
    "(a, b), c = (1, 2), 3\nprint(a, b, c)",
    "a, b = 1\n",
    "a, b = [1, 2, 3]",
    "x = 5\nx += 2\nx *= 3\nx -= 1\nx /= 4\nx **= 2\nx //= 3\nprint(x)",
    "d = {}\nd['a'] = 1\nd['a'] += 2\nd.update({'b': 3})\nprint(d)",
    "l = [3, 1, 2]\nl.sort()\nl.append(5)\nl.extend([6])\nl.insert(0, 0)\nprint(l.pop(), l)\nl[1] = 9\nl.reverse()\nprint(l)",
    "for i in range(3):\n    if i == 1: continue\n    print(i)\nelse:\n    print('end')",
    "for i in range(5):\n    if i == 2: break\nelse:\n    print('no')\nprint(i)",
    "n = 0\nwhile n < 10:\n    n += 3\n    if n > 7: break\nprint(n)",
    "if 0:\n    print(1)\nelif 1:\n    print(2)\nelse:\n    print(3)",
    "def f(x, y=2, *rest):\n    return x + y, rest\nprint(f(1), f(1, 3), f(1, 2, 3, 4), f(y=1, x=5))",
    "def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nprint(f(20))",
    "def f():\n    x = 1\n    def g():\n        return x + 1\n    return g\nprint(f()())",
    "x = 1\ndef f():\n    return x\nx = 2\nprint(f())",
    "x = 1\ndef f():\n    print(x)\n    x = 2\nf()",
    "x = 1\ndef f():\n    global x\n    x = 2\nf()\nprint(x)",
    "def f(x):\n    x.append(1)\ny = []\nf(y)\nprint(y)",
    "def f(x): return\nprint(f(1))",
    "f = lambda x, y=1: x * y\nprint(f(3), f(3, y=4))",
    "def f(a):\n    pass\nf()",
    "def f(a):\n    pass\nf(1, 2)",
    "def f(a):\n    pass\nf(b=1)",
    "x = [i for i in range(3)]\nprint(i)",
    "i = 7\nx = [i for i in range(3)]\nprint(i)",
    "assert 1 + 1 == 2\nprint('ok')",
    "assert 1 == 2, 'no'",
    "print(1, 2, sep='-', end='!')\nprint()\nprint('a', 1, None)",
    "x = 3; y = 4; print(x * y)",
    "print((1 +\n  2) *\n  3)",
    "x = 1 + \\\n  2\nprint(x)",
    "# only a comment",
    "s = 0\nfor a, (b, c) in [(1, (2, 3)), (4, (5, 6))]:\n    s += a * b * c\nprint(s)",
    "g = (x for x in [1, 2])\nprint(sum(g), sum(g))",
    "z = zip([1, 2], [3, 4])\nprint(list(z), list(z))",
    "d = {(1, 2): 'a'}\nprint(d[1, 2], d[(1, 2)])",
    "d = {[1]: 2}",
    "print(*[1, 2], *(3,))",
    "import math\nfrom math import pi as p\nprint(math.pi == p)",
]

# Formats

for value in ["3", "-3", "3.14159", "-2.5", "0.0", "1e-7", "12345.678", "'abc'", "True", "1234567", "1e20"]:
    for spec in ["", "5", "<8", ">8", "^9", "*^9", "+", "05", ".2f", "8.3f", ".3e", ".4g", "d", "s", "5s", ".2s", ",", "%", ".1%", "+.1f", " d", ".3", "08.2f", "=+6", "x"]:
        cells.append(f"print(f'|{{{value}:{spec}}}|')".replace("'abc'", '"abc"'))
cells += [
    "x = 1.5\nprint(f'{x} {x!r} {x:.{2}f} {{}} {x=} {x=:.1f}')",
    "s = 'a'\nprint(f'{s!r:>5}|{s!s}|{s:>{3}}|')",
    "print(f\"{'a' + 'b'} {1 + 1} {[1, 2][0]} {'x' if 1 else 'y'}\")",
    "print('a' f'{1}' 'b')",
    "print(f'{1:15s}')",
    "print(f'{\"a\":d}')",
    "t = torch.tensor(2.5)\nprint(f'{t:.1f} {t.item():.3f}')",
]

# Tensors: values

setup = "a = torch.arange(6).float().view(2, 3)\nb = torch.tensor([1.0, -2.0, 4.0])\ni = torch.tensor([1, 2, 3])\n"
for expression in [
    "a + b", "a - b", "a * b", "a / b", "b / 2", "2 / b", "1 - a", "3 - b", "a ** 2", "b ** -1", "b ** 3", "2 * a + 1", "-a", "a @ b", "a @ a.T", "a.T @ a", "b @ b",
    "i + 1", "i * 2", "i / 2", "i + 0.5", "i - i", "i * b", "i ** 2", "i ** -1", "1 / i", "i / i", "-i", "i * True", "a + i", "i @ i", "a == b", "a > 1", "a <= b", "i == 2", "~(a > 1)", "(a > 1) & (a < 4)", "(a > 1) | (a == 0)", "(a > 1) * 2", "(a > 1) * b", "(a > 1).float()", "(a > 1).sum()", "(a > 1).all()", "(a > 1).any()",
    "a.sum()", "a.sum(0)", "a.sum(1)", "a.sum(1, keepdim=True)", "a.sum(0, True)", "a.sum((0, 1))", "a.sum(dim=-1)", "a.mean()", "a.mean(0)", "a.mean(1, keepdim=True)", "i.sum()", "i.mean()", "a.max()", "a.max(1)", "a.max(1).values", "a.max(0).indices", "a.max(1, keepdim=True).values", "b.min()", "b.min(0).indices", "a.argmax()", "a.argmax(1)", "i.max()", "a.var(0)", "a.var(1, unbiased=False)", "a.var()", "a.abs()", "b.abs().max()", "b.sign()",
    "a.shape", "a.shape[0]", "a.size()", "a.size(1)", "a.ndim", "a.numel()", "a.nelement()", "len(a)", "a.T", "a.t()", "a.transpose(0, 1)", "a.permute(1, 0)", "a.view(3, 2)", "a.view(-1)", "a.view(6, -1)", "a.view(4, -1)", "a.T.view(6)", "a.T.reshape(6)", "a.reshape(3, 2)", "a.unsqueeze(0)", "a.unsqueeze(-1)", "a.unsqueeze(1).shape", "a.unsqueeze(0).squeeze(0)", "a.unsqueeze(0).squeeze()", "a.squeeze(0)", "a.flatten()", "a.expand(2, 2, 3)", "b.expand(2, 3)", "b.repeat(2)", "b.repeat(2, 2)", "a.clone()", "a.tolist()", "i.tolist()", "a[0, 1].item()", "i[0].item()", "a.item()", "a.contiguous().view(3, 2)",
    "torch.zeros(2)", "torch.zeros(2, 2)", "torch.zeros((2, 2))", "torch.ones(1, 3)", "torch.zeros_like(a)", "torch.ones_like(i)", "torch.full((2,), 3.5)", "torch.arange(4)", "torch.arange(2, 5)", "torch.arange(0, 1, 0.25)", "torch.tensor(3)", "torch.tensor(2.5)", "torch.tensor([])", "torch.tensor([[1, 2], [3, 4]])", "torch.tensor([1, 2.5])", "torch.tensor([True, False])", "torch.tensor([[1], [2, 3]])", "torch.tensor('a')", "torch.eq(a, a)", "torch.all(a == a)", "torch.all(a == a).item()", "torch.allclose(a, a + 1e-9)", "torch.allclose(a, b)", "torch.equal(a, a)", "torch.sum(a, 1)", "torch.sum(a, dim=0, keepdim=True)", "torch.mean(a)", "torch.max(a, 1)[0]", "torch.outer(b, b)", "torch.matmul(a, b)", "torch.cat([a, a])", "torch.cat([a, a], 1)", "torch.stack([b, b])", "torch.stack([b, b], dim=1)", "torch.where(a > 2, a, b)", "torch.where(a > 2, 1.0, 0.0)", "torch.where(b > 0, b, 0)", "torch.einsum('ij,j->i', a, b)", "torch.einsum('ij->ji', a)", "torch.einsum('ij,ij', a, a)", "torch.einsum('i,j->ij', b, b)", "torch.einsum('ij,jk->ik', a, a.T)",
    "F.one_hot(i)", "F.one_hot(i, 5)", "F.one_hot(i, num_classes=5).float()", "F.one_hot(i, 5) * 2.5", "F.one_hot(i, 5) @ torch.arange(5)", "F.one_hot(a)", "a.float()", "i.float()", "a.long()", "a.int()", "b.tolist()", "bool(a.sum() > 3)", "bool(a)", "float(a.sum())", "int(a[1, 2])", "a + 'x'", "a @ a", "a + torch.zeros(2, 2)", "a.foo", "torch.foo", "a.sum(2)", "a.sum(0, 1, 2)", "a.view(5)", "a(1)", "a.dtype", "i.dtype", "(a > 1).dtype", "torch.float32", "i.sum(0)", "sum(b)", "max(b)", "list(b)", "[x.item() for x in b]", "sum(row.sum() for row in a)", "sorted([x.item() for x in b])", "a[0] @ b", "torch.zeros(0).sum()", "torch.zeros(3, 0).sum(1)", "b.square()", "b.reciprocal()", "torch.pow(b, 2)", "b.pow(2)", "torch.tensor(2) ** 2", "b * torch.tensor(2)", "i * torch.tensor(2.5)", "i * torch.tensor(2)", "torch.tensor(1) / torch.tensor(2)", "a.view(2, 3).view(3, 2)[0]", "a[:, 0] * a[:, 1]", "a.scatter(1, torch.tensor([[0], [1]]), 9.0)", "a.scatter_add(1, torch.tensor([[0, 0], [1, 1]]), torch.ones(2, 2))", "torch.zeros(4, 3).index_add(0, torch.tensor([1, 1]), a)", "a.T.flatten()", "a.flatten(0, 1)", "a.unsqueeze(1).flatten(1)", "a.numpy", "torch.ones(2, 3, 4) @ torch.ones(4, 5)", "(torch.ones(2, 3, 4) @ torch.ones(4, 5)).shape", "torch.ones(3) @ torch.ones(3, 2)", "torch.softmax(torch.zeros(2, 2), 1)", "torch.tensor([1.0, 1.0, 0.0]).max(0).indices", "a.requires_grad", "a.is_leaf", "a.grad", "b.double() + b", "b.double()",
]:
    cells.append(f"{setup}print({expression})")

# Arguments

for call in [
    "a.sum(0, dim=0)", "a.sum(0, foo=1)", "a.sum(dim=0, dim=1)", "a.sum(keepdim=True, dim=0)", "torch.sum(a, dim=0)", "torch.sum(input=a)", "a.transpose(0)", "a.transpose(0, 1, 2)", "a.max(dim=1).values", "f(1, x=2)", "f(2, y=3)", "f(y=3)", "f(1, 2, 3, 4)", "f(1, z=5)", "f(*[1, 2])", "len()", "len([1], [2])", "range()", "range(1, 2, 3, 4)", "sum(1)", "torch.zeros()", "torch.ones(2, 3, dtype=torch.float32)", "print(1, seq=2)", "int('1', 2, 3)", "abs()", "max()", "max([])", "torch.tensor()", "torch.arange()", "sorted([2, 1], True)", "round(1.234, ndigits=1)", "enumerate()", "list(enumerate('ab', start=1))", "list(zip())", "torch.where(a > 1)", "F.one_hot()", "a.view(size=(3, 2))", "a.clone(1)", "a.item(1)",
]:
    cells.append(f"a = torch.arange(6.0).view(2, 3)\ndef f(x, y=1, z=2):\n    return x + y * z\nprint({call})")

# Tensors: bools, ints and floats together

mixed = "a = torch.arange(6.0).view(2, 3)\nm = a > 1\ni = torch.tensor([1, 2, 3])\n"
for expression in [
    "m.T", "m.max()", "m.mean()", "m + m", "m * m", "m - m", "m / m", "-m", "m.abs()", "m @ m.T", "m.float() @ a.T", "torch.tensor(2) ** torch.tensor(2)", "i ** torch.tensor(2)", "a ** torch.tensor(2)", "i ** torch.tensor(2.0)", "torch.einsum('i,i->i', i, i)", "torch.where(m, i, 0.5)", "torch.where(m, 1, 0)", "torch.where(m, i, a)", "m.sum(0)", "m.all(0)", "m.any(1)", "i.all()", "m.unsqueeze(0)", "m.tolist()", "m == True", "m == 1", "m > 0", "~m", "~i", "m & (a < 4)", "m ^ m", "m.argmax()", "m.var()", "m.view(3, 2)", "m.reshape(-1)", "i.exp()", "i.softmax(0)", "i.sqrt()", "i.pow(0.5)", "torch.outer(i, i)", "i.abs()", "round(torch.tensor(2.5))", "m.clone()", "m.expand(2, 2, 3)", "a.scatter(1, torch.tensor([[0]]), torch.tensor([[1]]))", "m.nelement()", "torch.tensor(a)", "torch.ones_like(m)", "torch.zeros_like(m)", "F.one_hot(m.long())", "m.item()", "(m.sum() > 3).item()", "i.max(0)", "i.min()", "a + True", "i + True", "m + 1", "m + 0.5", "m * True", "m + False", "m / 2", "m - 1", "True - m", "a[i > 1]", "a[m]", "a[torch.tensor([True, False])]", "a[True]", "[1, 2, 3][torch.tensor(1)]", "[1, 2][True]", "'ab'[torch.tensor(1)]", "range(torch.tensor(3))", "torch.arange(torch.tensor(3))", "a.view(torch.tensor(3), 2)", "a.sum(torch.tensor(0))", "a.max(1, True)", "a.sum(None)", "a.view(3, 2.0)", "torch.zeros(2.0)", "torch.zeros([2, 2])", "torch.randint(5, (2,)).shape", "torch.full((2,), 1)", "torch.full((2,), 1.0)", "torch.full((2, 2), 3, dtype=torch.float32)", "a == [1]", "a != None", "a == None", "a is None", "a in [1]", "m.T.float()", "m[0]", "m[:, 1]", "m[0, 0]", "m.t()", "m.transpose(0, 1)", "m.flatten()", "m.squeeze()", "torch.sum(m)", "torch.max(m)", "m.long()", "m.shape", "m.repeat(2, 1)", "m.dtype", "torch.tensor([True, 2])", "torch.tensor([True, 2.5])", "torch.tensor(True)", "torch.tensor(True).item()", "torch.all(m)", "torch.any(m).item()", "m.exp()", "m.log()", "torch.mean(m)",
]:
    cells.append(f"{mixed}print({expression})")
for change in [
    "a[[0, 1], [0, 1]] = torch.tensor([1, 2])", "a[[0, 1], [0, 1]] = torch.tensor([1.0, 2.0])", "a[[0, 1], [0, 1]] = torch.tensor(1)", "a[[0]] = torch.tensor([True])", "a[m] = torch.tensor(1)", "a[m] = torch.tensor([1, 2, 3, 4])", "a[m] = torch.tensor([1.0, 2.0, 3.0, 4.0])", "a[m] = torch.tensor([1.0, 2.0])", "a[0] = torch.tensor([1, 2, 3])", "a[0] = m[0]", "a[0] = True", "i[[0]] = torch.tensor([1.5])", "i[0] = torch.tensor(1.5)", "i[0] = 7", "a.index_add_(0, torch.tensor([0]), torch.tensor([[1, 2, 3]]))", "a.index_put_((torch.tensor([0]),), torch.tensor([1, 2, 3]), accumulate=True)", "a += m", "i += m", "i += m[0]", "i *= 2.0", "a *= m", "a -= m", "a[:, 1] += i[:2]", "a[m] += 1", "m[0] = False\na = m", "m |= a == 0\na = m",
]:
    cells.append(f"{mixed}{change}\nprint(a, i)")
for body in ["x[0] = 1", "x.zero_()", "x[0].fill_(2)", "y = x * 1\ny.zero_()\nprint(y.tolist())", "y = x[0]\ny += 1", "y = x.view(6)\ny[0] = 1", "with torch.no_grad():\n    x[0] = 9\n    x[1].fill_(7)\nprint(x.tolist())", "x.copy_(torch.ones(2, 3))", "y = torch.zeros(2, 3)\ny += x\ny.sum().backward()\nprint(x.grad)", "y = x ** torch.tensor(2)\ny.sum().backward()\nprint(x.grad)", "y = torch.tensor(x)\nprint(y.requires_grad)"]:
    cells.append("x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)\n" + body)

# Tensors: changes in place, aliases and views

cells += [
    setup + "c = a\nc += 1\nprint(a)",
    setup + "c = a\nc = c + 1\nprint(a)",
    setup + "c = a.clone()\nc += 1\nprint(a, c)",
    setup + "c = a.view(3, 2)\nc[0, 0] = 9\nprint(a)",
    setup + "c = a.T\nc[2, 0] = 9\nprint(a)",
    setup + "c = a.T\nc += 1\nprint(a)",
    setup + "c = a[0]\nc += 1\nprint(a)",
    setup + "c = a[:, 1]\nc *= 10\nprint(a)",
    setup + "c = a[[0, 1]]\nc += 1\nprint(a)",
    setup + "c = a[1, 2]\nc += 1\nprint(a, c)",
    setup + "c = a.reshape(6)\nc[5] = 0\nprint(a)",
    setup + "c = a.T.reshape(6)\nc[5] = 0\nprint(a)",
    setup + "c = a.unsqueeze(0)\nc[0, 0, 0] = 7\nprint(a)",
    setup + "for row in a:\n    row += 1\nprint(a)",
    setup + "a[0] += b\nprint(a)",
    setup + "a[[0, 0]] += 1\nprint(a)",
    setup + "a[:, 0] = b[0]\nprint(a)",
    setup + "a[0] = b\na[1] = 5\nprint(a)",
    setup + "a[a > 2] = 0\nprint(a)",
    setup + "a[a > 2] *= 10\nprint(a)",
    setup + "a[range(2), [0, 2]] -= 1\nprint(a)",
    setup + "a[torch.arange(2), torch.tensor([2, 0])] = torch.tensor([7.0, 8.0])\nprint(a)",
    setup + "a[..., 0] = 1\na[None, 1] = 3\nprint(a)",
    setup + "a[1:] /= 2\nprint(a)",
    setup + "a[0, 1:] = b[1:]\nprint(a)",
    setup + "a += a.T",
    setup + "a += b.view(3, 1)",
    setup + "i += 1\nprint(i)",
    setup + "i += 0.5",
    setup + "i /= 2",
    setup + "i *= 2\ni -= 1\nprint(i)",
    setup + "a += i\nprint(a)",
    setup + "a.add_(1).mul_(2)\nprint(a)",
    setup + "a.zero_()\nprint(a)",
    setup + "a.fill_(3)\na.sub_(b)\na.div_(2)\nprint(a)",
    setup + "a **= 2\nprint(a)",
    setup + "a[5] = 1",
    setup + "a[0, 3]",
    setup + "a[0, 0, 0]",
    setup + "a[1.0]",
    setup + "a['x']",
    setup + "a[0] = torch.zeros(2)",
    setup + "c = torch.zeros(4, 3)\nfor k in range(2):\n    for j in range(3):\n        c[i[j]] += a[k, j]\nprint(c)",
    setup + "c = torch.zeros(4)\nc.index_add_(0, i, b)\nprint(c)",
    setup + "c = torch.zeros(4)\nc.index_put_((torch.tensor([1, 1]),), torch.tensor([2.0, 3.0]), accumulate=True)\nprint(c)",
    setup + "c = torch.zeros(2, 3)\nc.scatter_(1, torch.tensor([[1], [2]]), 1.0)\nprint(c)",
    setup + "v, k = a.max(1)\nprint(v, k)",
    setup + "x, y, z = b\nprint(x, y, z)",
    setup + "c = b.expand(2, 3)\nc += 1",
    setup + "print(a[0] is a, a is a)",
    setup + "a.copy_(torch.ones(2, 3))\nprint(a)",
    setup + "a.data += 1\nprint(a)",
    setup + "c = a.detach()\nc += 1\nprint(a)",
]

# Gradients

for body in [
    "(x * x).sum().backward()", "(x.view(-1) ** 3).sum().backward()", "x[0].sum().backward()", "x[:, 1].sum().backward()", "(x[[0, 0, 1]] * 2).sum().backward()", "(x.T @ x).sum().backward()", "x.max(1).values.sum().backward()", "(x * y).sum(0).mean().backward()", "(x / 2 - 1 / x).mean().backward()", "x.unsqueeze(1).squeeze(1).sum().backward()", "x.abs().sum().backward()", "z = x * 2\nz += 1\nz *= 3\nz.sum().backward()", "z = x * 2\nw = z\nz += x\nw.sum().backward()", "z = x * 2\nz.retain_grad()\n(z * z).sum().backward()\nprint(z.grad)", "x.sum().backward()\nx.sum().backward()", "x.sum().backward()\nx.grad = None\nx.sum().backward()", "x += 1", "with torch.no_grad():\n    x += 1\nprint(x)", "x.backward()", "z = x.sum()\nz.backward()\nz.backward()", "x.detach().sum().backward()", "z = (x * 2).detach()\nz += 1\nprint(z)", "x.data -= 0.5\nprint(x)", "torch.einsum('ij,ij->i', x, x).sum().backward()", "x[torch.arange(2), torch.tensor([2, 0])].sum().backward()", "x.permute(1, 0).reshape(6)[1:4].sum().backward()", "x.repeat(2, 1).sum().backward()", "(2 * x).sum().backward()\nprint(x.grad.sum())", "print((x * 2).requires_grad, x.requires_grad, x.is_leaf)", "z = x * 1\nz[0] = 5\nprint(z.tolist())", "z = x * x\nx.data += 1\nz.sum().backward()", "x.var(0).sum().backward()", "x.float().sum().backward()", "x.expand(2, 2, 3).sum().backward()",
]:
    cells.append("x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)\ny = torch.tensor([1.0, -1.0, 2.0])\n" + body + "\nprint(x.grad)")

# Indexing at random


def part():
    return random.choice(
        [
            lambda: str(random.randint(-3, 3)),
            lambda: ":",
            lambda: f"{random.choice(['', '0', '1', '-2'])}:{random.choice(['', '2', '3', '-1', '9'])}",
            lambda: f"::{random.randint(1, 2)}",
            lambda: "None",
            lambda: "...",
            lambda: str([random.randint(0, 2) for _ in range(2)]),
            lambda: f"torch.tensor({[random.randint(-2, 1) for _ in range(2)]})",
            lambda: f"torch.tensor({[[random.randint(0, 1) for _ in range(2)] for _ in range(3)]})",
            lambda: f"torch.tensor({random.randint(0, 2)})",
            lambda: "range(2)",
        ]
    )()


for _ in range(250):
    parts = ", ".join(part() for _ in range(random.randint(1, 3)))
    cells.append(f"x = torch.arange(60).view(3, 4, 5)\ny = x[{parts}]\nprint(y.shape)\nprint(y.tolist())")
for _ in range(150):
    parts = ", ".join(part() for _ in range(random.randint(1, 3)))
    change = random.choice(["= -1", "+= 100", "-= 1", "*= 2"])
    cells.append(f"x = torch.arange(60.0).view(3, 4, 5)\nx[{parts}] {change}\nprint(x.tolist())")

# Arithmetic at random


def number():
    return random.choice([str(random.randint(-9, 9)), repr(round(random.uniform(-9, 9), 2)), "True"])


def expression(depth):
    if depth == 0:
        return number()
    operator = random.choice(["+", "-", "*", "/", "//", "%", "**", "<", "==", "and", "or", ">="])
    left, right = expression(depth - 1), expression(random.randint(0, depth - 1))
    return random.choice([f"({left} {operator} {right})", f"-({left})", f"({left} {operator} {right})", f"{left} {operator} {right}"])


for _ in range(400):
    source = f"print({expression(3)})"
    if not run(source)["output"] or "j" not in run(source)["output"][0]:
        cells.append(source)

# Floats as they are written, with and without digits on either side of the dot

show("1.", "-1. / 4", "2.*3", "1./3", "[1.,2.]", "(1.,)", "1_000.", "1.e-5", "1.E+3", "1_0.e-1_0", ".5", "1e5", "0.", "00.", "01.", "09.5", "08e1", "2.**-2.", "1. if 1 else 2", "1.if 1 else 2", "1.or 2", "[1.for x in 'a']", "{1.: 2.}", "f'{1./4} {2.:.3f} 3. {\"4.\"}'", "'1. 2.' '3.'", "1.e", "1._0", "1_.", "1__0.", "1.x", "1. x", "1..", "3 == 3.")
cells += ["x = 2.\nx -= .5\nprint(x)", "x1 = [3]\nprint(x1[0], 1.)", "print(1.\\\n+ 2)", "print(\n1.  # 2.\n)"]
spellings = random.Random(1)
for _ in range(60):
    digits, fraction, power = (spellings.choice(["0", "7", "12", "1_0", "305"]) for _ in range(3))
    whole = spellings.choice([f"{digits}.", f"{digits}.{fraction}", f".{fraction}", digits])
    exponent = spellings.choice(["", "", f"e{power}", f"E-{power}", f"e+{power}"])
    show(f"{whole}{exponent}" + spellings.choice(["", "/8", "*2.", "+1", "-.5", "<2.", ",", " "]))

path = pathlib.Path(__file__).parent / "fixtures" / "lesson.json"
path.write_text(json.dumps([run(source) for source in cells], indent=0, ensure_ascii=True) + "\n")
print(len(cells), "cells")
