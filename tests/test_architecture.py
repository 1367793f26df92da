"""The house: imports go one way, modules stay small, a slider loads nothing that trains."""

import ast
import inspect
import subprocess
import sys
import textwrap

import pytest
from stored_notebooks import NOTEBOOKS, ROOT, code_cells

from helpers import training

# From the bottom to the top; a module may import from lower floors and from its own.
FLOORS = (
    "lazy",
    "files",
    "config",
    "data",
    "training",
    "specimens",
    "plots",
    "widgets",
    "parameters",
    "run",
    "sweep",
    "ddp_train",
    "frameworks",
)
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in sorted((ROOT / "helpers").rglob("*.py"))
}


def imports(name):
    """The modules of helpers that a module imports, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES.keys()
            packages = {f"{node.module}.{alias.name}.__init__" for alias in node.names}
            packages = {package.removesuffix(".__init__") for package in packages & MODULES.keys()}
            found |= inside | packages or {node.module}
    return {module for module in found if module.startswith("helpers.")}


def floor(name):
    return FLOORS.index(name.split(".")[1])


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[1] in FLOORS])
def test_a_module_imports_from_lower_floors_or_its_own(name):
    for other in imports(name):
        assert floor(other) <= floor(name), f"{name} imports {other}"


def test_no_modules_import_each_other_in_a_circle():
    arrows = {name: imports(name) & MODULES.keys() for name in MODULES}
    left = dict(arrows)
    while left:  # take away what imports nothing that is left
        free = {name for name, others in left.items() if not others & left.keys() - {name}}
        assert free, f"a circle among {sorted(left)}"
        left = {name: others for name, others in left.items() if name not in free}


def test_the_arrows_are_seen():
    """The rules above look at something."""
    assert "helpers.training.model" in imports("helpers.training.loop")
    assert {"helpers.data", "helpers.training"} <= imports("helpers.widgets.training_task")


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_small(name):
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 170


def test_a_slider_does_not_load_what_trains():
    code = "import sys; from helpers import widgets; widgets.explore; print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = printed.stdout.split()
    assert "helpers.widgets.explorer" in loaded and not printed.stderr
    for part in ("helpers.training", "helpers.data", "helpers.widgets.training_panel", "filelock"):
        assert part not in loaded


def test_train_epoch_holds_the_lines_that_notebook_05_teaches():
    source = inspect.getsource(training.train_epoch)
    body = ast.get_docstring(ast.parse(source).body[0], clean=False)
    lines = textwrap.dedent(source.split(f'{body}"""\n')[1]).splitlines()
    lines = [line for line in lines if "yield" not in line]
    pages = [textwrap.dedent(cell.source) for cell in code_cells(NOTEBOOKS["05_train_mnist"])]
    (page,) = (source for source in pages if source.startswith("def train_by_hand"))
    assert len(lines) == 9 and textwrap.indent("\n".join(lines), 8 * " ") in page
