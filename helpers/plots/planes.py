"""Pictures of a plane: paths over a surface, and the regions where a classifier decides."""

import itertools

import torch
from matplotlib.colors import LogNorm

from helpers.plots.style import BLUE, GREY, ORANGE, describe, new_axes, tidy


def draw_paths(surface, paths, *, minimum, xlim, ylim, title, ax=None):
    """Draw {name: positions (points, 2)} over the contours of `surface`.

    `surface` takes points (…, 2) and returns heights (…). A ring marks the start, the same for
    all, and a star the minimum. Neighbouring contours differ in height by a factor of about 3.
    The alt text says where each path ends; for a legend call `ax.legend()`.
    """
    ax = tidy(new_axes(ax, (7, 3.5)))
    ax.grid(False)
    draw_contours(ax, surface, xlim, ylim)
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
    return describe(ax, f"{title}. {what}, the minimum is at {where}: {ends}.")


def draw_contours(ax, surface, xlim, ylim):
    """Draw contours of `surface`, from 1e-4 to 1e4, two for each factor of 10."""
    xs, ys = torch.linspace(*xlim, 160), torch.linspace(*ylim, 160)
    heights = surface(torch.cartesian_prod(xs, ys).double()).reshape(160, 160).T.clamp(min=1e-6)
    levels = [10 ** (k / 2) for k in range(-8, 9)]
    lines = {"colors": "#BDBDBD", "linewidths": 0.8, "linestyles": "-", "norm": LogNorm()}
    ax.contour(xs, ys, heights, levels, **lines)


def draw_regions(model, X, y, *, title, ax=None):
    """Draw the samples X (N, 2) with labels y (N,), over the regions where the model says 0 and 1.

    The model takes points (N, 2) and returns two logits for each.
    """
    ax = tidy(new_axes(ax, (7, 3.5)))
    ax.grid(False)
    low, high = X.min(dim=0).values - 0.4, X.max(dim=0).values + 0.4
    sides = [torch.linspace(low[i], high[i], 80) for i in range(2)]
    with torch.no_grad():
        logits = model(torch.cartesian_prod(*sides)).reshape(80, 80, 2)
    lead = (logits[..., 1] - logits[..., 0]).T.numpy()  # of class 1 over class 0
    xs, ys = (side.numpy() for side in sides)
    ax.contourf(xs, ys, lead, [-1e9, 0, 1e9], colors=["#CFE3F2", "#F9DDC8"])
    if lead.min() < 0 < lead.max():  # so that the boundary shows without colours too
        ax.contour(xs, ys, lead, [0], colors=GREY)
    for label, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        ax.plot(*X[y == label].T.numpy(), marker, color=colour, ms=4, label=f"class {label}")
    ax.set(xticks=[], yticks=[], xlabel="first input", ylabel="second input")
    ax.set_title(title, fontsize=11)
    return describe(ax, f"{title}. Two moons of points over the regions of both answers.")
