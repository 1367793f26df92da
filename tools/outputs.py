"""Execute the committed notebooks again, in place, and write down what each took.

`make outputs` calls it, on a machine that has nothing else to do. The seconds go to
tools/run_times.json, and from there into each notebook's contract and README's table, so
that no time is typed by hand; tests/test_notebooks.py compares the three. The peak of each
kernel's memory is kept by tools/memory.py; a kernel above its limit is reported at the end.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

import memory
import nbformat

from helpers.files import PROJECT
from helpers.widgets.stills import VIEW

TIMES = PROJECT / "tools" / "run_times.json"


def main(paths):
    """Execute the notebooks, then set what was measured in all that name it."""
    peaks = {}
    times = json.loads(TIMES.read_text(encoding="utf-8")) if TIMES.exists() else {}
    for path in paths:
        started = time.perf_counter()
        notebook, peaks[path.stem] = memory.execute(path)
        times[path.stem] = round(time.perf_counter() - started, 1)
        nbformat.write(notebook, path)
        print(path.stem, f"{times[path.stem]} s, MB:", peaks[path.stem], flush=True)
    times["machine"] = f"{os.cpu_count()} CPU cores"
    TIMES.write_text(json.dumps(dict(sorted(times.items())), indent=2) + "\n", encoding="utf-8")
    for path in paths:
        finish(path, times[path.stem])
    write_readme(times)
    sys.exit("\n".join(memory.keep(peaks)) or 0)


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
