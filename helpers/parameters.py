"""The parameters of a notebook: read its cell, and check what someone asks for."""

import ast
import difflib
import math
import os
from dataclasses import fields

import papermill

from helpers.config import Config, is_a, kind_of

OTHER_LIBRARIES_NAMES = {"learning_rate": "lr", "epochs": "num_epochs", "hidden": "hidden_size"}


def read_parameters(notebook):
    """Return {name: (default, comment)} from the notebook's cell that is tagged `parameters`."""
    if notebook.suffix != ".ipynb" or not os.path.isfile(notebook):
        raise ValueError(f"NOTEBOOK must be an .ipynb file, found none at {str(notebook)!r}")
    try:
        found = papermill.inspect_notebook(str(notebook))
        if not found:
            raise ValueError("it has no cell that is tagged `parameters`, or none are set there")
        return {
            name: (ast.literal_eval(item["default"]), item["help"]) for name, item in found.items()
        }
    except Exception as error:  # an unrelated file can fail in any way
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        what = f"NOTEBOOK must have a parameters cell of literals, {str(notebook)!r}: {reason}"
        raise ValueError(what) from None


def check_parameters(defaults, given):
    """Turn (name, text) pairs into {name: value}, each of its default's type and in its range.

    Raises ValueError with one line that names the value, the allowed range and the fix.
    """
    parameters = {}
    for name, text in given:
        if name not in defaults:
            meant = OTHER_LIBRARIES_NAMES.get(name.lower(), name.lower())
            near = difflib.get_close_matches(meant, defaults, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ValueError(f"{name!r} is not a parameter; {hint}There are: {', '.join(defaults)}")
        parameters[name] = typed(text, defaults[name])
    settings = {item.name for item in fields(Config)}
    Config(**{name: value for name, value in parameters.items() if name in settings})
    for name, value in parameters.items():
        finite = type(value) is not float or math.isfinite(value)
        if not is_a(defaults[name], value) or not finite:
            raise ValueError(f"{name} must be {kind_of(defaults[name])}, got {value!r}")
    return parameters


def typed(text, default):
    """Read `text` as a value of the default's type; else return the closest reading of it."""
    if type(default) is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    readers = {int: (int, float), float: (float,)}.get(type(default), ())
    for read in readers:
        try:
            return read(text)
        except ValueError:
            continue
    return text
