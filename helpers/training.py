"""From a Config to a trained model: make the parts, run the loop, keep its history."""

import copy
import json
import math
import time
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from helpers import checkpoint
from helpers.config import Config as Config  # notebooks write training.Config
from helpers.config import pick_device as pick_device
from helpers.files import clear_unfinished, lock

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


@dataclass
class History:
    """What a training run leaves: a value for each finished epoch, and how it ended."""

    train_losses: list = field(default_factory=list)  # running average over the epoch's digits
    valid_losses: list = field(default_factory=list)  # after the epoch
    valid_accuracies: list = field(default_factory=list)  # after the epoch, from 0 to 1
    best_epoch: int = 0  # the epoch with the lowest validation loss, from 1; 0 before the first
    seconds: float = 0.0  # of learning and evaluating, without what the caller did meanwhile
    steps: int = 0  # optimizer steps taken
    num_steps: int = 0  # optimizer steps in num_epochs
    resumed_at: int = 0  # steps that an earlier call had taken
    ended: str = ""  # "" while training; "finished", "early", "interrupted", "diverged", "failed"

    @property
    def num_epochs(self):
        """How many epochs are finished."""
        return len(self.train_losses)

    def record(self, train_loss, valid_loss, valid_accuracy, config):
        """Add a finished epoch; see whether it is the best so far, and whether training ends.

        A loss that is no finite number ends training, and its epoch is not added.
        """
        if not math.isfinite(train_loss + valid_loss):
            self.ended = "diverged"
            return
        self.train_losses.append(train_loss)
        self.valid_losses.append(valid_loss)
        self.valid_accuracies.append(valid_accuracy)
        self.best_epoch = 1 + self.valid_losses.index(min(self.valid_losses))
        if self.num_epochs == config.num_epochs:
            self.ended = "finished"
        elif self.num_epochs - self.best_epoch >= config.patience:
            self.ended = "early"


def make_model(config):
    """The article's network: 784 inputs, one hidden layer, 10 logits; on the config's device.

    Takes X (batch, 1, 28, 28), gives logits (batch, 10). The seed alone decides the initial
    weights; the global random state stays as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(config.seed)
        model = nn.Sequential(
            nn.Flatten(),
            nn.Linear(784, config.hidden_size),
            ACTIVATIONS[config.activation](),
            nn.Linear(config.hidden_size, 10),
        )
    return model.to(pick_device(config.device))


def make_optimizer(model, config):
    """The config's optimizer over the model's parameters, from `torch.optim`.

    Sources: Sutskever et al. (2013) for momentum, Tieleman and Hinton (2012) for RMSprop, Kingma
    and Ba (2015) for Adam, Loshchilov and Hutter (2019) for AdamW.
    """
    settings = {"lr": config.lr, "weight_decay": config.weight_decay}
    if config.optimizer != "rmsprop":
        settings["fused"] = True  # all parameters in one call: the same step, sooner
    if config.optimizer == "sgd":
        settings["momentum"] = config.momentum
    kinds = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}
    return getattr(torch.optim, kinds[config.optimizer])(model.parameters(), **settings)


def load_trained(run_dir, /, **changes):
    """What a run of notebook 05 left in the folder `run_dir`: returns (config, model).

    `changes` replace settings that have no influence on the numbers, like device and folders.
    Raises ValueError where model.pt or metrics.json is missing, damaged or of another network.
    """
    folder = Path(run_dir).expanduser()
    try:
        settings = json.loads((folder / "metrics.json").read_text())["parameters"]
        config = Config(**settings | changes)
        model = make_model(config)
        model.load_state_dict(checkpoint.load(folder / "model.pt"))
    except Exception as error:  # foreign files can fail in any way
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        what = f"run_dir must hold model.pt and metrics.json of a run of 05, got {str(folder)!r}"
        raise ValueError(f"{what} ({reason})") from None
    return config, model


def evaluate(model, loader):
    """Return (loss, accuracy): sums over the N samples that the loader yields, divided by N.

    The loader yields X (batch, …) and y int64 (batch,); the model gives logits (batch, classes).
    The loss is the mean cross-entropy in nats, the accuracy lies between 0 and 1.
    """
    was_training = model.training
    model.eval()
    loss, right, N = 0.0, 0, 0
    with torch.no_grad():
        for X, y in loader:
            logits = model(X)
            loss += F.cross_entropy(logits, y, reduction="sum").item()
            right += (logits.argmax(dim=1) == y).sum().item()
            N += len(y)
    model.train(was_training)
    return loss / N, right / N


def make_scheduler(optimizer, config):
    """The learning rate's course, stepped once an epoch: constant, or half a cosine down to 0.

    Source of the cosine: Loshchilov, Hutter (2017), "SGDR", equation 5, without restarts.
    """
    if config.schedule == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=config.num_epochs)
    return torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)


def train_steps(model, optimizer, train_loader, valid_loader, config, checkpoint_path=None):
    """Train the model in place; yield the growing History after each step and once at the end.

    Between two steps the caller may draw, pause, stop, or change the optimizer's rate. Training
    ends after `num_epochs`, or early once the validation loss has not fallen for `patience`
    epochs. However it ends, the model then holds the weights of its best epoch, if one was
    finished. With a `checkpoint_path` each epoch is saved there, and a run that was cut off goes
    on after its last whole epoch, to the same bits; a finished one trains nothing.
    Raises FloatingPointError when the loss stops being a number, ValueError when the checkpoint
    belongs to a run with other settings, or where the loader has no generator to save.
    """
    if checkpoint_path and train_loader.generator is None:
        raise ValueError("train_loader must have a generator, got None; use data.make_loader")
    history = History(num_steps=config.num_epochs * len(train_loader))
    scheduler = make_scheduler(optimizer, config)
    best_weights = {}
    parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    if checkpoint_path and Path(checkpoint_path).exists():
        saved = checkpoint.load_run(
            checkpoint_path, config, parts, train_loader.generator, history.num_steps
        )
        history, best_weights = History(**saved["history"]), saved["best_weights"]
        history.resumed_at = history.steps

    try:
        while not history.ended:
            started, total_loss, N = time.perf_counter(), 0.0, 0
            model.train()
            for X, y in train_loader:
                loss = F.cross_entropy(model(X), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total_loss += loss.item() * len(y)
                N += len(y)
                history.steps += 1
                history.seconds += time.perf_counter() - started
                yield history
                started = time.perf_counter()
                if not math.isfinite(total_loss):
                    break  # what follows would be no number either
            lr = optimizer.param_groups[0]["lr"]
            scheduler.step()
            train_loss = total_loss / N
            measured, weights = evaluate(model, valid_loader), copy.deepcopy(model.state_dict())
            # The copy comes first, so that an interrupt never finds a best epoch without weights.
            history.record(train_loss, *measured, config)
            history.seconds += time.perf_counter() - started
            if history.ended == "diverged":
                yield history
                what = f"the loss was no number any more by step {history.steps}, with lr {lr:g}"
                raise FloatingPointError(f"{what}; try lr {max(lr / 10, 1e-6):g}")
            if history.best_epoch == history.num_epochs:
                best_weights = weights
            if checkpoint_path:
                order = train_loader.generator
                checkpoint.save_run(checkpoint_path, config, history, best_weights, parts, order)
    finally:
        if best_weights:
            model.load_state_dict(best_weights)
    yield history


def fit(model, optimizer, train_loader, valid_loader, config, callback=None, checkpoint_path=None):
    """Train to the end and return the History; see `train_steps`.

    `callback(history)` is called after each step and once at the end, for instance a
    `curves.LossPlot`; it changes no number. On KeyboardInterrupt training stops, and the history
    so far is returned with `ended` set to "interrupted". The checkpoint's folder is locked
    meanwhile: ValueError if another process trains there.
    """
    history = History()
    steps = train_steps(model, optimizer, train_loader, valid_loader, config, checkpoint_path)
    locked = lock(Path(checkpoint_path).parent) if checkpoint_path else nullcontext()
    try:
        with locked, closing(steps):  # puts the best weights back, however this ends
            if checkpoint_path:
                clear_unfinished(checkpoint_path)
            for history in steps:
                if callback:
                    callback(history)
    except KeyboardInterrupt:
        history.ended = "interrupted"
        if callback:
            callback(history)
    return history
