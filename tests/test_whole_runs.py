"""Whole training runs: five seeds, the page, the panel, another thread count, 06.

The run of notebook 05 is that which RUN_DIR names, made with one thread as in .ci/run; where it
names none, the page's cells that train are run here. A seed is trained once for all these tests.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from functools import cache

import pytest
import torch
from command_line import command, one_line, small_notebook
from stored_notebooks import NOTEBOOKS, ROOT, code_cells, tags

from helpers import data, training
from helpers.files import load_tensors
from helpers.widgets import training_panel

pytestmark = pytest.mark.no_cover  # ten epochs line by line; other tests run the same lines
PAGE = NOTEBOOKS["05_train_mnist"]
HALF_INTERVAL = 0.0028  # of the accuracy of 05, see its section on the test set


@pytest.fixture(scope="module")
def trained(mnist):
    """trained(**settings) gives (history, model, test loss, test accuracy) of a plain call."""

    @cache
    def train(**settings):
        config = training.Config(**settings)
        train_loader, valid_loader, test_loader = data.make_loaders(*mnist, config)
        model = training.make_model(config)
        optimizer = training.make_optimizer(model, config)
        history = training.fit(model, optimizer, train_loader, valid_loader, config)
        return history, model, *training.evaluate(model, test_loader)

    return train


NEEDED = ("hidden_size = ", "import math", "config = ", "train_set, test_set = data.load_mnist(")
NEEDED += ("train_loader, valid_loader, test_loader = data.make_loaders(",)
NEEDED += ("model = training.make_model(config)\ntrain_loader", "if not history.num_epochs")
NEEDED += ("def interval(", "test_loss, test_accuracy", "if run_dir:\n    training.save_results(")


def write_short_page(path):
    """Write a notebook of those cells of 05 that load, train, evaluate and save."""
    cells = [cell.source for cell in code_cells(PAGE)]
    kept = [next(source for source in cells if source.startswith(start)) for start in NEEDED]
    return small_notebook(path, *kept)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    """The folder that a headless run of notebook 05 with its defaults has left."""
    if "RUN_DIR" in os.environ:
        return ROOT / os.environ["RUN_DIR"]
    folder = tmp_path_factory.mktemp("run")
    page = write_short_page(tmp_path_factory.mktemp("page") / "05_train_mnist.ipynb")
    code, _, err = command(page, "--run-dir", folder)
    assert code == 0, err
    return folder


SETTINGS = {"num_epochs": 2, "hidden_size": 32, "lr": 0.03, "batch_size": 256, "seed": 7}
SETTINGS |= {"activation": "tanh", "optimizer": "sgd", "momentum": 0.5, "weight_decay": 0.001}
SETTINGS |= {"schedule": "onecycle", "valid_size": 2000, "patience": 2}


@pytest.fixture(scope="module")
def other_run_dir(tmp_path_factory):
    """The folder of a run by papermill with SETTINGS, of the page's cells that train."""
    folder = tmp_path_factory.mktemp("other")
    write_short_page(folder / "page.ipynb")
    arguments = [str(part) for item in SETTINGS.items() for part in ("-p", *item)]
    given = ["page.ipynb", "out.ipynb", *arguments, "-p", "run_dir", "found"]
    done = subprocess.run(
        [sys.executable, "-m", "papermill", *given], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "found"


@pytest.mark.parametrize("seed", range(5))
def test_the_defaults_reach_97_5_percent_with_each_of_five_seeds(trained, seed):
    accuracy = trained(seed=seed)[-1]
    print(f"seed {seed}: {accuracy:.2%}")
    assert accuracy >= 0.975


def test_another_thread_count_reaches_the_same_within_the_interval(trained):
    """Last bits differ, and training parts from there. The stored page was made with all threads.

    On another processor the page itself asserts as much, in the second pass of .ci/run.
    """
    texts = [out.get("text", "") for cell in code_cells(PAGE) for out in cell.outputs]
    (stored,) = re.findall(r"([\d.]+)% of the test digits right", " ".join(texts))
    assert abs(float(stored) / 100 - trained(seed=0)[-1]) < HALF_INTERVAL


def assert_same_numbers(folder, history, model, loss, accuracy):
    """The run folder holds what a plain call gave, to the bit."""
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["epoch_losses"] == history.train_losses
    assert metrics["valid_losses"] == history.valid_losses
    assert metrics["valid_accuracy"] == history.valid_accuracies[history.best_epoch - 1]
    assert (metrics["test_loss"], metrics["test_accuracy"]) == (loss, accuracy)
    for name, value in load_tensors(folder / "model.pt").items():
        assert torch.equal(value, model.state_dict()[name])
    return metrics


def test_the_page_run_headless_and_a_plain_call_give_the_same_numbers(trained, run_dir):
    metrics = assert_same_numbers(run_dir, *trained(seed=0))
    assert metrics["parameters"] == asdict(
        training.Config(run_dir=metrics["parameters"]["run_dir"])
    )
    assert metrics["train_seconds"] > 0 and metrics["versions"]["torch"] == torch.__version__
    assert (run_dir / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (run_dir / "05_train_mnist.ipynb").exists()


async def train_in_panel(sets, settings):
    """Set the controls of a training panel, press Start, wait, and return its history."""
    without_control = {
        name: settings[name] for name in settings.keys() - set(training_panel.TUNABLE)
    }
    made = training_panel.TrainingPanel(*sets, training.Config(**without_control))
    for name in settings.keys() & made.controls.keys():
        made.controls[name].value = settings[name]
    made.start()
    await made.run
    return made.run.history


def test_papermill_the_panel_and_a_plain_call_take_the_same_settings(other_run_dir, mnist, trained):
    """The page's own lines that train, with other settings than the defaults."""
    history, *rest = trained(**SETTINGS)
    metrics = assert_same_numbers(other_run_dir, history, *rest)
    assert SETTINGS.items() <= metrics["parameters"].items()
    by_panel = asyncio.run(train_in_panel(mnist, SETTINGS))
    assert by_panel.train_losses == history.train_losses
    assert by_panel.valid_losses == history.valid_losses


@pytest.mark.parametrize("which", ["run_dir", "other_run_dir"])
def test_notebook_06_loads_what_notebook_05_has_left(which, request):
    run_dir, scope = request.getfixturevalue(which), {}
    for cell in code_cells(NOTEBOOKS["06_look_inside"]):
        exec(cell.source, scope)
        if "parameters" in tags(cell):
            scope["run_dir"] = str(run_dir)
        if "load_trained" in cell.source:
            break
    settings = json.loads((run_dir / "metrics.json").read_text(encoding="utf-8"))["parameters"]
    assert scope["config"] == training.Config(**settings)
    for name, value in load_tensors(run_dir / "model.pt").items():
        assert torch.equal(scope["network"].state_dict()[name], value)


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda folder: folder.rmdir(), "which is not a folder"),
        (lambda folder: None, "which is empty"),
        (lambda folder: (folder / "checkpoint.pt").touch(), "which has checkpoint.pt"),
    ],
)
def test_notebook_06_says_what_is_in_a_folder_without_a_finished_run(prepare, says, tmp_path):
    folder, scope = tmp_path / "run", {}
    folder.mkdir()
    prepare(folder)
    with pytest.raises(ValueError, match=says) as caught:
        for cell in code_cells(NOTEBOOKS["06_look_inside"])[:5]:
            exec(cell.source, scope)
            if "parameters" in tags(cell):
                scope["run_dir"] = str(folder)
    assert one_line(caught.value) and str(folder) in str(caught.value)
