"""README's numbers on speed are those that were measured."""

import importlib
import json

from stored_notebooks import ROOT

HERE = ROOT / "tools" / "benchmarks"


def test_readme_tells_what_was_measured(monkeypatch):
    monkeypatch.syspath_prepend(HERE)
    readme = importlib.import_module("readme")
    for name in ("results", "busy"):
        found = json.loads((HERE / f"{name}.json").read_text())
        assert {"article", "series", "lightning", "keras", "sklearn", "jax", "limit"} <= set(found)
    assert readme.measured() in (ROOT / "README.md").read_text()
