"""A Config takes every sensible value and rejects every impossible one in one clear line."""

import math
import re
from dataclasses import fields
from pathlib import PurePosixPath

import numpy as np
import pytest
import torch
from command_line import one_line
from hypothesis import given
from hypothesis import strategies as st
from stored_notebooks import ROOT

from helpers.config import Config, Range, check_ranges, pick_device

REJECTED = [
    ("lr", 0.0, "a number from 1e-06 to 10.0, got 0.0; try 0.001 to 0.1"),
    ("lr", -0.1, "from 1e-06 to 10.0, got -0.1"),
    ("lr", math.nan, "got nan; try 0.001 to 0.1"),
    ("lr", math.inf, "from 1e-06 to 10.0, got inf"),
    ("lr", -math.inf, "got -inf"),
    ("lr", 1e300, "got 1e+300"),
    ("lr", 10**400, "from 1e-06 to 10.0"),
    ("lr", "0.1", "must be a number from 1e-06 to 10.0, got '0.1'"),
    ("lr", None, "got None"),
    ("lr", True, "must be a number"),
    ("lr", np.float64(0.1), "; try lr.item()"),
    ("lr", torch.tensor([0.1, 0.2]), "; try 0.001 to 0.1"),
    ("momentum", 1.0, "from 0.0 to 0.999, got 1.0"),
    ("weight_decay", -1e-9, "from 0.0 to 1.0, got -1e-09"),
    ("hidden_size", 0, "an integer from 1 to 4096, got 0"),
    ("hidden_size", 128.0, "got 128.0"),
    ("hidden_size", 10**12, "from 1 to 4096, got 1000000000000"),
    ("hidden_size", [128], "got [128]"),
    ("hidden_size", torch.zeros(100, 100), "got tensor([[0., 0., 0."),
    ("batch_size", 0, "from 1 to 60000"),
    ("batch_size", -1, "got -1"),
    ("num_epochs", 0, "an integer from 1 to 1000, got 0"),
    ("num_epochs", 2.5, "an integer from 1 to 1000"),
    ("num_epochs", "ten", "got 'ten'"),
    ("patience", 0, "from 1 to 1000"),
    ("valid_size", 60_000, "from 1 to 59000, got 60000"),
    ("seed", -1, "from 0 to 4294967295"),
    ("seed", 2**32, "got 4294967296"),
    ("seed", 10**400, "from 0 to 4294967295"),
    ("seed", torch.tensor(3), "; try seed.item()"),
    ("activation", "swish", "one of relu, sigmoid, tanh"),
    ("activation", "ReLU", "one of relu, sigmoid, tanh, got 'ReLU'"),
    ("activation", "", "got ''"),
    ("optimizer", "adam2", "did you mean 'adam'?"),
    ("optimizer", "ädam", "did you mean 'adam'?"),
    ("optimizer", None, "one of sgd, nesterov, rmsprop, adam, adamw"),
    ("optimizer", torch.tensor([1.0]), "got tensor([1.])"),
    ("optimizer", ["sgd"], "got ['sgd']"),
    ("optimizer", "x" * 10_000, "got 'xxxxx"),
    ("schedule", "linear", "one of constant, cosine, onecycle"),
    ("schedule", "cos", "did you mean 'cosine'?"),
    ("device", "gpu", "one of auto, cpu, cuda"),
    ("run_dir", 7, "must be text, got 7"),
    ("run_dir", PurePosixPath("runs/a"), "PurePosixPath('runs/a'); try 'runs/a'"),
    ("run_dir", str(ROOT), "outside of the project's own"),
    ("run_dir", str(ROOT / "helpers"), "outside of the project's own"),
    ("run_dir", str(ROOT / "runs" / ".." / "notebooks"), "outside of the project's own"),
    ("run_dir", str(ROOT / ".git"), "outside of the project's own"),
    ("data_dir", None, "must be text"),
    ("live", "false", "must be True or False, got 'false'"),
    ("live", 1, "must be True or False"),
]


@pytest.mark.parametrize(("name", "value", "wanted"), REJECTED, ids=range(len(REJECTED)))
def test_an_impossible_value_is_rejected(name, value, wanted):
    with pytest.raises(ValueError) as caught:
        Config(**{name: value})
    message = str(caught.value)
    assert message.startswith(name) and wanted in message and one_line(message)
    assert " ".join(repr(value).split())[:60] in message


def test_both_ends_of_every_range_are_possible():
    for item in fields(Config):
        rule = item.metadata["rule"]
        ends = [rule.low, rule.high] if isinstance(rule, Range) else getattr(rule, "options", [])
        for value in ends:
            if value != "cuda" or torch.cuda.is_available():
                assert getattr(Config(**{item.name: value}), item.name) == value


def test_a_device_that_is_not_there_is_rejected():
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match=r"device must be .*'cuda'; try 'auto'"):
            Config(device="cuda")
    assert pick_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_equal_configs_ask_for_the_same_numbers():
    assert Config(run_dir="a", live=False, device="cpu") == Config()
    assert Config(seed=1) != Config()


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ((5, 10, 20), "an integer from 10 to 20, got 5"),
        ((21, 10, 20), "an integer from 10 to 20, got 21"),
        ((15.0, 10, 20), "an integer from 10 to 20, got 15.0"),
        ((True, 0, 20), "an integer from 0 to 20, got True"),
        ((math.nan, 0.5, 2), "a number from 0.5 to 2, got nan"),
        (("1", 0.5, 2), "a number from 0.5 to 2, got '1'"),
    ],
)
def test_a_notebook_s_own_setting_out_of_its_range_is_rejected(setting, wanted):
    check_ranges(first=(10, 10, 20), last=(20, 10, 20), whole=(1, 0.5, 2))
    with pytest.raises(ValueError, match=f"^size must be {re.escape(wanted)}$"):
        check_ranges(size=setting)


numbers = st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans())


@given(
    name=st.sampled_from(["lr", "momentum", "weight_decay", "hidden_size", "batch_size", "seed"]),
    value=numbers,
)
def test_any_value_is_taken_or_rejected_in_one_line(name, value):
    try:
        taken = getattr(Config(**{name: value}), name)
    except ValueError as error:
        assert str(error).startswith(f"{name} must be ") and "\n" not in str(error)
    else:
        assert taken == value and math.isfinite(value) and type(value) in (int, float)
