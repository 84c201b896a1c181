"""Writes the files of fixtures/ anew that need PyTorch 1.13 and no arguments.

    python3 test/golden/generate.py   (PyTorch 1.13, safetensors 0.8, numpy; x86)

makemore-lengths.txt is left as it is where ../shared/data/names-makemore.txt is missing, safetensors.json where that library is.
lesson.py, printing.py, which needs PyTorch 2.13, and exercise4.py, which takes two word lists, are run by hand.
"""

import importlib.util
import pathlib
import runpy

here = pathlib.Path(__file__).parent
makemore = here.parent.parent.parent / "shared" / "data" / "names-makemore.txt"

for script in ["python.py", "random_draws.py", "compare.py", "operations.py", "passes.py"]:
    runpy.run_path(str(here / script), run_name="__main__")
if importlib.util.find_spec("safetensors"):
    runpy.run_path(str(here / "safetensors_file.py"), run_name="__main__")
if makemore.exists():
    # One hexadecimal digit a word.
    lengths = "".join(f"{len(word):x}" for word in makemore.read_text().splitlines())
    (here / "fixtures" / "makemore-lengths.txt").write_text(lengths + "\n")
