"""What tests of the command line share: is it one line, a small notebook, the command itself."""

import nbformat
from click.testing import CliRunner

from helpers import run


def one_line(message):
    """Is this a message for a person: one line of bearable length?"""
    text = str(message).strip()
    return "\n" not in text and 10 < len(text) < 400 and "Traceback" not in text


def small_notebook(path, *sources):
    """Write a notebook of these code cells, the first one tagged `parameters`."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def command(*arguments):
    """Run the command line in this process: exit code, stdout and stderr."""
    done = CliRunner().invoke(run.main, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr
