"""Grade notebooks: which answers are right, which are wrong, which were not attempted?

    python -m helpers.exercises FOLDER [--csv FILE] [--seconds N]

FOLDER holds copies of this series' pages with students' answers, under any name and at any depth.

This runs students' code on this machine, with your rights: use it only where you would run their
notebooks. Exit codes: 0 done, 2 a wrong command.
"""

import csv
import io
import sys
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import click

from helpers.exercises import MARKS
from helpers.exercises.grading import OTHER, checkers, grade, read
from helpers.files import write_atomically


@click.command(help="Print which answers in FOLDER's notebooks are right. It runs students' code!")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Also write a CSV file.")
@click.option("--seconds", default=60, show_default=True, help="Time limit of a notebook.")
def main(folder, file, seconds):
    """Print each row as soon as it is known; write the CSV file at the end."""
    found = sorted(folder.rglob("*.ipynb"))
    paths = [path for path in found if path.parent.name != ".ipynb_checkpoints"]
    if not paths:
        fail(f"FOLDER must be a folder with notebooks, found none in {str(folder)!r}")
    if seconds < 1:
        fail(f"--seconds must be at least 1, got {seconds}")
    if file and (file.is_dir() or not file.absolute().parent.is_dir()):
        fail(f"--csv must be a file in a folder that exists, got {str(file)!r}")
    copies = sorted(((*read(path), name(path, folder)) for path in paths), key=itemgetter(0))
    width = max(len(text) for page, _, notebook in copies for text in (page, notebook))
    rows = [("notebook", "exercise", "status")]
    for page, group in groupby(copies, key=itemgetter(0)):
        titles = [] if page == OTHER else [*checkers(page), "right"]
        click.echo("  ".join([page.ljust(width), *titles]).rstrip())
        for _, cells, notebook in group:
            statuses = grade(page, cells, seconds)
            click.echo(f"{notebook:{width}}  {marks(statuses)}")
            rows += [(notebook, exercise, status) for exercise, status in statuses.items()]
        click.echo()
    if file:
        write(file, rows)


def fail(message):
    """End with one line that says what is wrong."""
    click.echo(message, err=True)
    sys.exit(2)


def name(path, folder):
    """The path below the folder, with / on every system."""
    return path.relative_to(folder).as_posix()


def marks(statuses):
    """One notebook's row: a mark below each exercise and a sum, or what went wrong with it."""
    if "" in statuses:
        return statuses[""]
    right = list(statuses.values()).count("right")
    row = [MARKS[status].ljust(len(exercise)) for exercise, status in statuses.items()]
    return "  ".join([*row, f"{right} of {len(row)}"])


def write(file, rows):
    """Write the CSV file in one step: an interruption leaves the old one."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    write_atomically(file, lambda part: part.write(text.getvalue().encode()))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # marks and names, into a file on Windows too
    main()
