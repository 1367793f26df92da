"""A timeline: what happened in which year, over the decades that somebody names for it."""

from helpers.plots.style import BLUE, ORANGE, describe, new_axes


def draw_timeline(events, decades, *, title, ax=None):
    """Draw events, dicts with `year` and `what`, one below the other, the earliest on top.

    `decades` maps the first year of a decade to its name, written above a shaded band. Events in
    one of these decades are round, the others are squares.
    """
    ax = new_axes(ax, (8.4, 0.9 + 0.24 * len(events)))
    for start, name in decades.items():
        ax.axvspan(start, start + 10, color=BLUE, alpha=0.12, lw=0)
        ax.text(start + 5, -1.3, f"{start}s\n{name}", ha="center", va="bottom", fontsize=8.5)
    for row, event in enumerate(events):
        year = int(event["year"])
        named = 10 * (year // 10) in decades
        ax.plot(year, row, "o" if named else "s", color=BLUE if named else ORANGE)
        late = year > 1985
        place, side = ((-7, 0), "right") if late else ((7, 0), "left")
        text = f"{event['what']}, {year}" if late else f"{year}, {event['what']}"
        ax.annotate(
            text, (year, row), place, textcoords="offset points", ha=side, va="center", fontsize=8.5
        )
    ax.set(xlim=(1938, 2024), ylim=(len(events) - 0.4, -1.2), yticks=[], xlabel="year")
    ax.grid(False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.set_title(title, fontsize=11, pad=30)
    listed = "; ".join(f"{event['year']} {event['what']}" for event in events)
    return describe(ax, f"{title}. {listed}.")
