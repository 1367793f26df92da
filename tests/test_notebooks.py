"""What every notebook keeps to, so that the series reads as one."""

import ast
import json
import re
import statistics
from dataclasses import fields

import pytest
from committed import NOTEBOOKS, ROOT, code_cells, exercises, lines, markdown_cells, tags

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
    sizes = [len(lines(cell)) for cell in code_cells(NOTEBOOKS[name])]
    assert min(sizes) > 0 and all(cell.source.strip() for cell in NOTEBOOKS[name].cells)
    assert statistics.median(sizes) <= 6
    assert sorted(sizes)[int(0.9 * len(sizes))] <= 14
    assert max(sizes) <= 20
    widest = max(
        len(line) for cell in code_cells(NOTEBOOKS[name]) for line in cell.source.splitlines()
    )
    assert widest <= 100, "a line that scrolls"


@each_notebook
def test_it_reads_as_prose_and_code_in_turn(name):
    cells = NOTEBOOKS[name]
    assert len(markdown_cells(cells)) >= 0.7 * len(code_cells(cells))
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
def test_a_display_equation_is_checked_nearby(name):
    cells = NOTEBOOKS[name].cells
    for i, cell in enumerate(cells):
        if cell.cell_type == "markdown" and "$$" in cell.source:
            following = [c.source for c in cells[i + 1 :] if c.cell_type == "code"][:3]
            assert any("assert" in source for source in following), cell.source[:60]


def test_run_times_come_from_the_file_that_make_outputs_writes():
    times = json.loads((ROOT / "notebooks" / "run_times.json").read_text())
    readme = (ROOT / "README.md").read_text()
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
