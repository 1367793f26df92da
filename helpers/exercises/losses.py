"""Checkers for the exercises of notebook 03."""

import math

import torch
from torch.nn import functional as F

from helpers.exercises import checker, close, expect

# As many samples as classes: a wrong axis or a label taken for a number gets its own hint.
Z = torch.tensor([[1.0, -2.0, 0.5], [0.3, 1.5, -1.0], [2.0, 0.7, 1.2]], dtype=torch.float64)


@checker("Right: predicted minus wanted, over the batch, at any size of the logits.")
def cross_entropy_backward(answer):
    """answer(logits, y) is the gradient of the mean cross-entropy with respect to the logits."""
    y = torch.tensor([2, 0, 1])
    p, Y = Z.softmax(dim=1), torch.eye(3, dtype=torch.float64)[y]
    found = answer(Z, y)
    expect(
        isinstance(found, torch.Tensor) and found.shape == (3, 3),
        "The gradient has a number for each logit: return a tensor of shape (batch, classes).",
    )
    expect(not close(found, (Y - p) / 3), "The sign: a wrong class's logit should be pushed down.")
    expect(not close(found, p - Y), "The loss is a mean over the batch: its 1/B is missing.")
    expect(not close(found, (p - Y) / 9), "Divide by the samples, not by all entries.")
    expect(not close(found, 2 * (p - Y) / 3), "The 2 belongs to the squared error.")
    expect(
        not close(found, (Z - Y) / 3), "Softmax is missing: it is p minus Y, not logits minus Y."
    )
    expect(not close(found, p / 3), "Y is missing: the right class is to be pushed up.")
    expect(
        not close(found, (Z.softmax(dim=0) - Y) / 3),
        "Your softmax adds up over the samples: classes lie along dim 1.",
    )
    expect(
        not close(found, (p - y) / 3) and not close(found, (p - y[:, None]) / 3),
        "A label is a name, not a size: turn y into one-hot rows.",
    )
    expect(close(found, (p - Y) / 3), "That is not p minus Y over the number of samples.")
    try:
        two = answer(Z[1:], y[1:])  # without the last class
    except RuntimeError:
        two = torch.empty(0)
    expect(
        close(two, (p - Y)[1:] / 2),
        "With 2 samples, labels 0 and 1, it goes wrong: logits.shape tells the number of classes.",
    )
    extreme = answer(torch.tensor([[1000.0, 0.0], [-1000.0, -900.0]]), torch.tensor([1, 1]))
    expect(
        close(extreme, torch.tensor([[0.5, -0.5], [0.0, 0.0]])),
        "At a logit of 1000 it breaks: take each row's largest logit out, or use softmax.",
    )


@checker("Right: the article's loss, safe at any logit.")
def binary_loss_from_logits(answer):
    """answer(z, y) is the mean binary cross-entropy of the logits z, exact at large ones."""
    z, y = Z.flatten(), torch.tensor([1, 0, 0, 1, 1, 0, 1, 0, 0], dtype=torch.float64)
    wanted = F.binary_cross_entropy_with_logits(z, y)
    each = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    found = torch.as_tensor(answer(z, y))
    expect(not close(found, each), "One loss for each sample: return their mean.")
    expect(not close(found, each.sum()), "You add up: the loss is the mean over the samples.")
    expect(not close(found, -wanted), "The sign: a loss is positive, a log-probability is not.")
    expect(
        not close(found, F.binary_cross_entropy_with_logits(z, 1 - y)),
        "Yes and no are swapped: log p goes with y = 1.",
    )
    expect(
        not close(found, (y * each).mean()),
        "You count the yes answers only: (1 - y) log(1 - p) is missing.",
    )
    expect(
        not found.isnan().any(),
        "It is nan at small logits already: z is a logit, its probability is the sigmoid of z.",
    )
    expect(torch.allclose(found.double(), wanted, rtol=1e-4), "That is not the article's loss.")
    large, no = torch.tensor([1000.0, -1000.0]), torch.tensor([0.0, 1.0])  # sure and wrong
    found = torch.as_tensor(answer(large, no))
    expect(
        found.isfinite().all(),
        f"At logits of 1000 and -1000 it is {found.item()}, not 1000: never take e^1000 or log 0.",
    )
    expect(
        abs(found.item() - 1000) < 0.01,
        f"Sure and wrong at a logit of 1000 costs 1000, not {found.item():.1f}: don't cut p off.",
    )
    found = torch.as_tensor(answer(large, 1 - no))
    expect(abs(found.item()) < 1e-6, "Sure and right at a logit of 1000 costs 0.")


@checker("Right: each sample counts by the weight of its label, and so does the divisor.")
def weighted_mean(answer):
    """answer(losses, y, weight) is sum(weight[y] * losses) / sum(weight[y])."""
    losses, y = torch.tensor([1.0, 2.0, 4.0]), torch.tensor([1, 1, 0])
    weight = torch.tensor([1.0, 3.0, 6.0])  # 13 / 7
    found = torch.as_tensor(answer(losses, y, weight)).float()
    expect(found.dim() == 0, "Return one number: add up over the batch.")
    expect(
        not close(found, torch.tensor(13 / 3)),
        "You divide by the number of samples: divide by the sum of their weights.",
    )
    expect(
        not close(found, torch.tensor(13 / 10)),
        "You divide by the weights of all classes: only the labels in the batch count.",
    )
    expect(
        not close(found, torch.tensor(31 / 10)) and not close(found, torch.tensor(31 / 3)),
        "Weight i went to sample i: a sample's weight is that of its label, weight[y].",
    )
    expect(not close(found, torch.tensor(13.0)), "That is the sum: the divisor is missing.")
    expect(not close(found, losses.mean()), "That is the plain mean: the weights are missing.")
    expect(
        not close(found, torch.tensor(13 / 4)),
        "A class that comes twice counts twice in the divisor: sum weight[y].",
    )
    expect(close(found, torch.tensor(13 / 7)), f"Expected 13 / 7, found {found:.3f}.")
    found = torch.as_tensor(answer(torch.tensor([1.0, 3.0]), torch.tensor([2, 2]), weight)).float()
    expect(close(found, torch.tensor(2.0)), "With one class in the batch the weights cancel.")


@checker("Right: one output as high as it goes, all others as low as they go.")
def lowest_loss(answer):
    """answer(low, high, num_classes) is log(1 + (num_classes - 1) * exp(low - high))."""

    def is_near(value):
        return abs(found - value) < 1e-5

    found = float(answer(0.0, 1.0, 10))
    expect(not is_near(math.log(10)), "That is knowing nothing: let the right output stand out.")
    expect(not is_near(0.0), "The outputs can't differ by more than high - low: 0 is out of reach.")
    expect(
        not is_near(math.log(1 + 10 / math.e)),
        "The right class is one of the num_classes: only num_classes - 1 others stand below.",
    )
    expect(not is_near(-math.log(1 + 9 / math.e)), "The sign: the loss is minus the logarithm.")
    expect(
        not is_near(math.log(1 + 9 * math.e)),
        "That is the greatest loss: the right output is high, the others are low.",
    )
    expect(
        is_near(math.log(1 + 9 / math.e)), f"Softmax twice has the floor 1.461, not {found:.3f}."
    )
    found = float(answer(-1.0, 1.0, 3))
    expect(
        not is_near(math.log(1 + 9 * math.exp(-2))),
        "You count nine others whatever num_classes is.",
    )
    expect(
        not is_near(math.log(1 + 2 / math.e)),
        "Use low as well: what counts is how far apart low and high are.",
    )
    expect(
        is_near(math.log(1 + 2 * math.exp(-2))),
        "With tanh and 3 classes it goes wrong: outputs reach from -1 to 1.",
    )
