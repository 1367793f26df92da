"""The committed notebooks, read once for the tests of their style and their exercises."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
assert PATHS, "no notebook found"
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def tags(cell):
    return cell.metadata.get("tags", [])


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def exercises(notebook):
    """[(cell, solution)] for each exercise: the stub's cell, and the code folded away below it."""
    pairs = []
    for cell, below in zip(notebook.cells, notebook.cells[1:], strict=False):
        if "exercise" in tags(cell):
            found = re.search(
                r"<details>.*?```python\n(.*?)```.*?</details>", below.source, re.DOTALL
            )
            pairs.append((cell, found and found[1]))
    return pairs
