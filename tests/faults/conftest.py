"""Counts the faults that were tried, and closes the run with a table."""

import hashlib
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from committed import ROOT

TRIED, SURVIVED, LOST = Counter(), Counter(), Counter()
OWN = tuple(ROOT / name for name in ("helpers", "notebooks", "data"))


def read_all(*tops):
    """{path: hash} of these files and all in these folders, but for what Python compiles."""
    paths = [path for top in tops for path in (Path(top), *Path(top).rglob("*"))]
    files = [path for path in paths if path.is_file() and path.parent.name != "__pycache__"]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def fault():
    """`with fault(kind, *kept):` counts one fault, survived if the block raises nothing.

    The files and folders `kept`, and the project's own, must then be what they were; those that are
    not are counted as lost, and fail the test. The block may add losses of other things to
    `.lost`, and more faults of the same kind to `.tried`.
    """

    @contextmanager
    def counted(kind, *kept):
        count, before = SimpleNamespace(tried=1, lost=0), read_all(*kept, *OWN)
        survived = False
        try:
            yield count
            survived = True
        finally:
            after = read_all(*kept, *OWN)
            changed = [path for path in before if after.get(path) != before[path]]
            count.lost += len(changed)
            TRIED[kind] += count.tried
            SURVIVED[kind] += count.tried if survived and after == before else 0
            LOST[kind] += count.lost
        assert after == before, (
            f"lost or changed: {changed}, new: {sorted(set(after) - set(before))}"
        )
        assert not count.lost

    return counted


def pytest_terminal_summary(terminalreporter):
    if TRIED:
        terminalreporter.write_sep("-", "faults")
        terminalreporter.write_line(f"{'kind of fault':44}{'tried':>7}{'survived':>10}{'lost':>6}")
        for kind in TRIED:
            numbers = f"{TRIED[kind]:7}{SURVIVED[kind]:10}{LOST[kind]:6}"
            terminalreporter.write_line(f"{kind:44}{numbers}")
