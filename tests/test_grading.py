"""Grading a folder: each answer gets its mark, and no notebook can spoil another's."""

import copy
import csv
import os
import sys
from subprocess import run

import nbformat
import pytest
from click.testing import CliRunner
from stored_notebooks import NOTEBOOKS, PATHS, ROOT, exercises

from helpers.exercises import __main__, grading

PAGE = "05_train_mnist"
CELLS = {
    "train_step": "def train_step(:",
    "mean_loss": "",  # the stub
    "should_stop": "import sys\nprint('much')\ndef should_stop(losses, p):\n    sys.exit()",
    "batches": "{solution}\nprint('more', file=sys.stderr)\n1 / 0  # after a right answer",
}
EXPECTED = """\
05_train_mnist     train_step  mean_loss  should_stop  batches  right
bob-mixed.ipynb    ✗           ○          ✗            ✓        1 of 4
zoë/solved.ipynb   ✓           ✓          ✓            ✓        4 of 4

other files
damaged.ipynb      cannot be read
zoë/another.ipynb  not a page of this series

"""


def hand_in(path, sources, keep_tags=True):
    """Write a copy of the page whose exercise cells have these sources, "" for the stub."""
    notebook = copy.deepcopy(NOTEBOOKS[PAGE])
    for (cell, solution), source in zip(exercises(notebook), sources, strict=True):
        call = cell.source.splitlines()[-1]
        if source:
            cell.source = f"{source.format(solution=solution)}\n\n\n{call}"
        if not keep_tags:
            del cell.metadata["tags"]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def command(*arguments):
    """Run the command line in this process; return its exit code, stdout and stderr."""
    done = CliRunner().invoke(__main__.main, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_folder_becomes_a_table_and_a_csv_file(tmp_path, capfd):
    folder, file = tmp_path / "class", tmp_path / "marks.csv"
    hand_in(folder / "bob-mixed.ipynb", CELLS.values())
    hand_in(folder / "zoë/solved.ipynb", ["{solution}"] * 4, keep_tags=False)
    hand_in(folder / "zoë/.ipynb_checkpoints/solved.ipynb", [""] * 4)
    (folder / "damaged.ipynb").write_text("{", encoding="utf-8")
    nbformat.write(nbformat.v4.new_notebook(), folder / "zoë/another.ipynb")

    assert command(folder, "--csv", file) == (0, EXPECTED, "")
    assert capfd.readouterr() == ("", ""), "what students print"
    with file.open(encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table))
    assert rows[:3] == [
        ["notebook", "exercise", "status"],
        ["bob-mixed.ipynb", "train_step", "wrong"],
        ["bob-mixed.ipynb", "mean_loss", "not attempted"],
    ]
    assert rows[-3:] == [
        ["zoë/solved.ipynb", "batches", "right"],
        ["damaged.ipynb", "", "cannot be read"],
        ["zoë/another.ipynb", "", "not a page of this series"],
    ]
    assert len(rows) == 1 + 2 * 4 + 2
    assert sorted(tmp_path.iterdir()) == [folder, file]


def test_an_endless_loop_is_stopped(tmp_path):
    hand_in(tmp_path / "zoë.ipynb", ["while True:\n    pass", "", "", ""])
    done = run(
        [sys.executable, "-m", "helpers.exercises", tmp_path, "--seconds", "1"],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},  # as on Windows
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines()[1] == "zoë.ipynb       took longer than 1 s"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (("train_step", "import os\nos._exit(0)"), "ended before its verdicts"),
        (("", "import no_such_module"), "its imports or parameters raise an error"),
    ],
)
def test_a_notebook_without_verdicts_says_why(cell, reason):
    assert grading.grade(PAGE, [cell], 60) == {"": reason}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_page_has_imports_parameters_and_one_exercise_for_each_checker(path):
    page, cells = grading.read(path)
    assert page == path.stem
    assert [exercise for exercise, _ in cells] == ["", "", *grading.checkers(page)]


def test_bad_input_is_rejected_with_one_line(tmp_path):
    full = tmp_path / "full"
    hand_in(full / "page.ipynb", [""] * 4)
    for arguments, part in [
        ([tmp_path / "absent"], "FOLDER must be a folder with notebooks"),
        ([tmp_path / "full/page.ipynb"], "FOLDER must be a folder with notebooks"),
        ([full, "--seconds", "0"], "--seconds must be at least 1, got 0"),
        ([full, "--csv", tmp_path], "--csv must be a file in a folder that exists"),
        ([full, "--csv", tmp_path / "absent/marks.csv"], "--csv must be a file in a folder that"),
    ]:
        code, out, error = command(*arguments)
        assert (code, out, error.count("\n")) == (2, "", 1) and part in error
