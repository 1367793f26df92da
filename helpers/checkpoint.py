"""Files that are whole or not there: written beside their place, then moved into it."""

import json
import os
import pickle
from dataclasses import asdict
from pathlib import Path

import torch


def write_whole(path, write):
    """Call `write(file)` on a new binary file, then move it to `path` in one step.

    An interruption leaves the old file, or none: never a half-written one.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(unfinished, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def save(state, path):
    """Save `state` (tensors, numbers, strings, and lists and dicts of them) with `torch.save`."""
    write_whole(path, lambda file: torch.save(state, file))


def load(path):
    """Return what `save` wrote, with tensors on the CPU. Reads data only, never runs code.

    Raises ValueError where the file is not a checkpoint, FileNotFoundError where there is none.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError):
        message = f"{path} is not a whole checkpoint of this project; move it away and run again"
        raise ValueError(message) from None


def save_json(values, path):
    """Save a dict of plain values as JSON, readable by a person."""
    text = json.dumps(values, indent=2, allow_nan=False) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))


def save_run(path, config, history, best_weights, parts, generator):
    """Save all that a training run needs to go on: settings, progress, states, random numbers.

    `parts` maps names to objects with a `state_dict`, `generator` is the training loader's.
    """
    state = {name: part.state_dict() for name, part in parts.items()}
    state |= {
        "config": asdict(config),
        "history": asdict(history),
        "best_weights": best_weights,
    }
    state |= {"order": generator.get_state(), "random": torch.get_rng_state()}
    save(state, path)


def load_run(path, config, parts, generator):
    """Put `parts`, `generator` and the global random state back as `save_run` found them.

    Returns the saved state. Raises ValueError, with nothing changed, if the run in the file had
    other settings; the device alone may differ.
    """
    state, wanted = load(path), asdict(config)
    found = state.get("config", {}) if isinstance(state, dict) else {}
    other = [
        f"{name} {found.get(name)!r}, not {value!r}"
        for name, value in wanted.items()
        if name != "device" and found.get(name) != value
    ]
    if other:
        what = f"{path} belongs to a run with {'; '.join(other)}"
        raise ValueError(f"{what}; choose another run_dir, or move the file away")
    for name, part in parts.items():
        part.load_state_dict(state[name])
    generator.set_state(state["order"])
    torch.set_rng_state(state["random"])
    return state
