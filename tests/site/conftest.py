"""The site, built once from the committed notebooks, and a Chromium to look at it."""

import os
import subprocess

import pytest
from chromium import PATH as chromium_path
from chromium import launch
from stored_notebooks import ROOT

PYTHON = ROOT / ".venv-site" / "bin" / "python"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the English site; a warning of the build is an error."""
    if not PYTHON.exists() and "NEED_BROWSER" not in os.environ:
        pytest.skip("the site's environment is missing; run `make site` or `make test`")
    folder = tmp_path_factory.mktemp("site")
    build = [str(PYTHON), str(ROOT / "site" / "build.py"), str(folder)]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(build, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "en"


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium."""
    if not chromium_path and "NEED_BROWSER" not in os.environ:
        pytest.skip("no Chromium found; see make test-browser")
    with launch() as browser:
        yield browser
