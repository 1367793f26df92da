"""Checkers for the exercises of notebook 03."""

from math import e, exp, log

import torch
from torch.nn import functional as F

from helpers.exercises import checker, close, compare, drawn, expect, try_sizes

# As many samples as classes: a wrong axis or a label taken for a number gets its own hint.
Z = torch.tensor([[1.0, -2.0, 0.5], [0.3, 1.5, -1.0], [2.0, 0.7, 1.2]], dtype=torch.float64)


@checker("Right: predicted minus wanted, over the batch, at any size of the logits.")
def cross_entropy_backward(answer):
    """answer(logits, y) is the gradient of the mean cross-entropy with respect to the logits."""
    y = torch.tensor([2, 0, 1])
    p, over_samples = Z.softmax(dim=1), Z.softmax(dim=0)
    Y, twice = torch.eye(3, dtype=torch.float64)[y], p.softmax(dim=1)
    through = p * (twice - Y) - p * (p * (twice - Y)).sum(dim=1, keepdim=True)
    found = answer(Z, y)
    expect(
        isinstance(found, torch.Tensor) and found.shape == (3, 3),
        "The gradient has a number for each logit: return a tensor of shape (batch, classes).",
    )
    expect(
        not close(found, (p - y) / 3) and not close(found, (p - y[:, None]) / 3),
        "A label is a name, not a size: turn y into one-hot rows.",
    )
    mistakes = {
        "The sign: a wrong class's logit should be pushed down.": (Y - p) / 3,
        "The loss is a mean over the batch: its 1/B is missing.": p - Y,
        "Divide by the samples, not by all entries.": (p - Y) / 9,
        "The 2 belongs to the squared error.": 2 * (p - Y) / 3,
        "Softmax is missing: it is p minus Y, not logits minus Y.": (Z - Y) / 3,
        "Y is missing: the right class is to be pushed up.": p / 3,
        "Your softmax adds up over the samples: classes lie along dim 1.": (over_samples - Y) / 3,
        "You take softmax twice: p is the softmax of the logits, not of probabilities.": (
            (twice - Y) / 3
        ),
        "Softmax comes twice: F.cross_entropy takes logits, it has a softmax inside.": through / 3,
    }
    compare(found, (p - Y) / 3, mistakes, "That is not p minus Y over the number of samples.")
    try_sizes(answer, lambda logits, Y: (logits.softmax(dim=1) - Y) / len(Y))
    extreme = answer(torch.tensor([[1000.0, 0.0], [-1000.0, -900.0]]), torch.tensor([1, 1]))
    expect(
        close(extreme, [[0.5, -0.5], [0.0, 0.0]]),
        "At a logit of 1000 it breaks: subtract each row's largest logit, or use softmax.",
    )


@checker("Right: the article's loss, safe at any logit.")
def binary_loss_from_logits(answer):
    """answer(z, y) is the mean binary cross-entropy of the logits z, exact at large ones."""
    z, y = Z.flatten(), torch.tensor([1, 0, 0, 1, 1, 0, 1, 0, 0], dtype=torch.float64)
    each = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    swapped = F.binary_cross_entropy_with_logits(z, 1 - y)
    found = torch.as_tensor(answer(z, y))
    expect(
        not found.isnan().any(),
        "It is nan at small logits already: z is a logit, its probability is the sigmoid of z.",
    )
    mistakes = {
        "One loss for each sample: return their mean.": each,
        "You add up: the loss is the mean over the samples.": each.sum(),
        "The sign: a loss is positive, a log-probability is not.": -each.mean(),
        "Yes and no are swapped: log p goes with y = 1.": swapped,
        "You count the yes answers only: (1 - y) log(1 - p) is missing.": (y * each).mean(),
    }
    compare(found, each.mean(), mistakes, "That is not the article's loss.")
    (z,), y = drawn((7,)), torch.tensor([0, 1, 1, 1, 0, 1, 0], dtype=torch.float64)
    expect(
        close(answer(z, y), F.binary_cross_entropy_with_logits(z, y)),
        "It goes wrong for 7 samples: does your code assume a size?",
    )
    large, no = torch.tensor([1000.0, -1000.0]), torch.tensor([0.0, 1.0])  # sure and wrong
    found = torch.as_tensor(answer(large, no))
    expect(
        found.isfinite().all(),
        f"At logits of 1000 and -1000 it is {found.item()}, not 1000: never take e^1000 or log 0.",
    )
    expect(
        close(found, 1000.0),
        f"Sure and wrong at a logit of 1000 costs 1000, not {found.item():.1f}: don't cut p off.",
    )
    expect(close(answer(large, 1 - no), 0.0), "Sure and right at a logit of 1000 costs 0.")


@checker("Right: each sample counts by the weight of its label, and so does the divisor.")
def weighted_mean(answer):
    """answer(losses, y, weight) is sum(weight[y] * losses) / sum(weight[y])."""
    losses, y = torch.tensor([1.0, 2.0, 4.0]), torch.tensor([1, 1, 0])
    weight = torch.tensor([1.0, 3.0, 6.0])
    found = torch.as_tensor(answer(losses, y, weight))
    expect(found.dim() == 0, "Return one number: add up over the batch.")
    expect(
        not close(found, 31 / 10) and not close(found, 31 / 3),
        "Weight i went to sample i: a sample's weight is that of its label, weight[y].",
    )
    mistakes = {
        "You divide by the number of samples: divide by the sum of their weights.": 13 / 3,
        "You divide by the weights of all classes: only the labels in the batch count.": 13 / 10,
        "That is the sum: the divisor is missing.": 13.0,
        "That is the plain mean: the weights are missing.": losses.mean(),
        "A class that comes twice counts twice in the divisor: sum weight[y].": 13 / 4,
    }
    compare(found, 13 / 7, mistakes, f"Expected 13 / 7, found {found:.3f}.")
    found = answer(torch.tensor([1.0, 3.0]), torch.tensor([2, 2]), weight)
    expect(close(found, 2.0), "With one class in the batch the weights cancel.")
    (losses, weight), y = drawn((5,), (4,)), torch.tensor([2, 0, 1, 2, 0])
    losses, weight = losses.exp(), weight.exp()
    expect(
        close(answer(losses, y, weight), (weight[y] * losses).sum() / weight[y].sum()),
        "It goes wrong for other weights, or for 5 samples and 4 classes: use the given ones.",
    )


@checker("Right: one output as high as it goes, all others as low as they go.")
def lowest_loss(answer):
    """answer(low, high, num_classes) is log(1 + (num_classes - 1) * exp(low - high))."""
    found = float(answer(0.0, 1.0, 10))
    mistakes = {
        "That is knowing nothing: let the right output stand out.": log(10),
        "The outputs can't differ by more than high - low: 0 is out of reach.": 0.0,
        "The right class is one of the num_classes: only num_classes - 1 others stand below.": (
            log(1 + 10 / e)
        ),
        "The sign: the loss is minus the logarithm.": -log(1 + 9 / e),
        "That is the greatest loss: the right output is high, the others are low.": log(1 + 9 * e),
    }
    otherwise = f"Softmax twice has the floor 1.461, not {found:.3f}."
    compare(found, log(1 + 9 / e), mistakes, otherwise)
    mistakes = {
        "You count nine others whatever num_classes is.": log(1 + 9 * exp(-2)),
        "Use low as well: what counts is how far apart low and high are.": log(1 + 2 / e),
    }
    otherwise = "With tanh and 3 classes it goes wrong: outputs reach from -1 to 1."
    compare(float(answer(-1.0, 1.0, 3)), log(1 + 2 * exp(-2)), mistakes, otherwise)
    mistakes = {"Use high as well: it need not be 1.": log(1 + 4 * exp(-0.5 - 1))}
    otherwise = "It goes wrong for 5 classes and outputs between -0.5 and 2.5."
    compare(float(answer(-0.5, 2.5, 5)), log(1 + 4 * exp(-3)), mistakes, otherwise)
