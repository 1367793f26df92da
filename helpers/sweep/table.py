"""The table of a sweep: sweep.csv, one row a run, and what its seeds have in common."""

import csv
import io
import statistics
import time
from pathlib import Path

from helpers.files import write_atomically
from helpers.sweep.runs import RESULTS
from helpers.sweep.settings import COUNTED

TABLE = "sweep.csv"
ENDED_WELL = ("finished", "early")


class Table:
    """The rows of a sweep, kept in a file while it goes on."""

    def __init__(self, folder, runs, configs, ended):
        self.folder, self.due = folder, 0.0
        self.names = [name for name in COUNTED if any(name in settings for settings in runs)]
        self.rows, self.places = [], {}
        for i, (run, config) in enumerate(configs.items()):
            self.places[run] = i
            settings = {name: getattr(config, name) for name in self.names}
            self.rows.append({"run": run, **settings, **dict.fromkeys(RESULTS), "state": "waiting"})
            if run in ended:
                self.rows[i] |= ended[run]

    def write(self):
        """Write the file as it is now."""
        write_table(self.rows, self.folder / TABLE)
        self.due = time.monotonic() + 5

    def add(self, run, result):
        """Fill in a run's row; write the file, at most every five seconds."""
        self.rows[self.places[run]] |= result
        if time.monotonic() > self.due:
            self.write()


def write_table(rows, path):
    """Write rows, dicts with the same keys, as CSV; numbers with all their digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(path, lambda file: file.write(text.getvalue().encode()))


def read_table(path):
    """Return the rows that `write_table` wrote: numbers as int or float, an empty cell as None."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [
            {name: value_of(name, text) for name, text in row.items()}
            for row in csv.DictReader(file)
        ]


def value_of(name, text):
    """The value of a cell."""
    if name in ("run", "reason"):
        return text
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text or None


def summarise(rows, names):
    """{settings without the seed: accuracies of its seeds}, None for a run that did not end well.

    The settings are a tuple of (name, value), those that vary.
    """
    varied = [name for name in names if name != "seed" and len({row[name] for row in rows}) > 1]
    found = {}
    for row in rows:
        setting = tuple((name, row[name]) for name in varied)
        good = row["state"] in ENDED_WELL
        found.setdefault(setting, []).append(row["valid_accuracy"] if good else None)
    return found


def best_of(summary):
    """(settings, accuracies) of the highest mean of those whose runs all ended well, or None."""
    whole = {setting: found for setting, found in summary.items() if None not in found}
    return max(whole.items(), key=lambda item: statistics.fmean(item[1]), default=None)


def in_words(setting):
    """A setting for a person: "lr 0.1, batch_size 64"."""
    return ", ".join(f"{name} {value}" for name, value in setting) or "this setting"
