"""From a stored notebook to a page of the site: what stands where, and nothing else changed."""

import base64
import re

from touch import is_style, touch

WIDE = 720  # from here on, in pixels, a phone scrolls a picture instead of shrinking it


def make_page(notebook, name, number, total, words):
    """Change a notebook (its JSON as a dict) into what myst-nb shall render."""
    cells = []
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            goal = describe_pictures(cell)
            fold(cell)
            cells += [cell, *([touch(name, cell["id"], goal, words)] if goal else [])]
        else:
            cell["source"] = lower_anchors(cell["source"])
            cells.append(cell)
    title, rest = cells[0]["source"].split("\n", 1)
    cells[0]["source"] = f"{title}\n\n{place(name, number, total, words)}\n{rest}"
    return notebook | {"cells": cells}


def pictures(cell):
    """The outputs of a cell that hold a picture."""
    return [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]


def png(output):
    """The bytes of an output's picture."""
    return base64.b64decode("".join(output["data"]["image/png"]))


def picture_of(notebook, name):
    """(alt text, bytes) of the picture of the cell with this id, or of the first one."""
    shown = {cell["id"]: pictures(cell) for cell in notebook["cells"] if pictures(cell)}
    output = shown.get(name, next(iter(shown.values())))[0]
    return output["metadata"]["image/png"]["alt"], png(output)


def describe_pictures(cell):
    """Hand alt text and width to myst-nb; return a widget's goal, or "" if there is none."""
    shown = pictures(cell)
    if len(shown) > 1:
        raise ValueError(f"cell {cell['id']} shows {len(shown)} pictures; myst-nb has one alt text")
    if shown:
        look = shown[0]["metadata"]["image/png"]
        size = {"width": f"{look['width']}px"}
        wide = {"classes": "wide"} if look["width"] > WIDE else {}
        cell["metadata"]["mystnb"] = {"image": {"alt": look["alt"], **size, **wide}}
    styles = [output for output in cell["outputs"] if is_style(output)]
    cell["outputs"] = [output for output in cell["outputs"] if output not in styles]
    return "".join(shown[0]["data"]["text/plain"]) if styles else ""


def fold(cell):
    """Close a cell whose source is hidden; its first comment becomes the line that opens it."""
    if cell["metadata"].get("jupyter", {}).get("source_hidden"):
        line = cell["source"].split("\n", 1)[0].removeprefix("# ")
        cell["metadata"].setdefault("mystnb", {})["code_prompt_show"] = line
        cell["metadata"]["tags"] = [*cell["metadata"].get("tags", []), "hide-input"]


def place(name, number, total, words):
    """The bar under the title: the place in the series, the notebook's file, how to run it."""
    dots = "".join(f"<i{' class=here' if i == number else ''}></i>" for i in range(1, total + 1))
    where = words["place"].format(number=number, total=total)
    how = words["how"].format(archive=f"../{words['archive']}", install=f"../{words['install']}")
    return f"""<div class="place">
<span>{where}</span><span class="dots" aria-hidden="true">{dots}</span>
<a href="{name}.ipynb" download>{words["download"]}</a>
<details class="run"><summary>{words["run"]}</summary>

{{#run}}
{how}

```
make setup
.venv/bin/jupyter lab {words["notebooks"]}/{name}.ipynb
```

</details>
</div>
"""


def lower_anchors(source):
    """Jupyter's anchors keep capitals and signs, those of the site do not."""
    link = r"(\]\((?:[\w./-]+\.ipynb)?#)([^)\s]+)\)"
    return re.sub(link, lambda m: m[1] + re.sub(r"[^\w-]", "", m[2]).lower() + ")", source)
