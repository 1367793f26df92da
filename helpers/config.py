"""Every hyperparameter of a training run, its default and its range, checked in one place."""

import difflib
import math
from dataclasses import dataclass, field, fields

import torch


def number(default, low, high, typical):
    """A numeric field from `low` to `high`; whole where the default is. `typical` is advice."""
    return field(default=default, metadata={"low": low, "high": high, "typical": typical})


def choice(*options):
    """A field that takes one of `options`; the first is the default."""
    return field(default=options[0], metadata={"options": options})


@dataclass(frozen=True)
class Config:
    """What determines a training run, the data apart. An impossible value raises ValueError.

    The error is one line that names the value, the allowed range and the fix.
    """

    hidden_size: int = number(128, 1, 4096, "32 to 512")
    activation: str = choice("relu", "sigmoid", "tanh")
    optimizer: str = choice("sgd", "rmsprop", "adam", "adamw")
    lr: float = number(0.01, 1e-6, 10.0, "0.001 to 0.1")
    momentum: float = number(0.9, 0.0, 0.999, "0 or 0.9")  # used by sgd alone
    weight_decay: float = number(0.0, 0.0, 1.0, "0 to 0.01")
    schedule: str = choice("constant", "cosine")
    batch_size: int = number(64, 1, 60_000, "16 to 512")
    num_epochs: int = number(10, 1, 1000, "2 to 30")
    patience: int = number(5, 1, 1000, "2 to 10")
    valid_size: int = number(5000, 1, 59_000, "1000 to 10000")
    seed: int = number(0, 0, 2**32 - 1, "any")
    device: str = choice("auto", "cpu", "cuda", "mps")

    def __post_init__(self):
        for item in fields(self):
            check(item, getattr(self, item.name))
        pick_device(self.device)


def check(item, value):
    """Raise ValueError if `value` is not possible for the dataclass field `item`."""
    if options := item.metadata.get("options"):
        if value not in options:
            near = difflib.get_close_matches(str(value), options, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(
                f"{item.name} must be one of {', '.join(options)}, got {value!r}{hint}"
            )
        return
    low, high, typical = (item.metadata[key] for key in ("low", "high", "typical"))
    whole = item.type is int
    possible = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not (possible and math.isfinite(value) and low <= value <= high):
        kind = "a whole number" if whole else "a number"
        raise ValueError(
            f"{item.name} must be {kind} from {low} to {high}, got {value!r}; try {typical}"
        )


def pick_device(name):
    """Return the `torch.device` for "auto", "cpu", "cuda" or "mps"; "auto" prefers a CUDA GPU.

    Raises ValueError where the device is not at hand.
    """
    at_hand = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if name == "auto":
        name = "cuda" if at_hand["cuda"] else "cpu"
    if not at_hand[name]:
        raise ValueError(
            f"device must be one that this machine has, got {name!r}; try 'auto' or 'cpu'"
        )
    return torch.device(name)
