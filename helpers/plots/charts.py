"""Charts of numbers: bars, lines, lines with bands, and the size of each layer's gradient."""

import itertools

from helpers.plots.style import GREEN, describe, new_axes, tidy


def draw_bars(bars, *, title, xlabel, form="{:.1f}", ax=None):
    """Draw {name: value} as horizontal bars, the first on top, with their values."""
    ax = new_axes(ax, (7, 0.9 + 0.4 * len(bars)))
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
    """Draw {name: values} as lines against `x`, or against 1, 2, 3, …; mark up to 20 points."""
    ax = new_axes(ax, (7, 3.5))
    texts = []
    for (name, values), marker in zip(lines.items(), itertools.cycle("os^D")):
        where = range(1, len(values) + 1) if x is None else x
        ax.plot(where, values, marker=marker if len(values) <= 20 else "", label=name)
        texts.append(f"{name} {in_words(where, values)}")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title, fontsize=11)
    if len(lines) > 1:
        ax.legend(frameon=False)
    return describe(ax, f"{title}. {ylabel} against {xlabel}: {'; '.join(texts)}.")


def draw_bands(runs, *, title, xlabel, ylabel, x=None, ax=None):
    """Draw {name: values (runs, points)} as mean lines with a band from the least to the greatest.

    The alt text lists the means, as `draw_lines` does.
    """
    means = {name: values.mean(dim=0).tolist() for name, values in runs.items()}
    ax = draw_lines(means, title=title, xlabel=xlabel, ylabel=ylabel, x=x, ax=ax)
    for line, values in zip(ax.lines[-len(runs) :], runs.values(), strict=True):
        low, high = values.amin(dim=0).numpy(), values.amax(dim=0).numpy()
        ax.fill_between(line.get_xdata(), low, high, color=line.get_color(), alpha=0.25, lw=0)
    count = len(next(iter(runs.values())))
    return describe(ax, f"{ax.get_label()} Means over {count} runs, bands to the extremes.")


def in_words(x, values):
    """A line in words: each of its points, or its start, its end and its extremes."""
    places = [place if isinstance(place, str) else f"{float(place):.3g}" for place in x]
    points = [f"{value:.3g} at {place}" for value, place in zip(values, places, strict=True)]
    if len(points) <= 12:
        return ", ".join(points)
    low, high = (points[values.index(extreme(values))] for extreme in (min, max))
    return f"starts {points[0]}, ends {points[-1]}, lowest {low}, highest {high}"


def draw_norms(norms, *, title, ax=None):
    """Draw one number for each layer on a log scale, the first layer on top.

    A norm below 1e-12 is drawn there.
    """
    ax = tidy(new_axes(ax, (7, 0.9 + 0.4 * len(norms))))
    layers = range(1, len(norms) + 1)
    for layer, norm in zip(layers, norms, strict=True):
        place = max(norm, 1e-12), layer
        ax.plot(*place, "o", color=GREEN)
        ax.annotate(f"{norm:.1g}", place, (7, 0), textcoords="offset points", va="center")
    ax.set(xscale="log", xlim=(3e-13, 1e4), xlabel="norm", ylabel="layer")
    ax.set_xticks([1e-12, 1e-8, 1e-4, 1], ["1e-12", "1e-8", "1e-4", "1"])  # mathtext is slow
    ax.minorticks_off()
    ax.set_yticks(layers)
    ax.invert_yaxis()
    ax.set_title(title, fontsize=11)
    listed = ", ".join(f"{norm:.1g}" for norm in norms)
    return describe(ax, f"{title}. Norm of each layer's gradient, from the first: {listed}.")
