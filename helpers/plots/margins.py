"""Numbers held against bounds: how far beyond its bound is each, in runs of two kinds?"""

from helpers.plots.style import BLUE, ORANGE, describe, new_axes

ENDS = 1e-3, 1e3


def draw_margins(margins, *, title, ax=None):
    """Draw {name: (margins of healthy runs, margins of sick runs)}, one row a name.

    A margin is positive; above 1 a value is beyond its bound. Those outside of 1e-3 to 1e3 are
    drawn at these ends.
    """
    ax = new_axes(ax, (7.6, 0.9 + 0.3 * len(margins)))
    ax.axvspan(1, 3 * ENDS[1], color="#F3E3D8", lw=0)
    listed = []
    for row, (name, kinds) in enumerate(margins.items()):
        looks = (("o", BLUE, -0.22), ("X", ORANGE, 0.22))
        for values, (marker, color, shift) in zip(kinds, looks, strict=True):
            places = [min(max(value, ENDS[0]), ENDS[1]) for value in values]
            spread = [0.3 * (k + 0.5) / len(places) - 0.15 for k in range(len(places))]
            rows = [row + shift + aside for aside in spread]  # so that equal values stay apart
            ax.plot(places, rows, marker, color=color, ms=6, alpha=0.7, ls="", mec="white", mew=0.4)
        worst = f"{max(kinds[0]):.2g}" if kinds[0] else "none"
        least = f"{min(kinds[1]):.2g}" if kinds[1] else "none"
        listed.append(f"{name}: healthy at most {worst}, sick at least {least}")
    ax.axvline(1, color="black", lw=1)
    ax.set(xscale="log", xlim=(ENDS[0] / 3, ENDS[1] * 3), ylim=(len(margins) - 0.5, -0.5))
    ax.set_yticks(range(len(margins)), margins)
    ticks = [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3]
    ax.set_xticks(ticks, ["≤ 0.001", 0.01, 0.1, 1, 10, 100, "≥ 1000"])
    ax.minorticks_off()
    ax.set_xlabel("value over its bound (dots: healthy runs, crosses: the bug)")
    ax.set_title(title, fontsize=11)
    return describe(ax, f"{title}. Value over its bound. {'; '.join(listed)}.")
