"""Run a notebook headless: papermill, after every parameter has been checked.

    python -m helpers.run NOTEBOOK [-p NAME VALUE]... [--run-dir DIR]

Exit codes: 0 done, 1 the run failed, 2 a wrong command or parameter: no kernel was started, 130
interrupted.
"""

import ast
import difflib
import json
import math
import os
import sys
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import click
import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel

from helpers.config import Config, is_a, kind_of
from helpers.files import check_run_dir, lock

ELSEWHERE = {"learning_rate": "lr", "epochs": "num_epochs", "hidden": "hidden_size"}


@click.command(help="Run NOTEBOOK headless; a wrong parameter is an error before a kernel starts.")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter.")
@click.option("--run-dir", help="Gather the executed notebook and all its files here.")
def main(notebook, given, run_dir):
    """Check, run, report; exit with the code."""
    try:
        defaults = read_defaults(notebook)
        if run_dir and "run_dir" in defaults:
            given = [*given, ("run_dir", run_dir)]
        check_run_dir(run_dir or "")
        parameters = check_parameters(defaults, given)
        folder = make_folder(run_dir or parameters.get("run_dir") or "runs", notebook)
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    sys.exit(execute(notebook, folder, parameters))


def read_defaults(notebook):
    """Return {name: default} from the notebook's cell that is tagged `parameters`."""
    if notebook.suffix != ".ipynb" or not os.path.isfile(notebook):
        raise ValueError(f"NOTEBOOK must be an .ipynb file, found none at {str(notebook)!r}")
    try:
        cells = nbformat.read(notebook, as_version=4).cells
        tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
        lines = ast.parse("\n".join(cell.source for cell in tagged)).body
        return {line.targets[0].id: ast.literal_eval(line.value) for line in lines}
    except Exception as error:  # whatever a foreign file may hold
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"NOTEBOOK must have a parameters cell of literals, {str(notebook)!r}: {reason}"
        raise ValueError(message) from None


def check_parameters(defaults, given):
    """Turn (name, text) pairs into {name: value}, each of its default's type and in its range.

    Raises ValueError with one line that names the value, the allowed range and the fix.
    """
    parameters = {}
    for name, text in given:
        if name not in defaults:
            meant = ELSEWHERE.get(name.lower(), name.lower())
            near = difflib.get_close_matches(meant, defaults, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            known = ", ".join(defaults) or "none"
            raise ValueError(f"{name!r} is not a parameter; {hint}There are: {known}")
        parameters[name] = typed(text, defaults[name])
    ranged = {item.name for item in fields(Config)}
    Config(**{name: value for name, value in parameters.items() if name in ranged})
    for name, value in parameters.items():
        finite = type(value) is not float or math.isfinite(value)
        if not is_a(defaults[name], value) or not finite:
            raise ValueError(f"{name} must be {kind_of(defaults[name])}, got {value!r}")
    return parameters


def typed(text, default):
    """Read `text` as the default's type; what cannot be read so comes back as it can be."""
    if type(default) is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    for read in {int: (int, float), float: (float,)}.get(type(default), ()):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def make_folder(folder, notebook):
    """Make the run's folder. Raises ValueError where that can't be, or would cost the notebook."""
    folder = Path(folder).expanduser()
    if folder.resolve() == notebook.resolve().parent:
        raise ValueError(f"run_dir must not be the notebook's own folder, got {str(folder)!r}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"run_dir must be a folder that can be made, got {str(folder)!r}"
        raise ValueError(f"{message}: {error.strerror}") from None
    earlier = folder / notebook.name
    if earlier.exists() and not is_as_a_run_left_it(earlier):
        what = f"run_dir holds a {notebook.name} that someone has written, got {str(folder)!r}"
        raise ValueError(f"{what}; it would be replaced, choose another run_dir")
    return folder


def is_as_a_run_left_it(path):
    """Was this notebook executed by papermill, and not saved by anyone since?"""
    try:
        ended = nbformat.read(path, as_version=4).metadata.papermill.end_time
        return path.stat().st_mtime - datetime.fromisoformat(ended).timestamp() < 60
    except Exception:  # whatever a foreign file may hold
        return False


def execute(notebook, folder, parameters):
    """Run the notebook with papermill into `folder`; report, and return the exit code.

    The executed notebook gets its name when it is done, so a failure replaces no earlier result.
    """
    failed, metrics = folder / f"{notebook.stem}.failed.ipynb", folder / "metrics.json"
    try:
        before = metrics.stat().st_mtime_ns if metrics.exists() else 0
        with lock(folder, f".{notebook.stem}.lock", seconds=0):
            run_papermill(notebook, failed, parameters)
            os.replace(failed, folder / notebook.name)
    except KeyboardInterrupt:
        print(f"interrupted; what is finished lies in {folder}", file=sys.stderr)
        if (folder / "checkpoint.pt").exists():
            print(f"--run-dir {folder} goes on after the last whole epoch", file=sys.stderr)
        return 130
    except papermill.PapermillExecutionError as error:
        print(f"{error.ename}: {error.evalue}", file=sys.stderr)
        print(f"failed in cell [{error.exec_count}] of {failed}", file=sys.stderr)
        return 1
    # a locked folder, a kernel gone, no room, a kernel that is not installed
    except (ValueError, RuntimeError, OSError, NoSuchKernel) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    if metrics.exists() and metrics.stat().st_mtime_ns > before:
        report(metrics)
    print(f"executed notebook: {folder / notebook.name}")
    return 0


def report(metrics):
    """Print what notebook 05 left in metrics.json; another notebook's file may hold anything."""
    try:
        found = json.loads(metrics.read_text())
        low, high = found["test_accuracy_interval"]
        print(f"test accuracy {found['test_accuracy']:.2%} (95% interval {low:.2%} to {high:.2%})")
        if found["resumed_at_step"] == found["steps"]:
            print("the run had ended before; nothing was trained")
        print(f"trained in {found['train_seconds']:.1f} s, all files in {metrics.parent}")
    except (ValueError, KeyError, TypeError):
        print(f"metrics: {metrics}")


def run_papermill(notebook, output, parameters, tries=5):
    """Execute the notebook. Kernels that start at one moment can pick one port: then try again."""
    for left in reversed(range(tries)):
        try:
            return papermill.execute_notebook(str(notebook), str(output), parameters=parameters)
        except RuntimeError as error:
            if not left or "before replying to kernel_info" not in str(error):
                raise


if __name__ == "__main__":
    main()
