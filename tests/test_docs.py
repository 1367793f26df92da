"""README and docs: their code runs, their numbers are those that were measured, links lead on."""

import contextlib
import importlib
import io
import json
import re

import pytest
from stored_notebooks import ROOT

from helpers.sweep import read_table
from helpers.sweep.settings import make_configs

PAGES = [ROOT / "README.md", ROOT / "data" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def text_of(path):
    return path.read_text(encoding="utf-8")


def code_blocks(path):
    return re.findall(r"```python\n(.*?)```", text_of(path), re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_link_and_picture_leads_somewhere(path):
    targets = re.findall(r"\]\(([^)]+)\)", text_of(path))
    for target in targets:
        if not target.startswith("https://"):
            file, _, anchor = target.partition("#")
            other = (path.parent / file).resolve() if file else path
            assert other.exists(), target
            titles = re.findall(r"^#+ (.+)$", text_of(other), re.MULTILINE) if anchor else []
            anchors = [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles]
            assert not anchor or anchor in anchors, target
    for alt in re.findall(r"!\[([^\]]*)\]", text_of(path)):
        assert len(alt) > 30, "a picture describes itself"


def test_the_taste_prints_what_its_comments_say():
    (code,) = code_blocks(ROOT / "README.md")
    promised = re.findall(r"^print\(.*\)\s*# (.+)$", code, re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec("import torch\nfrom torch.nn import functional as F\n" + code, {})
    assert len(promised) == 2 and printed.getvalue().splitlines() == promised


def test_the_code_for_a_sweep_trains():
    (code,) = code_blocks(ROOT / "docs" / "headless.md")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace("num_epochs=5", "num_epochs=1"), {})
    assert float(printed.getvalue()) > 0.94


def test_the_accuracies_of_five_seeds_stand_twice_and_agree():
    row = r"\| 97.92 \| 97.95 \| 97.92 \| 97.90 \| 97.91 \|"
    assert re.search(row, text_of(ROOT / "README.md"))
    assert re.search(row, text_of(ROOT / "docs" / "reliability.md"))


def test_the_numbers_on_speed_are_those_that_were_measured(monkeypatch):
    folder = ROOT / "tools" / "benchmarks"
    monkeypatch.syspath_prepend(folder)
    table = importlib.import_module("table")
    for name in ("results", "busy"):
        found = json.loads(text_of(folder / f"{name}.json"))
        assert {"article", "series", "lightning", "keras", "sklearn", "jax", "limit"} <= set(found)
    assert table.measured() in text_of(ROOT / "docs" / "speed.md")
    recipe = importlib.import_module("recipe")
    assert recipe.measured() in text_of(ROOT / "docs" / "speed.md")


def test_the_numbers_on_many_processes_are_those_that_were_measured(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools" / "benchmarks")
    for table in importlib.import_module("scale").tables():
        assert table in text_of(ROOT / "docs" / "scale.md")


def test_the_code_for_random_settings_makes_runs(monkeypatch, tmp_path):
    """Its sweep is replaced by the check that comes first; other tests train."""
    (code,) = code_blocks(ROOT / "docs" / "scale.md")

    def check(runs, run_dir, workers):
        return [{"lr": c.lr, "valid_accuracy": c.lr} for c in make_configs(runs, tmp_path).values()]

    monkeypatch.setattr("helpers.sweep.sweep", check, raising=False)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {"__name__": "__main__"})
    assert 1e-3 <= float(printed.getvalue()) <= 1


def test_the_tables_that_notebook_08_reads_are_those_of_its_tool(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools" / "benchmarks")
    tool = importlib.import_module("many_runs")
    for runs, columns in tool.COLUMNS.items():
        rows = read_table(tool.TABLES / f"{runs.__name__}.csv")
        assert [tuple(row[name] for name in columns) for row in rows] == [*runs()]
        assert len(make_configs([*runs().values()], "runs")) == len(rows)
