"""Save a training run and take it up again. Reading a file never runs code that is in it."""

import copy
import io
import zipfile
from dataclasses import asdict, fields

import torch

from helpers.files import write_whole

PER_EPOCH = "train_losses", "valid_losses", "valid_accuracies"


def save(state, path):
    """Save `state` with `torch.save`: tensors, numbers, text, and lists and dicts of them."""
    whole = io.BytesIO()  # on a full disk torch.save itself would not say so clearly
    torch.save(state, whole)
    write_whole(path, lambda file: file.write(whole.getbuffer()))


def load(path):
    """Return what `save` wrote, with its tensors on the CPU.

    Raises ValueError where the file is damaged or foreign, FileNotFoundError where there is none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if damaged := archive.testzip():
                raise ValueError(f"checksum of {damaged}")
        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception:  # a damaged file can fail in any way
        raise ValueError(f"{path} is no whole checkpoint; move it away and run again") from None


def save_run(path, config, history, best_weights, parts, generator):
    """Save all that a training run needs to go on: settings, progress, states, random numbers.

    `parts` maps names to objects with a `state_dict`, `generator` is the training loader's.
    """
    state = {name: part.state_dict() for name, part in parts.items()}
    state |= {"config": asdict(config), "history": asdict(history), "best_weights": best_weights}
    state |= {"loader_rng": generator.get_state(), "global_rng": torch.get_rng_state()}
    save(state, path)


def load_run(path, config, parts, generator, num_steps):
    """Put `parts`, `generator` and the global random state back as `save_run` found them.

    Returns the saved state. Raises ValueError, with nothing changed, if the file holds no whole
    run, or a run with other settings or over another number of steps. Settings that don't change
    the numbers, like the device, may differ.
    """
    state = load(path)
    no_run = f"{path} holds no training run of this model; choose another run_dir, or move it away"
    try:
        saved, planned = state["config"], state["history"]["num_steps"]
        other = [
            f"{item.name} {saved.get(item.name)!r}, not {getattr(config, item.name)!r}"
            for item in fields(config)
            if item.compare and saved.get(item.name) != getattr(config, item.name)
        ]
        lengths = {len(state["history"][name]) for name in PER_EPOCH}
    except (AttributeError, KeyError, TypeError):
        raise ValueError(no_run) from None
    if planned != num_steps and not other:
        other = [f"{planned} steps, not {num_steps}"]
    if other:
        what = f"{path} belongs to a run with {'; '.join(other)}"
        raise ValueError(f"{what}; choose another run_dir, or move the file away")
    before = {name: copy.deepcopy(part.state_dict()) for name, part in parts.items()}
    try:
        if len(lengths) != 1 or not set(state["best_weights"]) <= set(state["model"]):
            raise ValueError(no_run)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        torch.Generator().set_state(state["global_rng"])
        generator.set_state(state["loader_rng"])
    except Exception:  # a foreign file can fail in any way
        for name, part in parts.items():
            part.load_state_dict(before[name])
        raise ValueError(no_run) from None
    torch.set_rng_state(state["global_rng"])
    return state
