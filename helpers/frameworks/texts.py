"""What can be read without running: the two programs' lines, and what a package is written in."""

import ast
import io
import tokenize
from importlib import metadata, util
from pathlib import Path

PROGRAMS = {"pytorch": "in_pytorch.py", "tensorflow": "in_tensorflow.py"}
SHOWN = ("network", "training_step")
KINDS = {  # by the end of a file's name
    "compiled": (".so", ".pyd", ".dll", ".dylib", ".a", ".lib"),
    "python": (".py", ".pyi"),
    "headers": (".h", ".hpp", ".hh", ".cuh", ".inc", ".inl"),
}


def sources():
    """{"pytorch": {"network": text, "training_step": text}, "tensorflow": {…}}.

    The texts are read, not imported: TensorFlow need not be installed.
    """
    found = {}
    for name, file in PROGRAMS.items():
        text = Path(__file__).with_name(file).read_text(encoding="utf-8")
        functions = {node.name: node for node in ast.parse(text).body if hasattr(node, "name")}
        found[name] = {each: ast.get_source_segment(text, functions[each]) for each in SHOWN}
    return found


def code_lines(text):
    """How many lines of a Python text hold code: no blank lines, no comments, no docstrings."""
    lines = set()
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent and token.type != tokenize.ENDMARKER:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings)


def written_in(module):
    """What the installed package of a module is made of; nothing is imported.

    Returns {"package": "torch 2.14.1", "bytes": {"compiled": …, "python": …, "headers": …,
    "other": …}, "files": {the same}, "largest": [[name, bytes], …]}, the three largest files.
    """
    (name,) = sorted(set(metadata.packages_distributions()[module]))[:1]
    package = metadata.distribution(name)
    sizes = {}
    for file in package.files:
        path = Path(package.locate_file(file))
        if path.is_file() and path.suffix != ".pyc":
            sizes[file] = path.stat().st_size
    size_of, files = dict.fromkeys([*KINDS, "other"], 0), dict.fromkeys([*KINDS, "other"], 0)
    for file, size in sizes.items():
        size_of[kind_of(file.name)] += size
        files[kind_of(file.name)] += 1
    largest = sorted(sizes, key=sizes.get, reverse=True)[:3]
    return {
        "package": f"{name.replace('_', '-')} {package.version}",
        "bytes": size_of,
        "files": files,
        "largest": [[file.name, sizes[file]] for file in largest],
    }


def kind_of(name):
    """compiled, python, headers or other; `libc10.so.1` is compiled too."""
    name = name.split(".so.")[0] + ".so" if ".so." in name else name
    return next((kind for kind, ends in KINDS.items() if name.endswith(ends)), "other")


def is_installed(module):
    """Whether a module could be imported; it is not."""
    return util.find_spec(module) is not None
