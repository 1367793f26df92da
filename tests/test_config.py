"""A Config takes every sensible value and refuses every impossible one in one clear line."""

import math
import re
from dataclasses import fields
from pathlib import PurePosixPath

import numpy as np
import pytest
import torch

from helpers.config import Config, check_ranges, pick_device

BAD = [
    ("lr", 0.0, "from 1e-06 to 10.0"),
    ("lr", -0.1, "from 1e-06 to 10.0"),
    ("lr", math.nan, "from 1e-06 to 10.0"),
    ("lr", math.inf, "from 1e-06 to 10.0"),
    ("lr", "0.1", "must be a number"),
    ("lr", True, "must be a number"),
    ("momentum", 1.0, "from 0.0 to 0.999"),
    ("weight_decay", -1e-4, "from 0.0 to 1.0"),
    ("hidden_size", 0, "from 1 to 4096"),
    ("hidden_size", 10**9, "from 1 to 4096"),
    ("batch_size", 0, "from 1 to 60000"),
    ("num_epochs", 2.5, "a whole number from 1 to 1000"),
    ("num_epochs", 0, "a whole number from 1 to 1000"),
    ("patience", 0, "from 1 to 1000"),
    ("valid_size", 60_000, "from 1 to 59000"),
    ("seed", -1, "from 0 to 4294967295"),
    ("activation", "swish", "one of relu, sigmoid, tanh"),
    ("optimizer", "adam2", "did you mean 'adam'?"),
    ("optimizer", None, "one of sgd, rmsprop, adam, adamw"),
    ("schedule", "linear", "one of constant, cosine"),
    ("device", "gpu", "one of auto, cpu, cuda"),
    ("lr", 10**400, "from 1e-06 to 10.0"),
    ("seed", 10**400, "from 0 to 4294967295"),
    ("run_dir", 7, "must be text"),
    ("data_dir", None, "must be text"),
    ("live", "false", "must be True or False"),
    ("live", 1, "must be True or False"),
    ("lr", np.float64(0.1), "; try lr.item()"),
    ("seed", torch.tensor(3), "; try seed.item()"),
    ("lr", torch.tensor([0.1, 0.2]), "; try 0.001 to 0.1"),
    ("run_dir", PurePosixPath("runs/a"), "PurePosixPath('runs/a'); try 'runs/a'"),
]


@pytest.mark.parametrize(("name", "value", "part"), BAD)
def test_an_impossible_value_is_refused(name, value, part):
    with pytest.raises(ValueError) as caught:
        Config(**{name: value})
    message = str(caught.value)
    assert message.startswith(name) and repr(value)[:60] in message and part in message
    assert "\n" not in message


def test_both_ends_of_every_range_are_possible():
    for item in fields(Config):
        rule = item.metadata
        for value in [rule["low"], rule["high"]] if "low" in rule else rule.get("options", []):
            if value != "cuda" or torch.cuda.is_available():
                assert getattr(Config(**{item.name: value}), item.name) == value


def test_a_device_that_is_not_there_is_refused():
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match=r"device must be .*'cuda'; try 'auto'"):
            Config(device="cuda")
    assert pick_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_equal_configs_ask_for_the_same_numbers():
    assert Config(run_dir="a", live=False, device="cpu") == Config()
    assert Config(seed=1) != Config()


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ((5, 10, 20), "a whole number from 10 to 20, got 5"),
        ((21, 10, 20), "a whole number from 10 to 20, got 21"),
        ((15.0, 10, 20), "a whole number from 10 to 20, got 15.0"),
        ((True, 0, 20), "a whole number from 0 to 20, got True"),
        ((math.nan, 0.5, 2), "a number from 0.5 to 2, got nan"),
        (("1", 0.5, 2), "a number from 0.5 to 2, got '1'"),
    ],
)
def test_a_notebook_s_own_setting_out_of_its_range_is_refused(setting, told):
    check_ranges(first=(10, 10, 20), last=(20, 10, 20), whole=(1, 0.5, 2))
    with pytest.raises(ValueError, match=f"^size must be {re.escape(told)}$"):
        check_ranges(size=setting)
