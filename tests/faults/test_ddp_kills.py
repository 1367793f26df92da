"""A rank of a data-parallel run that dies or hangs: the run resumes, or ends in time."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
import torch
from stored_notebooks import ROOT

from helpers import training

SETTINGS = ["hidden_size=16", "batch_size=64", "num_epochs=6", "valid_size=40000"]
EACH_EPOCH = 313


def begin(folder, *options, timeout=60):
    """Start two ranks; a restarted one must not look for the store of a dead process."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
    command += ["2", *options, "-m", "helpers.ddp_train", *SETTINGS, "--run-dir", str(folder)]
    env = os.environ | {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": ROOT}
    return subprocess.Popen([*command, "--timeout", str(timeout)], env=env, **how)


def rank_of(process, rank):
    """The process of this rank: torchrun tells each its own."""
    children = psutil.Process(process.pid).children()
    (found,) = (child for child in children if child.environ().get("RANK") == str(rank))
    return found


def await_checkpoint(process, folder):
    while not (folder / "checkpoint.pt").exists():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)


def state_of(folder):
    state = training.load_checkpoint(folder)
    assert state["history"]["steps"] == len(state["history"]["train_losses"]) * EACH_EPOCH
    return state


def same(found, expected):
    """Are weights and history equal to the bit, but for seconds and the steps before a resume?"""
    names = ("train_losses", "valid_losses", "valid_accuracies", "steps", "ended")
    return all(found["history"][name] == expected["history"][name] for name in names) and all(
        torch.equal(found["model"][name], value) for name, value in expected["model"].items()
    )


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    process = begin(folder)
    printed, _ = process.communicate()
    assert process.returncode == 0, printed
    return state_of(folder)


@pytest.mark.slow
@pytest.mark.parametrize("rank", [0, 1])
def test_a_killed_rank_ends_the_run_and_the_same_command_goes_on(expected, tmp_path, fault, rank):
    with fault("SIGKILL of a rank, run again") as count:
        process = begin(tmp_path)
        await_checkpoint(process, tmp_path)
        rank_of(process, rank).kill()
        printed, _ = process.communicate()
        assert process.returncode == 1 and "ChildFailedError" in printed
        safe = len(state_of(tmp_path)["history"]["train_losses"])
        assert 1 <= safe < 6
        process = begin(tmp_path)
        printed, _ = process.communicate()
        assert process.returncode == 0, printed
        count.lost = int(f"epoch {safe + 1}:" not in printed) + int(f"epoch {safe}:" in printed)
        assert same(state_of(tmp_path), expected)


@pytest.mark.slow
def test_a_killed_rank_is_started_again_by_torchrun(expected, tmp_path, fault):
    with fault("SIGKILL of a rank, --max-restarts"):
        process = begin(tmp_path, "--max-restarts", "2")
        await_checkpoint(process, tmp_path)
        rank_of(process, 1).kill()
        printed, _ = process.communicate()
        assert process.returncode == 0, printed
        assert same(state_of(tmp_path), expected)


@pytest.mark.slow
def test_a_rank_that_hangs_is_a_time_out(tmp_path, fault):
    with fault("SIGSTOP of a rank"):
        process = begin(tmp_path, timeout=5)
        await_checkpoint(process, tmp_path)
        rank_of(process, 1).send_signal(signal.SIGSTOP)
        started = time.monotonic()
        printed, _ = process.communicate(timeout=200)
        assert process.returncode == 1 and "imed out" in printed, printed
        assert time.monotonic() - started < 150
        state_of(tmp_path)
