"""A real JupyterLab and a real Chromium, one of each for all tests in this folder."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from chromium import PATH as chromium_path
from chromium import launch
from lab import Lab
from nbformat import from_dict
from nbval.plugin import IPyNbFile, coalesce_streams
from stored_notebooks import ROOT

SETTINGS = {  # all cells in the page, and no news, no autosave
    "notebook-extension/tracker": {"windowingMode": "defer"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}


def pytest_collection_modifyitems(items):
    """Without Chromium these tests are left out, unless NEED_BROWSER says that they must run."""
    for item in items:
        if "browser" in item.path.parts and not (chromium_path or os.environ.get("NEED_BROWSER")):
            item.add_marker(pytest.mark.skip(reason="no Chromium found; see make test-browser"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a JupyterLab on a copy of the notebooks, its token in it."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for part in ("README.md", "data", "tests"):
        (folder / part).symlink_to(ROOT / part)
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser"]
    command += [f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}", "--allow-root"]
    command += [f"--IdentityProvider.token={token}", "--ServerApp.port_retries=0"]
    command += [f"--LabApp.user_settings_dir={folder / 'settings'}"]
    command += [f"--LabApp.workspaces_dir={folder / 'workspaces'}"]
    places = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    # The one exception: Jupyter's server warns of its own parts (jupyter_lsp, notebook_shim).
    places["PYTHONWARNINGS"] = ""
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | places, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api?token={token}", process, folder / "log")
        yield address, token
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url, process, log):
    """Wait until the server answers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)
    raise AssertionError(f"no JupyterLab after 30 s: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium."""
    with launch() as browser:
        yield browser


@pytest.fixture(scope="module")
def make_lab(server, chromium):
    """make_lab() gives a page on JupyterLab; its console must stay free of errors."""
    labs = []

    def make():
        labs.append(Lab(chromium.new_page(viewport={"width": 1280, "height": 1400}), *server))
        return labs[-1]

    yield make
    for lab in labs:
        lab.close()
    assert not [complaint for lab in labs for complaint in lab.complaints]


@pytest.fixture
def lab(make_lab):
    """A fresh page on JupyterLab, closed after the test, and its kernel with it."""
    lab = make_lab()
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def run_whole(request):
    """run_whole(lab, name) opens a page and runs it all: no error, and the stored outputs.

    They are compared as nbval does it, so that one run serves both: `make test` runs nbval's own
    tests where there is no browser.
    """

    def run(lab, name):
        lab.open(f"{name}.ipynb")
        assert lab.run_all() == []
        assert all(lab.counts())
        page = IPyNbFile.from_parent(request.session, path=ROOT / "notebooks" / f"{name}.ipynb")
        for cell, outputs in zip(page.collect(), lab.outputs(), strict=True):
            if cell.options["check"]:
                same = cell.compare_outputs(from_dict(outputs), coalesce_streams(cell.cell.outputs))
                assert same, "\n".join([cell.name, *cell.comparison_traceback])

    return run
