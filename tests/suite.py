"""Run the tests, then say what they cost: python tests/suite.py [browser]

`make test` calls it: all but the browser's tests, then those; with `browser`, those alone. They run
the pages and compare their outputs, so nbval's own tests of the pages run only where there is no
browser; they gain from a second processor, two pages side by side. Exits with the first failure's
code.
"""

import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from subprocess import run

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
TESTS = [*PYTEST, "tests", "--ignore", "tests/browser"]
TESTS += ["--cov=helpers", "--cov-report=term", "--cov-fail-under=95"]
BROWSER, PAGES = [*PYTEST, "tests/browser"], [*PYTEST, "-n", "2", "--dist", "loadfile", "notebooks"]


def commands(only):
    """What to run, one after the other."""
    if only == "browser":
        return [BROWSER]
    if any(map(shutil.which, ("chromium", "chromium-browser"))) or "NEED_BROWSER" in os.environ:
        return [TESTS, BROWSER]
    print("No Chromium found: tests/browser is left out (make test-browser).")
    return [TESTS, PAGES]


def costs(path):
    """{test: CPU seconds} from the file that the root's conftest wrote; a page is one test."""
    seconds = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        cost, name = line.split("\t", 1)
        page, is_page, _ = name.partition(".ipynb::")
        seconds[f"{page}.ipynb" if is_page else name] += float(cost)
    return seconds


def main(only=""):
    """Run, and print the ten costliest tests and the sum of all processes."""
    began, codes = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "costs")
        for command in commands(only):
            codes.append(run(command, cwd=ROOT, env=os.environ | {"COSTS": str(file)}).returncode)
        dearest = costs(file).most_common(10) if file.exists() else []
    times = os.times()
    print("CPU seconds of the ten costliest tests, with the fixtures that they were first to use:")
    for name, seconds in dearest:
        print(f"{seconds:7.1f}  {name}")
    spent = times.children_user + times.children_system
    print(
        f"All took {spent:.0f} CPU seconds (user {times.children_user:.0f}, system"
        f" {times.children_system:.0f}) in {time.perf_counter() - began:.0f} seconds."
    )
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
