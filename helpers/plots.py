"""Figures: each `draw_…` function takes and returns axes and describes itself; `show` displays."""

import io
import itertools
import time

import torch
from cycler import cycler
from IPython.display import Image, display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from tqdm import tqdm

from helpers.checkpoint import write_whole

# Okabe and Ito's palette: told apart by colour-blind readers; dashes double the colours.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#6E6E6E"
STYLE = {
    "axes.prop_cycle": cycler(
        color=[BLUE, ORANGE, GREEN, PURPLE], linestyle=["-", "--", "-.", ":"]
    ),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
}


def subplots(nrows=1, ncols=1, figsize=(7, 3.5)):
    """`plt.subplots` in the series' style: returns (figure, axes). No global setting changes."""
    with plt.rc_context(STYLE):
        return plt.subplots(nrows, ncols, figsize=figsize, layout="constrained")


def describe(ax, text):
    """Give the axes their alt text: what a reader who does not see the figure should know."""
    ax.set_label(text)
    return ax


def show(figure, alt=""):
    """Display a figure once, as a PNG with its alt text, and close it.

    The alt text is `alt`, or what `describe` gave the figure's axes. Raises ValueError without one.
    """
    display(_picture(figure, alt))
    plt.close(figure)


def _picture(figure, alt=""):
    alt = alt or " ".join(
        label for ax in figure.axes if not (label := ax.get_label()).startswith("_")
    )
    if not alt.strip():
        raise ValueError("the figure has no alt text, got ''; pass alt='what it shows' to show()")
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=144)
    return Image(png.getvalue(), width=round(figure.get_figwidth() * 90), alt=alt)


def draw_digits(images, labels=(), *, title="", columns=10, ax=None):
    """Draw images (N, 1, 28, 28) in rows, dark ink on white paper, `labels` above them."""
    rows, tile = -(-len(images) // columns), 38  # 28 pixels, and room for the title
    if ax is None:
        _, ax = subplots(figsize=(0.8 * columns, 0.8 * rows))
    page = torch.zeros(rows * tile, columns * tile)
    for i, image in enumerate(images):
        top, left = i // columns * tile + 10, i % columns * tile + 5
        page[top : top + 28, left : left + 28] = image.squeeze().cpu()
        if i < len(labels):
            ax.text(left + 14, top - 2, str(labels[i]), ha="center", fontsize=11)
    ax.imshow(page.numpy(), cmap="gray_r")
    ax.set_axis_off()
    ax.set_title(title, fontsize=11)
    shown = ", ".join(str(label) for label in labels) or "nothing"
    return describe(ax, f"{len(images)} handwritten digits, labelled {shown}.")


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
        if values
    )
    return describe(
        ax, f"{title}. {ylabel} against {xlabel}: {listed or 'nothing yet'}.".lstrip(". ")
    )


class LossPlot:
    """One figure that follows a training run in place: losses, accuracy, progress, time left.

    Pass it to `training.fit` as `watch`. It redraws about twice a second, and less often where
    drawing would take more than a twentieth of the time; with `live=False` only once, at the end.
    """

    def __init__(self, num_epochs, live=True):
        self.figure = Figure(figsize=(8.5, 3.4), layout="constrained")
        self.figure.subplots(1, 2)
        self.num_epochs, self.live = num_epochs, live
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
        losses = {"validation": history.valid_losses, "training": history.train_losses}
        panels = {
            "cross-entropy (nats)": losses,
            "validation accuracy (%)": {"validation": percents},
        }
        with plt.rc_context(STYLE):
            for ax, (ylabel, lines) in zip(self.figure.axes, panels.items(), strict=True):
                ax.clear()
                draw_lines(lines, title="", xlabel="epoch", ylabel=ylabel, ax=ax)
                ax.set_xlim(0.5, self.num_epochs + 0.5)
                ax.xaxis.set_major_locator(MaxNLocator(integer=True))
                if best := history.best_epoch:
                    ax.plot(best, lines["validation"][best - 1], "o", ms=14, mfc="none", mec=GREY)
        self.figure.axes[0].set_ylim(0, None)
        self.figure.suptitle(self.headline(history), fontsize=11)
        picture = _picture(self.figure)
        if self.handle is None:
            self.handle = display(picture, display_id=True)
        else:
            self.handle.update(picture)

    def headline(self, history):
        """Progress and time left while training, the finding afterwards."""
        if not history.ended:
            elapsed = time.perf_counter() - self.started
            return tqdm.format_meter(
                history.steps,
                history.num_steps,
                elapsed,
                initial=self.first_step or 0,
                unit="step",
                ncols=90,
            )
        if not history.best_epoch:
            return f"Training {history.ended} before its first epoch was measured"
        best = history.valid_accuracies[history.best_epoch - 1]
        return (
            f"Lowest validation loss after epoch {history.best_epoch} of {history.num_epochs}: "
            f"{best:.1%} of the held-out digits right"
        )

    def save(self, path):
        """Write the figure as a PNG file, whole or not at all."""
        write_whole(path, lambda file: self.figure.savefig(file, format="png", dpi=144))
