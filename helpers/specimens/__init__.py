"""Training runs to examine: a healthy one, and copies of it in which lines differ."""

import difflib
from functools import cache
from pathlib import Path

from helpers.specimens import healthy
from helpers.specimens.changes import BUGS, HEALTHY
from helpers.specimens.digits import digits
from helpers.specimens.fixes import FIXES
from helpers.specimens.healthy import Net, Run, make
from helpers.specimens.others import COUSINS, DIAGNOSES, STRANGERS
from helpers.specimens.watch import watch

__all__ = [
    "BUGS",
    "COUSINS",
    "DIAGNOSES",
    "FIXES",
    "HEALTHY",
    "STRANGERS",
    "Net",
    "Run",
    "difference",
    "digits",
    "make",
    "specimen",
    "watch",
]

CHANGES = {**BUGS, **HEALTHY, **COUSINS, **STRANGERS}
SOURCE = Path(healthy.__file__).read_text(encoding="utf-8").splitlines()


def text_of(name):
    """The lines of the healthy run's file with those of the specimen `name` in it."""
    if name not in CHANGES:
        raise ValueError(f"name must be one of {', '.join(CHANGES)}, got {name!r}")
    lines = list(SOURCE)
    for old, new in CHANGES[name]:
        (place,) = [i for i, line in enumerate(lines) if line.strip() == old]
        indent = lines[place].removesuffix(old)
        lines[place : place + 1] = [indent + line for line in new.split("\n") if line]
    return lines


@cache
def specimen(name):
    """make(seed) as in the healthy run's file, after the lines of this specimen were put into it.

    Raises ValueError if there is no specimen of that name.
    """
    scope = dict(vars(healthy))
    exec("\n".join(text_of(name)), scope)  # so that what differs is what `difference` shows
    return scope["make"]


def difference(name):
    """The lines that differ: those of the healthy run after -, those of the specimen after +."""
    lines = difflib.ndiff(SOURCE, text_of(name))
    return "\n".join(f"{line[0]} {line[2:].strip()}" for line in lines if line[0] in "-+")
