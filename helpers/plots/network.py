"""A network at work: one digit on its way through, and its answers beside the digits."""

import torch
from matplotlib.patches import ConnectionPatch

from helpers.plots.style import BLUE, GREEN, GREY, ORANGE, describe, new_axes, tidy


def draw_network(image, hidden, outputs, *, title, ax=None):
    """Draw a digit (28, 28), its hidden units (H,), darker for larger, and its outputs (10,).

    The hidden units stand in rows of 8.
    """
    ax = new_axes(ax, (8, 3.2))
    ax.set_axis_off()
    picture = ax.inset_axes([0.0, 0.08, 0.28, 0.75])
    picture.imshow(image.squeeze().numpy(force=True), cmap="gray_r", vmin=0, vmax=1)
    rows = -(-len(hidden) // 8)
    squares = ax.inset_axes([0.43, 0.08, 0.17, 0.75])
    padded = hidden.new_zeros(rows * 8)
    padded[: len(hidden)] = hidden
    squares.imshow(padded.reshape(rows, 8).numpy(force=True), cmap="Blues", aspect="auto")
    for part in (picture, squares):
        part.set(xticks=[], yticks=[])
    bars = tidy(ax.inset_axes([0.76, 0.08, 0.24, 0.75]))
    draw_output(bars, outputs)
    texts = ("784 pixels", f"{len(hidden)} hidden units", "10 outputs")
    for part, text in zip((picture, squares, bars), texts, strict=True):
        part.set_title(text, fontsize=10)
    for start, end, middle in ((picture, squares, 0.355), (squares, bars, 0.67)):
        ends = {"xyA": (1.06, 0.5), "xyB": (-0.2, 0.5), "axesA": start, "axesB": end}
        ends |= {"coordsA": "axes fraction", "coordsB": "axes fraction"}
        look = {"arrowstyle": "-|>", "mutation_scale": 18, "color": GREY, "lw": 1.5}
        ax.add_artist(ConnectionPatch(**ends, **look))
        ax.text(middle, 0.52, "weights", ha="center", fontsize=9, transform=ax.transAxes)
    ax.set_title(title, fontsize=11)
    best = outputs.argmax().item()
    return describe(ax, f"{title}. A digit, {texts[1]}, and 10 outputs, the largest for {best}.")


def draw_output(ax, outputs, label=None, xlim=None):
    """Draw ten outputs as bars, the largest in orange; a ring at 1 marks the label."""
    best = outputs.argmax().item()
    colors = [ORANGE if digit == best else BLUE for digit in range(10)]
    ax.barh(range(10), outputs.numpy(force=True), color=colors)
    if label is not None:
        ax.plot(1, label, "o", mfc="white", mec=GREEN, mew=2.2, ms=9)
    ax.axvline(0, color=GREY, lw=0.8)
    ax.set(yticks=range(10), xlim=xlim)
    ax.invert_yaxis()
    ax.tick_params(labelsize=8)


def draw_answers(images, labels, answers, *, title, ax=None):
    """Draw digits (N, 1, 28, 28) in a row, and below each the rows of {name: outputs (N, 10)}.

    The largest output of each is orange; a green ring stands at 1 for the digit's label.
    """
    ax = new_axes(ax, (8, 1.6 + 2.1 * len(answers)))
    ax.set_axis_off()
    count, height = len(images), 1 / (0.7 + len(answers))
    every = torch.cat([*answers.values(), torch.ones(1, 10)])
    xlim = (1.1 * min(0, every.min().item()), 1.1 * every.max().item())
    said = []
    for i in range(count):
        left = 0.09 + 0.91 * i / count
        picture = ax.inset_axes([left, 1 - 0.6 * height, 0.8 / count, 0.55 * height])
        picture.imshow(images[i].squeeze().numpy(force=True), cmap="gray_r", vmin=0, vmax=1)
        picture.set(xticks=[], yticks=[])
        for row, (name, outputs) in enumerate(answers.items()):
            bottom = 1 - (1.6 + row) * height
            bars = tidy(ax.inset_axes([left, bottom + 0.1 * height, 0.75 / count, 0.8 * height]))
            draw_output(bars, outputs[i], labels[i].item(), xlim)
            said.append(f"{name} {labels[i].item()} is read as {outputs[i].argmax().item()}")
            if i == 0:
                place = (-0.02, bottom + 0.5 * height)
                ax.text(*place, name, rotation=90, va="center", transform=ax.transAxes)
    ax.set_title(title, fontsize=11)
    return describe(ax, f"{title}. {'; '.join(said)}.")
