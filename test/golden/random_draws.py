"""Writes fixtures/random.json: draws of PyTorch on the CPU (x86, AVX2) and of CPython, as bit patterns in hexadecimal.

    python3 test/golden/random_draws.py

Wants torch and numpy. Each case seeds a generator, makes its calls in order and ends with a digest of the generator's state.
"""

import hashlib
import json
import pathlib
import platform
import random
import struct

import torch

here = pathlib.Path(__file__).parent
float_types = {"float32": torch.float32, "float64": torch.float64}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def hexadecimal(tensor):
    """The elements' bit patterns, 8 digits each (16 for float64), most significant first; integers as int32."""
    if tensor.dtype == torch.int64:
        tensor = tensor.to(torch.int32)
    return tensor.numpy().astype(tensor.numpy().dtype.newbyteorder(">")).tobytes().hex()


def torch_draw(generator, call, *arguments):
    if call in ("rand", "randn"):
        shape, dtype = arguments
        drawn = getattr(torch, call)(shape, generator=generator, dtype=float_types[dtype])
    else:
        drawn = getattr(torch, call)(*arguments, generator=generator)
    return {"call": call, "arguments": arguments, "bits": hexadecimal(drawn)}


def torch_case(name, seed, calls):
    generator = torch.Generator().manual_seed(seed)
    draws = [torch_draw(generator, *call) for call in calls]
    return {
        "name": name,
        "seed": str(seed),
        "initialSeed": str(generator.initial_seed()),
        "draws": draws,
        "state": sha256(generator.get_state().numpy().tobytes()),
    }


def torch_cases():
    mixed = [
        ("randn", [5], "float32"),
        ("randn", [3], "float32"),
        ("randint", 0, 182625, [8]),
        ("randn", [1], "float64"),
        ("randn", [27, 2], "float32"),
        ("rand", [3], "float32"),
        ("rand", [2, 2], "float64"),
        ("randn", [], "float32"),
        ("randperm", 10),
        ("randn", [16], "float64"),
        ("randn", [0], "float32"),
        ("randint", -5, 6, []),
        ("randint", -(2**31), 2**31 - 1, [4]),
        ("randn", [2], "float64"),
    ]
    seeds = [0, 1, 42, 456789096543, 2147483647, -1, -42, -(2**63), 2**32 - 1, 2**32, 2**53, 2**63, 2**64 - 1]
    for seed in seeds:
        yield torch_case("mixed calls", seed, mixed)
    for size in [0, 1, 2, 15, 16, 17, 31, 32, 33, 270, 1920]:
        for dtype in float_types:
            yield torch_case(f"{dtype}, size {size}", 42, [("randn", [size], dtype), ("rand", [min(size, 33)], dtype)])
    for low, high in [(0, 1), (0, 2), (-1, 1), (0, 27), (-7, 2**31 - 1), (-(2**31), -(2**31) + 3)]:
        yield torch_case("randint", 2147483647, [("randint", low, high, [9])])
    for n in [0, 1, 2, 3, 17, 700]:
        yield torch_case("randperm", 2147483647, [("randperm", n), ("randperm", 2)])
    yield torch_case(
        "the notebook's parameters and first batch",
        456789096543,
        [("randn", shape, "float32") for shape in ([27, 10], [30, 64], [64], [64, 27], [27])] + [("randint", 0, 182625, [32])],
    )


def python_case(seed):
    generator = random.Random(seed)
    case = {
        "seed": f"-0x{-seed:x}" if seed < 0 else f"0x{seed:x}",
        "random": [struct.pack(">d", generator.random()).hex() for _ in range(3)],
        "getrandbits": [[k, generator.getrandbits(k)] for k in [0, 1, 8, 31, 32, 33, 53]],
        "randbelow": [[n, generator.randrange(n)] for n in [1, 2, 3, 10, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**53 - 1]],
        "shuffles": [],
    }
    for length in [0, 1, 2, 10, 1000]:
        numbers = list(range(length))
        generator.shuffle(numbers)
        case["shuffles"].append({"length": length, "sha256": sha256(",".join(map(str, numbers)).encode())})
    case["state"] = sha256(struct.pack("<625I", *generator.getstate()[1]))
    return case


def names_case():
    words = (here.parent.parent / "names.txt").read_text().splitlines()
    random.seed(42)
    random.shuffle(words)
    return {"first": words[:8], "sha256": sha256("\n".join(words).encode())}


python_seeds = [0, 1, 42, -42, -1, 2147483647, 456789096543, 2**32 - 1, 2**32, 2**53, 2**63, 2**64 - 1, 2**64, 10**50, -(10**50), 3**12700]
fixture = {
    "versions": [f"torch {torch.__version__}", f"python {platform.python_version()}"],
    "torchCases": list(torch_cases()),
    "pythonCases": [python_case(seed) for seed in python_seeds],
    "names": [names_case()],
}
target = here / "fixtures" / "random.json"
target.parent.mkdir(exist_ok=True)
sections = [f'"{name}": [\n' + ",\n".join(map(json.dumps, items)) + "\n]" for name, items in fixture.items()]
target.write_text("{" + ",\n".join(sections) + "}\n")
