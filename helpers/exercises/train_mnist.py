"""Checkers for the exercises of notebook 05."""

import copy

import torch
from torch import nn

from helpers.exercises import checker, expect


@checker("Right: forward, clear, back, step, and the loss let go of its graph.")
def train_step(answer):
    """answer(model, loss_fn, optimizer, X, y) takes one step and returns the loss as a float."""
    X = torch.tensor([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3]], dtype=torch.float64)
    y, loss_fn = torch.tensor([0, 2, 1]), nn.CrossEntropyLoss()
    weights = [torch.tensor([[0.1, 0.2], [0.0, -0.3], [0.4, 0.1]], dtype=torch.float64)]
    grads, losses = [], []
    for _ in range(2):  # the reference: two steps of plain gradient descent, lr 0.5
        weight = weights[-1].clone().requires_grad_()
        losses.append(loss_fn(X @ weight.T, y))
        grads += torch.autograd.grad(losses[-1], weight)
        weights.append(weights[-1] - 0.5 * grads[-1])

    model = nn.Linear(2, 3, bias=False, dtype=torch.float64)
    model.load_state_dict({"weight": weights[0]})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    loss = answer(model, loss_fn, optimizer, X, y)
    after_one = copy.deepcopy(model.weight.detach())
    answer(model, loss_fn, optimizer, X, y)
    after_two = model.weight.detach()

    if torch.equal(after_one, weights[0]):
        expect(
            torch.equal(after_two, weights[0]),
            "The first call moves nothing, the second does: step() runs before backward().",
        )
        expect(
            model.weight.grad is None or not model.weight.grad.any(),
            "There is a gradient, but the weights stay where they are: is step() missing?",
        )
        expect(
            False,
            "The gradient is gone when step() needs it: zero_grad() belongs before backward().",
        )
    expect(
        torch.allclose(after_one, weights[1]),
        "The first step does not follow the gradient: is there one backward() and one step()?",
    )
    expect(
        not torch.allclose(after_two, weights[1] - 0.5 * (grads[0] + grads[1])),
        "The second step still carries the first one's gradient: call zero_grad().",
    )
    expect(torch.allclose(after_two, weights[2]), "The second step does not follow its gradient.")
    expect(
        isinstance(loss, float),
        f"Return a float, not {type(loss).__name__}: loss.item() lets go of the graph.",
    )
    expect(
        abs(loss - losses[0].item()) < 1e-9,
        "The returned loss is not the batch's loss before the step.",
    )


@checker("Right: every digit counts the same, whichever batch it is in.")
def mean_loss(answer):
    """answer(batch_losses, batch_sizes) is the mean loss over all samples."""
    result = answer([1.0, 4.0], [3, 1])
    expect(
        result != 2.5,
        "That is the average of averages: a batch of 1 counts as much as one of 3.",
    )
    expect(result != 7.0, "That is the sum over all samples: divide by how many there are.")
    expect(result != 3.5, "You divide by the number of batches: divide by the number of samples.")
    expect(
        result != 1.25,
        "A batch's loss is a mean already: multiply it by its size before you add.",
    )
    expect(
        abs(result - 1.75) < 1e-9,
        f"Losses 1 and 4 of batches of 3 and 1 average 1.75, not {result}.",
    )
    result = answer([0.5, 0.25, 2.0], [64, 64, 8])
    expect(
        abs(result - 64 / 136) < 1e-9,
        f"Three batches of 64, 64 and 8 give {64 / 136:.4f}, not {result}.",
    )


@checker("Right: the best epoch sets the clock, and patience lets it run.")
def should_stop(answer):
    """answer(valid_losses, patience): has the lowest loss not been beaten for `patience` epochs?"""
    expect(
        answer([1.0, 0.9, 0.8, 0.7], 2) == False,  # noqa: E712 - a tensor or 0 is fine as well
        "A falling loss must go on: lower is better here.",
    )
    expect(
        answer([1.0, 0.9, 0.95], 2) == False,  # noqa: E712
        "One worse epoch is within a patience of 2: wait for the second.",
    )
    expect(
        answer([1.0, 0.9, 0.95, 0.96], 2) == True,  # noqa: E712
        "Two epochs after the best, a patience of 2 is used up: you wait an epoch too long.",
    )
    expect(
        answer([1.0, 0.7, 0.9, 0.85, 0.8], 3) == True,  # noqa: E712
        "Falling again is not enough: compare with the lowest loss, not with the epoch before.",
    )
    expect(
        answer([1.0, 0.9, 0.95, 0.96, 0.8], 2) == False,  # noqa: E712
        "A new lowest loss starts the clock again.",
    )
    expect(
        answer([1.0], 2) == False,  # noqa: E712
        "After the first epoch there is nothing to compare with yet.",
    )


@checker("Right: every digit on one side, none on both, the same again for the same seed.")
def split(answer):
    """answer(num_samples, valid_size, seed) gives (train_indices, valid_indices)."""
    train, valid = (torch.as_tensor(part) for part in answer(100, 20, 0))
    expect(
        (len(train), len(valid)) != (20, 80),
        "The two parts are the wrong way round: return the training indices first.",
    )
    expect(len(valid) == 20, f"valid_size is 20, but {len(valid)} indices are held out.")
    everything = torch.cat([train, valid])
    expect(
        not set(train.tolist()) & set(valid.tolist()),
        "Some digits are in both parts: what you validate on must not be trained on.",
    )
    expect(
        sorted(everything.tolist()) == list(range(100)),
        "Some digits are in neither part, or twice in one: draw without replacement.",
    )
    ordered = [list(range(20)), list(range(80, 100))]
    expect(
        sorted(valid.tolist()) not in ordered,
        "The held-out digits are the first or the last in the file: shuffle before you cut.",
    )
    again = torch.as_tensor(answer(100, 20, 0)[1])
    expect(
        torch.equal(valid, again),
        "The same seed gives another split: seed a generator of your own.",
    )
    other = torch.as_tensor(answer(100, 20, 1)[1])
    expect(not torch.equal(valid, other), "Another seed gives the same split: use the seed.")
