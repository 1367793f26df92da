"""For tests and pages alike: one thread, warnings as errors, and what each test costs."""

import os
import sys
from pathlib import Path

import psutil
import pytest

# Set before torch is imported, and inherited by kernels, commands and servers: on a machine that
# others use, a second thread makes small operations wait for it, up to thirty times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")
assert "torch" not in sys.modules, "torch has chosen its number of threads already"
# In kernels and commands that tests start, a warning is an error too (exception: browser/conftest).
os.environ["PYTHONWARNINGS"] = "error"

ME, LAST = psutil.Process(), [0.0]


def cpu_seconds():
    """User and system seconds of this process and of all that it has started, ended or not."""
    seconds = 0.0
    for process in (ME, *ME.children(recursive=True)):
        try:
            seconds += sum(process.cpu_times()[:4])  # the last two are those of ended children
        except psutil.NoSuchProcess:
            continue
    return seconds


def note(item):
    """Write what was spent since the last note to the file COSTS, which tests/suite.py adds up."""
    if "COSTS" not in os.environ:
        return
    now, before = cpu_seconds(), LAST[0]
    LAST[0] = now
    if now > before:  # it is less where a browser has ended that had not waited for all its parts
        with Path(os.environ["COSTS"]).open("a", encoding="utf-8") as file:
            file.write(f"{now - before:.3f}\t{item.nodeid}\n")


def pytest_collection_finish():
    LAST[0] = cpu_seconds()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    note(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    result = yield
    note(item)
    return result
