"""Checkers for the exercises of notebook 06."""

import torch
from torch.nn import functional as F

from helpers.exercises import checker, close, expect


@checker("Right: the diagonal over its columns, and no division by zero.")
def precision(answer):
    """answer(confusion) is the precision of each answer, (classes,)."""
    confusion = torch.tensor([[8, 1, 1], [2, 6, 2], [0, 1, 9]])
    found = torch.as_tensor(answer(confusion))
    whole, found = not found.is_floating_point(), found.double()
    diagonal = confusion.diagonal().double()
    expect(found.numel() == 3, "Return a number for each answer: three classes, three numbers.")
    expect(
        not close(found, diagonal / confusion.sum(dim=1)),
        "You divide by the rows: that is how much of each label is found. Divide by the columns.",
    )
    expect(
        not close(found, diagonal / confusion.sum()),
        "You divide by all digits: divide by those that got the same answer.",
    )
    expect(
        not close(found, 1 - diagonal / confusion.sum(dim=0)),
        "That is the share of wrong ones among the answers: take the right ones.",
    )
    expect(
        not close(found, diagonal / (confusion.sum(dim=0) - diagonal)),
        "You divide by the wrong ones of a column: its right ones count below the line as well.",
    )
    expect(found.shape == (3,), "The numbers stand along one axis: return the shape (classes,).")
    expect(not whole, "Those are whole numbers: confusion holds int64, a share needs a float.")
    expect(close(found, diagonal / confusion.sum(dim=0)), "That is not the precision.")
    never = torch.as_tensor(answer(torch.tensor([[5, 0], [3, 0]]))).double()
    expect(never.isfinite().all(), "An answer that is never given divides 0 by 0: make it 0.")
    expect(close(never, torch.tensor([0.625, 0.0])), "An answer never given has precision 0 here.")


@checker("Right: sure answers stay, doubtful ones become -1.")
def answer_or_abstain(answer):
    """answer(logits, threshold) gives classes (N,), -1 below the threshold."""
    p = torch.tensor([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.05, 0.05, 0.9], [0.1, 0.6, 0.3]])
    logits = p.double().log() + torch.tensor([[3.0], [9.0], [-4.0], [0.0]])
    found = torch.as_tensor(answer(logits, 0.65))
    expect(tuple(found.shape) == (4,), "Return one answer for each row of logits.")
    expect(
        not close(found, torch.tensor([0.7, -1.0, 0.9, -1.0])),
        "You return the confidence: return the class that it belongs to.",
    )
    expect(
        not close(found, torch.tensor([0, 1, -1, -1])),
        "You compare a logit with the threshold: turn logits into probabilities first.",
    )
    expect(
        not close(found, torch.tensor([-1, 1, -1, 1])),
        "The other way round: you answer where the network is unsure.",
    )
    expect(not close(found, torch.tensor([0, 1, 2, 1])), "It never abstains: use the threshold.")
    expect(
        not close(found, torch.tensor([-1, 2, -1, -1])),
        "That is a softmax over the batch: each row shares out its own probability, dim 1.",
    )
    expect(
        not close(found, torch.tensor([-1, -1, -1, -1])),
        "It always abstains: compare with the given threshold.",
    )
    expect(close(found, torch.tensor([0, -1, 2, -1])), "Those are not the answers.")
    expect(found.dtype == torch.int64, f"An answer is a class: int64, not {found.dtype}.")
    edge = torch.as_tensor(answer(torch.zeros(1, 2), 0.5))
    expect(close(edge, torch.tensor([0])), "At the threshold itself it answers: abstain below it.")


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
    found = answer(lambda images: images.flatten(1) @ W, images, y, eps)
    expect(isinstance(found, torch.Tensor) and found.shape == images.shape, "Return images.")
    expect(not found.requires_grad, "The result still hangs on a graph: detach it.")

    def is_step(step):
        return close(found, (images + step).clamp(0, 1)) or close(found, images + step)

    expect(
        not is_step(-eps * slope.sign()),
        "The sign: that makes the loss smaller. Go up, not down.",
    )
    expect(
        not (is_step(eps * slope) or is_step(eps * slope / 5)),
        "You add the gradient itself: every pixel moves by eps, so take the gradient's sign.",
    )
    expect(
        not close(found, images + eps * slope.sign()),
        "Some pixels left the range from 0 to 1: clamp them.",
    )
    toward = (W.T[y]).reshape(images.shape)
    expect(
        not (is_step(eps * toward.sign()) or is_step(-eps * toward.sign())),
        "You follow the right class's logit alone: the loss depends on all of them.",
    )
    expect(
        close(found, (images + eps * slope.sign()).clamp(0, 1)),
        "That is not the step: images plus eps times the sign of the gradient, cut off at 0 and 1.",
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
        f"Return a temperature from the list, not {found}: its position or its loss is none.",
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
    expect(found == 4.0, "With the list in another order it goes wrong: return T, compare losses.")
