"""Run a notebook headless: papermill, after every parameter has been checked.

    python -m helpers.run NOTEBOOK [-p NAME VALUE]... [--run-dir DIR]

Exit codes: 0 done, 1 the notebook failed, 2 a wrong command or parameter (no kernel was started).
"""

import argparse
import ast
import difflib
import json
import math
import sys
from dataclasses import fields
from pathlib import Path

import papermill

from helpers.config import Config

KINDS = {bool: "true or false", int: "a whole number", float: "a finite number", str: "text"}


def main(arguments=None):
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.run", description=__doc__.splitlines()[0]
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument(
        "-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), dest="given"
    )
    parser.add_argument("--run-dir", help="leave the executed notebook and all its files here")
    options = parser.parse_args(arguments)
    try:
        given = options.given + ([["run_dir", options.run_dir]] if options.run_dir else [])
        parameters = check_parameters(read_defaults(options.notebook), given)
        output = Path(parameters.get("run_dir") or "runs") / options.notebook.name
        if output.resolve() == options.notebook.resolve():
            raise ValueError(
                f"run_dir must not be the notebook's own folder, got {str(output.parent)!r}"
            )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return execute(options.notebook, output, parameters)


def read_defaults(notebook):
    """Return {name: default} from the notebook's parameters cell."""
    if notebook.suffix != ".ipynb" or not notebook.is_file():
        raise ValueError(f"notebook must be an .ipynb file, found none at {str(notebook)!r}")
    try:
        found = papermill.inspect_notebook(str(notebook))
    except Exception as error:
        raise ValueError(f"{notebook} is not a notebook that can be read: {error}") from None
    return {name: ast.literal_eval(item["default"]) for name, item in found.items()}


def check_parameters(defaults, given):
    """Turn [name, text] pairs into {name: value}, each of its default's type and in its range.

    Raises ValueError with one line that names the value, the allowed range and the fix.
    """
    parameters = {}
    for name, text in given:
        if name not in defaults:
            near = difflib.get_close_matches(name, defaults, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            known = ", ".join(defaults) or "no parameters"
            raise ValueError(f"{name!r} is not a parameter; {hint}this notebook takes {known}")
        parameters[name] = typed(text, type(defaults[name]))
    ranged = {item.name for item in fields(Config)}
    Config(**{name: value for name, value in parameters.items() if name in ranged})
    for name, value in parameters.items():
        kind = type(defaults[name])
        if type(value) is not kind or (kind is float and not math.isfinite(value)):
            raise ValueError(f"{name} must be {KINDS[kind]}, got {value!r}")
    return parameters


def typed(text, kind):
    """Read `text` as `kind`; what cannot be read so comes back as a float or as text."""
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    for read in {int: (int, float), float: (float,)}.get(kind, ()):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def execute(notebook, output, parameters):
    """Run the notebook with papermill into `output`; report, and return the exit code."""
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        papermill.execute_notebook(str(notebook), str(output), parameters=parameters)
    except papermill.PapermillExecutionError as error:
        print(f"{error.ename}: {error.evalue}\nfailed in the notebook {output}", file=sys.stderr)
        return 1
    metrics = output.with_name("metrics.json")
    if parameters.get("run_dir") and metrics.exists():
        found = json.loads(metrics.read_text())
        low, high = found["test_accuracy_interval"]
        print(f"test accuracy {found['test_accuracy']:.2%} (95% interval {low:.2%} to {high:.2%})")
        print(f"trained in {found['train_seconds']:.1f} s, all files in {output.parent}")
    print(f"executed notebook: {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
