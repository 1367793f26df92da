"""Put what `make bench` measured into docs/speed.md: `make bench-table`.

Keeps the results and the figure of growth beside this file, so that a test can hold the
numbers against them.
"""

import json
import re
import shutil
from pathlib import Path

from bench import FOLDER, NAMES

from helpers.files import PROJECT

HERE = Path(__file__).parent
IMAGES = PROJECT / "docs" / "images"
PAGE = PROJECT / "docs" / "speed.md"
FILES = ("results", "busy", "panel")  # busy.json: results of a machine that others kept busy
BEGIN, END = "<!-- measured: make bench-table writes this -->", "<!-- end of measured -->"


def section(results, busy, panel):
    """What docs/speed.md says, from results.json, busy.json and panel.json."""
    epochs, wholes = results["epoch_seconds"], results["process_seconds"]
    heads = ["", "seconds an epoch", "times this series'", "start to ten epochs, seconds"]
    heads += ["on a busy machine: seconds an epoch", "times this series'"]
    lines = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for name in sorted(epochs, key=epochs.get, reverse=True):
        whole = f"{wholes[name]:.1f}" if name in wholes else ""
        cells = [NAMES[name], *pace(epochs, name), whole, *pace(busy, name)]
        lines.append(f"| {' | '.join(cells)} |")
    machine, imports = results["machine"], results["import_seconds"]
    where = f"Measured on {machine['cores']} cores of an {machine['processor']}, without a GPU"
    extra = imports["helpers.training"] - imports["torch"]
    table = "\n".join(lines)
    acts, answers = max(panel["pause_seconds"]), max(panel["answer_seconds"])
    return f"""{table}

{where}, with Python {machine["python"]} and torch {machine["torch"]}: medians of seven epochs, \
and of three whole processes, all in turns. {results.get("note", "")} The last two columns come \
from a machine of the same kind that others kept busy, with Python {busy["machine"]["python"]}. \
The arithmetic is that of an epoch at the speed of one large matrix product; an epoch of this \
series takes {epochs["series"] / epochs["limit"]:.1f} times as long, \
{busy["series"] / busy["limit"]:.1f} times on the busy machine. That epoch includes a validation \
on 5,000 digits; the others' do not.

Importing `helpers.training` takes {extra:.2f} s, {imports["torch"]:.1f} s for torch set aside.

In JupyterLab on one thread, the live plot takes {panel["live_redraw_share"]:.1%} of `fit`'s time. \
The panel of notebook 05 needs {panel["panel_to_fit"]:.2f} times as long as `fit` without a \
display; {panel["redraw_share"]:.1%} of its time goes into redrawing. A click on Pause acts within \
{acts:.1f} s; another cell is answered within {answers:.1f} s."""


def pace(seconds, name):
    """A peer's seconds an epoch, and how many times this series' that is."""
    return f"{seconds[name]:.2f}", f"{seconds[name] / seconds['series']:.1f}"


def measured():
    """The measured part of docs/speed.md, from the files beside this one."""
    return section(*(json.loads((HERE / f"{x}.json").read_text(encoding="utf-8")) for x in FILES))


def write_between(begin, end, part):
    """Replace what docs/speed.md says between two marks, which stay."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(f"{begin}.*{end}", text, re.DOTALL)[0]
    PAGE.write_text(text.replace(found, f"{begin}\n{part}\n{end}"), encoding="utf-8")


def main():
    """Take the results over, and write the part of docs/speed.md. busy.json stays as it is."""
    for name in ("results.json", "panel.json", "growth.json", "growth.png"):
        shutil.copy(FOLDER / name, (IMAGES if name.endswith(".png") else HERE) / name)
    write_between(BEGIN, END, measured())


if __name__ == "__main__":
    main()
