"""A run that is killed at any moment goes on, and ends with the bits of an uninterrupted one."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from committed import ROOT

from helpers import checkpoint

TRAINEE = [sys.executable, str(Path(__file__).with_name("trainee.py"))]
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1"}
TRIES = 12


def begin(*arguments, wait_for="training"):
    process = subprocess.Popen(
        [*TRAINEE, *map(str, arguments)], env=ONE_THREAD, stdout=subprocess.PIPE, text=True
    )
    with process.stdout:
        assert process.stdout.readline().strip() == wait_for
    return process


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """(what an uninterrupted run leaves, the seconds that it trains)."""
    folder = tmp_path_factory.mktemp("whole")
    process = begin(folder)
    started = time.perf_counter()
    assert process.wait() == 0
    return checkpoint.load(folder / "result.pt"), time.perf_counter() - started


def same(found, expected):
    """Are weights and history equal to the bit?"""
    return found["history"] == expected["history"] and all(
        torch.equal(found["weights"][name], value) for name, value in expected["weights"].items()
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(TRIES))
def test_a_run_killed_at_a_random_moment_ends_with_the_same_bits(expected, tmp_path, seed, fault):
    whole, seconds = expected
    moments = random.Random(seed)
    for _ in range(3):
        process = begin(tmp_path)
        time.sleep(moments.random() * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (tmp_path / "checkpoint.pt").exists():
            checkpoint.load(tmp_path / "checkpoint.pt")  # whole at any moment
    assert begin(tmp_path).wait() == 0
    survived = same(checkpoint.load(tmp_path / "result.pt"), whole)
    fault("SIGKILL at a random moment, three times", survived)
    assert survived


@pytest.mark.slow
@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("count", [1, 2, 7, 12])
def test_a_run_killed_inside_a_checkpoint_s_write(expected, tmp_path, call, count, fault):
    assert begin(tmp_path, call, count).wait() == -signal.SIGKILL
    if count > 1:
        saved = checkpoint.load(tmp_path / "checkpoint.pt")
        assert len(saved["history"]["train_losses"]) == count - 1, "the one before is still there"
    assert begin(tmp_path).wait() == 0
    survived = same(checkpoint.load(tmp_path / "result.pt"), expected[0])
    fault("SIGKILL inside a checkpoint's write", survived)
    assert survived


def headless(folder):
    command = [
        sys.executable,
        "-m",
        "helpers.run",
        str(ROOT / "notebooks" / "05_train_mnist.ipynb"),
    ]
    command += ["-p", "num_epochs", "40", "-p", "patience", "40", "--run-dir", str(folder)]
    return subprocess.Popen(command, env=ONE_THREAD, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_papermill_goes_on_while_its_kernel_still_dies(tmp_path, fault):
    process = headless(tmp_path)
    path = tmp_path / "checkpoint.pt"
    while not path.exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1.0)
    process.kill()  # papermill alone: its kernel goes on writing for a moment
    process.communicate()
    epochs = len(checkpoint.load(path)["history"]["train_losses"])
    assert 1 <= epochs < 40
    again = headless(tmp_path)
    printed, _ = again.communicate()
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    fault("SIGKILL of papermill", again.returncode == 0)
    assert again.returncode == 0 and "test accuracy" in printed
    assert metrics["resumed_at_step"] > 0

    finished = headless(tmp_path)
    printed, _ = finished.communicate()
    repeated = json.loads((tmp_path / "metrics.json").read_text())
    fault("a finished run given again", finished.returncode == 0)
    assert "had ended before" in printed and repeated["epoch_losses"] == metrics["epoch_losses"]
