"""Files that are whole or not there: written beside their place, then moved into it."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PROJECT = Path(__file__).resolve().parent.parent
OWN = ("notebooks", "helpers", "data", "tests", ".git", ".ci", ".venv")


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


def clear_unfinished(path):
    """Remove what killed processes left of `path` half-written. Nobody may be writing it now."""
    for unfinished in Path(path).parent.glob(f".{Path(path).name}.*"):
        unfinished.unlink()


def save_json(values, path):
    """Save a dict of plain values as JSON that a person can read. NaN raises ValueError."""
    text = json.dumps(values, indent=2, allow_nan=False) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))


def check_run_dir(run_dir):
    """Raise ValueError if files written to `run_dir` could replace the project's own."""
    try:
        folder = Path(run_dir).expanduser().resolve()
    except (ValueError, RuntimeError, OSError) as error:
        raise ValueError(f"run_dir must be a folder's name, got {run_dir!r}: {error}") from None
    inside = folder.relative_to(PROJECT).parts if folder.is_relative_to(PROJECT) else ("elsewhere",)
    if run_dir and (not inside or inside[0] in OWN):
        what = f"run_dir must be a folder outside of the project's own, got {run_dir!r}"
        raise ValueError(f"{what}; try {str(PROJECT / 'runs' / 'my-run')!r}")


@contextmanager
def lock(folder, name=".lock", seconds=10):
    """Keep other processes that lock `folder` by this name out, for as long as the block runs.

    Waits up to `seconds` for a run that is ending; then raises ValueError. The lock of a killed
    process is free at once.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(Path(folder, name), timeout=seconds):
            yield
    except Timeout:
        what = f"{str(folder)!r} is in use by another run"
        raise ValueError(f"{what}; wait for its end, or choose another run_dir") from None
