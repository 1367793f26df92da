"""The files of a training run: their names, who may write them, saving, resuming, loading.

A run's folder holds checkpoint.pt while it trains, and at the end metrics.json, model.pt and
curves.png. Reading one of them never runs code that is in it.
"""

import copy
import json
from contextlib import contextmanager
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path

import torch
from filelock import FileLock, Timeout

from helpers.config import Config
from helpers.files import load_tensors, save_json, save_tensors, write_atomically
from helpers.training.history import History
from helpers.training.model import make_model

CHECKPOINT, METRICS, MODEL, CURVES = "checkpoint.pt", "metrics.json", "model.pt", "curves.png"
EPOCH_LISTS = "train_losses", "valid_losses", "valid_accuracies"


def path_in(run_dir, name):
    """The path of the file `name` in a run's folder."""
    return Path(run_dir).expanduser() / name


@contextmanager
def lock(run_dir, name=".lock", seconds=10):
    """Keep other processes that lock the folder by this name out while the block runs.

    Waits up to `seconds` for a run that is ending; then raises ValueError. The lock of a killed
    process is free at once.
    """
    path = path_in(run_dir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=seconds):
            yield
    except Timeout:
        what = f"{str(path.parent)!r} is in use by another run"
        raise ValueError(f"{what}; wait for its end, or choose another run_dir") from None


def has_checkpoint(run_dir):
    """Is there a run in this folder to go on with?"""
    return path_in(run_dir, CHECKPOINT).exists()


def load_checkpoint(run_dir):
    """The state that a run saved after its last finished epoch; see `save_checkpoint`."""
    return load_tensors(path_in(run_dir, CHECKPOINT))


def save_checkpoint(run_dir, config, history, best_weights, parts, generator):
    """Save all that a training run needs to go on: settings, progress, states, random numbers.

    `parts` maps names to objects with a `state_dict`, `generator` is the training loader's.
    """
    state = {name: part.state_dict() for name, part in parts.items()}
    state |= {"config": asdict(config), "history": asdict(history), "best_weights": best_weights}
    state |= {"loader_rng": generator.get_state(), "global_rng": torch.get_rng_state()}
    save_tensors(state, path_in(run_dir, CHECKPOINT))


def resume(run_dir, config, parts, generator, num_steps):
    """Set `parts`, `generator` and the global random state as `save_checkpoint` found them.

    Returns (history, best_weights). Raises ValueError, with nothing changed, if the file is not
    a checkpoint of this model, or of a run with other settings or another number of steps.
    Settings that don't change the numbers, like the device, may differ.
    """
    path = path_in(run_dir, CHECKPOINT)
    state = load_tensors(path)
    unrelated = f"{path} is not a checkpoint of this model"
    unrelated += "; choose another run_dir, or move it aside"
    before = {name: copy.deepcopy(part.state_dict()) for name, part in parts.items()}
    try:
        history = History(**state["history"])
        changed = differences(state["config"], config)
        if not changed and history.num_steps != num_steps:
            changed = [f"{history.num_steps} steps, not {num_steps}"]
        complete = len({len(getattr(history, name)) for name in EPOCH_LISTS}) == 1
        if not changed:
            if not complete or not set(state["best_weights"]) <= set(state["model"]):
                raise ValueError(unrelated)
            for name, part in parts.items():
                part.load_state_dict(state[name])
            torch.Generator().set_state(state["global_rng"])
            generator.set_state(state["loader_rng"])
    except Exception:  # an unrelated file can fail in any way
        for name, part in parts.items():
            part.load_state_dict(before[name])
        raise ValueError(unrelated) from None
    if changed:
        what = f"{path} belongs to a run with {'; '.join(changed)}"
        raise ValueError(f"{what}; choose another run_dir, or move the file aside")
    torch.set_rng_state(state["global_rng"])
    history.resumed_at = history.steps
    return history, state["best_weights"]


def differences(saved, config):
    """List the settings that influence the numbers and are not as they were saved."""
    return [
        f"{item.name} {saved.get(item.name)!r}, not {getattr(config, item.name)!r}"
        for item in fields(config)
        if item.compare and saved.get(item.name) != getattr(config, item.name)
    ]


def save_results(run_dir, model, config, history, figure=None, **measured):
    """Save a finished run: its weights, its curves, and in metrics.json every number of it.

    `figure` is a matplotlib figure, if there is one, `measured` what else was measured, for
    instance on the test digits. Returns the names of the files; metrics.json is written last.
    """
    numbers = measured | {
        "train_seconds": history.seconds,
        "steps": history.steps,
        "resumed_at_step": history.resumed_at,
        "epoch_losses": history.train_losses,
        "valid_losses": history.valid_losses,
        "parameters": asdict(config),
        "versions": {"torch": torch.__version__, "torchvision": metadata.version("torchvision")},
    }
    with lock(run_dir):
        save_tensors(model.state_dict(), path_in(run_dir, MODEL))
        if figure:
            write = lambda file: figure.savefig(file, format="png", dpi=144)  # noqa: E731
            write_atomically(path_in(run_dir, CURVES), write)
        save_json(numbers, path_in(run_dir, METRICS))
    return (MODEL, CURVES, METRICS) if figure else (MODEL, METRICS)


def load_trained(run_dir, /, **changes):
    """What a finished run left in its folder: returns (config, model).

    `changes` replace settings that have no influence on the numbers, like device and folders.
    Raises ValueError if model.pt or metrics.json is missing, damaged or of another network.
    """
    try:
        numbers = json.loads(path_in(run_dir, METRICS).read_text(encoding="utf-8"))
        config = Config(**numbers["parameters"] | changes)
        model = make_model(config)
        model.load_state_dict(load_tensors(path_in(run_dir, MODEL)))
    except Exception as error:  # an unrelated file can fail in any way
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        what = f"run_dir must hold model.pt and metrics.json of a run of 05, got {str(run_dir)!r}"
        raise ValueError(f"{what}, {contents(run_dir)} ({reason})") from None
    return config, model


def contents(run_dir):
    """Say in a few words what is in a run's folder."""
    folder = Path(run_dir).expanduser()
    if not folder.is_dir():
        return "which is not a folder"
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return f"which has {', '.join(names[:8])}" if names else "which is empty"
