"""Pictures of digits, of weights as pictures, and of which digit was read as which."""

import itertools

import torch
from matplotlib.patches import Rectangle

from helpers.plots.style import describe, new_axes


def draw_digits(images, labels=(), *, title, columns=10, ax=None):
    """Draw images (N, 1, 28, 28), 0 is paper and 1 is ink, in rows with `labels` above them."""
    labels = labels.tolist() if torch.is_tensor(labels) else labels
    rows, tile = -(-len(images) // columns), 40  # 28 pixels, and room for the label
    ax = new_axes(ax, (0.8 * columns, 0.8 * rows + 0.3))
    page = torch.zeros(rows * tile, columns * tile)
    for i, image in enumerate(images):
        top, left = i // columns * tile + 11, i % columns * tile + 6
        page[top : top + 28, left : left + 28] = image.squeeze().cpu()
        corner = left - 0.5, top - 0.5
        ax.add_patch(Rectangle(corner, 28, 28, fill=False, ec="#D0D0D0", lw=0.6))
        if i < len(labels):
            ax.text(left + 14, top - 2, str(labels[i]), ha="center", fontsize=11)
    ax.imshow(page.numpy(), cmap="gray_r", vmin=0, vmax=1)
    ax.set_axis_off()
    ax.set_title(title, fontsize=11)
    shown = ", ".join(str(label) for label in labels) or "nothing"
    return describe(ax, f"{title}. {len(images)} handwritten digits, labelled {shown}.")


def draw_maps(maps, names, *, title, columns=8, ax=None):
    """Draw pictures (N, 784) of signed numbers, orange below 0 and purple above, in rows.

    Each picture has its own scale, and its name above it.
    """
    rows, tile = -(-len(maps) // columns), 36  # 28 pixels, and room for the name
    side = max(1.25, min(2.0, 7.5 / columns))  # inches; a few pictures are larger
    ax = new_axes(ax, (side * columns, side * rows + 0.4))
    page = torch.full((rows * tile, columns * tile), torch.nan)  # the gaps stay white
    for i, (values, name) in enumerate(zip(maps, names, strict=True)):
        top, left = i // columns * tile + 8, i % columns * tile + 4
        scaled = values.reshape(28, 28) / values.abs().max().clamp(min=1e-12)
        page[top : top + 28, left : left + 28] = scaled
        ax.text(left + 14, top - 2, name, ha="center", fontsize=9)
    ax.imshow(page.numpy(), cmap="PuOr", vmin=-1, vmax=1)
    ax.set_axis_off()
    ax.set_title(title, fontsize=11)
    return describe(ax, f"{title}. {len(maps)} pictures: {', '.join(names)}.")


def draw_confusion(confusion, *, title, ax=None):
    """Draw counts (10, 10), row = label and column = answer; the colours follow the mistakes."""
    ax = new_axes(ax, (6.4, 5.4))
    mistakes = confusion.clone().fill_diagonal_(0)
    ax.imshow(mistakes.numpy(), cmap="Oranges", vmax=2 * max(1, mistakes.max().item()))
    for row, column in itertools.product(range(10), repeat=2):
        count = confusion[row, column].item() or "·"
        ax.text(column, row, count, ha="center", va="center", fontsize=9)
    ax.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="label")
    ax.grid(False)
    ax.set_title(title, fontsize=11)
    rows = "; ".join(f"{k}: {' '.join(map(str, row))}" for k, row in enumerate(confusion.tolist()))
    return describe(ax, f"{title}. Counts for each label, read as 0 to 9: {rows}.")
