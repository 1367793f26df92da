"""The frames that the site shows are what the pages' own functions draw."""

import importlib
import json

import pytest
from stored_notebooks import ROOT


@pytest.fixture
def frames(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    return importlib.import_module("frames")


@pytest.mark.parametrize("page", ["03_losses", "04_optimizers"])
def test_two_frames_are_drawn_again_as_they_are_stored(frames, page):
    folder = ROOT / "site" / "frames" / page
    listed = json.loads((folder / "frames.json").read_text(encoding="utf-8"))
    cell, _, values, _ = frames.PICKS[page]
    assert listed["cell"] == cell and len(listed["frames"]) == len(values)
    assert len(list(folder.glob("*.png"))) == len(values)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 600_000
    picks = (0, len(values) // 2)
    drawn = frames.draw_frames(page, [values[pick] for pick in picks])
    assert [alt for _, alt, _ in drawn] == [listed["frames"][pick]["alt"] for pick in picks]
