"""Read committed files, verified; write files atomically, first beside them, then renamed."""

import gzip
import hashlib
import io
import json
import os
import zipfile
import zlib
from pathlib import Path

import torch

PROJECT = Path(__file__).resolve().parent.parent


def read_verified(path, expected):
    """Return the uncompressed bytes of a .gz file if their SHA-256 is `expected`.

    Raises FileNotFoundError if the file is missing, ValueError if its bytes are others.
    """
    fix = "run `git checkout -- data`, or set data_dir to a folder that holds the same files"
    try:
        packed = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        message = f"{path} is missing (SHA-256 of its uncompressed bytes: {expected}); {fix}"
        raise FileNotFoundError(message) from None
    try:
        unpacked = gzip.decompress(packed)
        found = hashlib.sha256(unpacked).hexdigest()
    except (OSError, EOFError, zlib.error):
        found = f"{hashlib.sha256(packed).hexdigest()} for a file that is not complete gzip"
    if found != expected:
        raise ValueError(f"{path} is damaged: expected SHA-256 {expected}, found {found}; {fix}")
    return unpacked


def write_atomically(path, write):
    """Call `write(file)` on a temporary binary file, then rename that to `path` in one step.

    An interruption leaves the old file or none, never a half-written one. Two processes that may
    write the same file need a lock (see `training.run_folder.lock`).
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
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
    write_atomically(path, lambda file: file.write(text.encode()))


def save_tensors(state, path):
    """Save `state` with `torch.save`: tensors, numbers, text, and lists and dicts of them."""
    buffer = io.BytesIO()  # on a full disk torch.save itself would not say so clearly
    torch.save(state, buffer)
    write_atomically(path, lambda file: file.write(buffer.getbuffer()))


def load_tensors(path):
    """Return what `save_tensors` wrote, with its tensors on the CPU.

    Raises ValueError if the file is damaged or unrelated, FileNotFoundError if there is none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if damaged := archive.testzip():
                raise ValueError(f"checksum of {damaged}")
        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception:  # a damaged file can fail in any way
        what = f"{path} is not a complete checkpoint"
        raise ValueError(f"{what}; move it aside and run again") from None
