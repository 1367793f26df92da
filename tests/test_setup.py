"""make sets up .venv once, with or without test tools, by pip or by uv: tried with stand-ins."""

import os
import shutil
import stat
import subprocess

import pytest
from packaging.specifiers import SpecifierSet
from stored_notebooks import ROOT
from test_packaging import pins

NEEDED = "sh make cat cmp sed echo date mkdir cp chmod rm".split()
PYTHON = """#!/bin/sh
if [ "$1" = --version ]; then echo Python 3.11.7; exit; fi
echo "python $*" >> "$LOG"
if [ "$1 $2 $3" = "-m venv --clear" ]; then rm -rf .venv; fi
if [ "$2" = venv ]; then mkdir -p .venv/bin; cp "$0" .venv/bin/python; fi
"""
UV = '#!/bin/sh\necho "uv $*" >> "$LOG"\n'


@pytest.fixture
def make(tmp_path, monkeypatch):
    """A function that calls make in a copy of the project's lists: (exit code, stderr, calls)."""
    bin, log = tmp_path / "bin", tmp_path / "log"
    bin.mkdir()
    for name in NEEDED:
        (bin / name).symlink_to(shutil.which(name))
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    program(bin / "python3", PYTHON)
    environment = {"PATH": str(bin), "LOG": str(log)}

    def call(*arguments):
        log.write_text("", encoding="utf-8")
        command = [str(bin / "make"), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        return done.returncode, done.stderr, log.read_text(encoding="utf-8").splitlines()

    return call


def program(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


pytestmark = pytest.mark.skipif(os.name != "posix" or not shutil.which("make"), reason="no make")
PIP = "python -m pip install --constraint constraints.txt --editable"


def test_lab_and_train_install_no_test_tools_and_test_adds_them_once(make):
    code, _, calls = make("train")
    assert code == 0 and calls[:2] == ["python -m venv .venv", f"{PIP} .[scale]"]
    assert calls[2].startswith("python -m helpers.run") and len(calls) == 3
    assert len(make("lab")[2]) == 1, "no set-up twice"
    assert make("test")[2][0] == f"{PIP} .[scale,test]"
    assert not any("pip" in call for call in [*make("test")[2], *make("setup")[2]])


def test_torch_cpu_is_installed_by_uv_and_stays(make, tmp_path):
    code, err, calls = make("setup", "TORCH=cpu")
    assert code and not calls and err.startswith("TORCH=cpu needs uv, which is missing: see docs/")
    assert not (tmp_path / ".venv").exists()
    program(tmp_path / "bin" / "uv", UV)
    uv = "uv pip install --python .venv/bin/python --torch-backend cpu"
    assert make("setup", "TORCH=cpu")[2] == [
        "python -m venv --clear .venv",
        f"{uv} --constraint constraints.txt --editable .[scale]",
    ]
    assert make("setup")[2] == [] == make("setup", "TORCH=cpu")[2]
    assert make("test-tools")[2] == [f"{uv} --constraint constraints.txt --editable .[scale,test]"]
    assert make("test-tools")[2] == []
    assert make("setup", "TORCH=")[2] == ["python -m venv --clear .venv", f"{PIP} .[scale]"]


def test_the_pins_admit_pytorch_s_small_build():
    for name in ("torch", "torchvision"):
        assert SpecifierSet(f"=={pins()[name]}").contains(f"{pins()[name]}+cpu")
