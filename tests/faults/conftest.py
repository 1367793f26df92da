"""Counts the faults that were tried; the table of them is in tests/conftest.py."""

import hashlib
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from stored_notebooks import ROOT

OWN = tuple(ROOT / name for name in ("helpers", "notebooks", "data"))


def files_in(*tops):
    """These files and all in these folders, but for what Python compiles."""
    paths = [path for top in tops for path in (Path(top), *Path(top).rglob("*"))]
    return [path for path in paths if path.is_file() and path.parent.name != "__pycache__"]


def read_all(*tops):
    """{path: hash of its bytes}"""
    return {str(x): hashlib.sha256(x.read_bytes()).hexdigest() for x in files_in(*tops)}


def touched(*tops):
    """{path: when it was last written, and its size}"""
    return {str(x): (x.stat().st_mtime_ns, x.stat().st_size) for x in files_in(*tops)}


@pytest.fixture(scope="module")
def unharmed():
    """The project's own files have the same bytes before and after a module's tests."""
    before = read_all(*OWN)
    yield
    assert read_all(*OWN) == before


@pytest.fixture
def fault(request, unharmed):
    """`with fault(kind, *kept):` counts one fault, survived if the block raises nothing.

    The files and folders `kept` must then hold the same bytes, and the project's own must not have
    been written; those that are not as they were are counted as lost, and fail the test. The block
    may add losses of other things to `.lost`, and more faults of the same kind to `.tried`.
    """

    @contextmanager
    def counted(kind, *kept):
        count, before = SimpleNamespace(tried=1, lost=0), read_all(*kept) | touched(*OWN)
        survived = False
        try:
            yield count
            survived = True
        finally:
            after = read_all(*kept) | touched(*OWN)
            changed = [path for path in before if after.get(path) != before[path]]
            count.lost += len(changed)
            numbers = count.tried, count.tried if survived and after == before else 0, count.lost
            request.node.user_properties.append(("fault", [kind, *numbers]))
        assert after == before, (
            f"lost or changed: {changed}, new: {sorted(set(after) - set(before))}"
        )
        assert not count.lost

    return counted
