"""Every setting of a training run, with its default and its range, checked in one place."""

import difflib
from dataclasses import dataclass, field, fields
from pathlib import Path, PurePath

import torch

from helpers.files import PROJECT

PROTECTED = ("notebooks", "helpers", "data", "docs", "tools", "tests", ".git", ".ci", ".venv")


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high`, an integer if `low` is one. `typical` is advice."""

    low: float
    high: float
    typical: str

    def check(self, name, value):
        check_ranges(f"; try {self.typical}", **{name: (value, self.low, self.high)})


@dataclass(frozen=True)
class Choice:
    """One of `options`."""

    options: tuple

    def check(self, name, value):
        if type(value) is str and value in self.options:
            return
        near = difflib.get_close_matches(value, self.options, n=1) if type(value) is str else []
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{name} must be one of {', '.join(self.options)}, got {brief(value)}{hint}"
        )


@dataclass(frozen=True)
class Kind:
    """Any value of the type of `example`."""

    example: object

    def check(self, name, value):
        if not is_a(self.example, value):
            hint = f"; try {str(value)!r}" if isinstance(value, PurePath) else ""
            raise ValueError(f"{name} must be {kind_of(self.example)}, got {brief(value)}{hint}")


def number(default, low, high, typical):
    return field(default=default, metadata={"rule": Range(low, high, typical)})


def choice(*options, compare=True):
    return field(default=options[0], compare=compare, metadata={"rule": Choice(options)})


def anything(default):
    return field(default=default, compare=False, metadata={"rule": Kind(default)})


@dataclass(frozen=True)
class Config:
    """The settings of a training run. An impossible value raises ValueError.

    The error is one line that names the value, the allowed range and the fix. Two configs are
    equal if they ask for the same numbers: the last four settings say where to run and what to
    show, and don't count.
    """

    hidden_size: int = number(128, 1, 4096, "32 to 512")
    activation: str = choice("relu", "sigmoid", "tanh")
    optimizer: str = choice("sgd", "nesterov", "rmsprop", "adam", "adamw")
    lr: float = number(0.01, 1e-6, 10.0, "0.001 to 0.1")
    momentum: float = number(0.9, 0.0, 0.999, "0 or 0.9")  # used by sgd and nesterov
    weight_decay: float = number(0.0, 0.0, 1.0, "0 to 0.01")
    schedule: str = choice("constant", "cosine", "onecycle")
    batch_size: int = number(64, 1, 60_000, "16 to 512")
    num_epochs: int = number(10, 1, 1000, "2 to 30")
    patience: int = number(5, 1, 1000, "2 to 10")
    valid_size: int = number(5000, 1, 59_000, "1000 to 10000")
    seed: int = number(0, 0, 2**32 - 1, "0 to 9")
    device: str = choice("auto", "cpu", "cuda", compare=False)
    data_dir: str = anything("")
    run_dir: str = anything("")
    live: bool = anything(True)

    def __post_init__(self):
        for item in fields(self):
            item.metadata["rule"].check(item.name, getattr(self, item.name))
        pick_device(self.device)
        check_run_dir(self.run_dir)


def check_ranges(hint="", /, **settings):
    """Each setting is (value, low, high): return {name: value}.

    Raises ValueError if a value is out of its range. If `low` is an integer, the value must be
    one. The error ends with `hint`, or says how to turn a NumPy or PyTorch number into Python's.
    Config and the notebooks use this for their settings.
    """
    for name, (value, low, high) in settings.items():
        if not is_a(low, value) or not low <= value <= high:
            what = f"{name} must be {kind_of(low)} from {low} to {high}"
            hint = f"; try {name}.item()" if getattr(value, "ndim", None) == 0 else hint
            raise ValueError(f"{what}, got {brief(value)}{hint}")
    return {name: value for name, (value, _, _) in settings.items()}


def check_run_dir(run_dir):
    """Raise ValueError if files written to `run_dir` could replace the project's own."""
    try:
        folder = Path(run_dir).expanduser().resolve()
    except (ValueError, RuntimeError, OSError) as error:
        raise ValueError(f"run_dir must be a folder's name, got {run_dir!r}: {error}") from None
    inside = folder.relative_to(PROJECT).parts if folder.is_relative_to(PROJECT) else ("elsewhere",)
    if run_dir and (not inside or inside[0] in PROTECTED):
        what = f"run_dir must be a folder outside of the project's own, got {run_dir!r}"
        raise ValueError(f"{what}; try {str(PROJECT / 'runs' / 'my-run')!r}")


def pick_device(name):
    """Return the `torch.device` for "auto", "cpu" or "cuda"; "auto" takes a CUDA GPU if it can.

    Raises ValueError if the device is not available.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("device must be available on this machine, got 'cuda'; try 'auto'")
    return torch.device(name)


def brief(value, longest=100):
    """The value as it is written in code, on one line, cut if it is long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= longest else f"{text[:longest]} …"


def kind_of(default):
    """Name the type of `default` for a person."""
    kinds = {bool: "True or False", int: "an integer", float: "a number", str: "text"}
    return kinds.get(type(default), f"a {type(default).__name__}")


def is_a(default, value):
    """Is `value` of the default's type? An integer passes for a number; True passes for neither."""
    return type(value) in ((int, float) if type(default) is float else (type(default),))
