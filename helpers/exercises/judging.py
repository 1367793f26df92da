"""For exercises that train: train networks with the answer and compare what comes out."""

import torch
from torch import nn

from helpers import data
from helpers.exercises import NotAttempted, Wrong, close, expect

SAME = "Not attempted yet: the function still trains exactly as it did. Fix it, run the cell again."


def judge(answer, train, right, sick, mistakes, otherwise, setups):
    """Hold the answer against train(how, *setup()) for each how: right, sick, the mistakes."""
    for setup in setups:
        found = outcome(answer, setup())
        if close(found, outcome(train, setup(), right)):
            continue
        if close(found, outcome(train, setup(), sick)):
            raise NotAttempted(SAME)
        for hint, how in mistakes.items():
            if close(found, outcome(train, setup(), how)):
                raise Wrong(hint)
        raise Wrong(otherwise)


def outcome(train, setup, *how):
    """What training returns, does and leaves behind, as a tensor.

    That is the list, the numbers of gradients and steps, the rate and the weights.
    """
    model, optimizer = setup[:2]
    gradients, steps = [], []
    next(model.parameters()).register_hook(gradients.append)
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    torch.manual_seed(0)  # for dropout
    listed = train(*how, *setup)
    expect(isinstance(listed, list), f"Return a list, not {type(listed).__name__}.")
    floats = all(isinstance(value, float) for value in listed)
    expect(floats, "Return a list of floats: item() makes one of a tensor, and drops its graph.")
    counts = len(gradients), len(steps)
    numbers = [*listed, *counts, optimizer.param_groups[0]["lr"]]
    numbers = torch.tensor(numbers, dtype=torch.float64)
    return torch.cat([numbers, nn.utils.parameters_to_vector(model.parameters()).detach()])


def moons(seed, lr, size, dropout=0.0, outputs=2):
    """A small network in float64 with its optimizer, and batches of `size` samples of moons."""
    torch.manual_seed(seed)
    layers = nn.Linear(2, 8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, outputs)
    model = nn.Sequential(*layers).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    X, y = data.make_moons(64, 0.1, seed)
    X = X.double()
    return model, optimizer, list(zip(X.split(size), y.split(size), strict=True))
