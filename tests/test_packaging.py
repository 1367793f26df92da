"""pyproject.toml, constraints.txt and environment.yml agree; nothing of a machine gets in."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from rattler import MatchSpec
from stored_notebooks import ROOT

CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements():
    extras = project()["optional-dependencies"]
    wanted = project()["dependencies"] + extras["test"] + extras["scale"]
    return [Requirement(text) for text in wanted]


def pins():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return dict(
        line.lower().split("==") for line in text.splitlines() if line and not line.startswith("#")
    )


def conda_specs():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    *specs, from_pip = environment["dependencies"]
    own, *others = from_pip["pip"]  # what conda-forge does not have
    assert own == "--editable ."
    return specs + others


def test_every_requirement_is_pinned_within_its_range():
    for requirement in requirements():
        assert requirement.specifier.contains(pins()[requirement.name]), requirement


def test_the_site_s_requirements_are_pinned_within_their_ranges_and_need_no_torch():
    lines = (ROOT / "site" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for requirement in map(Requirement, lines):
        assert requirement.specifier.contains(pins()[requirement.name]), requirement
        assert requirement.name not in ("torch", "torchvision", "helpers", "pytorch-notebooks")


def test_the_pins_are_exact_and_installable():
    for name, version in pins().items():
        assert re.fullmatch(r"[a-z0-9._-]+", name) and re.fullmatch(r"[0-9][0-9a-z.+]*", version)


def test_the_oldest_python_that_is_promised_may_install_every_pin():
    oldest = project()["requires-python"].removeprefix(">=") + ".0"  # Debian 12 has 3.11.2
    for name in pins():
        try:
            wanted = metadata.metadata(name).get("Requires-Python")
        except metadata.PackageNotFoundError:
            continue  # wanted on another system only, or by the extra `bench`
        assert oldest in SpecifierSet(wanted or ""), name


def test_the_conda_environment_asks_for_the_same():
    parsed = {
        MatchSpec(spec).name.normalized: str(MatchSpec(spec).version) for spec in conda_specs()
    }
    wanted = {CONDA_NAMES.get(r.name, r.name): str(r.specifier) for r in requirements()}
    assert parsed.pop("python") == ">=3.11"
    assert parsed.pop("pip") == "None"
    assert parsed == wanted


def test_a_bad_conda_spec_would_be_noticed():
    with pytest.raises(Exception):  # noqa: B017 - rattler's own class
        MatchSpec("pytorch >=>2")


def test_no_registry_address_and_no_path_of_a_machine_is_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert tracked
    for name in tracked:
        if name.endswith((".gz", ".png")):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"(pypi|files\.pythonhosted|download\.pytorch)\.(org|python)", text), (
            name
        )
        assert not re.search(r"/(home|root|Users)/\w", text), name


def test_every_text_file_is_read_and_written_as_utf_8():
    """Python's default is the system's code page, on Windows often another one."""
    own = ["helpers", "tests", "tools", "site", "conftest.py"]
    paths = [p for name in own for p in ([ROOT / name, *(ROOT / name).rglob("*.py")])]
    silent = []
    for path in (path for path in paths if path.suffix == ".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).split(".")[-1]
                said = {word.arg for word in node.keywords} & {"encoding"}
                said |= {
                    part for part in map(ast.unparse, node.args) if part in ("'utf-8'", "'wb'")
                }
                if name in ("read_text", "write_text") and not said:
                    silent.append(f"{path.name}:{node.lineno}")
    assert not silent


def test_make_lab_leaves_jupyter_s_own_guards_on():
    recipe = (
        (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlab: setup\n")[1].splitlines()[0]
    )
    assert recipe.strip() == "$(VENV) -m jupyterlab notebooks/01_tensors_and_autograd.ipynb"
    guards = "from jupyter_server.serverapp import ServerApp; server = ServerApp();"
    guards += "provider = server.identity_provider_class(parent=server);"
    guards += "print(server.ip, len(provider.token))"
    printed = subprocess.run([sys.executable, "-c", guards], capture_output=True, text=True)
    address, length = printed.stdout.split()
    assert address in ("localhost", "127.0.0.1") and int(length) >= 32, "loopback, with a token"
