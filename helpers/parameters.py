"""The parameters of a notebook: read its cell, and check what someone asks for."""

import ast
import difflib
import math
import os
from dataclasses import fields

from helpers.config import Config, is_a, kind_of

OTHER_LIBRARIES_NAMES = {"learning_rate": "lr", "epochs": "num_epochs", "hidden": "hidden_size"}


def read_parameters(notebook):
    """Return {name: (default, comment)} from the notebook's cell that is tagged `parameters`."""
    if notebook.suffix != ".ipynb" or not os.path.isfile(notebook):
        raise ValueError(f"NOTEBOOK must be an .ipynb file, found none at {str(notebook)!r}")
    import nbformat  # takes a second, which checks of settings alone need not wait for
    from papermill.translators import PythonTranslator

    try:
        cells = nbformat.read(notebook, as_version=4).cells
        tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
        found = PythonTranslator.inspect(tagged[0]) if tagged else []
    except Exception as error:  # an unrelated file can fail in any way
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"NOTEBOOK {str(notebook)!r} cannot be read: {reason}") from None
    if not found:
        what = f"NOTEBOOK {str(notebook)!r} has no cell that is tagged `parameters`"
        raise ValueError(f"{what}, or none are set there; tag it, one `name = value` a line")
    return {item.name: (plain_value(item), item.help) for item in found}


def plain_value(parameter):
    """The default of a parameter. Raises ValueError if it is not a plain number, text or list."""
    try:
        return ast.literal_eval(parameter.default)
    except (ValueError, SyntaxError):
        what = f"{parameter.name} must be a plain number, text, True, False or a list"
        raise ValueError(f"{what}, the parameters cell has {parameter.default!r}") from None


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
