"""Writes fixtures/python.json: what Python makes of floats, strings, lines and word lists.

    python3 test/golden/python.py
"""

import json
import pathlib
import random
import struct

random.seed(1)


def bits(value):
    return struct.pack(">d", value).hex()


def floats():
    values = [0.0, -0.0, 1.0, -1.5, 1e-9, 1e-5, 1e-4, 9.999e-5, 0.1, 123456789.0, 8.381903171539307e-09, 3.637978807091713e-12]
    values += [1e15, 9999999999999998.0, 1e16, 1.2345e16, 1e17, 1e20, 1e21, 1e22, 1e23, 1e100, 1.7976931348623157e308]
    values += [5e-324, 2.2250738585072014e-308, 2.0**53, 2.0**-44, float("inf"), float("-inf"), float("nan")]
    values += [10.0**k for k in range(-30, 30)]
    values += [struct.unpack(">d", random.randbytes(8))[0] for _ in range(300)]
    values += [struct.unpack(">f", random.randbytes(4))[0] for _ in range(200)]
    values += [random.uniform(-1, 1) * 10.0 ** random.randint(-8, 20) for _ in range(300)]
    return [[bits(value), repr(value)] for value in values]


def strings():
    values = ["", "a", " ", "'", '"', "'\"", "\\", "\n\r\t", "\0\x01\x1f\x7f", "\x80\x85\xa0\xad\xff", "é", "ß", "日本", "😀", "🏳️‍🌈"]
    values += ["\u200b\u2028\u2029\u3000\ufeff\ufffd", "\ue000", "\U000e0001", "\U0010ffff", "e\u0301", "it's", 'say "hi"', "\u0378"]
    values += [chr(code) for code in range(0x20, 0x180)]
    return [[value, repr(value)] for value in values]


def lines():
    values = ["", "\n", "\r\n", "a", "a\n", "a\r\nb", "a\n\nb", "a\rb\r", "\ra", "a\n\r\nb", "a\n ", "a\x1fb"]
    values += ["a\vb\fc\x1cd\x1de\x1ef\x85g\u2028h\u2029i", "é\r\n😀\r\n"]
    alphabet = ["a", "é", "😀", "\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029", "\t", " "]
    values += ["".join(random.choices(alphabet, k=random.randint(0, 12))) for _ in range(200)]
    return [[value, value.splitlines()] for value in values]


def itos_of(words):
    chars = sorted(list(set("".join(words))))
    stoi = {s: i + 1 for i, s in enumerate(chars)}
    stoi["."] = 0
    return stoi, {i: s for s, i in stoi.items()}


def dataset(words, block_size):
    stoi, _ = itos_of(words)
    X, Y = [], []
    for w in words:
        context = [0] * block_size
        for ch in w + ".":
            idx = stoi[ch]
            X.append(context)
            Y.append(idx)
            context = context[1:] + [idx]
    return X, Y


lists = [
    ["abcdefghijklmnopqrstuvwxyz"],
    ["emma", "olivia", "ava"],
    ["o'neil", 'a"b', "\\", "tab\there", "a b"],
    ["zoë", "日本", "😀🏳️‍🌈", "\ufb01", "\ue000", "\U0001f600a", "Émile"],
    ["it's"],
]

golden = {
    "floats": floats(),
    "strings": strings(),
    "lines": lines(),
    "itos": [[words, str(itos_of(words)[1])] for words in lists],
    "datasets": [[words, T, *dataset(words, T)] for words in lists for T in (1, 2, 3, 8)],
    "splits": [[n, int(0.8 * n), int(0.9 * n)] for n in [*range(300), 32033, 32178, 2**31]],
}
path = pathlib.Path(__file__).parent / "fixtures" / "python.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
