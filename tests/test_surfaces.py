"""The surfaces have their known slopes and minima, and paths are drawn where they go."""

import pytest
import torch
from matplotlib import pyplot as plt

from helpers import plots, surfaces


def gradient(surface, x, y):
    point = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(surface(point), point)[0].tolist()


def test_the_bowl_is_condition_times_as_steep_along_y():
    assert gradient(lambda p: surfaces.bowl(p, 7.0), 2.0, -3.0) == [2.0, -21.0]
    assert surfaces.bowl(torch.tensor([[2.0, 1.0], [0.0, 0.0]]), 6.0).tolist() == [5.0, 0.0]


def test_rosenbrock_has_its_known_values_and_slopes():
    points = torch.tensor([[1.0, 1.0], [-1.2, 1.0], [0.0, 0.0]], dtype=torch.float64)
    assert surfaces.rosenbrock(points).tolist() == pytest.approx([0.0, 24.2, 1.0])
    assert gradient(surfaces.rosenbrock, -1.2, 1.0) == pytest.approx([-215.6, -88.0])


def test_paths_are_drawn_over_the_contours_of_the_surface():
    _, ax = plots.subplots()
    paths = {"a": torch.tensor([[1.0, 1.0], [0.5, 0.0]]), "b": torch.zeros(3, 2)}
    where = {"minimum": (0, 0), "xlim": (-2, 2), "ylim": (-1, 1)}
    drawn = surfaces.draw_paths(ax, surfaces.bowl, paths, **where, title="Two")
    first, second, start, star = (line.get_xydata().tolist() for line in ax.lines)
    assert drawn is ax and first == [[1.0, 1.0], [0.5, 0.0]]
    assert second == [[0.0, 0.0]] * 3 and start == [[1.0, 1.0]] and star == [[0.0, 0.0]]
    assert len({line.get_linestyle() for line in ax.lines[:2]}) == 2, "styles double the colours"
    ring = ax.collections[0].get_paths()[10].vertices  # level 10: x reaches no further than √20
    assert surfaces.bowl(torch.from_numpy(ring)).mean().item() == pytest.approx(10.0, rel=0.02)
    assert "a ends after 1 steps at (0.5, 0); b ends after 2 steps" in ax.get_label()
    plt.close(ax.figure)
