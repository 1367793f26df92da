"""Tensors in memory: how shapes are stretched, and the steps that read a strip of numbers."""

import torch
from matplotlib.patches import Rectangle

from helpers.plots.style import GREY, describe, new_axes

ROWS = ("#DCEBF7", "#FBE6DA", "#D9F0E6", "#F3E3EE")  # tints that tell rows apart


def draw_broadcast(a, b, *, title, ax=None):
    """Draw a + b for tensors of up to two axes: both as they are stretched, and the sum.

    Cells that exist in memory are framed with a solid line, repeated ones with a dashed line.
    """
    ax = new_axes(ax, (7, 2.2))
    total = a + b
    rows, columns = (1, 1, *total.shape)[-2:]
    ax.set_axis_off()
    ax.set(xlim=(-0.1, 3 * columns + 2.1), ylim=(rows + 0.1, -0.7), aspect="equal")
    for block, (tensor, symbol) in enumerate(((a, "+"), (b, "="), (total, ""))):
        left = block * (columns + 1)
        draw_cells(ax, tensor, rows, columns, left)
        ax.text(left + columns / 2, -0.3, f"{tuple(tensor.shape)}", ha="center")
        ax.text(left + columns + 0.5, rows / 2, symbol, ha="center", va="center", fontsize=14)
    ax.set_title(title, fontsize=11)
    shapes = f"{tuple(a.shape)} plus {tuple(b.shape)} gives {tuple(total.shape)}"
    return describe(ax, f"{title}. {shapes}: the smaller axes are repeated, dashed, to fit.")


def draw_cells(ax, tensor, rows, columns, left):
    """Draw a tensor, stretched to (rows, columns), as a grid of cells from `left` on."""
    own_rows, own_columns = (1, 1, *tensor.shape)[-2:]
    for i in range(rows):
        for j in range(columns):
            in_memory = i < own_rows and j < own_columns
            look = {"fc": "#DCEBF7", "ls": "-"} if in_memory else {"fc": "white", "ls": (0, (3, 2))}
            ax.add_patch(Rectangle((left + j, i), 1, 1, ec=GREY, **look))
            value = tensor.expand(rows, columns)[i, j].item()
            ax.text(left + j + 0.5, i + 0.5, f"{value:g}", ha="center", va="center")


def draw_strides(tensor, *, title, ax=None):
    """Draw the memory behind a tensor of two axes as a strip, and the steps that read it.

    Cells of one row have one colour. Arrows lead from entry (0, 0) along each axis.
    """
    ax = new_axes(ax, (7, 1.7))
    memory = torch.as_strided(
        tensor, (tensor.untyped_storage().nbytes() // tensor.itemsize,), (1,), 0
    )
    start, strides = tensor.storage_offset(), tensor.stride()
    owner = {
        start + i * strides[0] + j * strides[1]: i
        for i in range(tensor.shape[0])
        for j in range(tensor.shape[1])
    }
    for place, value in enumerate(memory.tolist()):
        fill = ROWS[owner[place] % len(ROWS)] if place in owner else "white"
        ax.add_patch(Rectangle((place, 0), 1, 1, ec=GREY, fc=fill))
        ax.text(place + 0.5, 0.5, f"{value:g}", ha="center", va="center")
    for step, name, height in ((strides[0], "next row", 1), (strides[1], "next column", 0)):
        side = 1 if height else -1
        ends = (start + step + 0.5, height), (start + 0.5, height)
        bend = {"arrowstyle": "-|>", "connectionstyle": f"arc3,rad={-0.35 * side}"}
        ax.annotate("", *ends, arrowprops=bend)
        ax.text(start + step + 0.8, height + 0.45 * side, f"{name}: {step} further", va="center")
    ax.set_axis_off()
    ax.set(xlim=(-0.1, len(memory) + 0.1), ylim=(-1.1, 2.1))
    ax.set_title(title, fontsize=11)
    steps = f"Entry (0, 0) is at place {start}, the next row {strides[0]}, the next column"
    return describe(ax, f"{title}. A strip of {len(memory)} numbers. {steps} {strides[1]} further.")
