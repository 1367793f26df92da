"""One run on two processes: the gradients of the whole batch, shares, settings, resuming."""

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from click.testing import CliRunner
from command_line import one_line
from stored_notebooks import ROOT
from torch import distributed as dist

from helpers import data, ddp_train, training

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
SMALL = ["hidden_size=8", "batch_size=256", "num_epochs=2", "valid_size=50000", "momentum=0"]


def torchrun(processes, folder, *settings):
    """Run the script: exit code, and what it printed."""
    command = [*TORCHRUN, "--nproc-per-node", str(processes), "-m", "helpers.ddp_train"]
    command += [*SMALL, *settings, "--run-dir", str(folder), "--timeout", "100"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def alone(monkeypatch):
    """This process as the only one of a group; no message leaves it."""
    monkeypatch.setenv("WORLD_SIZE", "1")
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def test_two_processes_train_as_one_with_the_whole_batch_does(tmp_path, alone, mnist):
    """Each step's gradient is that of all its digits, so losses and weights agree."""
    code, printed, err = torchrun(2, tmp_path / "two")
    assert code == 0 and printed.count("epoch") == 2, err
    config = ddp_train.make_config(SMALL, str(tmp_path / "one"))
    loaders = data.make_loaders(*mnist, config)[:2]
    history = ddp_train.train(config, *loaders)
    one, two = (training.load_checkpoint(tmp_path / name) for name in ("one", "two"))
    # 10,000 digits: 40 steps an epoch, and the last batch of 16 is split as well
    assert history.steps == one["history"]["steps"] == two["history"]["steps"] == 80
    torch.testing.assert_close(two["model"], one["model"], rtol=0, atol=2e-6)
    for name in ("train_losses", "valid_losses"):
        assert two["history"][name] == pytest.approx(one["history"][name], abs=2e-6)
    start = training.make_model(training.Config(hidden_size=8)).state_dict()
    moved = max((one["model"][name] - value).abs().max() for name, value in start.items())
    assert moved > 0.01, "it has trained"
    assert training.load_trained(tmp_path / "two")[0].batch_size == 256

    again = ddp_train.train(config, *loaders)  # a finished run is given again
    assert again.steps == again.resumed_at == 80
    with pytest.raises(ValueError, match="run with 2 processes, not 1; choose another"):
        ddp_train.train(replace(config, run_dir=str(tmp_path / "two")), *loaders)
    with pytest.raises(ValueError, match="belongs to a run with lr"):
        ddp_train.train(replace(config, lr=0.02), *loaders)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["batch_size=9"], "batch_size must be a multiple of the 2 processes, got 9; try 8"),
        (["lr=0.1,0.2"], "lr must have one value, got [0.1, 0.2]; helpers.sweep takes many"),
        (["lr=100"], "lr must be a number"),
        (["data_dir=nowhere"], "is missing"),
    ],
)
def test_a_wrong_setting_is_one_line(settings, message, tmp_path, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    done = CliRunner().invoke(ddp_train.main, [*settings, "--run-dir", str(tmp_path)])
    assert done.exit_code == 2 and message in done.stderr and one_line(done.stderr)


def test_without_torchrun_it_says_how_to_start(tmp_path, monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    done = CliRunner().invoke(ddp_train.main, ["--run-dir", str(tmp_path)])
    assert done.exit_code == 2 and "torchrun --standalone" in done.stderr and one_line(done.stderr)
