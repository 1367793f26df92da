"""Build the site from what is committed: python site/build.py [language]

Nothing is executed. A folder of sources is made first, in the shape of the repository so that its
links lead on; Sphinx turns it into build/site/<language>. A warning, and so a link that leads
nowhere, is an error.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from front import make_front
from page import make_page
from words import read

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "site"


def main(language="en"):
    """Make the sources, run Sphinx, add what it leaves out."""
    words, source, out = read(language), BUILD / "source" / language, BUILD / language
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    notebooks = write_sources(source, words)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--quiet", "-E"]
    command += ["-c", str(ROOT / "site"), "-d", str(BUILD / "doctrees" / language)]
    environment = os.environ | {"SITE_LANGUAGE": language, "PYTHONWARNINGS": "default"}
    subprocess.run([*command, str(source), str(out)], check=True, env=environment)
    for path in notebooks:
        shutil.copy(path, out / words["notebooks"])
    copy_mathjax(out / "_static" / "mathjax")
    shutil.rmtree(BUILD / "jupyter_execute", ignore_errors=True)  # myst-nb's own copies
    print(f"The site is in {out.relative_to(ROOT)}: open {out.relative_to(ROOT)}/index.html")


def write_sources(source, words):
    """Write all that Sphinx reads; return the paths of the notebooks."""
    for name in ("docs", "data", "helpers"):
        ignore = shutil.ignore_patterns("__pycache__", "*.gz", "*.json", "*.npz", "raw")
        shutil.copytree(ROOT / name, source / name, ignore=ignore)
    shutil.copy(ROOT / "LICENSE", source)
    paths = sorted((ROOT / words["notebooks"]).glob("*.ipynb"))
    stored = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    readme = (ROOT / words["readme"]).read_text(encoding="utf-8")
    text, covers = make_front(readme, stored, words)
    (source / "index.md").write_text(text, encoding="utf-8")
    for folder in ("_covers", words["notebooks"]):
        (source / folder).mkdir(parents=True)
    for name, picture in covers.items():
        (source / "_covers" / name).write_bytes(picture)
    for number, (name, notebook) in enumerate(stored.items(), 1):
        page = json.dumps(make_page(notebook, name, number, len(paths), words))
        (source / words["notebooks"] / f"{name}.ipynb").write_text(page, encoding="utf-8")
    pack(source / words["archive"])
    return paths


def pack(target):
    """Put the tracked files into one archive, so that a reader of the site can run the series."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in listing.stdout.splitlines():
            entry = zipfile.ZipInfo(f"{target.stem}/{name}")  # without a date
            archive.writestr(entry, (ROOT / name).read_bytes(), zipfile.ZIP_DEFLATED)


def copy_mathjax(target):
    """The one file that sets formulas, and its fonts, out of 24 MB."""
    found = distribution("sphinx-mathjax-offline")
    mathjax = Path(found.locate_file("sphinx-mathjax-offline/static/mathjax"))
    target.mkdir(parents=True)
    shutil.copy(mathjax / "tex-chtml.js", target)
    fonts = Path("output", "chtml", "fonts", "woff-v2")
    shutil.copytree(mathjax / fonts, target / fonts)


if __name__ == "__main__":
    main(*sys.argv[1:])
