"""Checkers for the exercises of notebook 02."""

import torch

from helpers.exercises import checker, close, expect

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
    dX, dW, db = found
    expect(
        all(torch.is_tensor(part) for part in found),
        "Each of the three gradients is a tensor.",
    )
    expect(not close(dX, D @ W), "dX: the signal goes back through the transpose of W.")
    expect(not close(dW, X @ D), "dW: transpose X, so that the product adds over the samples.")
    expect(
        not close(dW, D.T @ X),
        "dW is transposed: here W has the shape (in, out), nn.Linear's has (out, in).",
    )
    expect(
        not close(dW, X.T @ D / 3),
        "dW: dz carries the mean's 1/B already, so add over the batch and divide no more.",
    )
    expect(not close(db, D), "db has a row for each sample: b is shared, so add the rows up.")
    expect(not close(db, D.sum(dim=1)), "db: add over the samples, dim 0, not over the units.")
    expect(
        not close(db, D.mean(dim=0)),
        "db: add over the batch, don't average: dz carries the mean's 1/B already.",
    )
    expect(close(dX, D @ W.T), "dX is not the gradient of X.")
    expect(close(dW, X.T @ D), "dW is not the gradient of W.")
    expect(close(db, D.sum(dim=0)), "db is not the gradient of b.")
    dX, dW, db = answer(X[:2], W[:, :1], D[:2, :1])
    expect(
        (tuple(dX.shape), tuple(dW.shape), tuple(db.shape)) == ((2, 3), (3, 1), (1,)),
        "The shapes go wrong when the layer has 3 inputs, 1 output and a batch of 2.",
    )


@checker("Right: the first link of the chain, with its 2, its 1/B and its sign.")
def mse_gradient(answer):
    """answer(logits, y) is the gradient of the mean over the batch of squared distances."""
    logits, y = X, torch.tensor([2, 0, 1])  # as many samples as classes
    error = logits - torch.eye(3, dtype=torch.float64)[y]
    found = answer(logits, y)
    expect(
        isinstance(found, torch.Tensor) and found.shape == (3, 3),
        "The gradient has a number for each logit: return a tensor of shape (batch, classes).",
    )
    expect(
        not close(found, 2 * (logits - y) / 3),
        "y was stretched over the rows: turn the labels into one-hot rows before you subtract.",
    )
    expect(
        not close(found, 2 * (logits - y[:, None]) / 3),
        "A label is a name, not a size: compare with one-hot rows, not with y as a column.",
    )
    expect(not close(found, -2 * error / 3), "The sign: a logit that is too large goes uphill.")
    expect(not close(found, error / 3), "The derivative of the square brings a factor 2.")
    expect(not close(found, 2 * error), "The loss is a mean over the batch: its 1/B is missing.")
    expect(
        not close(found, 2 * error / 9),
        "You divide by all entries, as nn.MSELoss does: this mean is over the samples alone.",
    )
    expect(close(found, 2 * error / 3), "That is not the gradient of this loss.")
    try:
        two = answer(logits[1:], y[1:])  # without the last class
    except RuntimeError:
        two = torch.empty(0)
    expect(
        close(two, error[1:]),
        "With 2 samples, labels 0 and 1, it goes wrong: logits.shape tells the number of classes.",
    )


@checker("Right: two ways lead back to X, and their gradients add up.")
def residual_backward(answer):
    """answer(X, W, dh) is dX of h = X + relu(X @ W)."""
    found = answer(X, W, D)
    alive = (X @ W > 0).double()
    through = (D * alive) @ W.T
    expect(not close(found, through), "X also goes straight into h: add the gradient of that way.")
    expect(not close(found, D), "X also goes through the layer: add the gradient of that way.")
    expect(
        not close(found, D + D @ W.T),
        "ReLU lets the gradient pass only where its input is positive: the mask is missing.",
    )
    expect(
        not close(found, D + (D * (X > 0)) @ W.T),
        "The mask belongs to the input of ReLU, which is X @ W and not X.",
    )
    expect(
        not close(found, D + (D * alive) @ W),
        "The signal goes back through the transpose of W.",
    )
    expect(
        not close(found, D + (D @ W.T) * alive),
        "The mask comes first on the way back: it belongs to the outputs of W, not to its inputs.",
    )
    expect(close(found, D + through), "That is not the gradient of X.")
    tie = answer(torch.zeros(1, 2), torch.ones(2, 2), torch.ones(1, 2))
    expect(
        close(tie, torch.ones(1, 2)),
        "Where X @ W is exactly 0, PyTorch's ReLU has the slope 0: ask for > 0, not >= 0.",
    )


@checker("Right: mean 0, variance 2 / num_in, and the seed decides.")
def he_weights(answer):
    """answer(num_in, num_out, seed) is a tensor (num_in, num_out) in He's size."""
    weights = answer(400, 100, 0)
    expect(torch.is_tensor(weights), f"Return a tensor, not {type(weights).__name__}.")
    expect(
        tuple(weights.shape) == (400, 100),
        f"The shape is {tuple(weights.shape)}: this page stores W as (in, out), (400, 100) here.",
    )

    def has_std(std):
        return abs(weights.std().item() / std - 1) < 0.03

    expect(
        len(weights[0].unique()) > 1 and len(weights[:, 0].unique()) > 1,
        "Units share their weights: draw num_in * num_out numbers.",
    )
    expect(not has_std(2 / 400), "2 / num_in is the variance: multiply by its square root.")
    expect(
        not has_std((1 / 400) ** 0.5),
        "The 2 is missing: ReLU halves the mean square, the weights make up for it.",
    )
    expect(not has_std((2 / 100) ** 0.5), "You used the outputs: a sum has num_in terms.")
    expect(not has_std((2 / 500) ** 0.5), "That is Xavier's size, made for tanh.")
    expect(
        abs(weights.mean().item()) < 0.05 * weights.std().item(),
        "The mean is not 0: all weights push the same way.",
    )
    expect(
        has_std((2 / 400) ** 0.5),
        f"The standard deviation is {weights.std().item():.3f}, not (2 / 400) ** 0.5 = 0.071.",
    )
    expect(
        (weights.abs() > 3 * weights.std()).any(),
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
