"""Make the frames that the site shows under two explorers: python tools/frames.py

A frame is what the page's own function draws for one value of one control. Run it again when such
a function changes; a test draws some frames anew and compares.
"""

import contextlib
import io
import json
import symtable
from pathlib import Path

import nbformat
import PIL.Image
from matplotlib.figure import Figure

from helpers import widgets
from helpers.files import PROJECT
from helpers.plots.style import picture, tidy

FRAMES = PROJECT / "site" / "frames"
# {page: (the explorer's cell, the control that moves, its values, what the others are set to)}
PICKS = {
    "03_losses": ("cell-79", "a", [i / 2 for i in range(-12, 6)] + [2.9, *range(4, 7)], {"b": 0.0}),
    "04_optimizers": (
        "cell-116",
        "lr",
        [10 ** (i / 20) for i in range(-72, -48)],
        {"surface": "Rosenbrock", "momentum": 0.95},
    ),
}


def names(source):
    """(names that a cell reads, names that it sets), those inside its functions left out."""
    tables, read, made = [symtable.symtable(source, "cell", "exec")], set(), set()
    for table in tables:
        tables += table.get_children()
        for name in table.get_symbols():
            if table is tables[0] and (name.is_assigned() or name.is_imported()):
                made.add(name.get_name())
            if name.is_referenced() and (table is tables[0] or name.is_global()):
                read.add(name.get_name())
    return read, made


def needed(cells, last):
    """The sources of the cells that `last` needs, itself included, in the page's order."""
    wanted, picked = set(), []
    ids = [cell.id for cell in cells]
    for cell in reversed(cells[: ids.index(last) + 1]):
        read, made = names(cell.source)
        if cell.id == last or made & wanted:
            wanted = wanted - made | read
            picked.insert(0, cell.source)
    return picked


def find_explorer(page):
    """(draw, figsize, {control: its value}) that the page hands to `widgets.explore`."""
    found = []
    cells = nbformat.read(PROJECT / "notebooks" / f"{page}.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code" and "proof" not in tags(cell)]
    scope, explore = {"__name__": page}, widgets.explore
    widgets.explore = lambda draw, **settings: found.append((draw, settings))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for source in needed(code, PICKS[page][0]):
                exec(compile(source, page, "exec"), scope)
    finally:
        widgets.explore = explore
    ((draw, settings),) = found
    size = settings.pop("figsize", (7, 3.5))
    settings.pop("goal")
    return draw, size, {name: control.value for name, control in settings.items()}


def tags(cell):
    return cell.metadata.get("tags", [])


def draw_frames(page, values=None):
    """[(value, alt text, bytes of the PNG)], for all values or for some."""
    _, moved, all_values, fixed = PICKS[page]
    draw, size, start = find_explorer(page)
    frames = []
    for value in all_values if values is None else values:
        figure = Figure(figsize=size, layout="constrained")
        draw(tidy(figure.subplots()), **(start | fixed | {moved: value}))
        still = picture(figure, quick=True)  # coarse enough for 0.6 MB a page
        frames.append((value, still.alt, fewer_colours(still.data)))
    return frames


def fewer_colours(data):
    """The same picture with 32 colours, which makes it small."""
    image, small = PIL.Image.open(io.BytesIO(data)).convert("RGB"), io.BytesIO()
    image.quantize(32, PIL.Image.Quantize.MAXCOVERAGE, dither=PIL.Image.Dither.NONE).save(
        small, "png", optimize=True
    )
    return small.getvalue()


def main():
    """Write the frames of all pages, and what each shows."""
    for page in PICKS:
        folder, listed = FRAMES / page, []
        folder.mkdir(parents=True, exist_ok=True)
        for number, (value, alt, data) in enumerate(draw_frames(page)):
            Path(folder, f"{number:02}.png").write_bytes(data)
            listed.append({"value": f"{value:.2g}".replace("-", "−"), "alt": alt})
        text = json.dumps({"cell": PICKS[page][0], "frames": listed}, ensure_ascii=False, indent=1)
        Path(folder, "frames.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
