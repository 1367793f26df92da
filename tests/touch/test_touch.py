"""Pages are read with the hands: each cell may run twice, and each section again at the end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4, write
from stored_notebooks import BRIEF, NOTEBOOKS, ROOT

TOUCHED = [sys.executable, str(Path(__file__).with_name("touched.py"))]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="each trial needs a fork"),
]


def touch(path, settings):
    """{what was tried: its error, or ""}; on the CPU, since a GPU's state outlives no fork."""
    given = [text for name, value in settings.items() for text in (name, repr(value))]
    environment = os.environ | {"MPLBACKEND": "Agg", "CUDA_VISIBLE_DEVICES": ""}
    command = [*TOUCHED, str(path), *given]
    done = subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_cell_runs_twice_and_each_section_again(name):
    tried = touch(ROOT / "notebooks" / f"{name}.ipynb", BRIEF.get(name, {}))
    broken = {what: error for what, error in tried.items() if error}
    assert len(tried) > 100
    assert not broken, "\n".join(map(": ".join, broken.items()))


def test_what_breaks_is_named(tmp_path):
    """A cell that can't run twice, and a section whose name a later one has taken."""
    cells = [
        v4.new_code_cell("size = 3", id="settings", metadata={"tags": ["parameters"]}),
        v4.new_markdown_cell("### Count"),
        v4.new_code_cell("letters = ['a'] * size", id="letters"),
        v4.new_code_cell("letters.pop()\nassert len(letters) == size - 1", id="pop"),
        v4.new_markdown_cell("## A part\n\n### Add"),
        v4.new_code_cell("import asyncio\nawait asyncio.sleep(0)", id="await"),
        v4.new_code_cell("total = sum(map(len, letters))", id="total"),
        v4.new_markdown_cell("### Take the name"),
        v4.new_code_cell("letters = 7", id="seven"),
    ]
    write(v4.new_notebook(cells=cells), tmp_path / "page.ipynb")
    tried = touch(tmp_path / "page.ipynb", {"size": 5})
    broken = {what: error.split(":")[0] for what, error in tried.items() if error}
    assert broken == {"cell pop twice": "AssertionError", "### Add again": "TypeError"}
    assert len(tried) == 6 * 2 + 3
