"""Headless: papermill as it is, and helpers.run, which refuses a bad parameter before a kernel."""

import json
import os
import subprocess
import sys
from dataclasses import fields

import nbformat
import papermill
import pytest
import torch
from committed import ROOT

from helpers import checkpoint, run, training

NOTEBOOK = ROOT / "notebooks" / "05_train_mnist.ipynb"
DEFAULTS = run.read_defaults(NOTEBOOK)

# What was given, and what the one line of the refusal must say.
REFUSED = [
    (["lr", "0"], "lr must be a number from 1e-06 to 10.0, got 0.0"),
    (["lr", "-0.1"], "lr must be a number from 1e-06 to 10.0, got -0.1"),
    (["lr", "nan"], "lr must be a number from 1e-06 to 10.0, got nan"),
    (["lr", "fast"], "lr must be a number from 1e-06 to 10.0, got 'fast'"),
    (["optimizer", "adam2"], "got 'adam2'; did you mean 'adam'?"),
    (["batch_size", "0"], "batch_size must be a whole number from 1 to 60000, got 0"),
    (["valid_size", "60000"], "valid_size must be a whole number from 1 to 59000, got 60000"),
    (["num_epochs", "2.5"], "num_epochs must be a whole number from 1 to 1000, got 2.5"),
    (["num_epochs", "1e2"], "num_epochs must be a whole number from 1 to 1000, got 100.0"),
    (["live", "maybe"], "live must be true or false, got 'maybe'"),
    (["batchsize", "32"], "'batchsize' is not a parameter; did you mean batch_size?"),
    (
        ["learning_rate", "0.1"],
        "'learning_rate' is not a parameter; this notebook takes hidden_size",
    ),
]


@pytest.fixture
def no_kernel(monkeypatch):
    def start(*args, **kwargs):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(papermill, "execute_notebook", start)


@pytest.mark.parametrize(("given", "line"), REFUSED)
def test_a_bad_parameter_ends_with_2_and_one_line_before_a_kernel(given, line, no_kernel, capsys):
    assert run.main([str(NOTEBOOK), "-p", *given]) == 2
    printed = capsys.readouterr()
    assert line in printed.err and printed.err.count("\n") == 1 and not printed.out


def test_values_take_the_type_of_the_notebook_s_own_default():
    given = [
        ["run_dir", "007"],
        ["live", "true"],
        ["lr", "1"],
        ["num_epochs", "2"],
        ["seed", "010"],
    ]
    parameters = run.check_parameters(DEFAULTS, given)
    assert parameters == {"run_dir": "007", "live": True, "lr": 1.0, "num_epochs": 2, "seed": 10}
    assert [type(value) for value in parameters.values()] == [str, bool, float, int, int]


def test_the_notebook_and_config_agree_on_names_and_defaults():
    own = {"data_dir": "", "run_dir": "", "live": True}
    config = {item.name: item.default for item in fields(training.Config)}
    assert own.items() <= DEFAULTS.items()
    assert {name: value for name, value in DEFAULTS.items() if name not in own} == config


@pytest.mark.parametrize("path", ["nowhere.ipynb", "pyproject.toml"])
def test_what_is_no_notebook_is_refused(path, no_kernel, capsys):
    assert run.main([str(ROOT / path)]) == 2
    assert path in capsys.readouterr().err


def test_a_run_may_not_overwrite_the_notebook(no_kernel, capsys):
    before = NOTEBOOK.read_bytes()
    assert run.main([str(NOTEBOOK), "--run-dir", str(NOTEBOOK.parent)]) == 2
    assert "must not be the notebook's own folder" in capsys.readouterr().err
    assert NOTEBOOK.read_bytes() == before


def papermill_cli(tmp_path, *arguments):
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), "out.ipynb", *arguments]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)


def test_plain_papermill_leaves_the_numbers_the_curves_and_the_model(tmp_path):
    done = papermill_cli(tmp_path, "-p", "num_epochs", "2", "-p", "run_dir", "found")
    assert done.returncode == 0, done.stderr[-2000:]
    found = tmp_path / "found"
    assert {path.name for path in found.iterdir()} >= {"metrics.json", "curves.png", "model.pt"}
    metrics = json.loads((found / "metrics.json").read_text())
    assert metrics["parameters"]["num_epochs"] == len(metrics["epoch_losses"]) == 2
    assert metrics["epoch_losses"][0] > metrics["epoch_losses"][1]
    assert metrics["test_accuracy"] > 0.95 and 0 < metrics["test_loss"] < 0.2
    assert metrics["valid_accuracy"] > 0.94 and metrics["train_seconds"] > 0
    assert metrics["versions"]["torch"] == torch.__version__
    assert (found / "curves.png").read_bytes().startswith(b"\x89PNG")
    model = training.make_model(training.Config())
    model.load_state_dict(checkpoint.load(found / "model.pt"))


def test_plain_papermill_refuses_an_impossible_value_early_with_the_same_line(tmp_path):
    done = papermill_cli(tmp_path, "-p", "batch_size", "0")
    assert done.returncode == 1
    assert "ValueError: batch_size must be a whole number from 1 to 60000, got 0" in done.stderr
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert max(cell.get("execution_count") or 0 for cell in cells) <= 4


def test_helpers_run_reports_what_a_notebook_found(tmp_path, monkeypatch, capsys):
    """The real command over a small notebook, from another working directory."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                'num_epochs = 10\nrun_dir = ""', metadata={"tags": ["parameters"]}
            ),
            nbformat.v4.new_code_cell(
                "from pathlib import Path\n"
                "from helpers import checkpoint\n"
                "metrics = {'test_accuracy': 0.97 + num_epochs / 1000,\n"
                "           'test_accuracy_interval': [0.97, 0.98], 'train_seconds': 1.5}\n"
                "checkpoint.save_json(metrics, Path(run_dir, 'metrics.json'))"
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    nbformat.write(notebook, tmp_path / "small.ipynb")
    monkeypatch.chdir(tmp_path)
    assert run.main(["small.ipynb", "-p", "num_epochs", "2", "--run-dir", "007"]) == 0
    printed = capsys.readouterr().out
    assert "test accuracy 97.20% (95% interval 97.00% to 98.00%)" in printed
    assert f"executed notebook: 007{os.sep}small.ipynb" in printed
    assert (tmp_path / "007" / "small.ipynb").exists()


def test_helpers_run_ends_with_1_when_the_notebook_fails(tmp_path, monkeypatch, capsys):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1 / 0")],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    monkeypatch.chdir(tmp_path)
    assert run.main(["bad.ipynb"]) == 1
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err
