"""Execute the committed notebooks again, in place, and write down how long each took.

`make outputs` calls it, on a machine that has nothing else to do. The seconds go to
tools/run_times.json, and from there into each notebook's contract and README's table, so
that no time is typed by hand; tests/test_notebooks.py compares the three.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat

from helpers.files import PROJECT
from helpers.widgets.stills import VIEW

TIMES = PROJECT / "tools" / "run_times.json"
EXECUTE = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
EXECUTE += ["--ExecutePreprocessor.record_timing=False"]
EXECUTE += ["--ExecutePreprocessor.store_widget_state=False"]


def main(paths):
    """Execute the notebooks, then set the times in all that name them."""
    times = json.loads(TIMES.read_text(encoding="utf-8")) if TIMES.exists() else {}
    for path in paths:
        started = time.perf_counter()
        subprocess.run([*EXECUTE, str(path)], check=True)
        times[path.stem] = round(time.perf_counter() - started, 1)
    times["machine"] = f"{os.cpu_count()} CPU cores"
    TIMES.write_text(json.dumps(dict(sorted(times.items())), indent=2) + "\n", encoding="utf-8")
    for path in paths:
        finish(path, times[path.stem])
    write_readme(times)


def finish(path, seconds):
    """Set the run time in a notebook's first cell; leave out widgets, which live in a kernel.

    Their still pictures stay, and a reader who has not run the cell sees those.
    """
    notebook = nbformat.read(path, as_version=4)
    cell = notebook.cells[0]
    text = f"runs in about {max(5, 5 * round(seconds / 5))} seconds on"
    cell.source = re.sub(r"runs in about \d+ seconds on", text, cell.source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if VIEW not in output.get("data", {})]
    nbformat.write(notebook, path)


def write_readme(times):
    """Set the minutes in README's table of notebooks."""
    path = PROJECT / "README.md"
    text = path.read_text(encoding="utf-8")
    for name, seconds in times.items():
        row = rf"(?m)^(\|.*notebooks/{name}\.ipynb.*\| )[\d.]+( \|[^|]*\|)$"
        if name != "machine":
            text = re.sub(row, rf"\g<1>{seconds / 60:.1f}\g<2>", text)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted((PROJECT / "notebooks").glob("*.ipynb")))
