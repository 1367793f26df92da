"""The words that the site adds, one file a language."""

import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def read(language):
    """What `<language>.toml` says, and as "title" the first line of the language's README."""
    words = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    readme = (HERE.parent / words["readme"]).read_text(encoding="utf-8")
    return words | {"title": readme.split("\n", 1)[0].removeprefix("# ")}
