"""Everything that a training run can be told, its defaults and ranges, checked in one place."""

import difflib
from dataclasses import dataclass, field, fields
from pathlib import PurePath

import torch

from helpers.files import check_run_dir


def number(default, low, high, typical):
    """A number from `low` to `high`, whole where the default is. `typical` is advice."""
    return field(default=default, metadata={"low": low, "high": high, "typical": typical})


def choice(*options, compare=True):
    """One of `options`; the first is the default."""
    return field(default=options[0], metadata={"options": options}, compare=compare)


def plain(default):
    """Any value of the default's type; it has no influence on the numbers of a run."""
    return field(default=default, compare=False)


@dataclass(frozen=True)
class Config:
    """The settings of a training run. An impossible value raises ValueError.

    The error is one line that names the value, the allowed range and the fix. Two configs are
    equal if they ask for the same numbers: device, folders and display don't count.
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
    seed: int = number(0, 0, 2**32 - 1, "0 to 9")
    device: str = choice("auto", "cpu", "cuda", compare=False)
    data_dir: str = plain("")
    run_dir: str = plain("")
    live: bool = plain(True)

    def __post_init__(self):
        for item in fields(self):
            check(item, getattr(self, item.name))
        pick_device(self.device)
        check_run_dir(self.run_dir)


def check(item, value):
    """Raise ValueError if `value` is not possible for the field `item` of Config."""
    rule = item.metadata
    if "options" in rule:
        wanted = f"one of {', '.join(rule['options'])}"
        possible = is_a(item.default, value) and value in rule["options"]
        text = value if type(value) is str else ""
        near = difflib.get_close_matches(text, rule["options"], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
    elif "low" in rule:
        check_ranges(f"; try {rule['typical']}", **{item.name: (value, rule["low"], rule["high"])})
        return
    else:
        wanted, possible = kind_of(item.default), is_a(item.default, value)
        hint = f"; try {str(value)!r}" if isinstance(value, PurePath) else ""
    if not possible:
        raise ValueError(f"{item.name} must be {wanted}, got {brief(value)}{hint}")


def check_ranges(hint="", /, **settings):
    """Each setting is (value, low, high): raise ValueError if a value is out of its range.

    Where `low` is a whole number, the value must be one. The error ends with `hint`, or says how a
    number of NumPy or PyTorch becomes Python's. Config and the notebooks check their settings so.
    """
    for name, (value, low, high) in settings.items():
        if not is_a(low, value) or not low <= value <= high:
            what = f"{name} must be {kind_of(low)} from {low} to {high}"
            hint = f"; try {name}.item()" if getattr(value, "ndim", None) == 0 else hint
            raise ValueError(f"{what}, got {brief(value)}{hint}")


def brief(value, longest=100):
    """How `value` is written in code, on one line and cut where it is long."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no longer ones
        return "a number of more than 4300 digits"
    return text if len(text) <= longest else f"{text[:longest]} …"


def kind_of(default):
    """Name the kind of value that `default` is, for a person."""
    kinds = {bool: "True or False", int: "a whole number", float: "a number", str: "text"}
    return kinds.get(type(default), f"a {type(default).__name__}")


def is_a(default, value):
    """Is `value` of the default's kind? A whole number is a number; True is neither."""
    return type(value) in ((int, float) if type(default) is float else (type(default),))


def pick_device(name):
    """Return the `torch.device` for "auto", "cpu" or "cuda"; "auto" takes a CUDA GPU if it can.

    Raises ValueError where the device is not at hand.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("device must be one that this machine has, got 'cuda'; try 'auto'")
    return torch.device(name)
