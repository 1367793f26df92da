"""The instruments that people usually look at while a run trains."""

from dataclasses import dataclass
from functools import cache
from itertools import islice


@dataclass
class Record:
    """What they show."""

    losses: list  # the loss of each step
    reports: list  # (loss, accuracy) on the validation set, each third of the run
    one_batch: list  # the losses of another such run that sees its first batch only
    statistics: dict  # of its first step; {name: number}


@cache
def watch(make, seed, num_steps):
    """Train the run make(seed) for `num_steps` steps, and again on one batch; return a Record."""
    run, losses, reports = make(seed), [], []
    while len(losses) < num_steps:
        for X, y in islice(run.train_loader, num_steps - len(losses)):
            losses.append(float(run.step(X, y)))
            if len(losses) % (num_steps // 3) == 0:
                reports.append(run.evaluate())
    run = make(seed)
    X, y = next(iter(run.train_loader))
    first, last = (w for w in run.model.parameters() if w.dim() > 1)
    before = first.detach().clone(), last.detach().clone()
    one_batch = [float(run.step(X, y))]
    moves = [(w.detach() - b).norm() / b.norm() for w, b in zip((first, last), before, strict=True)]
    statistics = {
        "loss at the start": one_batch[0],
        "gradient of the first layer": norm(first.grad),
        "gradient of the last layer": norm(last.grad),
        "update of the first layer": moves[0].item(),
        "update of the last layer": moves[1].item(),
    }
    one_batch += [float(run.step(X, y)) for _ in range(99)]
    return Record(losses, reports, one_batch, statistics)


def norm(gradient):
    """The norm of a gradient; 0 if there is none."""
    return 0.0 if gradient is None else gradient.norm().item()
