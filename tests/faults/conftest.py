"""Counts the faults that were tried, and closes the run with a table."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

TRIED, SURVIVED, LOST = Counter(), Counter(), Counter()


@pytest.fixture
def fault():
    """fault(kind, survived=True, lost=0) counts one fault."""

    def count(kind, survived=True, lost=0):
        TRIED[kind] += 1
        SURVIVED[kind] += bool(survived)
        LOST[kind] += lost

    return count


@pytest.fixture
def contents():
    """contents(folder) is {path: hash} of all its files, to see whether any changed."""

    def read(folder):
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    return read


def pytest_terminal_summary(terminalreporter):
    if TRIED:
        terminalreporter.write_sep("-", "faults")
        terminalreporter.write_line(f"{'kind of fault':44}{'tried':>7}{'survived':>10}{'lost':>6}")
        for kind in TRIED:
            numbers = f"{TRIED[kind]:7}{SURVIVED[kind]:10}{LOST[kind]:6}"
            terminalreporter.write_line(f"{kind:44}{numbers}")
