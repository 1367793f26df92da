"""What the pages' kernels need of memory is measured, recorded, and within the limits."""

import importlib
import json

import pytest
from command_line import small_notebook
from stored_notebooks import NOTEBOOKS, ROOT


@pytest.fixture
def memory(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    return importlib.import_module("memory")


def test_each_page_was_measured_and_keeps_to_its_limit(memory):
    peaks = json.loads(memory.PEAKS.read_text(encoding="utf-8"))
    assert list(peaks) == list(NOTEBOOKS), "run tools/memory.py for the page that is missing"
    assert memory.too_high(peaks) == []
    assert memory.table(peaks) in memory.PAGE.read_text(encoding="utf-8")


def test_a_kernel_above_its_limit_is_named(memory):
    peaks = {name: {"kernel": 1500, "children": 0} for name in ("04_optimizers", "05_train_mnist")}
    assert memory.too_high(peaks) == [
        "04_optimizers: its kernel needs 1,500 MB, at most 1,400 are allowed"
    ]


def test_what_is_freed_and_what_a_child_holds_is_measured(memory, tmp_path):
    """The kernel's peak stays when its memory has been freed; a child's counts on its own."""
    child = "import time; held = b'x' * 120_000_000; time.sleep(1)"
    path = small_notebook(
        tmp_path / "page.ipynb",
        "held = b'x' * 180_000_000\ndel held",
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])",
    )
    _, peaks = memory.execute(path)
    if not peaks["kernel"]:
        pytest.skip("no /proc here")
    assert 200 < peaks["kernel"] < 350
    assert 120 < peaks["children"] < 170
