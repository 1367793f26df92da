"""Files that are whole or not there: written beside their place, then moved into it."""

import json
import os
from pathlib import Path


def write_whole(path, write):
    """Call `write(file)` on a new binary file, then move it to `path` in one step.

    An interruption leaves the old file, or none: never a half-written one.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(unfinished, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def save_json(values, path):
    """Save a dict of plain values as JSON that a person can read. NaN raises ValueError."""
    text = json.dumps(values, indent=2, allow_nan=False) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))
