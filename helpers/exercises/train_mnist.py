"""Checkers for the exercises of notebook 05."""

from itertools import product

import torch
from torch import nn

from helpers.exercises import Wrong, checker, close, compare, drawn, expect


@checker("Right: forward, clear, back, step, and the loss let go of its graph.")
def train_step(answer):
    """answer(model, loss_fn, optimizer, X, y) takes one step and returns the loss as a float."""
    X = torch.tensor([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3]], dtype=torch.float64)
    weight = torch.tensor([[0.1, 0.2], [0.0, -0.3], [0.4, 0.1]], dtype=torch.float64)
    _two_steps(answer, weight, nn.CrossEntropyLoss(), 0.5, X, torch.tensor([0, 2, 1]))
    (weight, X), y = drawn((4, 3), (5, 3)), torch.tensor([3, 0, 1, 3, 2])
    _two_steps(answer, weight, nn.MultiMarginLoss(), 0.1, X, y)


def _two_steps(answer, weight, loss_fn, lr, X, y):
    """Compare two calls with two steps of plain gradient descent."""
    weights, grads, losses = [weight], [], []
    for _ in range(2):
        weight = weights[-1].clone().requires_grad_()
        losses.append(loss_fn(X @ weight.T, y))
        grads += torch.autograd.grad(losses[-1], weight)
        weights.append(weights[-1] - lr * grads[-1])

    def recorded(found, y):
        called.append(y)
        return loss_fn(found, y)

    called, backwards = [], []
    model = nn.Linear(*weight.T.shape, bias=False, dtype=torch.float64)
    model.weight.register_hook(backwards.append)
    model.load_state_dict({"weight": weights[0]})
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss = answer(model, recorded, optimizer, X, y)
    after_one = model.weight.detach().clone()
    answer(model, recorded, optimizer, X, y)
    after_two = model.weight.detach()

    expect(called, "You never call loss_fn: use the loss that is given.")
    if torch.equal(after_one, weights[0]):
        expect(backwards, "No gradient was ever computed: is backward() missing?")
        expect(
            torch.equal(after_two, weights[0]),
            "The first call moves nothing, the second does: step() runs before backward().",
        )
        expect(
            model.weight.grad is None or not model.weight.grad.any(),
            "There is a gradient, but the weights stay where they are: is step() missing?",
        )
        raise Wrong("The gradient is gone before step(): zero_grad() belongs before backward().")
    expect(
        torch.allclose(after_one, weights[1]),
        "The first step does not follow the gradient of loss_fn(model(X), y): is there one "
        "backward() and one step() of the given optimizer, and nothing between model and loss?",
    )
    expect(
        not torch.allclose(after_two, weights[1] - lr * (grads[0] + grads[1])),
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
    found = answer([1.0, 4.0], [3, 1])
    try:
        found = float(found)
    except (TypeError, ValueError, RuntimeError):
        raise Wrong(f"Return one number, not {type(found).__name__}.") from None
    mistakes = {
        "That is the average of averages: a batch of 1 counts as much as one of 3.": 2.5,
        "That is the sum over all samples: divide by how many there are.": 7.0,
        "You divide by the number of batches: divide by the number of samples.": 3.5,
        "A batch's loss is a mean already: multiply it by its size before you add.": 1.25,
    }
    otherwise = f"Losses 1 and 4 of batches of 3 and 1 average 1.75, not {found}."
    compare(found, 1.75, mistakes, otherwise)
    found, right = float(answer([0.5, 0.25, 2.0], [64, 64, 8])), 64 / 136
    expect(close(found, right), f"Batches of 64, 64 and 8 give {right:.6f}, not {found:.6f}.")


@checker("Right: the best epoch sets the clock, and patience lets it run.")
def should_stop(answer):
    """answer(valid_losses, patience): has the lowest loss not been beaten for `patience` epochs?"""

    hints = {
        "The loss still falls, so go on: lower is better here.": ([1.0, 0.9, 0.8, 0.7], 2, False),
        "One worse epoch is within a patience of 2: wait for the second.": (
            ([1.0, 0.9, 0.95], 2, False)
        ),
        "Two epochs after the best, a patience of 2 is used up: you wait an epoch too long.": (
            ([1.0, 0.9, 0.95, 0.96], 2, True)
        ),
        "Falling again is not enough: compare with the lowest loss, not with the epoch before.": (
            ([1.0, 0.7, 0.9, 0.85, 0.8], 3, True)
        ),
        "The lowest loss is 3 epochs old and patience is 2, so stop: compare with the lowest of "
        "all, and stop at any age from 2 on.": ([1.0, 0.5, 0.9, 0.8, 0.7], 2, True),
        "A new lowest loss starts the clock again.": ([1.0, 0.9, 0.95, 0.96, 0.8], 2, False),
        "Reaching the lowest loss again does not beat it: the first of equals counts.": (
            ([0.9, 0.8, 0.9, 0.8], 2, True)
        ),
        "After the first epoch there is nothing to compare with yet.": ([1.0], 2, False),
        "You wait for two epochs whatever patience is: use it.": (
            ([1.0, 0.9, 0.95, 0.96], 3, False)
        ),
    }
    for epochs, patience in product((1, 2, 3, 4), repeat=2):
        for losses in map(list, product((0.1, 0.2, 0.3), repeat=epochs)):
            wanted = epochs - 1 - losses.index(min(losses)) >= patience
            hint = f"After losses of {losses}, with a patience of {patience}, say {wanted}."
            hints[hint] = (losses, patience, wanted)
    for hint, (losses, patience, wanted) in hints.items():
        expect(answer(losses, patience) == wanted, hint)  # a tensor or 0 is fine as well


@checker("Right: every sample once, in a new order for each seed, the small last batch included.")
def batches(answer):
    """answer(num_samples, batch_size, seed) lists the index tensors of one epoch's batches."""
    found = list(answer(10, 4, 0))
    for batch in found:
        kind = type(batch).__name__
        expect(torch.is_tensor(batch), f"Each batch is a tensor of indices, not {kind}.")
        expect(batch.dim() == 1, "Each batch is a tensor of shape (samples,).")
        whole = not batch.is_floating_point()
        expect(whole, f"Indices are whole numbers: int64, not {batch.dtype}.")
    found = [batch.tolist() for batch in found]
    sizes, order = [len(batch) for batch in found], [i for batch in found for i in batch]
    mistakes = {
        "The last two samples are missing: keep the smaller last batch.": [4, 4],
        "4 is the size of a batch, not their number: make batches of 4, 4 and 2.": [3, 3, 3, 1],
    }
    otherwise = f"10 samples make batches of 4, 4 and 2, not {sizes}."
    compare(sizes, [4, 4, 2], mistakes, otherwise)
    expect(set(order) <= set(range(10)), "The indices of 10 samples run from 0 to 9.")
    expect(
        sorted(order) == list(range(10)),
        "Some sample comes twice and another never: draw without replacement.",
    )
    expect(order != list(range(10)), "The samples come in their old order: shuffle them.")
    expect(
        sorted(map(sorted, found)) != [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]],
        "Neighbours always share a batch: shuffle the samples, not within or among the batches.",
    )
    again, other = ([batch.tolist() for batch in answer(10, 4, seed)] for seed in (0, 1))
    expect(found == again, "The same seed gives another order: seed a generator of your own.")
    expect(found != other, "Another seed gives the same order: use the seed.")
    for num_samples, batch_size, sizes, hint in (
        (9, 4, [4, 4, 1], "9 samples make batches of 4, 4 and 1: fill each before the next."),
        (8, 4, [4, 4], "8 samples make two batches of 4, and no third one."),
        (7, 3, [3, 3, 1], "7 samples, 3 in a batch, make 3, 3 and 1: use both arguments."),
    ):
        found = [batch.tolist() for batch in answer(num_samples, batch_size, 2)]
        expect([len(batch) for batch in found] == sizes, hint)
        hint = f"Of {num_samples} samples some come twice or never."
        expect(sorted(i for batch in found for i in batch) == list(range(num_samples)), hint)
