"""Checkers for the exercises of notebook 02."""

import torch

from helpers.exercises import checker, close, compare, drawn, expect, try_sizes

# Square on purpose: a forgotten transpose or a wrong axis runs through and gets its own hint.
X = torch.tensor([[1.0, -2.0, 0.5], [0.3, 1.5, -1.0], [2.0, 0.7, 1.2]], dtype=torch.float64)
W = torch.tensor([[0.4, -1.0, 0.6], [1.1, 0.2, -0.5], [-0.3, 0.8, 0.9]], dtype=torch.float64)
D = torch.tensor([[0.2, -0.6, 1.0], [-0.4, 0.5, 0.7], [0.9, 0.1, -0.8]], dtype=torch.float64)


@checker("Right: three gradients, each in the shape of what it belongs to.")
def linear_backward(answer):
    """answer(X, W, dz) gives (dX, dW, db) of z = X @ W + b."""
    found = answer(X, W, D)
    expect(
        isinstance(found, tuple | list) and len(found) == 3,
        "Return three gradients: dX, dW and db.",
    )
    expect(all(map(torch.is_tensor, found)), "Each of the three gradients is a tensor.")
    dX, dW, db = found
    mistakes = {"dX: the signal goes back through the transpose of W.": D @ W}
    compare(dX, D @ W.T, mistakes, "dX is not the gradient of X.")
    mistakes = {
        "dW: transpose X, so that the product adds over the samples.": X @ D,
        "dW is transposed: here W has the shape (in, out), nn.Linear's has (out, in).": D.T @ X,
        "dW: dz carries the mean's 1/B already, so add over the batch and divide no more.": (
            X.T @ D / 3
        ),
    }
    compare(dW, X.T @ D, mistakes, "dW is not the gradient of W.")
    mistakes = {
        "db has a row for each sample: b is shared, so add the rows up.": D,
        "db: add over the samples, dim 0, not over the units.": D.sum(dim=1),
        "db: add over the batch, don't average: dz carries the mean's 1/B already.": D.mean(dim=0),
        "db: only its shape is off. It is (out,), like b: drop the axis of length 1.": (
            D.sum(dim=0, keepdim=True)
        ),
    }
    compare(db, D.sum(dim=0), mistakes, "db is not the gradient of b.")
    for batch, num_in, num_out, layer in (
        (2, 3, 1, "the layer has 3 inputs, 1 output and a batch of 2"),
        (5, 2, 4, "the layer has 2 inputs, 4 outputs and a batch of 5"),
    ):
        x, w, dz = drawn((batch, num_in), (num_in, num_out), (batch, num_out))
        right = (dz @ w.T, x.T @ dz, dz.sum(dim=0))
        for found, wanted in zip(answer(x, w, dz), right, strict=True):
            expect(found.shape == wanted.shape, f"The shapes go wrong if {layer}.")
            hint = f"The numbers go wrong if {layer}: does your code assume 3 samples?"
            expect(close(found, wanted), hint)


@checker("Right: the first link of the chain, with its 2, its 1/B and its sign.")
def mse_gradient(answer):
    """answer(logits, y) is the gradient of the mean over the batch of squared distances."""
    logits, y = X, torch.tensor([2, 0, 1])  # as many samples as classes
    error = logits - torch.eye(3, dtype=torch.float64)[y]
    stretched, column = 2 * (logits - y) / 3, 2 * (logits - y[:, None]) / 3
    found = answer(logits, y)
    expect(
        isinstance(found, torch.Tensor) and found.shape == (3, 3),
        "The gradient has a number for each logit: return a tensor of shape (batch, classes).",
    )
    mistakes = {
        "y was stretched over the rows: turn labels into one-hot rows before you subtract.": (
            stretched
        ),
        "A label is a name, not a size: compare with one-hot rows, not with y as a column.": column,
        "The sign: a logit that is too large goes uphill.": -2 * error / 3,
        "The derivative of the square brings a factor 2.": error / 3,
        "The loss is a mean over the batch: its 1/B is missing.": 2 * error,
        "You divide by all entries, as nn.MSELoss does: this mean is over the samples alone.": (
            2 * error / 9
        ),
    }
    compare(found, 2 * error / 3, mistakes, "That is not the gradient of this loss.")
    try_sizes(answer, lambda logits, Y: 2 * (logits - Y) / len(Y))


@checker("Right: two ways lead back to X, and their gradients add up.")
def residual_backward(answer):
    """answer(X, W, dh) is dX of h = X + relu(X @ W)."""
    alive = (X @ W > 0).double()
    through = (D * alive) @ W.T
    mistakes = {
        "X also goes straight into h: add the gradient of that way.": through,
        "X also goes through the layer: add the gradient of that way.": D,
        "ReLU lets the gradient pass only if its input is positive: the mask is missing.": (
            D + D @ W.T
        ),
        "The mask belongs to the input of ReLU, which is X @ W and not X.": (
            D + (D * (X > 0)) @ W.T
        ),
        "The signal goes back through the transpose of W.": D + (D * alive) @ W,
        "The mask comes first on the way back: it belongs to the outputs of W, not its inputs.": (
            D + (D @ W.T) * alive
        ),
    }
    compare(answer(X, W, D), D + through, mistakes, "That is not the gradient of X.")
    tie = answer(torch.zeros(1, 2), torch.ones(2, 2), torch.ones(1, 2))
    expect(
        close(tie, [[1.0, 1.0]]),
        "If X @ W is exactly 0, the slope of PyTorch's ReLU is 0: ask for > 0, not >= 0.",
    )
    x, w, dh = drawn((6, 2), (2, 2), (6, 2))
    hint = "With 6 samples of 2 numbers it goes wrong: does your code assume a size?"
    expect(close(answer(x, w, dh), dh + (dh * (x @ w > 0)) @ w.T), hint)


@checker("Right: mean 0, variance 2 / num_in, and the seed decides.")
def he_weights(answer):
    """answer(num_in, num_out, seed) is a tensor (num_in, num_out) in He's size."""
    weights = answer(400, 100, 0)
    expect(torch.is_tensor(weights), f"Return a tensor, not {type(weights).__name__}.")
    expect(
        weights.shape == (400, 100),
        f"The shape is {tuple(weights.shape)}: this page stores W as (in, out), (400, 100) here.",
    )
    mean, std = weights.mean().item(), weights.std().item()

    def has_variance(wanted):
        return abs(std / wanted**0.5 - 1) < 0.03

    expect(
        len(weights[0].unique()) > 1 and len(weights[:, 0].unique()) > 1,
        "Units share their weights: draw num_in * num_out numbers.",
    )
    for hint, variance in {
        "2 / num_in is the variance: multiply by its square root.": (2 / 400) ** 2,
        "The 2 is missing: ReLU halves the mean square, the weights make up for it.": 1 / 400,
        "You used the outputs: a sum has num_in terms.": 2 / 100,
        "That is Xavier's size, made for tanh.": 2 / 500,
    }.items():
        expect(not has_variance(variance), hint)
    expect(abs(mean) < 0.05 * std, "The mean is not 0: all weights push the same way.")
    expect(
        has_variance(2 / 400),
        f"The standard deviation is {std:.3f}, not (2 / 400) ** 0.5 = 0.071.",
    )
    expect(
        (weights.abs() > 3 * std).any(),
        "No weight is beyond 3 standard deviations: draw from the normal distribution.",
    )
    expect(
        torch.equal(weights, answer(400, 100, 0)),
        "The same seed gives other weights: seed a generator of your own.",
    )
    expect(
        not torch.equal(weights, answer(400, 100, 1)),
        "Another seed gives the same weights: use the seed.",
    )
    weights = answer(50, 800, 2)
    right = weights.shape == (50, 800) and abs(weights.std().item() / (2 / 50) ** 0.5 - 1) < 0.03
    expect(right, "Right for 400 inputs and 100 outputs, wrong for 50 and 800: use num_in.")
