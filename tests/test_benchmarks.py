"""README's numbers on speed are those that were measured."""

import importlib
import json

from committed import ROOT

HERE = ROOT / "tests" / "benchmarks"


def test_readme_tells_what_was_measured(monkeypatch):
    monkeypatch.syspath_prepend(HERE)
    readme = importlib.import_module("readme")
    results, panel = (json.loads((HERE / f"{x}.json").read_text()) for x in ("results", "panel"))
    assert {"article", "series", "lightning", "keras", "sklearn", "jax", "limit"} <= set(results)
    assert readme.section(results, panel) in (ROOT / "README.md").read_text()
