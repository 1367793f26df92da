"""Charts of numbers: bars, lines, bands, tables, letters with a number each, gradients' sizes."""

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


def draw_intervals(intervals, *, title, xlabel, ax=None):
    """Draw {name: (middle, half the width)} as dots with whiskers, the first on top."""
    ax = new_axes(ax, (7, 0.9 + 0.4 * len(intervals)))
    rows, (middles, halves) = range(len(intervals)), zip(*intervals.values(), strict=True)
    ax.errorbar(middles, rows, xerr=halves, fmt="o", capsize=4)
    ax.set_yticks(rows, list(intervals))
    ax.invert_yaxis()
    ax.margins(y=0.1)
    ax.set(xlabel=xlabel)
    ax.set_title(title, fontsize=11)
    listed = "; ".join(f"{name} {x:.2f} ± {half:.2f}" for name, (x, half) in intervals.items())
    return describe(ax, f"{title}. {xlabel}, with intervals: {listed}.")


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


def draw_table(values, rows, columns, *, title, limits, form="{:.0f}", ax=None):
    """Draw a table of numbers, values[i][j] in row i and column j.

    The colour goes from white at limits[0] to dark blue at limits[1].
    """
    ax = new_axes(ax, (1.4 * len(columns) + 1.2, 0.6 * len(rows) + 0.9))
    low, high = limits
    ax.imshow(values, cmap="Blues", vmin=low, vmax=high, aspect="auto")
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            color = "white" if value > (low + 2 * high) / 3 else "black"
            ax.text(j, i, form.format(value), ha="center", va="center", color=color)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
    ax.grid(False)
    ax.set_title(title, fontsize=11)
    told = (", ".join(map(form.format, row)) for row in values)
    listed = "; ".join(f"{name} {row}" for name, row in zip(rows, told, strict=True))
    return describe(ax, f"{title}. Columns {', '.join(columns)}; rows: {listed}.")


def draw_attention(weights, written, read, *, title, ax=None):
    """Draw weights (rows, columns): how much each character written looks at each one read."""
    ax = new_axes(ax, (1.2 + 0.3 * len(read), 0.9 + 0.26 * len(written)))
    ax.imshow(weights.numpy(), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(read)), ["␣" if letter == " " else letter for letter in read])
    ax.set_yticks(range(len(written)), written)
    ax.tick_params(length=0)
    ax.grid(False)
    ax.set(xlabel="read", ylabel="written")
    ax.set_title(title, fontsize=11)
    places = [max(range(len(row)), key=row.__getitem__) for row in weights.tolist()]
    most = [f"{letter} at {read[i]!r}" for letter, i in zip(written, places, strict=True)]
    return describe(ax, f"{title}. Each character written looks most at: {', '.join(most)}.")


def draw_letters(text, values, *, title, limits, width=80, ax=None):
    """Draw a text, a number behind each of its characters as a shade of orange, in lines.

    A line breaks after `width` characters and at line ends; the shade is palest at limits[0].
    """
    rows, column, places = 0, 0, []
    for letter in text:
        places.append((rows, column))
        rows, column = (
            (rows + 1, 0) if letter == "\n" or column == width - 1 else (rows, column + 1)
        )
    ax = new_axes(ax, (7.6, 0.5 + 0.19 * (rows + 1)))
    page = [width * [limits[0]] for _ in range(rows + 1)]
    for (row, column), letter, value in zip(places, text, values, strict=True):
        page[row][column] = value
        ax.text(column, row, letter, ha="center", va="center", fontsize=8, family="monospace")
    low, high = limits
    ax.imshow(page, cmap="Oranges", vmin=low, vmax=low + 1.6 * (high - low), aspect="auto")
    ax.set_axis_off()
    ax.set_title(title, fontsize=11)
    return describe(ax, f"{title}. The text: {text}")


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
