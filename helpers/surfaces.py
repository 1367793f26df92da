"""Two surfaces to descend on, an ill-conditioned bowl and Rosenbrock's valley, and their paths."""

import itertools

import torch
from matplotlib.colors import LogNorm

from helpers import plots


def bowl(point, condition=50.0):
    """½ (x² + condition · y²) for points (…, 2); the minimum is 0 at (0, 0).

    The curvature is 1 along x and `condition` along y.
    """
    return (point[..., 0] ** 2 + condition * point[..., 1] ** 2) / 2


def rosenbrock(point):
    """(1 − x)² + 100 (y − x²)² for points (…, 2); the minimum is 0 at (1, 1).

    A flat, bent valley between steep walls. Source: Rosenbrock (1960), "An automatic method for
    finding the greatest or least value of a function".
    """
    x, y = point[..., 0], point[..., 1]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def draw_paths(ax, surface, paths, *, minimum, xlim, ylim, title):
    """Draw {name: positions (points, 2)} over the contours of `surface`.

    A ring is the start, the same for all, and a star the minimum. Contours stand a factor of
    about 3 apart in height. The alt text says where each path ends; for a legend call
    `ax.legend()`.
    """
    xs, ys = torch.linspace(*xlim, 160), torch.linspace(*ylim, 160)
    heights = surface(torch.cartesian_prod(xs, ys).double()).reshape(160, 160).T.clamp(min=1e-6)
    levels = [10 ** (k / 2) for k in range(-8, 9)]
    lines = {"colors": "#BDBDBD", "linewidths": 0.8, "linestyles": "-", "norm": LogNorm()}
    plots.tidy(ax).grid(False)
    ax.contour(xs, ys, heights, levels, **lines)
    for (name, path), marker in zip(paths.items(), itertools.cycle("os^D")):
        ax.plot(*path.T.numpy(), marker=marker, ms=2.5, lw=1.2, label=name)
    start = next(iter(paths.values()))[0]
    ax.plot(*start, "o", mfc="none", mec="black", ms=9)
    ax.plot(*minimum, "*", color="black", ms=12, ls="none")
    ax.set(xlim=xlim, ylim=ylim, xlabel="x", ylabel="y")
    ax.set_title(title, fontsize=11)
    ends = "; ".join(
        f"{name} ends after {len(path) - 1} steps at ({path[-1, 0]:.2g}, {path[-1, 1]:.2g})"
        if path.isfinite().all()
        else f"{name} leaves all bounds"
        for name, path in paths.items()
    )
    what = f"Paths from ({start[0]:.2g}, {start[1]:.2g}) over contours"
    where = f"({minimum[0]:g}, {minimum[1]:g})"
    return plots.describe(ax, f"{title}. {what}, the minimum is at {where}: {ends}.")
