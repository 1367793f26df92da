"""Figures: each `draw_…` function takes and returns axes and describes itself; `show` displays."""

import io
import itertools
import time

import torch
from IPython.display import Image, display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from tqdm import tqdm

from helpers.files import write_whole

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

    The alt text is `alt`, or what `describe` gave the figure's axes. Raises ValueError without one.
    """
    display(picture(figure, alt))
    plt.close(figure)


def picture(figure, alt="", dpi=144):
    """Render a figure: an `IPython.display.Image` with its PNG bytes in `data`, and its `alt`."""
    labels = [ax.get_label() for ax in figure.axes]
    alt = alt or " ".join(label for label in labels if not label.startswith("_"))
    if not alt.strip():
        raise ValueError("the figure has no alt text, got ''; pass alt='what it shows' to show()")
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=dpi)
    return Image(png.getvalue(), width=round(figure.get_figwidth() * 90), alt=alt)


def draw_digits(images, labels=(), *, title="", columns=10, ax=None):
    """Draw images (N, 1, 28, 28), 0 is paper and 1 is ink, in rows with `labels` above them."""
    rows, tile = -(-len(images) // columns), 38  # 28 pixels, and room for the title
    if ax is None:
        _, ax = subplots(figsize=(0.8 * columns, 0.8 * rows))
    page = torch.zeros(rows * tile, columns * tile)
    for i, image in enumerate(images):
        top, left = i // columns * tile + 10, i % columns * tile + 5
        page[top : top + 28, left : left + 28] = image.squeeze().cpu()
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
    ax.margins(x=0.12)
    ax.set(xlabel=xlabel)
    ax.set_title(title, fontsize=11)
    listed = ", ".join(f"{name} {form.format(value)}" for name, value in bars.items())
    return describe(ax, f"{title}. Bars of {xlabel}: {listed}.")


def draw_lines(lines, *, title, xlabel, ylabel, x=None, ax=None):
    """Draw {name: values} as lines against `x`, or against 1, 2, 3, …; mark single points."""
    if ax is None:
        _, ax = subplots()
    for (name, values), marker in zip(lines.items(), itertools.cycle("os^D")):
        where = range(1, len(values) + 1) if x is None else x
        ax.plot(where, values, marker=marker if len(values) <= 20 else "", label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title, fontsize=11)
    if len(lines) > 1:
        ax.legend(frameon=False)
    listed = "; ".join(
        f"{name} starts at {values[0]:.3g}, ends at {values[-1]:.3g}, "
        f"lies between {min(values):.3g} and {max(values):.3g}"
        for name, values in lines.items()
    )
    return describe(ax, f"{title}. {ylabel} against {xlabel}: {listed}.")


class LossPlot:
    """One figure that follows a training run in place: losses, accuracy, progress, time left.

    Pass it to `training.fit` as `callback`. It redraws about once a second, less often where
    drawing would take more than a twentieth of the time; with `live=False` only at the end.
    """

    def __init__(self, num_epochs, live=True):
        self.num_epochs, self.live = num_epochs, live
        self.figure = Figure(figsize=(8.5, 3.4))
        self.figure.subplots_adjust(left=0.08, right=0.98, bottom=0.15, top=0.87, wspace=0.22)
        losses, accuracies = self.figure.subplots(1, 2)
        losses.set(ylabel="cross-entropy (nats)", ylim=(0, 1))
        accuracies.set(ylabel="validation accuracy (%)", ylim=(80, 100))
        for ax in (losses, accuracies):
            tidy(ax).set(xlabel="epoch", xlim=(0.5, num_epochs + 0.5))
            ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
        self.lines = {
            "train_losses": losses.plot([], [], "s--", color=ORANGE, label="training")[0],
            "valid_losses": losses.plot([], [], "o-", color=BLUE, label="validation")[0],
            "valid_percents": accuracies.plot([], [], "o-", color=BLUE)[0],
        }
        ring = {"ms": 14, "mfc": "none", "mec": GREY, "label": "lowest validation loss"}
        self.rings = [ax.plot([], [], "o", **ring)[0] for ax in (losses, accuracies)]
        losses.legend(frameon=False, loc="upper right")
        self.handle = self.first_step = None
        self.started = self.next_draw = time.perf_counter()
        self.seconds = 0.0  # spent drawing

    def __call__(self, history):
        """Redraw if it is time to; called after each step and once at the end."""
        if self.first_step is None:
            self.first_step = history.steps
        if history.ended or (self.live and time.perf_counter() >= self.next_draw):
            began = time.perf_counter()
            self.draw(history)
            took = time.perf_counter() - began
            self.seconds += took
            self.next_draw = began + max(0.5, 20 * took)

    def draw(self, history):
        """Draw the history, and show the figure where it was first shown."""
        percents = [100 * share for share in history.valid_accuracies]
        series = {"valid_percents": percents} | vars(history)
        for name, line in self.lines.items():
            line.set_data(range(1, history.num_epochs + 1), series[name])
        if best := history.best_epoch:
            for ring, values in zip(self.rings, (history.valid_losses, percents), strict=True):
                ring.set_data([best], [values[best - 1]])
            for ax, bottom in zip(self.figure.axes, (0, None), strict=True):
                ax.relim()
                ax.autoscale(axis="y")
                ax.set_ylim(bottom, None)
        headline = self.headline(history)
        self.figure.suptitle(headline, fontsize=11, family=None if history.ended else "monospace")
        listed = ", ".join(f"{loss:.3f}" for loss in history.valid_losses) or "none yet"
        alt = f"{headline}. Validation loss by epoch: {listed}."
        image = picture(self.figure, alt, dpi=144 if history.ended else 100)
        if self.handle is None:
            self.handle = display(image, display_id=True)
        else:
            self.handle.update(image)

    def headline(self, history):
        """Progress and time left while training, the finding afterwards."""
        if not history.ended:
            elapsed = time.perf_counter() - self.started
            done = self.first_step or 0
            counts = {"n": history.steps, "total": history.num_steps, "elapsed": elapsed}
            return tqdm.format_meter(**counts, initial=done, unit="step", ncols=80)
        if not history.best_epoch:
            return f"Training {history.ended} before its first epoch was measured"
        best = history.valid_accuracies[history.best_epoch - 1]
        how = "" if history.ended in ("finished", "early") else f"Training {history.ended}. "
        return (
            f"{how}Lowest validation loss after epoch {history.best_epoch} of "
            f"{history.num_epochs}: {best:.1%} of the held-out digits right"
        )

    def save(self, path):
        """Write the figure as a PNG file, whole or not at all."""
        write_whole(path, lambda file: self.figure.savefig(file, format="png", dpi=144))
