"""Paths are drawn where they go, and regions where the model decides."""

import pytest
import torch
from matplotlib import pyplot as plt

from helpers import plots


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def bowl(points):
    return (points[..., 0] ** 2 + 50 * points[..., 1] ** 2) / 2


def test_paths_are_drawn_over_the_contours_of_the_surface():
    paths = {"a": torch.tensor([[1.0, 1.0], [0.5, 0.0]]), "b": torch.zeros(3, 2)}
    where = {"minimum": (0, 0), "xlim": (-2, 2), "ylim": (-1, 1)}
    ax = plots.draw_paths(bowl, paths, **where, title="Two")
    first, second, start, star = (line.get_xydata().tolist() for line in ax.lines)
    assert first == [[1.0, 1.0], [0.5, 0.0]] and second == [[0.0, 0.0]] * 3
    assert start == [[1.0, 1.0]] and star == [[0.0, 0.0]]
    assert len({line.get_linestyle() for line in ax.lines[:2]}) == 2, "styles double the colours"
    ring = ax.collections[0].get_paths()[10].vertices  # level 10: x reaches no further than √20
    assert bowl(torch.from_numpy(ring)).mean().item() == pytest.approx(10.0, rel=0.02)
    assert "a ends after 1 steps at (0.5, 0); b ends after 2 steps" in ax.get_label()


def test_the_boundary_is_drawn_where_the_model_decides():
    class Upper(torch.nn.Module):
        def forward(self, X):
            return torch.stack([-X[:, 1], X[:, 1]], dim=1)  # class 1 above the axis

    X = torch.tensor([[0.0, 1.0], [3.0, -1.0], [1.0, 1.0]])
    _, ax = plots.subplots()
    drawn = plots.draw_regions(Upper(), X, torch.tensor([1, 0, 0]), title="Halves", ax=ax)
    assert drawn is ax and ax.get_label().startswith("Halves. Two moons of points")
    below, above = (path.get_extents() for path in ax.collections[0].get_paths())
    assert (below.y0, below.y1, above.y0, above.y1) == pytest.approx((-1.4, 0, 0, 1.4), abs=1e-6)
    assert ax.collections[1].get_paths()[0].vertices[:, 1] == pytest.approx(0, abs=1e-6)
    assert [line.get_xdata().tolist() for line in ax.lines] == [[3.0, 1.0], [0.0]]


def test_norms_are_drawn_from_the_first_layer_down():
    ax = plots.draw_norms([1e-3, 1.0], title="Norms")
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[1e-3, 1.0]], [[1.0, 2.0]]]
    assert ax.get_xscale() == "log" and "from the first: 0.001, 1." in ax.get_label()
    assert ax.yaxis_inverted()
