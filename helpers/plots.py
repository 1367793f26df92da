"""Figures: each `draw_…` function takes and returns axes and describes itself; `show` displays."""

import io
import itertools

import torch
from IPython.display import Image, display
from matplotlib import pyplot as plt

# Okabe and Ito's palette: told apart by colour-blind readers; dashes double the colours.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#6E6E6E"
CYCLE = plt.cycler(color=[BLUE, ORANGE, GREEN, PURPLE], linestyle=["-", "--", "-.", ":"])


def tidy(ax):
    """Give axes the series' look: its colours and dashes, a pale grid, no box."""
    ax.set_prop_cycle(CYCLE)
    ax.grid(True, color="#E4E4E4")
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def subplots(nrows=1, ncols=1, figsize=(7, 3.5)):
    """`plt.subplots` in the series' look: returns (figure, axes)."""
    figure, axes = plt.subplots(nrows, ncols, figsize=figsize, layout="constrained")
    for ax in figure.axes:
        tidy(ax)
    return figure, axes


def describe(ax, text):
    """Give the axes their alt text: what a reader who does not see the figure should know."""
    ax.set_label(text)
    return ax


def show(figure, alt=""):
    """Display a figure once, as a PNG with its alt text, and close it.

    The alt text is `alt`, or the figure's heading and what `describe` gave its axes. Raises
    ValueError without one.
    """
    display(picture(figure, alt))
    plt.close(figure)


def picture(figure, alt="", dpi=144):
    """Render a figure: an `IPython.display.Image` with its PNG bytes in `data`, and its `alt`."""
    heading = figure.get_suptitle()
    said = [f"{heading}." if heading else "", *(ax.get_label() for ax in figure.axes)]
    alt = alt or " ".join(text for text in said if text and text[0] != "_")
    alt = alt.replace("\n", " ")
    if not alt.strip():
        raise ValueError("the figure has no alt text, got ''; pass alt='what it shows' to show()")
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=dpi)
    return Image(png.getvalue(), width=round(figure.get_figwidth() * 90), alt=alt)


def draw_digits(images, labels=(), *, title="", columns=10, ax=None):
    """Draw images (N, 1, 28, 28), 0 is paper and 1 is ink, in rows with `labels` above them."""
    labels = labels.tolist() if torch.is_tensor(labels) else labels
    rows, tile = -(-len(images) // columns), 40  # 28 pixels, and room for the label
    if ax is None:
        _, ax = subplots(figsize=(0.8 * columns, 0.8 * rows + 0.3))
    page = torch.zeros(rows * tile, columns * tile)
    for i, image in enumerate(images):
        top, left = i // columns * tile + 11, i % columns * tile + 6
        page[top : top + 28, left : left + 28] = image.squeeze().cpu()
        corner = left - 0.5, top - 0.5
        ax.add_patch(plt.Rectangle(corner, 28, 28, fill=False, ec="#D0D0D0", lw=0.6))
        if i < len(labels):
            ax.text(left + 14, top - 2, str(labels[i]), ha="center", fontsize=11)
    ax.imshow(page.numpy(), cmap="gray_r", vmin=0, vmax=1)
    ax.set_axis_off()
    ax.set_title(title, fontsize=11)
    shown = ", ".join(str(label) for label in labels) or "nothing"
    return describe(ax, f"{title}. {len(images)} handwritten digits, labelled {shown}.")


def draw_bars(bars, *, title, xlabel, form="{:.1f}", ax=None):
    """Draw {name: value} as horizontal bars, the first on top, with their values."""
    if ax is None:
        _, ax = subplots(figsize=(7, 0.9 + 0.4 * len(bars)))
    drawn = ax.barh(list(bars), list(bars.values()))
    ax.bar_label(drawn, fmt=form, padding=4)
    ax.invert_yaxis()
    ax.grid(False, axis="y")  # it would strike the values out
    ax.margins(x=0.12)
    ax.set(xlabel=xlabel)
    ax.set_title(title, fontsize=11)
    listed = ", ".join(f"{name} {form.format(value)}" for name, value in bars.items())
    return describe(ax, f"{title}. Bars of {xlabel}: {listed}.")


def draw_lines(lines, *, title, xlabel, ylabel, x=None, ax=None):
    """Draw {name: values} as lines against `x`, or against 1, 2, 3, …; mark single points."""
    if ax is None:
        _, ax = subplots()
    told = []
    for (name, values), marker in zip(lines.items(), itertools.cycle("os^D")):
        where = range(1, len(values) + 1) if x is None else x
        ax.plot(where, values, marker=marker if len(values) <= 20 else "", label=name)
        told.append(f"{name} {in_words(where, values)}")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title, fontsize=11)
    if len(lines) > 1:
        ax.legend(frameon=False)
    return describe(ax, f"{title}. {ylabel} against {xlabel}: {'; '.join(told)}.")


def in_words(x, values):
    """A line in words: each of its points, or where it starts and ends and its extremes."""
    places = [place if isinstance(place, str) else f"{float(place):.3g}" for place in x]
    points = [f"{value:.3g} at {place}" for value, place in zip(values, places, strict=True)]
    if len(points) <= 12:
        return ", ".join(points)
    low, high = (points[values.index(extreme(values))] for extreme in (min, max))
    return f"starts {points[0]}, ends {points[-1]}, lowest {low}, highest {high}"


def draw_bands(runs, *, title, xlabel, ylabel, x=None, ax=None):
    """Draw {name: values (runs, points)} as mean lines with a band from the least to the greatest.

    The alt text gives the means, as `draw_lines` does.
    """
    means = {name: values.mean(dim=0).tolist() for name, values in runs.items()}
    ax = draw_lines(means, title=title, xlabel=xlabel, ylabel=ylabel, x=x, ax=ax)
    for line, values in zip(ax.lines[-len(runs) :], runs.values(), strict=True):
        low, high = values.amin(dim=0).numpy(), values.amax(dim=0).numpy()
        ax.fill_between(line.get_xdata(), low, high, color=line.get_color(), alpha=0.25, lw=0)
    count = len(next(iter(runs.values())))
    return describe(ax, f"{ax.get_label()} Means over {count} runs, bands to the extremes.")


def draw_maps(maps, titles, *, title, columns=8):
    """Draw pictures (N, 784) of signed numbers, orange below 0 and purple above; return an axes.

    Each picture has its own scale.
    """
    rows = -(-len(maps) // columns)
    figure, _ = subplots(rows, columns, figsize=(1.25 * columns, 1.55 * rows + 0.4))
    for ax in figure.axes:
        ax.set_axis_off()
    for ax, values, name in zip(figure.axes, maps, titles, strict=False):
        top = values.abs().max().item()
        ax.imshow(values.reshape(28, 28).numpy(), cmap="PuOr", vmin=-top, vmax=top)
        ax.set_title(name, fontsize=9)
    figure.suptitle(title, fontsize=11)
    return describe(figure.axes[0], f"{len(maps)} pictures: {', '.join(titles)}.")


def draw_confusion(confusion, *, title):
    """Draw counts (10, 10), row = label and column = answer; the colours follow the mistakes."""
    _, ax = subplots(figsize=(6.4, 5.4))
    mistakes = confusion.clone().fill_diagonal_(0)
    ax.imshow(mistakes.numpy(), cmap="Oranges", vmax=2 * max(1, mistakes.max().item()))
    for row, column in itertools.product(range(10), repeat=2):
        count = confusion[row, column].item() or "·"
        ax.text(column, row, count, ha="center", va="center", fontsize=9)
    ax.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="label")
    ax.grid(False)
    ax.set_title(title, fontsize=11)
    said = "; ".join(f"{k}: {' '.join(map(str, row))}" for k, row in enumerate(confusion.tolist()))
    return describe(ax, f"{title}. Counts for each label, read as 0 to 9: {said}.")
