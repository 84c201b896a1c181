"""Writes fixtures/safetensors.json: a file written by the safetensors library.

    python3 test/golden/safetensors_file.py   (safetensors 0.8, numpy)
"""

import base64
import json
import pathlib

import numpy as np
from safetensors.numpy import save

arrays = {
    "W1": np.arange(6, dtype=np.float32).reshape(2, 3) / 3,
    "é 😀": np.array([1e-300, -0.0, np.inf], dtype=np.float64),
    "Xb": np.array([[1, -2, 2147483647]], dtype=np.int32),
    "Yb": np.array([5, -2147483648], dtype=np.int64),
    "loss": np.array(3.25, dtype=np.float32),
    "empty": np.zeros((0, 4), dtype=np.float32),
}
metadata = {"eps": "1e-5", "note": 'quote " and é'}
golden = {
    "file": base64.b64encode(save(arrays, metadata)).decode(),
    "metadata": metadata,
    "tensors": {name: {"shape": list(a.shape), "values": [repr(v) for v in a.flatten().tolist()]} for name, a in arrays.items()},
}
path = pathlib.Path(__file__).parent / "fixtures" / "safetensors.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
