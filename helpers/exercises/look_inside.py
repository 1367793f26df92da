"""Checkers for the exercises of notebook 06."""

import torch
from torch.nn import functional as F

from helpers.exercises import checker, close, compare, expect


@checker("Right: the diagonal over its columns, and no division by zero.")
def precision(answer):
    """answer(confusion) is the precision of each answer, (classes,)."""
    confusion = torch.tensor([[8, 1, 1], [2, 6, 2], [0, 1, 9]])
    rows, columns, right = confusion.sum(dim=1), confusion.sum(dim=0), confusion.diagonal()
    found = torch.as_tensor(answer(confusion))
    expect(found.numel() == 3, "Return a number for each answer: three classes, three numbers.")
    expect(found.shape == (3,), "Put the numbers along one axis: return the shape (classes,).")
    whole = "Those are whole numbers: confusion holds int64, a share needs a float."
    mistakes = {
        "You divide by the rows: that is how much of each label is found. Divide by the columns.": (
            right / rows
        ),
        "You divide by all digits: divide by those that got the same answer.": right / rows.sum(),
        "That is the share of wrong ones among the answers: take the right ones.": (
            1 - right / columns
        ),
        "You divide by the wrong ones of a column: its right ones count below the line as well.": (
            right / (columns - right)
        ),
    }
    otherwise = "That is not the precision." if found.is_floating_point() else whole
    compare(found, right / columns, mistakes, otherwise)
    never = torch.as_tensor(answer(torch.tensor([[5, 0], [3, 0]]))).double()
    expect(never.isfinite().all(), "An answer that is never given divides 0 by 0: make it 0.")
    expect(close(never, [0.625, 0.0]), "An answer that is never given has precision 0 here.")


@checker("Right: sure answers stay, doubtful ones become -1.")
def answer_or_abstain(answer):
    """answer(logits, threshold) gives classes (N,), -1 below the threshold."""
    p = torch.tensor([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.05, 0.05, 0.9], [0.1, 0.6, 0.3]])
    logits = p.double().log() + torch.tensor([[3.0], [9.0], [-4.0], [0.0]])
    found = torch.as_tensor(answer(logits, 0.65))
    expect(found.shape == (4,), "Return one answer for each row of logits.")
    mistakes = {
        "You return the confidence: return the class that it belongs to.": [0.7, -1.0, 0.9, -1.0],
        "You compare a logit with the threshold: turn logits into probabilities first.": (
            [0, 1, -1, -1]
        ),
        "The other way round: you answer if the network is unsure.": [-1, 1, -1, 1],
        "It never abstains: use the threshold.": [0, 1, 2, 1],
        "That is a softmax over the batch: each row shares out its own probability, dim 1.": (
            [-1, 2, -1, -1]
        ),
        "It always abstains: compare with the given threshold.": [-1, -1, -1, -1],
    }
    compare(found, [0, -1, 2, -1], mistakes, "Those are not the answers.")
    expect(found.dtype == torch.int64, f"An answer is a class: int64, not {found.dtype}.")
    edge = answer(torch.zeros(1, 2), 0.5)
    expect(close(edge, [0]), "At the threshold itself, answer: abstain only below it.")


@checker("Right: one step up the loss for every pixel, and still a picture.")
def fool(answer):
    """answer(model, images, y, eps) is images + eps times the sign of the loss's gradient."""
    generator = torch.Generator().manual_seed(0)
    W = torch.randn(12, 3, generator=generator, dtype=torch.float64)
    images = torch.rand(5, 1, 3, 4, generator=generator, dtype=torch.float64)
    images[0, 0, 0], images[1, 0, 1] = 0.0, 1.0
    y, eps = torch.tensor([0, 2, 1, 1, 0]), 0.1
    p = (images.flatten(1) @ W).softmax(dim=1)
    slope = ((p - F.one_hot(y, 3)) @ W.T).reshape(images.shape)  # closed form, times the batch
    up, logit = eps * slope.sign(), eps * W.T[y].reshape(images.shape).sign()
    found = answer(lambda images: images.flatten(1) @ W, images, y, eps)
    expect(isinstance(found, torch.Tensor) and found.shape == images.shape, "Return images.")
    expect(not found.requires_grad, "The result still hangs on a graph: detach it.")

    def is_step(*steps):
        """Is it one of these steps, clamped or not?"""
        return any(close(found.clamp(0, 1), (images + step).clamp(0, 1)) for step in steps)

    expect(not is_step(-up), "The sign: that makes the loss smaller. Go up, not down.")
    expect(
        not is_step(eps * slope, eps * slope / len(y)),
        "You add the gradient itself: every pixel moves by eps, so take the gradient's sign.",
    )
    expect(
        not is_step(logit, -logit),
        "You follow the right class's logit alone: the loss depends on all of them.",
    )
    expect(
        is_step(up),
        "That is not the step: images plus eps times the sign of the gradient, cut off at 0 and 1.",
    )
    expect(
        close(found, (images + up).clamp(0, 1)),
        "Some pixels left the range from 0 to 1: clamp them.",
    )


@checker("Right: the temperature that makes the held-out digits likeliest.")
def best_temperature(answer):
    """answer(logits, y, temperatures) is the one with the lowest mean cross-entropy."""
    generator = torch.Generator().manual_seed(0)
    honest = 2 * torch.randn(4000, 5, generator=generator, dtype=torch.float64)
    y = torch.multinomial(honest.softmax(dim=1), 1, generator=generator).flatten()
    temperatures = [0.25, 0.5, 1.0, 2.0, 4.0]
    found = answer(2 * honest, y, temperatures)
    expect(
        not (isinstance(found, torch.Tensor) and found.numel() != 1),
        "Return one temperature, not a loss for each.",
    )
    expect(
        found in temperatures,
        f"Return a temperature from the list, not its position or its loss: {found} is not in it.",
    )
    expect(found != 0.5, "These logits are twice too large: divide by T, don't multiply.")
    expect(
        found not in (0.25, 4.0),
        "You chose an end of the list: look for the lowest cross-entropy, over all logits and y.",
    )
    expect(found == 2.0, f"Logits that are twice too large need T = 2, not {found}.")
    found = answer(honest / 4, y, temperatures)
    expect(found == 0.25, f"Logits that are four times too small need T = 0.25, not {found}.")
    found = answer(4 * honest, y, [1.0, 0.5, 4.0, 0.25, 2.0])
    expect(
        found == 4.0,
        "With the list in another order the answer is wrong: return the T of the lowest loss.",
    )
