"""Moons are learnt and drawn as they are."""

import pytest
import torch
from matplotlib import pyplot as plt

from helpers import boundary, data, plots


@pytest.fixture(scope="module")
def moons():
    return data.make_moons(200, noise=0.1, seed=0)


def test_the_seed_alone_decides_the_weights():
    state = torch.get_rng_state()
    first, same, other = (boundary.make_mlp(8, 2, "relu", seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(first[0].weight, same[0].weight)
    assert not torch.equal(first[0].weight, other[0].weight)
    assert [tuple(layer.weight.shape) for layer in first[::2]] == [(8, 2), (8, 8), (2, 8)]


def test_a_bend_is_needed_to_part_the_moons(moons):
    linear, bent = (
        boundary.train_mlp(boundary.make_mlp(16, 2, name), *moons) for name in ("none", "relu")
    )
    assert boundary.accuracy(linear, *moons) < 0.92 < 0.98 < boundary.accuracy(bent, *moons)


def test_gradient_norms_follow_a_step_of_the_weights(moons):
    model = boundary.make_mlp(8, 3, "tanh").double()
    X, y = moons[0].double(), moons[1]
    norms = boundary.gradient_norms(model, X, y)
    layer, step = model[2], 1e-6
    loss = boundary.squared_error(model, X, y)
    (gradient,) = torch.autograd.grad(loss, layer.weight)
    with torch.no_grad():
        layer.weight += step * gradient / gradient.norm()
    rise = (boundary.squared_error(model, X, y) - loss).item()
    assert len(norms) == 4 and norms[1] == pytest.approx(rise / step, rel=1e-3)


def test_the_boundary_is_drawn_where_the_model_decides():
    class Upper(torch.nn.Module):
        def forward(self, X):
            return torch.stack([-X[:, 1], X[:, 1]], dim=1)  # class 1 above the axis

    X = torch.tensor([[0.0, 1.0], [3.0, -1.0], [1.0, 1.0]])
    _, ax = plots.subplots()
    drawn = boundary.draw_boundary(ax, Upper(), X, torch.tensor([1, 0, 0]), "Halves")
    regions = ax.images[0].get_array()
    assert drawn is ax and ax.get_label().startswith("Halves. Two moons of points")
    assert (regions[:74] == 0).all() and (regions[76:] == 1).all()
    assert [line.get_xdata().tolist() for line in ax.lines] == [[3.0, 1.0], [0.0]]
    plt.close(ax.figure)


def test_norms_are_drawn_from_the_first_layer_down():
    _, ax = plots.subplots()
    boundary.draw_gradient_norms(ax, [1e-3, 1.0])
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[1e-3, 1.0]], [[1.0, 2.0]]]
    assert ax.get_xscale() == "log" and "from the first: 0.001, 1." in ax.get_label()
    plt.close(ax.figure)
