"""Build the site from what is committed: python site/build.py FOLDER

Nothing is executed. For each language that has words (en.toml), sources are written in the shape
of the repository, so that its links lead on, and Sphinx turns them into FOLDER/<language>. A
warning is an error, and so is a link that leads nowhere.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import distribution
from pathlib import Path

from archive import pack
from front import make_front
from page import make_page
from touch import FRAMES
from words import read

ROOT = Path(__file__).resolve().parent.parent


def main(folder):
    """Build all languages."""
    for path in sorted((ROOT / "site").glob("*.toml")):
        with tempfile.TemporaryDirectory() as work:
            build(path.stem, Path(work), Path(folder).resolve() / path.stem)
        print(f"Built the site: open {folder}/{path.stem}/index.html")


def build(language, work, out):
    """Write the sources, run Sphinx, add what it leaves out."""
    words, source = read(language), work / "source"
    notebooks = write_sources(source, words)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--quiet"]
    command += ["-c", str(ROOT / "site"), "-d", str(work / "doctrees")]
    environment = os.environ | {"SITE_LANGUAGE": language, "PYTHONWARNINGS": "default"}
    made = work / "made"  # not `out`: myst-nb writes copies of the notebooks beside it
    subprocess.run([*command, str(source), str(made)], check=True, env=environment)
    for path in notebooks:
        shutil.copy(path, made / words["notebooks"])
    copy_mathjax(made / "_static" / "mathjax")
    shutil.copytree(FRAMES, made / "_frames", ignore=shutil.ignore_patterns("*.json"))
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(made, out)


def write_sources(source, words):
    """Write all that Sphinx reads; return the paths of the notebooks."""
    for name in ("docs", "data", "helpers"):
        ignore = shutil.ignore_patterns("__pycache__", "*.gz", "*.json", "*.npz", "raw")
        shutil.copytree(ROOT / name, source / name, ignore=ignore)
    shutil.copy(ROOT / "LICENSE", source)
    paths = sorted((ROOT / words["notebooks"]).glob("*.ipynb"))
    stored = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    readme = (ROOT / words["readme"]).read_text(encoding="utf-8")
    size = pack(ROOT, source / words["archive"])
    words = words | {"all": words["all"].format(megabytes=round(size / 1e6))}
    text, covers = make_front(readme, stored, words)
    (source / "index.md").write_text(text, encoding="utf-8")
    for folder in ("_covers", words["notebooks"]):
        (source / folder).mkdir(parents=True)
    for name, picture in covers.items():
        (source / "_covers" / name).write_bytes(picture)
    for number, (name, notebook) in enumerate(stored.items(), 1):
        page = json.dumps(make_page(notebook, name, number, len(paths), words))
        (source / words["notebooks"] / f"{name}.ipynb").write_text(page, encoding="utf-8")
    return paths


def copy_mathjax(target):
    """The one file that sets formulas, and its fonts, out of 24 MB."""
    found = distribution("sphinx-mathjax-offline")
    mathjax = Path(found.locate_file("sphinx-mathjax-offline/static/mathjax"))
    target.mkdir(parents=True)
    shutil.copy(mathjax / "tex-chtml.js", target)
    fonts = Path("output", "chtml", "fonts", "woff-v2")
    shutil.copytree(mathjax / fonts, target / fonts)


if __name__ == "__main__":
    main(sys.argv[1])
