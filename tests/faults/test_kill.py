"""A run that is killed at any moment goes on, and ends with the bits of an uninterrupted one."""

import json
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from stored_notebooks import ROOT

from helpers.files import load_tensors

TRAINEE = [sys.executable, str(Path(__file__).with_name("trainee.py"))]
AT_ONCE = 2
TRIES, NUM_EPOCHS, WRITES = 12, 12, [1, 2, 7, 12]


def begin(*arguments, wait_for="training"):
    process = subprocess.Popen([*TRAINEE, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    with process.stdout:
        assert process.stdout.readline().strip() == wait_for
    return process


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """(what an uninterrupted run leaves, the seconds that it trains beside another one)."""
    folders = [tmp_path_factory.mktemp("whole") for _ in range(AT_ONCE)]
    processes = [begin(folder) for folder in folders]
    started = time.perf_counter()
    assert [process.wait() for process in processes] == [0] * AT_ONCE
    return load_tensors(folders[0] / "result.pt"), time.perf_counter() - started


def epochs_in(folder):
    """How many finished epochs are safe in the folder; raises ValueError if they can't be read."""
    path = folder / "checkpoint.pt"
    return len(load_tensors(path)["history"]["train_losses"]) if path.exists() else 0


def same(found, expected):
    """Are weights and history equal to the bit?"""
    return found["history"] == expected["history"] and all(
        torch.equal(found["weights"][name], value) for name, value in expected["weights"].items()
    )


def kill_at_random(folder, seed, seconds):
    """Kill a run up to three times in its remaining time, then let it end.

    Returns (kills that met a living process, epochs that were safe before one and not after it).
    """
    moments, kills, lost, safe = random.Random(seed), 0, 0, 0
    folder.mkdir()
    for _ in range(3):
        process = begin(folder)
        time.sleep(moments.random() * seconds * (1 - safe / NUM_EPOCHS))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += process.wait() == -signal.SIGKILL
        before, safe = safe, epochs_in(folder)
        lost += max(0, before - safe)
    assert begin(folder).wait() == 0
    return kills, lost


@pytest.mark.slow
def test_a_run_killed_at_random_moments_ends_with_the_same_bits(expected, tmp_path, fault):
    whole, seconds = expected
    with fault("SIGKILL at a random moment") as count, ThreadPoolExecutor(AT_ONCE) as pool:
        folders = [tmp_path / str(seed) for seed in range(TRIES)]
        done = pool.map(kill_at_random, folders, range(TRIES), [seconds] * TRIES)
        count.tried, count.lost = map(sum, zip(*done, strict=True))
        assert count.tried > 2 * TRIES, "most kills meet a run that trains"
        assert all(same(load_tensors(folder / "result.pt"), whole) for folder in folders)


def kill_in_a_write(folder, call, number):
    """Kill a run inside its write number `number`; return the epochs that are safe, and the end."""
    folder.mkdir()
    assert begin(folder, call, number).wait() == -signal.SIGKILL
    safe = epochs_in(folder)
    assert begin(folder).wait() == 0
    return safe, load_tensors(folder / "result.pt")


@pytest.mark.slow
def test_a_run_killed_inside_a_checkpoint_s_write(expected, tmp_path, fault):
    calls = [call for call in ("fsync", "replace") for _ in WRITES]
    folders = [tmp_path / f"{call}{at}" for call, at in zip(calls, 2 * WRITES, strict=True)]
    with fault("SIGKILL inside a checkpoint's write") as count, ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(kill_in_a_write, folders, calls, 2 * WRITES))
        count.tried = len(done)
        wanted = [number - 1 for number in 2 * WRITES]  # the one before is still there
        count.lost = sum(at - safe for at, (safe, _) in zip(wanted, done, strict=True))
        assert all(same(found, expected[0]) for _, found in done)


def headless(folder):
    command = [
        sys.executable,
        "-m",
        "helpers.run",
        str(ROOT / "notebooks" / "05_train_mnist.ipynb"),
    ]
    command += ["-p", "num_epochs", "40", "-p", "patience", "40", "--run-dir", str(folder)]
    command += ["--overwrite"]  # a finished run is given again
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_papermill_goes_on_while_its_kernel_still_dies(tmp_path, fault):
    process = headless(tmp_path)
    while not (tmp_path / "checkpoint.pt").exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1.0)
    with fault("SIGKILL of papermill") as count:
        process.kill()  # papermill alone: its kernel goes on writing for a moment
        process.communicate()
        epochs = epochs_in(tmp_path)
        assert 1 <= epochs < 40
        again = headless(tmp_path)
        printed, _ = again.communicate()
        assert again.returncode == 0 and "test accuracy" in printed
        metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
        resumed = metrics["resumed_at_step"] / metrics["steps"] * 40
        count.lost = max(0, epochs - round(resumed))

    with fault("a finished run given again"):
        finished = headless(tmp_path)
        printed, _ = finished.communicate()
        assert finished.returncode == 0 and "had ended before" in printed
        repeated = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
        assert repeated["epoch_losses"] == metrics["epoch_losses"]
