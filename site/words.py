"""The words that the site adds, one file a language."""

import tomllib
from pathlib import Path


def read(language):
    """What `<language>.toml` says: texts, and where the language's notebooks and README are."""
    path = Path(__file__).with_name(f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
