"""Checkers for the exercises of notebook 07: each trains networks with the reader's function.

The same networks are trained as they should be, as the sick function does it, and with likely
mistakes, {hint: how}; what comes out is compared.
"""

from torch.nn import functional as F
from torch.optim.lr_scheduler import ExponentialLR

from helpers import data
from helpers.exercises import checker
from helpers.exercises.judging import judge, moons


@checker("Right: cleared before each backward pass, the gradients move the weights.")
def train_steps(answer):
    """answer(model, optimizer, batches) takes a step on each batch and returns the losses."""

    def train(order, model, optimizer, batches):
        losses = []
        for X, y in batches:
            loss = F.cross_entropy(model(X), y)
            calls = {"zero": optimizer.zero_grad, "back": loss.backward, "step": optimizer.step}
            for name in order.split():
                calls[name]()
            losses.append(loss.item())
        return losses

    mistakes = {
        "It moves, but now every step also takes all earlier gradients: clear them for each "
        "batch, before backward().": "back step",
        "Nothing moves, because no gradient is computed: is backward() missing?": "zero step",
        "There is a gradient, but nothing follows it: is step() missing?": "zero back",
        "Each batch takes two steps along one gradient: one will do.": "zero back step step",
    }
    setups = [lambda: moons(0, 0.5, 8), lambda: moons(1, 0.1, 16)]
    otherwise = "It trains, but not as one plain step on each batch would. Change one line only."
    judge(answer, train, "zero back step", "back zero step", mistakes, otherwise, setups)


@checker("Right: the rate halves once an epoch, and training goes on.")
def train_epochs(answer):
    """answer(model, optimizer, scheduler, batches, num_epochs) returns each epoch's rate."""

    def train(when, model, optimizer, scheduler, batches, num_epochs):
        rates = []
        for epoch in range(num_epochs):
            if when == "before":
                scheduler.step()
            rates.append(optimizer.param_groups[0]["lr"])
            for X, y in batches:
                optimizer.zero_grad()
                F.cross_entropy(model(X), y).backward()
                optimizer.step()
                if when == "each batch":
                    scheduler.step()
            if when in ("each epoch", "after") or (when == "end" and epoch == num_epochs - 1):
                scheduler.step()
            if when == "after":
                rates[-1] = optimizer.param_groups[0]["lr"]
        return rates

    def setup(seed, lr, num_epochs):
        model, optimizer, batches = moons(seed, lr, 16)
        scheduler = ExponentialLR(optimizer, gamma=0.5)
        optimizer.step()  # moves nothing, but PyTorch warns if a scheduler is stepped first
        return model, optimizer, scheduler, batches, num_epochs

    mistakes = {
        "Now the rate never falls: keep scheduler.step(), but once an epoch.": "never",
        "The first epoch trains at half the rate already: step after the batches.": "before",
        "The scheduler is stepped once at the very end: it belongs into the loop.": "end",
        "Training is right, but the rates in your list are those of the next epoch: note the rate "
        "before the batches.": "after",
    }
    setups = [lambda: setup(0, 0.5, 4), lambda: setup(1, 0.2, 3)]
    otherwise = "The rates or the weights are not those of one scheduler.step() an epoch."
    judge(answer, train, "each epoch", "each batch", mistakes, otherwise, setups)


@checker("Right: dropout in every epoch of training, and in no report.")
def train_and_report(answer):
    """answer(model, optimizer, batches, X_valid, y_valid, num_epochs) returns the accuracies."""

    def train(modes, model, optimizer, batches, X_valid, y_valid, num_epochs):
        learn, learn_later, report, *first = modes
        accuracies = []

        def measure():
            accuracies.append((model(X_valid).argmax(dim=1) == y_valid).double().mean().item())

        for epoch in range(num_epochs):
            if first:
                model.eval()
                measure()
            model.train(learn if epoch == 0 else learn_later)
            for X, y in batches:
                optimizer.zero_grad()
                F.cross_entropy(model(X), y).backward()
                optimizer.step()
            model.train(report)
            if not first:
                measure()
        return accuracies

    def setup(seed, lr, num_epochs):
        model, optimizer, batches = moons(seed, lr, 16, dropout=0.5)
        X_valid, y_valid = data.make_moons(200 - 50 * seed, 0.2, 10 + seed)
        return model, optimizer, batches, X_valid.double(), y_valid, num_epochs

    mistakes = {
        "Your reports are made with dropout: call eval() before them.": (True, True, True),
        "Now no epoch trains with dropout: call train() in each.": (False, False, False),
        "The modes are swapped: train() is for batches, eval() for reports.": (False, False, True),
        "You report before the epoch's training: measure after it.": (True, True, False, "first"),
    }
    setups = [lambda: setup(0, 0.5, 5), lambda: setup(1, 0.3, 4)]
    otherwise = "Weights or accuracies are not those of dropout in training and none in reports."
    right, sick = (True, True, False), (True, False, False)
    judge(answer, train, right, sick, mistakes, otherwise, setups)


@checker("Right: each output meets its own target, and the network follows them.")
def train_regression(answer):
    """answer(model, optimizer, X, y, num_steps) fits numbers and returns the losses."""

    def train(loss_fn, model, optimizer, X, y, num_steps):
        losses = []
        for _ in range(num_steps):
            loss = loss_fn(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    def setup(seed, lr, num_steps):
        model, optimizer, batches = moons(seed, lr, 64, outputs=1)
        ((X, _),) = batches
        return model, optimizer, X, (2 * X[:, 0]).sin() + X[:, 1], num_steps

    def loss_of(how):
        return lambda out, y: how(out.squeeze(dim=1), y).mean()

    mistakes = {
        "The shapes fit, but you add the squares up: the loss is their mean.": (
            lambda out, y: (out.squeeze(dim=1) - y).square().sum()
        ),
        "You average before you square, so errors of opposite sign cancel.": (
            loss_of(lambda out, y: (out - y).mean().square())
        ),
        "You average the outputs over the samples: keep one output for each target.": (
            loss_of(lambda out, y: (out.mean() - y).square())
        ),
        "That is the absolute error: take the square.": loss_of(lambda out, y: (out - y).abs()),
        "You compare with the mean of the targets: each output has a target of its own.": (
            loss_of(lambda out, y: (out - y.mean()).square())
        ),
    }
    setups = [lambda: setup(0, 0.05, 40), lambda: setup(1, 0.1, 20)]
    otherwise = "The losses are not the mean squared errors of model(X)[i] and y[i]."
    right = loss_of(lambda out, y: (out - y).square())
    sick = lambda out, y: (out - y).square().mean()  # noqa: E731
    judge(answer, train, right, sick, mistakes, otherwise, setups)
