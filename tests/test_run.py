"""Headless: papermill as it is, and helpers.run, which rejects a bad parameter before a kernel."""

import json
import os
import re
import subprocess
import sys
from dataclasses import fields

import nbformat
import papermill
import pytest
from command_line import command, one_line, small_notebook
from hypothesis import given
from hypothesis import strategies as st
from stored_notebooks import ROOT

from helpers import run, training
from helpers.parameters import check_parameters, read_parameters
from helpers.training import run_folder

NOTEBOOK = ROOT / "notebooks" / "05_train_mnist.ipynb"
DEFAULTS = {name: default for name, (default, _) in read_parameters(NOTEBOOK).items()}

# What was given, and what the one line of the error must say.
REJECTED = [
    (["-p", "lr", "0"], "lr must be a number from 1e-06 to 10.0, got 0.0"),
    (["-p", "lr", "-0.1"], "lr must be a number from 1e-06 to 10.0, got -0.1"),
    (["-p", "lr", "-1e-3"], "lr must be a number from 1e-06 to 10.0, got -0.001"),
    (["-p", "lr", "nan"], "lr must be a number from 1e-06 to 10.0, got nan"),
    (["-p", "lr", "-inf"], "lr must be a number from 1e-06 to 10.0, got -inf"),
    (["-p", "lr", "fast"], "lr must be a number from 1e-06 to 10.0, got 'fast'"),
    (["-p", "optimizer", "adam2"], "got 'adam2'; did you mean 'adam'?"),
    (["-p", "optimizer", "adam\nimport os"], "got 'adam\\nimport os'"),
    (["-p", "batch_size", "0"], "batch_size must be an integer from 1 to 60000, got 0"),
    (["-p", "batch_size", "64.5"], "got 64.5"),
    (["-p", "batch_size", ""], "got ''"),
    (["-p", "valid_size", "60000"], "must be an integer from 1 to 59000, got 60000"),
    (["-p", "num_epochs", "2.5"], "num_epochs must be an integer from 1 to 1000, got 2.5"),
    (["-p", "num_epochs", "1e2"], "num_epochs must be an integer from 1 to 1000, got 100.0"),
    (["-p", "seed", "1" + "0" * 400], "seed must be an integer from 0 to 4294967295"),
    (["-p", "live", "maybe"], "live must be True or False, got 'maybe'"),
    (["-p", "batchsize", "32"], "did you mean batch_size? There are: hidden_size"),
    (["-p", "epochs", "2"], "did you mean num_epochs?"),
    (["-p", "learning_rate", "0.1"], "'learning_rate' is not a parameter; did you mean lr?"),
    (["-p", "run_dir", str(ROOT / "data")], "outside of the project's own"),
    (["--run-dir", str(ROOT / "tests" / "new")], "outside of the project's own"),
    (["--run-dir", "/proc/no/such"], "run_dir must be a folder that can be made"),
    (["--run-dir", "a\0b"], "run_dir"),
]


@pytest.fixture
def no_kernel(monkeypatch):
    def start(*args, **kwargs):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(papermill, "execute_notebook", start)


@pytest.mark.parametrize(("given", "line"), REJECTED)
def test_a_bad_parameter_ends_with_2_and_one_line_before_a_kernel(
    given, line, no_kernel, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, err = command(NOTEBOOK, *given)
    assert code == 2 and line in err and err.count("\n") == 1 and not out
    assert not list(tmp_path.rglob("*"))


@given(st.text(min_size=1))
def test_any_text_is_taken_or_rejected_on_the_command_line(text):
    try:
        (value,) = check_parameters(DEFAULTS, [("lr", text)]).values()
    except ValueError as error:
        assert re.match("lr must be ", str(error))
    else:
        assert 1e-6 <= value <= 10


def test_values_take_the_type_of_the_notebook_s_own_default():
    given = [
        ["run_dir", "007"],
        ["live", "true"],
        ["lr", "1"],
        ["num_epochs", "2"],
        ["seed", "010"],
    ]
    parameters = check_parameters(DEFAULTS, given)
    assert parameters == {"run_dir": "007", "live": True, "lr": 1.0, "num_epochs": 2, "seed": 10}
    assert [type(value) for value in parameters.values()] == [str, bool, float, int, int]


def test_the_notebook_and_config_agree_on_names_and_defaults():
    assert {item.name: item.default for item in fields(training.Config)} == DEFAULTS


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("nowhere.ipynb", "must be an .ipynb file, found none at"),
        ("空.ipynb", "空.ipynb"),
        ("pyproject.toml", "must be an .ipynb file"),
        ("notebooks", "must be an .ipynb file"),
        ("./", "must be an .ipynb file"),
        ("../../../etc/passwd", "must be an .ipynb file"),
    ],
)
def test_what_is_not_a_notebook_is_rejected(path, shown, no_kernel, monkeypatch):
    monkeypatch.chdir(ROOT)
    code, _, err = command(path)
    assert code == 2 and shown in err and path.strip("./") in err and one_line(err)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("lr = 1 / 3", "lr must be a plain number, text, True, False or a list"),
        ("num_epochs = 3 * 100  # long", "the parameters cell has '3 * 100'"),
        ("lr: =", "or none are set there"),
        ("print(1)", "has no cell that is tagged `parameters`, or none are set there; tag it"),
        ("a, b = 1, 2", "or none are set there"),
    ],
)
def test_a_parameters_cell_that_cannot_be_read_is_rejected(source, message, no_kernel, tmp_path):
    code, _, err = command(small_notebook(tmp_path / "odd.ipynb", source))
    assert code == 2 and message in err and one_line(err)


def test_an_edited_parameters_cell_with_types_and_an_import_is_understood(tmp_path):
    source = "import math\n\nlr: float = 0.1  # rate\nname = 'a'"
    path = small_notebook(tmp_path / "{odd}.ipynb", source)
    assert read_parameters(path) == {"lr": (0.1, "rate"), "name": ("a", "")}


def test_other_notebooks_may_have_other_parameters(no_kernel, tmp_path):
    path = small_notebook(tmp_path / "n.ipynb", "rates = [0.1]\nsize = 2.0  # in metres")
    known = read_parameters(path)
    assert known == {"rates": ([0.1], ""), "size": (2.0, "in metres")}
    defaults = {name: default for name, (default, _) in known.items()}
    assert check_parameters(defaults, [("size", "3")]) == {"size": 3.0}
    with pytest.raises(ValueError, match=r"^'learning_rate' is not a parameter; There are: rates"):
        check_parameters(defaults, [("learning_rate", "0.2")])
    with pytest.raises(ValueError, match=r"rates must be a list, got '0\.2'"):
        check_parameters(defaults, [("rates", "0.2")])
    with pytest.raises(ValueError, match="size must be a number, got nan"):
        check_parameters(defaults, [("size", "nan")])


def test_a_run_dir_that_cannot_be_is_rejected(no_kernel, tmp_path):
    small_notebook(tmp_path / "small.ipynb", 'run_dir = ""', "pass")
    before = (tmp_path / "small.ipynb").read_bytes()
    code, _, err = command(tmp_path / "small.ipynb", "--run-dir", tmp_path)
    assert code == 2 and "must not be the notebook's own folder" in err
    assert (tmp_path / "small.ipynb").read_bytes() == before
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        code, _, err = command(NOTEBOOK, "--run-dir", folder)
        assert code == 2 and "must be a folder that can be made" in err and err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows wants rights for links")
@pytest.mark.parametrize("own", ["notebooks", "data/MNIST", ".git", "."])
def test_a_link_to_the_project_is_no_way_around(own, no_kernel, tmp_path):
    (tmp_path / "link").symlink_to(ROOT / own)
    inside = "link/helpers" if own == "." else "link"
    code, _, err = command(NOTEBOOK, "--run-dir", tmp_path / inside)
    assert code == 2 and "outside of the project's own" in err


def test_plain_papermill_rejects_an_impossible_value_early_with_the_same_line(tmp_path):
    """Notebook 05's own first cells, with the imports that they need, as papermill runs them."""
    cells = [c.source for c in nbformat.read(NOTEBOOK, as_version=4).cells if "code" in c.cell_type]
    (made,) = (source for source in cells if source.startswith("config = training.Config("))
    (settings,) = (source for source in cells if source.startswith("hidden_size = "))
    assert cells.index(made) <= 3, "nothing but the environment, imports and settings before it"
    small_notebook(
        tmp_path / "in.ipynb", settings, "from helpers import training", made, "print('trains')"
    )
    given = ["-p", "batch_size", "0", "-p", "num_epochs", "2"]
    line = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", *given]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
    shown = "ValueError: batch_size must be an integer from 1 to 60000, got 0"
    assert done.returncode == 1 and shown in done.stderr
    ran = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert not any(cell.get("outputs") for cell in ran if "trains" in cell.source)


def test_an_executed_notebook_is_replaced_only_if_asked(tmp_path, monkeypatch):
    """It may hold a reader's own answers."""
    monkeypatch.chdir(tmp_path)
    small_notebook(tmp_path / "small.ipynb", "lr = 0.01", "lr")
    (tmp_path / "class").mkdir()
    mine = small_notebook(tmp_path / "class" / "small.ipynb", "lr = 0.01", "'my answers'")
    before = mine.read_bytes()
    code, _, err = command("small.ipynb", "--run-dir", "class")
    assert code == 2 and "already contains a small.ipynb, got 'class'" in err and one_line(err)
    assert "add --overwrite" in err and mine.read_bytes() == before
    code, out, err = command("small.ipynb", "--run-dir", "class", "--overwrite")
    assert code == 0 and "executed notebook: class/small.ipynb" in out, err
    assert "my answers" not in mine.read_text(encoding="utf-8")


def test_run_dir_gathers_the_notebook_also_if_it_is_not_a_parameter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small_notebook(tmp_path / "small.ipynb", "lr = 0.01", "lr")
    code, out, err = command("small.ipynb", "--run-dir", "out")
    assert code == 0 and "executed notebook: out/small.ipynb" in out, err
    code, _, err = command("small.ipynb", "-p", "lr", "inf")
    wanted = "lr must be a number from 1e-06 to 10.0, got inf; try 0.001 to 0.1"
    assert code == 2 and err.strip() == wanted


def test_help_lists_each_parameter_with_its_default_and_comment(no_kernel):
    code, out, _ = command(NOTEBOOK, "--help")
    assert code == 0 and "--overwrite" in out
    listed = out.split("Parameters of ")[1].splitlines()[1:]
    assert [line.split()[0] for line in listed] == list(DEFAULTS)
    assert "  hidden_size = 128          units in the hidden layer; 32 to 512" in listed
    code, out, _ = command("--help")
    assert code == 0 and "NOTEBOOK" in out and "Parameters" not in out
    assert command()[0] == 2


def test_a_notebook_without_the_parameters_tag_is_rejected_before_a_kernel(no_kernel, tmp_path):
    """Tools that clean notebooks drop tags: it would train with the defaults and save nothing."""
    page = nbformat.read(NOTEBOOK, as_version=4)
    for cell in page.cells:
        cell.metadata.pop("tags", None)
    nbformat.write(page, tmp_path / "05.ipynb")
    code, _, err = command(tmp_path / "05.ipynb", "--run-dir", tmp_path / "out")
    assert code == 2 and "has no cell that is tagged `parameters`" in err and one_line(err)


@pytest.mark.parametrize(("failures", "code"), [(2, 0), (9, 1)])
def test_kernels_that_collide_on_a_port_are_tried_again(failures, code, tmp_path, monkeypatch):
    small_notebook(tmp_path / "small.ipynb", "lr = 0.01", "lr")
    tries = []

    def collide(source, output, **_):
        tries.append(output)
        if len(tries) <= failures:
            raise RuntimeError("Kernel died before replying to kernel_info")
        small_notebook(output, "lr = 0.01", "lr")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run.papermill, "execute_notebook", collide)
    assert command("small.ipynb", "--run-dir", "out")[0] == code
    assert len(tries) == min(failures + 1, 5)


def test_a_folder_in_use_ends_with_1_and_an_interrupt_with_130(tmp_path, monkeypatch):
    small_notebook(tmp_path / "small.ipynb", "lr = 0.01", "lr")
    monkeypatch.chdir(tmp_path)
    with run_folder.lock(tmp_path / "out", ".small.lock"):
        code, _, err = command("small.ipynb", "--run-dir", "out")
    assert code == 1 and "'out' is in use by another run; wait" in err
    assert len(err.strip().splitlines()) == 1 and not list(tmp_path.glob("out/*.ipynb"))

    def press_stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.papermill, "execute_notebook", press_stop)
    code, _, err = command("small.ipynb", "--run-dir", "out")
    assert code == 130 and err == "interrupted; what is finished is in out\n"
    (tmp_path / "out" / "checkpoint.pt").touch()
    code, _, err = command("small.ipynb", "--run-dir", "out")
    assert code == 130 and "--run-dir out goes on after the last finished epoch" in err
    assert not list(tmp_path.glob("out/*.ipynb"))


@pytest.mark.parametrize("spec", [{"name": "conda-env-dl-py", "display_name": "dl"}, None])
def test_a_notebook_runs_with_this_python_whatever_kernel_it_names(spec, tmp_path, monkeypatch):
    """Also if another `python3` comes first on JUPYTER_PATH; what the notebook names, it keeps."""
    foreign = tmp_path / "share" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    broken = {"argv": ["/no/such/python"], "display_name": "", "language": "python"}
    (foreign / "kernel.json").write_text(json.dumps(broken), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    monkeypatch.chdir(tmp_path)
    small_notebook(tmp_path / "small.ipynb", "lr = 0.01", "import sys\nsys.executable")
    page = nbformat.read(tmp_path / "small.ipynb", as_version=4)
    page.metadata.pop("kernelspec")
    page.metadata |= {"kernelspec": spec} if spec else {}
    nbformat.write(page, tmp_path / "small.ipynb")
    code, _, err = command("small.ipynb", "--run-dir", "out")
    assert code == 0, err
    ran = nbformat.read(tmp_path / "out" / "small.ipynb", as_version=4)
    assert ran.cells[-1].outputs[0].data["text/plain"] == repr(sys.executable)
    assert ran.metadata.get("kernelspec") == spec
    assert os.environ["JUPYTER_PATH"] == str(tmp_path / "share")


def test_a_warning_is_an_error_in_the_kernels_that_tests_start(tmp_path, monkeypatch):
    warn = "import warnings\nwarnings.warn_explicit('old', DeprecationWarning, 'x', 1, 'helpers.x')"
    small_notebook(tmp_path / "small.ipynb", "lr = 0.01", warn)
    monkeypatch.chdir(tmp_path)
    code, _, err = command("small.ipynb", "--run-dir", "out")
    assert code == 1 and "DeprecationWarning: old" in err


METRICS = """
from pathlib import Path
from helpers import files
found = {"test_accuracy": 0.97 + lr, "test_accuracy_interval": [0.97, 0.98], "train_seconds": 1.5}
found |= {"steps": 10, "resumed_at_step": 0}
files.save_json(found, Path(run_dir, "metrics.json"))
assert lr < 0.1
"""


def test_helpers_run_reports_and_a_failure_replaces_no_earlier_result(tmp_path, monkeypatch):
    """The real command over a small notebook, from another working directory."""
    small_notebook(tmp_path / "small.ipynb", 'lr = 0.01\nrun_dir = ""', METRICS)
    monkeypatch.chdir(tmp_path)
    code, out, _ = command("small.ipynb", "-p", "lr", "0.002", "--run-dir", "007")
    assert code == 0
    assert "test accuracy 97.20% (95% interval 97.00% to 98.00%)" in out
    executed = tmp_path / "007" / "small.ipynb"
    assert f"executed notebook: {executed.relative_to(tmp_path)}" in out
    before = executed.read_bytes()
    code, _, err = command("small.ipynb", "-p", "lr", "0.5", "--run-dir", "007", "--overwrite")
    assert code == 1 and "AssertionError" in err and "small.failed.ipynb" in err
    assert executed.read_bytes() == before
    assert (tmp_path / "007" / "small.failed.ipynb").exists()
