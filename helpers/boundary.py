"""Small MLPs on two moons: make, train, draw where they decide and how large gradients are."""

import torch
from matplotlib.colors import ListedColormap
from torch import nn
from torch.nn import functional as F

from helpers import plots
from helpers.training import ACTIVATIONS


def make_mlp(hidden_size, depth, activation, seed=0):
    """An MLP from 2 inputs over `depth` hidden layers to 2 logits; "none" means no activation.

    The seed alone decides the initial weights, which are `nn.Linear`'s; the global random state
    stays as it was.
    """
    bend = (ACTIVATIONS | {"none": nn.Identity})[activation]
    layers, size = [], 2
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        for _ in range(depth):
            layers += [nn.Linear(size, hidden_size), bend()]
            size = hidden_size
        return nn.Sequential(*layers, nn.Linear(size, 2))


def squared_error(model, X, y):
    """Squared distance to the one-hot labels, mean over the batch: X (N, 2), y (N,)."""
    return F.mse_loss(model(X), F.one_hot(y, 2).float(), reduction="sum") / len(X)


def train_mlp(model, X, y, num_steps=300, lr=0.1):
    """Train the model in place on all samples at once, by SGD with momentum 0.9; return it."""
    sgd = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for _ in range(num_steps):
        loss = squared_error(model, X, y)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


def gradient_norms(model, X, y):
    """The norm of the loss's gradient for each layer's weights, from the first layer on."""
    weights = [layer.weight for layer in model if isinstance(layer, nn.Linear)]
    gradients = torch.autograd.grad(squared_error(model, X, y), weights)
    return [gradient.norm().item() for gradient in gradients]


def accuracy(model, X, y):
    """Share of the samples that get their own label."""
    with torch.no_grad():
        return (model(X).argmax(dim=1) == y).float().mean().item()


def draw_boundary(ax, model, X, y, title=""):
    """Draw the samples X (N, 2) with labels y, over the regions where the model says 0 and 1."""
    low, high = X.min(dim=0).values - 0.4, X.max(dim=0).values + 0.4
    plots.tidy(ax).grid(False)
    sides = [torch.linspace(low[i], high[i], 150) for i in range(2)]
    grid = torch.cartesian_prod(*sides)
    with torch.no_grad():
        regions = model(grid).argmax(dim=1).reshape(150, 150).T.numpy()
    if 0 < regions.mean() < 1:  # so that the boundary shows without colours too
        ax.contour(*[side.numpy() for side in sides], regions, [0.5], colors=plots.GREY)
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    extent = (left, right, bottom, top)
    pale = ListedColormap(["#CFE3F2", "#F9DDC8"])
    ax.imshow(regions, cmap=pale, vmin=0, vmax=1, origin="lower", extent=extent, aspect="auto")
    for label, colour, marker in ((0, plots.BLUE, "o"), (1, plots.ORANGE, "^")):
        ax.plot(*X[y == label].T.numpy(), marker, color=colour, ms=4, label=f"class {label}")
    ax.set(xlabel="first input", ylabel="second input")
    ax.set_title(title, fontsize=11)
    return plots.describe(ax, f"{title}. Two moons of points over the regions of both answers.")


def draw_gradient_norms(ax, norms):
    """Draw the gradient's norm for each layer on a log scale, the first layer on top.

    A norm below 1e-12 is drawn there.
    """
    layers = range(1, len(norms) + 1)
    plots.tidy(ax)
    for layer, norm in zip(layers, norms, strict=True):
        place = max(norm, 1e-12), layer
        ax.plot(*place, "o", color=plots.GREEN)
        ax.annotate(f"{norm:.1g}", place, (7, 0), textcoords="offset points", va="center")
    ax.set(xscale="log", xlim=(3e-13, 1e4), xlabel="norm", ylabel="layer")
    ax.set_yticks(layers)
    ax.invert_yaxis()
    title = "Gradient at the first step"
    ax.set_title(title, fontsize=11)
    listed = ", ".join(f"{norm:.1g}" for norm in norms)
    return plots.describe(ax, f"{title}. Norm of each layer's gradient, from the first: {listed}.")
