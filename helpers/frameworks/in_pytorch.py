"""784-128-10 in PyTorch, as its tutorials write it; the twin of in_tensorflow.py.

`network` and `training_step` are what a user writes. The rest serves the measurement.
"""

import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.frameworks import worker


def network(weights):
    """The network with these initial weights; PyTorch stores a matrix as (outputs, inputs)."""
    model = nn.Sequential(
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )
    W1, b1, W2, b2 = map(torch.from_numpy, weights)
    names = ["0.weight", "0.bias", "2.weight", "2.bias"]
    model.load_state_dict(dict(zip(names, [W1.T, b1, W2.T, b2], strict=True)))
    return model


def training_step(model, lr, momentum):
    """A function that takes a step of descent on a batch and returns the loss before it."""
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)

    def step(X, y):
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def library_loop(model, X, y, batch_size, lr, momentum):
    """A function that trains an epoch, the batches made by PyTorch's own loader."""
    step = training_step(model, lr, momentum)
    loader = DataLoader(TensorDataset(X, y), batch_size=batch_size)

    def epoch():
        losses = [step(X, y) for X, y in loader]
        return torch.stack(losses).mean()

    return epoch


# How a way differs from plain PyTorch: a function around the model, the step, or in their place.
WAYS = {
    "eager": {},
    "compiled": {"model": torch.compile},
    "compiled step": {"step": torch.compile},
    "loop": {"loop": library_loop},
}
as_tensor = torch.from_numpy


def set_dtype(name):
    """Make layers and their weights float32 or float64 from here on."""
    torch.set_default_dtype(getattr(torch, name))


def versions():
    """What is measured here."""
    return {"torch": torch.__version__}


if __name__ == "__main__":
    worker.serve(sys.modules[__name__])
