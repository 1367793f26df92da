"""The training loop: one epoch, a whole run that can be watched and resumed, and `fit`."""

import copy
import math
import time
from contextlib import closing, nullcontext

import torch
from torch.nn import functional as F

from helpers.training.history import History
from helpers.training.model import end_schedule, make_scheduler
from helpers.training.run_folder import has_checkpoint, lock, resume, save_checkpoint


def train_epoch(model, loss_fn, optimizer, train_loader):
    """Train the model for one epoch; after each step yield the mean loss of its samples so far.

    These are the lines of notebook 05. The last value is the training loss of the epoch.
    """
    total, N = 0.0, 0
    model.train()
    for X, y in train_loader:
        loss = loss_fn(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        N += len(y)
        yield total / N


def right_class(outputs, y):
    """Which answers are right: outputs (batch, classes, …) have their largest logit at y."""
    return outputs.argmax(dim=1) == y


def evaluate(model, loader, loss_fn=F.cross_entropy, metric=right_class):
    """Return (loss, share of right answers): sums over all that the loader yields, divided by N.

    The loader yields X (batch, …) and y (batch, …). `loss_fn(outputs, y, reduction="sum")` adds up
    a loss for each element of y; `metric(outputs, y)` is a tensor of booleans, one an answer.
    By default outputs are logits (batch, classes, …), y is int64, the loss is cross-entropy in
    nats, and the share is the accuracy, from 0 to 1.
    """
    was_training = model.training
    model.eval()
    loss, N, right, answers = 0.0, 0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            outputs = model(X)
            loss += loss_fn(outputs, y, reduction="sum").item()
            N += y.numel()
            found = metric(outputs, y)
            right += found.sum().item()
            answers += found.numel()
    model.train(was_training)
    if not N:
        raise ValueError("the loader must have at least one sample, got none")
    return loss / N, right / answers


def train_steps(
    model,
    optimizer,
    train_loader,
    valid_loader,
    config,
    run_dir=None,
    loss_fn=F.cross_entropy,
    metric=right_class,
):
    """Train the model in place; yield the growing History after each step and once at the end.

    Between two steps the caller may draw, pause, stop, or change the optimizer's rate. Training
    ends after `num_epochs`, or early once the validation loss has not fallen for `patience`
    epochs. However it ends, the model then has the weights of its best epoch, if one was
    finished, and the optimizer the learning rate that it came with. With a `run_dir` each epoch
    is saved there, and a run that was cut off goes on after its last finished epoch, to the same
    bits; a finished one trains nothing.
    Raises FloatingPointError when the loss becomes NaN or infinite, ValueError if the checkpoint
    belongs to a run with other settings, if there is no batch, or no generator to save.
    """
    if not len(train_loader):
        raise ValueError("train_loader must have at least one batch, got none")
    if run_dir and train_loader.generator is None:
        raise ValueError("train_loader must have a generator, got None; use data.make_loader")
    history = History(num_steps=config.num_epochs * len(train_loader))
    scheduler = make_scheduler(optimizer, config, history.num_steps)
    each_batch = config.schedule == "onecycle"  # the others are stepped once an epoch
    parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    best_weights = {}
    try:
        if run_dir and has_checkpoint(run_dir):
            history, best_weights = resume(
                run_dir, config, parts, train_loader.generator, history.num_steps
            )
        while not history.ended:
            epoch = train_epoch(model, loss_fn, optimizer, train_loader)
            for train_loss in timed(epoch, history):
                history.steps += 1
                yield history
                if not math.isfinite(train_loss):
                    break  # all that follows would be NaN too
                if each_batch:
                    scheduler.step()
            started, lr = time.perf_counter(), optimizer.param_groups[0]["lr"]
            if not each_batch:
                scheduler.step()
            measured = evaluate(model, valid_loader, loss_fn, metric)
            weights = copy.deepcopy(model.state_dict())
            # The copy comes first, so that an interrupt never finds a best epoch without weights.
            ends = {"num_epochs": config.num_epochs, "patience": config.patience}
            history.record(train_loss, *measured, **ends)
            history.seconds += time.perf_counter() - started
            if history.ended == "diverged":
                yield history
                raise FloatingPointError(advice(history.steps, lr))
            if history.best_epoch == history.num_epochs:
                best_weights = weights
            if run_dir:
                generator = train_loader.generator
                save_checkpoint(run_dir, config, history, best_weights, parts, generator)
    finally:
        if best_weights:
            model.load_state_dict(best_weights)
        end_schedule(optimizer)
    yield history


def advice(steps, lr):
    """What to try after the loss became NaN or infinite by this step."""
    what = f"the loss became NaN or infinite by step {steps}, with lr {lr:g}"
    if steps == 1:  # before any update, so the rate is not to blame
        return f"{what}; look for NaN in the inputs and for labels that are ignored (-100)"
    return f"{what}; try lr {max(lr / 10, 1e-6):g}"


def timed(steps, history):
    """Yield each of `steps`; add to `history.seconds` what they take, not what the caller does."""
    started = time.perf_counter()
    for step in steps:
        history.seconds += time.perf_counter() - started
        yield step
        started = time.perf_counter()


def fit(model, optimizer, train_loader, valid_loader, config, callback=None, run_dir=None, **task):
    """Train to the end and return the History; see `train_steps`.

    `task` may set another `loss_fn` and `metric` than a classifier's; see `evaluate`.
    `callback(history)` is called after each step and once at the end, for instance a
    `plots.LossPlot`; it changes no number. On KeyboardInterrupt training stops, and the history
    so far is returned with `ended` set to "interrupted". `run_dir` is locked meanwhile:
    ValueError if another process trains there.
    """
    history = History()
    steps = train_steps(model, optimizer, train_loader, valid_loader, config, run_dir, **task)
    try:
        with lock(run_dir) if run_dir else nullcontext(), closing(steps):
            for history in steps:  # closing puts the best weights back, however this ends
                if callback:
                    callback(history)
    except KeyboardInterrupt:
        history.ended = "interrupted"
        if callback:
            callback(history)
    return history
