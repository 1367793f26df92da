"""A healthy training run. Its text is the specimen: a sick run is this file with one line changed.

`helpers.specimens.specimen` makes the changes that `helpers.specimens.changes` lists.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import TensorDataset

from helpers import data
from helpers.specimens.digits import digits


@dataclass
class Run:
    """A training run, as far as a probe needs to know it."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    train_loader: Any  # yields batches X, y
    valid_loader: Any
    loss_fn: Any  # loss_fn(model(X), y) is the batch's loss
    step: Any  # step(X, y) takes one step and returns its loss
    evaluate: Any  # evaluate() returns loss and accuracy on the validation set


class Net(nn.Module):
    """784 pixels, 64 hidden units with ReLU and dropout, 10 logits."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 64)
        self.dropout = nn.Dropout(0.1)
        self.out = nn.Linear(64, 10)

    def forward(self, X):
        X = X.flatten(1)
        h = self.hidden(X).relu()
        h = self.dropout(h)
        return self.out(h)


def make(seed):
    """A run that learns to read digits; the seed decides its split, weights and order."""
    torch.manual_seed(seed)
    pixels, labels = digits()
    order = torch.randperm(len(labels))
    train = order[1030:].sort().values
    valid = order[:1030]
    images = (pixels / 255 - 0.1307) / 0.3081
    X_train = images[train]
    y_train = labels[train]
    X_valid = images[valid]
    y_valid = labels[valid]
    train_loader = data.make_loader(TensorDataset(X_train, y_train), 64, seed)
    valid_loader = data.make_loader(TensorDataset(X_valid, y_valid), 256)

    model = Net()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    scheduler = StepLR(optimizer, step_size=len(train_loader), gamma=0.95)

    def step(X, y):
        model.train()
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        return loss.item()

    @torch.no_grad()
    def evaluate():
        model.eval()
        loss, right, N = 0.0, 0.0, 0
        for X, y in valid_loader:
            outputs, weight = model(X), len(y)
            loss += weight * loss_fn(outputs, y).item()
            right += weight * (outputs.argmax(dim=1) == y).float().mean().item()
            N += weight
        return loss / N, right / N

    return Run(model, optimizer, train_loader, valid_loader, loss_fn, step, evaluate)
