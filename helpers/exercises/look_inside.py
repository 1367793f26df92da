"""Checkers for the exercises of notebook 06."""

import torch
from torch import nn
from torch.nn import functional as F

from helpers.exercises import checker, close, compare, drawn, expect


@checker("Right: the diagonal over its columns, and no division by zero.")
def precision(answer):
    """answer(confusion) is the precision of each answer, (classes,)."""
    # Columns of 8, 4 and 16: float16 has these shares without rounding.
    confusion = torch.tensor([[5, 1, 2], [2, 3, 1], [1, 0, 13]])
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
    once = answer(torch.tensor([[1, 1, 0, 3], [0, 1, 0, 2], [0, 0, 0, 1], [0, 0, 0, 2]]))
    expect(
        close(once, [1.0, 0.5, 0.0, 0.25]),
        "With 4 classes, one of them answered once, it goes wrong: change only a divisor of 0.",
    )


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
    (logits,) = drawn((8, 5))
    confidence, answers = logits.softmax(dim=1).max(dim=1)
    answers[confidence < 0.37] = -1
    expect(
        close(answer(logits, 0.37), answers),
        "It goes wrong for 8 digits, 5 classes and a threshold of 0.37: do you assume a size?",
    )


@checker("Right: one step up the loss for every pixel, and still a picture.")
def fool(answer):
    """answer(model, images, y, eps) is images + eps times the sign of the loss's gradient."""

    def slope(W, images, y):
        """The gradient of the cross-entropy's sum, in closed form."""
        p = (images.flatten(1) @ W).softmax(dim=1)
        return ((p - F.one_hot(y, W.shape[1])) @ W.T).reshape(images.shape)

    def attack(W, images, y, eps):
        """The answer for a network of one layer with these weights."""
        model = nn.Sequential(nn.Flatten(), nn.Linear(*W.shape, bias=False, dtype=W.dtype))
        model[1].weight.data = W.T
        return answer(model.requires_grad_(False), images, y, eps)

    W, images = drawn((12, 3), (5, 1, 3, 4))
    images, y, eps = images.sigmoid(), torch.tensor([0, 2, 1, 1, 0]), 0.1
    images[0, 0, 0], images[1, 0, 1] = 0.0, 1.0
    ascent = slope(W, images, y)
    up, logit = eps * ascent.sign(), eps * W.T[y].reshape(images.shape).sign()
    found = attack(W, images, y, eps)
    expect(isinstance(found, torch.Tensor) and found.shape == images.shape, "Return images.")
    expect(not found.requires_grad, "The result still hangs on a graph: detach it.")

    def is_step(*steps):
        """Is it one of these steps, clamped or not?"""
        return any(close(found.clamp(0, 1), (images + step).clamp(0, 1)) for step in steps)

    expect(not is_step(-up), "The sign: that makes the loss smaller. Go up, not down.")
    expect(
        not is_step(eps * ascent, eps * ascent / len(y)),
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
    W, images = drawn((4, 2), (7, 1, 2, 2))
    images, y = images.sigmoid(), torch.tensor([1, 0, 1, 1, 0, 0, 1])
    up, found = slope(W, images, y).sign(), attack(W, images, y, 0.02)
    mistakes = {"Your step is 0.1 whatever eps is: use eps.": (images + eps * up).clamp(0, 1)}
    otherwise = "It goes wrong for another model and 7 other images: use the given ones."
    compare(found, (images + 0.02 * up).clamp(0, 1), mistakes, otherwise)


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
    found = answer(3 * honest[1000:], y[1000:], [9.0, 1.0, 3.0])
    expect(found == 3.0, f"From 9, 1 and 3 choose 3 for logits three times too large, not {found}.")
