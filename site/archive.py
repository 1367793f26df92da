"""The series in one file, so that a reader of the site can run it."""

import subprocess
import zipfile
from pathlib import Path


def pack(root, target):
    """Put the series into one archive, with which a reader can run it; return its size."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in filter(Path.is_file, tracked(root)):
            entry = zipfile.ZipInfo(f"{target.stem}/{path.relative_to(root)}")  # without a date
            entry.external_attr = path.stat().st_mode << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target.stat().st_size


def tracked(root):
    """The paths that git tracks; in an unpacked archive, all but those that were made there."""
    if (root / ".git").exists():
        listing = subprocess.run(["git", "ls-files"], cwd=root, stdout=subprocess.PIPE, check=True)
        return [root / name for name in listing.stdout.decode().splitlines()]
    made = ("build", "runs", ".venv", ".venv-site")
    folders = (path for path in sorted(root.iterdir()) if path.name not in made)
    paths = (path for folder in folders for path in (folder, *sorted(folder.rglob("*"))))
    return [path for path in paths if "__pycache__" not in path.parts]
