"""The picture of a sweep: mean accuracies with bands over the seeds."""

import math
import statistics
from pathlib import Path

from matplotlib.figure import Figure

from helpers.files import write_atomically
from helpers.plots import describe, tidy
from helpers.sweep.table import best_of, in_words, summarise

PICTURE = "sweep.png"
LINES, PANELS = 4, 6  # of a panel, of the picture


def save_picture(rows, names, folder):
    """Write sweep.png, if any setting's runs have all ended well."""
    if figure := draw_sweep(rows, names):
        write = lambda file: figure.savefig(file, format="png", dpi=144)  # noqa: E731
        write_atomically(Path(folder) / PICTURE, write)


def draw_sweep(rows, names):
    """Draw mean validation accuracy with a band from the lowest to the highest seed.

    It goes along the learning rate, if that varies, else along the first other setting; the rest
    are lines, four to a panel; if they are too many, as for random settings, each is a dot. Where a
    run diverged or failed, a cross marks the floor. Returns a figure, or None if no run ended well.
    """
    summary = summarise(rows, names)
    best = best_of(summary)
    if best is None:
        return None
    varied = [name for name, _ in best[0]]
    along = next((name for name in ("lr", *varied) if name in varied), None)
    places = sorted({dict(setting)[along] for setting in summary} if along else {""})
    lines = {}
    for setting, found in summary.items():
        rest = tuple(pair for pair in setting if pair[0] != along)
        lines.setdefault(rest, {})[dict(setting).get(along, "")] = found
    if dots := len(lines) > LINES * PANELS:
        merged = {place: [] for place in places}
        for setting, found in summary.items():
            merged[dict(setting)[along]] += found
        lines = {(("settings:", len(summary)),): merged}
    panels = [[*lines][i : i + LINES] for i in range(0, len(lines), LINES)]
    nrows, ncols = math.ceil(len(panels) / 2), min(2, len(panels))
    figure = Figure(figsize=(4.25 * ncols + (ncols == 1) * 2.5, 3.4 * nrows), layout="constrained")
    axes = figure.subplots(nrows, ncols, sharey=True, squeeze=False).flatten()
    for ax, panel in zip(axes, panels, strict=False):
        draw_panel(tidy(ax), {rest: lines[rest] for rest in panel}, places, along)
        if dots:
            ax.lines[0].set_linestyle("none")
    for ax in axes[len(panels) :]:
        ax.remove()
    mean, count = statistics.fmean(best[1]), len(best[1])
    figure.suptitle(f"{in_words(best[0])}: {mean:.1%} right, mean of {count}", fontsize=11)
    return figure


def draw_panel(ax, lines, places, along):
    """Draw {settings: {place: accuracies}}, with crosses where one is missing."""
    numbers = all(type(place) in (int, float) for place in places)
    where = {place: place if numbers else i for i, place in enumerate(places)}
    if numbers and min(places) > 0 and max(places) >= 10 * min(places):
        ax.set_xscale("log")
    if not numbers:
        ax.set_xticks(range(len(places)), [str(place) for place in places])
    texts = []
    for (rest, line), marker in zip(lines.items(), "os^D", strict=False):
        x = [place for place in places if any(line.get(place, []))]
        good = {place: [100 * a for a in line[place] if a is not None] for place in x}
        means = [statistics.fmean(good[place]) for place in x]
        at = [where[place] for place in x]
        (drawn,) = ax.plot(at, means, marker=marker, label=in_words(rest))
        low, high = ([extreme(good[place]) for place in x] for extreme in (min, max))
        ax.fill_between(at, low, high, color=drawn.get_color(), alpha=0.25, lw=0)
        bad = [where[place] for place, found in line.items() if None in found]
        ax.plot(
            bad,
            [0.02] * len(bad),
            "x",
            color=drawn.get_color(),
            clip_on=False,
            transform=ax.get_xaxis_transform(),
        )
        listed = ", ".join(f"{mean:.1f} at {place}" for mean, place in zip(means, x, strict=True))
        texts.append(f"{in_words(rest)}: {listed}; {len(bad)} with failures")
    ax.set(xlabel=along or "", ylabel="validation accuracy (%)")
    if len(lines) > 1 or next(iter(lines)):
        ax.legend(frameon=False, fontsize=9)
    describe(ax, f"Means of {along}, bands to the extremes. {'; '.join(texts)}.")
