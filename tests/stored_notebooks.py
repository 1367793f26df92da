"""The committed notebooks, read once for the tests of their style and their exercises."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
assert PATHS, "no notebook found"
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}

# Settings that make a page short, within the ranges that it names, for tests of what is not its
# numbers: those that nbval compares come from the page's own settings.
BRIEF = {
    "02_mlp_forward_and_backward": {"batch_size": 16, "num_steps": 20, "num_networks": 3},
    "03_losses": {"num_networks": 2, "num_steps": 100, "num_trials": 100},
    "04_optimizers": {"hidden_size": 16, "batch_size": 16, "train_steps": 200, "num_seeds": 2},
    "05_train_mnist": {"num_epochs": 2, "batch_size": 512, "valid_size": 1000},
    "06_look_inside": {"num_epochs": 2, "cure_epochs": 1, "max_shift": 4},
    "07_diagnose": {"num_seeds": 2, "num_steps": 90},
    "08_many_runs": {"num_moons": 2, "moon_steps": 100},
    "09_elsewhere": {
        "image_epochs": 1,
        "text_epochs": 1,
        "num_dates": 2000,
        "date_epochs": 1,
        "speech_epochs": 2,
        "num_rounds": 2,
        "num_players": 1,
    },
    "10_the_article": {"num_seeds": 2, "data_steps": 100, "num_maps": 10},
}

FOLDED = {"proof", "setup"}


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def tags(cell):
    return cell.metadata.get("tags", [])


def visible(notebook):
    """The code cells that a reader sees: all but the folded ones (tagged `proof` or `setup`)."""
    return [cell for cell in code_cells(notebook) if not FOLDED & set(tags(cell))]


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
