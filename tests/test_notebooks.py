"""What every notebook keeps to, so that the series reads as one."""

import ast
import json
import re
import statistics
import subprocess
import sys
from dataclasses import fields

import nbformat
import pytest
from command_line import command, small_notebook
from stored_notebooks import (
    FOLDED,
    NOTEBOOKS,
    ROOT,
    code_cells,
    exercises,
    lines,
    markdown_cells,
    tags,
    visible,
)

from helpers.config import Config

each_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


@each_notebook
def test_it_opens_with_its_contract(name):
    opening = NOTEBOOKS[name].cells[0]
    assert opening.cell_type == "markdown" and opening.source.startswith("# ")
    for heading in ("**What you'll do**", "**What you'll learn**", "**What you'll need**"):
        assert heading in opening.source
    assert "CPU cores" in opening.source, "the contract states the measured run time"
    titles = [
        cell for cell in markdown_cells(NOTEBOOKS[name]) if re.search("^# ", cell.source, re.M)
    ]
    assert titles == [opening], "one title a notebook"


@each_notebook
def test_it_ends_with_recap_exercises_and_the_way_on(name):
    headings = re.findall(
        r"^## (.+)$", "\n".join(cell.source for cell in markdown_cells(NOTEBOOKS[name])), re.M
    )
    assert headings[-2:] == ["Recap", "On your own"]
    assert 3 <= len(exercises(NOTEBOOKS[name])) <= 5
    assert re.search(r"\]\(.+\)\.?$", NOTEBOOKS[name].cells[-1].source), "ends with a link"


@each_notebook
def test_every_link_leads_somewhere(name):
    for cell in markdown_cells(NOTEBOOKS[name]):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", cell.source):
            if not target.startswith("https://"):
                assert (ROOT / "notebooks" / target).exists(), target


@each_notebook
def test_one_early_cell_holds_the_parameters(name):
    found = [i for i, cell in enumerate(NOTEBOOKS[name].cells) if "parameters" in tags(cell)]
    assert len(found) == 1 and found[0] < 6
    source = NOTEBOOKS[name].cells[found[0]].source
    for statement in ast.parse(source).body:
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)
    assert all("  # " in line for line in source.splitlines()), "each parameter says what it does"


@each_notebook
def test_cells_are_short_and_none_is_empty(name):
    assert all(cell.source.strip() for cell in NOTEBOOKS[name].cells)
    sizes = [len(lines(cell)) for cell in visible(NOTEBOOKS[name])]
    assert statistics.median(sizes) <= 8
    assert sorted(sizes)[int(0.9 * len(sizes))] <= 14
    assert max(len(lines(cell)) for cell in code_cells(NOTEBOOKS[name])) <= 20
    widest = max(
        len(line) for cell in code_cells(NOTEBOOKS[name]) for line in cell.source.splitlines()
    )
    assert widest <= 100, "a line that scrolls"


@each_notebook
def test_it_reads_as_prose_and_code_in_turn(name):
    cells = NOTEBOOKS[name]
    assert len(markdown_cells(cells)) >= 0.7 * len(visible(cells))
    assert not re.search(
        r"import \*|^\s*%%|^\s*!", "\n".join(c.source for c in code_cells(cells)), re.M
    )


@each_notebook
def test_it_was_executed_once_in_order_without_error(name):
    cells = code_cells(NOTEBOOKS[name])
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", "a warning is stored"


@each_notebook
def test_outputs_hold_no_path_and_no_time(name):
    for cell in code_cells(NOTEBOOKS[name]):
        assert "execution" not in cell.metadata, "timestamps"
        for output in cell.outputs:
            texts = [output.get("text", "")]
            texts += [
                text for kind, text in output.get("data", {}).items() if kind.startswith("text/")
            ]
            for text in texts:
                assert not re.search(r"/(home|root|tmp|work|Users)/|[A-Z]:\\", text)
                assert not re.search(r"at 0x[0-9a-f]{6}", text)


@each_notebook
def test_few_outputs_are_left_unverified(name):
    with_outputs = [cell for cell in code_cells(NOTEBOOKS[name]) if cell.outputs]
    ignored = [cell for cell in with_outputs if "nbval-ignore-output" in tags(cell)]
    assert len(ignored) <= 0.1 * len(with_outputs)
    assert not any("nbval-skip" in tags(cell) for cell in NOTEBOOKS[name].cells)


@each_notebook
def test_every_picture_has_alt_text(name):
    for cell in code_cells(NOTEBOOKS[name]):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert len(output.metadata["image/png"]["alt"]) > 30


@each_notebook
def test_it_stays_below_one_megabyte(name):
    assert (ROOT / "notebooks" / f"{name}.ipynb").stat().st_size < 1e6


@each_notebook
def test_a_display_equation_is_checked_nearby(name):
    cells = NOTEBOOKS[name].cells
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown" and "$$" in cell.source:
            below = [c for c in cells[i + 1 :] if c.cell_type == "code"]
            seen = [j for j, c in enumerate(below) if not FOLDED & set(tags(c))]
            last = seen[3] if len(seen) > 3 else None  # three cells, and what is folded behind them
            assert any("assert" in c.source for c in below[:last]), cell.source[:60]


@each_notebook
def test_a_folded_cell_shows_nothing_and_its_first_line_says_what_it_is_for(name):
    """JupyterLab shows that line on the fold."""
    for cell in NOTEBOOKS[name].cells:
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert folded == bool(FOLDED & set(tags(cell))), cell.id
        if folded:
            assert re.match(r"# \w.{,78}\n", cell.source) and not cell.outputs, cell.id
            assert len(tags(cell)) == 1 and ("assert" in cell.source or tags(cell) == ["setup"])


@each_notebook
def test_where_proof_is_folded_a_visible_cell_asserts_at_most_in_its_last_line(name):
    """Holds a page from its first proof cell on: the others wait for their second edition."""
    if not any("proof" in tags(cell) for cell in code_cells(NOTEBOOKS[name])):
        return
    for cell in visible(NOTEBOOKS[name]):
        statements = ast.parse(cell.source).body
        asserting = [node for node in statements if "assert" in ast.unparse(node)]
        assert asserting in ([], statements[-1:]), cell.id


@each_notebook
def test_outside_its_environment_the_first_cell_says_what_to_run(name, tmp_path):
    """Run by a Python without packages, and beside a file that hides the series' own package."""
    cell = code_cells(NOTEBOOKS[name])[0]
    assert cell.source == code_cells(next(iter(NOTEBOOKS.values())))[0].source
    (tmp_path / "cell.py").write_text(cell.source, encoding="utf-8")
    assert last_line("-I", "-S", "cell.py", cwd=tmp_path) == (
        "ImportError: not installed here: torch, torchvision, matplotlib, ipywidgets, helpers; "
        "run `make lab` in the project's folder, or there `python -m pip install -e .`"
    )
    (tmp_path / "helpers.py").touch()
    assert last_line("cell.py", cwd=tmp_path) == (
        f"ImportError: {tmp_path / 'helpers.py'} hides the series' own package `helpers`: "
        "rename that file"
    )


def last_line(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, encoding="utf-8"
    )
    return done.stderr.splitlines()[-1]


def test_papermill_runs_a_proof_cell(tmp_path, monkeypatch):
    """As it runs any other; nbval's own run and the browser's count them among the cells."""
    source = "# Two and two make four, or not\nassert 2 + 2 == total"
    small_notebook(tmp_path / "page.ipynb", "total = 4", source)
    page = nbformat.read(tmp_path / "page.ipynb", as_version=4)
    page.cells[1].metadata |= {"tags": ["proof"], "jupyter": {"source_hidden": True}}
    nbformat.write(page, tmp_path / "page.ipynb")
    monkeypatch.chdir(tmp_path)
    assert command("page.ipynb", "--run-dir", "right")[0] == 0
    code, _, err = command("page.ipynb", "-p", "total", "5", "--run-dir", "wrong")
    assert code == 1 and "AssertionError" in err


def test_run_times_come_from_the_file_that_make_outputs_writes():
    times = json.loads((ROOT / "tools" / "run_times.json").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, notebook in NOTEBOOKS.items():
        seconds = int(re.search(r"runs in about (\d+) seconds on", notebook.cells[0].source)[1])
        assert seconds == max(5, 5 * round(times[name] / 5)), name
        (row,) = (line for line in readme.splitlines() if f"notebooks/{name}.ipynb)" in line)
        assert f"| {times[name] / 60:.1f} |" in row, name


@each_notebook
def test_every_number_among_the_parameters_has_a_range(name):
    """Config's own, or that of `check_ranges` in the notebook."""
    (cell,) = [cell for cell in code_cells(NOTEBOOKS[name]) if "parameters" in tags(cell)]
    numbers = [line.targets[0].id for line in ast.parse(cell.source).body if is_number(line.value)]
    source = "\n".join(cell.source for cell in code_cells(NOTEBOOKS[name]))
    held = {item.name for item in fields(Config)} if "Config(" in source else set()
    assert [x for x in numbers if x not in held and f"{x}=({x}, " not in source] == []


def is_number(literal):
    return type(ast.literal_eval(literal)) in (int, float)
