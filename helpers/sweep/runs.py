"""One run of a sweep, as a worker does it: train, keep the result, say how it ended."""

import functools
import json
import signal
import threading

import torch

from helpers import data, training
from helpers.config import Config
from helpers.training.run_folder import CHECKPOINT, METRICS, differences, path_in

RESULTS = ("state", "reason", "valid_accuracy", "valid_loss", "train_loss", "best_epoch")
RESULTS += ("epochs", "steps", "seconds")
# Threads of a process share its random numbers, from which the initial weights are drawn.
ONE_AT_A_TIME = threading.Lock()


def dask_setup(worker):
    """Called by dask in each worker process that a sweep starts: Ctrl-C is the driver's to handle.

    A terminal sends it to all of them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@functools.lru_cache(maxsize=1)
def digits(data_dir):
    """MNIST, read once by each worker."""
    return data.load_mnist(data_dir)


def train_one(settings):
    """Train the run of these settings in its run_dir, with one thread; return its results.

    A run that has ended before is not trained again; one that was cut off goes on from its
    checkpoint, to the same bits. The result is a dict with the keys RESULTS. Its state is
    "finished", "early" (patience was used up), "diverged" or "failed"; for the last two `reason`
    says why. It never raises: one bad run must not stop the others.
    """
    with ONE_AT_A_TIME:
        torch.set_num_threads(1)
        try:
            config = Config(**settings)
            return result_of_finished(config) or train(config)
        except Exception as error:  # of any kind: the reason goes into the table
            return failed(f"{type(error).__name__}: {error}")


def train(config):
    """Train, leave model.pt and metrics.json in the run's folder, and return the result."""
    train_loader, valid_loader, _ = data.make_loaders(*digits(config.data_dir), config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    seen, reason = [], ""
    parts = model, optimizer, train_loader, valid_loader, config
    try:
        training.fit(
            *parts,
            callback=seen.append,
            run_dir=config.run_dir,
        )
    except FloatingPointError as error:
        reason = str(error)
    history = seen[-1]  # it is the same one that grows, also where fit raised
    training.save_results(
        config.run_dir,
        model,
        config,
        history,
        valid_accuracies=history.valid_accuracies,
        best_epoch=history.best_epoch,
        state=history.ended,
        reason=reason,
    )
    path_in(config.run_dir, CHECKPOINT).unlink(missing_ok=True)  # four times as large as model.pt
    return result_of_finished(config)


def result_of_finished(config):
    """The result that a run left in its folder, or None if it has not ended.

    Raises ValueError if the folder's run has other settings, or if its file is damaged.
    """
    path = path_in(config.run_dir, METRICS)
    if not path.exists():
        return None
    try:
        numbers = json.loads(path.read_text(encoding="utf-8"))
        changed = differences(numbers["parameters"], config)
        result = {name: numbers[name] for name in ("state", "reason", "best_epoch", "steps")}
        lists = numbers["valid_accuracies"], numbers["valid_losses"], numbers["epoch_losses"]
        result |= {"epochs": len(lists[0]), "seconds": numbers["train_seconds"]}
        best = zip(("valid_accuracy", "valid_loss", "train_loss"), lists, strict=True)
        kept = result["state"] != "diverged"  # what came before the end would flatter it
        result |= {
            name: values[result["best_epoch"] - 1] if kept else None for name, values in best
        }
    except (ValueError, LookupError, TypeError):
        raise ValueError(f"{path} is not a run of a sweep; move it aside and try again") from None
    if changed:
        what = f"{path} belongs to a run with {'; '.join(changed)}"
        raise ValueError(f"{what}; choose another --run-dir")
    return {name: result[name] for name in RESULTS}


def failed(reason):
    """The result of a run that left none, with the reason on one line."""
    return dict.fromkeys(RESULTS) | {"state": "failed", "reason": " ".join(reason.split())}
