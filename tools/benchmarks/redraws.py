"""CPU time that a move of each page's explorer takes: python tools/benchmarks/redraws.py

Runs each page up to its explorer in this process, without displaying anything, then moves its
controls to every second position, and prints the median and the longest redraw.
"""

import statistics
import time

import ipywidgets
import matplotlib
import nbformat
import torch

from helpers.files import PROJECT
from helpers.widgets import explorer


def positions(control):
    """Values to move a control to."""
    if hasattr(control, "options"):
        return list(control.options) if isinstance(control.options[0], str) else []
    low, high = control.min, control.max
    values = [low + (high - low) * k / 7 for k in range(1, 7)]
    if isinstance(control, ipywidgets.FloatLogSlider):
        return [10**value for value in values]
    return [int(v) if isinstance(control, ipywidgets.IntSlider) else v for v in values]


def move(controls):
    """Move each control; return the CPU seconds of each redraw."""
    seconds = []
    for control in controls.values():
        first = control.value
        for value in [*positions(control), first]:
            started, before = time.process_time(), control.value
            control.value = value
            if control.value != before:
                seconds.append(time.process_time() - started)
    return seconds


def main():
    matplotlib.use("agg")
    torch.set_num_threads(1)
    make_panel = explorer.make_panel
    for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
        moved, scope = [], {}

        def measured(draw, goal, figsize, controls, moved=moved):
            panel, still = make_panel(draw, goal, figsize, controls)
            moved.extend(move(controls))
            return panel, still

        explorer.make_panel = measured
        cells = nbformat.read(path, as_version=4).cells
        sources = [cell.source for cell in cells if cell.cell_type == "code"]
        if not any("widgets.explore" in source for source in sources):
            continue
        for source in sources:
            exec(source, scope)
            if "widgets.explore" in source:
                break
        median, longest = 1000 * statistics.median(moved), 1000 * max(moved)
        print(f"{path.stem[:2]}: {median:.0f} ms a move, {longest:.0f} at most, {len(moved)} moves")


if __name__ == "__main__":
    main()
