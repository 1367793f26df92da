"""A folded cell as HTML: the line that opens it is what a screen reader says, too."""

import re
from html import escape

from myst_nb.sphinx_ext import HideCodeCellNode


def register(app):
    """Take the place of myst-nb's form, which names every fold "Toggle hidden content"."""
    app.add_node(HideCodeCellNode, override=True, html=(begin, end))


def begin(writer, node):
    """Write what stands before the cell's source."""
    line = re.sub("`(.+?)`", r"<code>\1</code>", escape(node["prompt_show"], quote=False))
    writer.body.append(f'<details class="fold"><summary>{line}</summary>\n')


def end(writer, node):
    """Write what stands after it."""
    writer.body.append("</details>\n")
