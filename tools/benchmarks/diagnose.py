"""Keep the score of notebook 07's `diagnose`, with the page's own cells: minutes of CPU time.

    python tools/benchmarks/diagnose.py

Writes tools/benchmarks/diagnose.json: what `diagnose` answered for each specimen and seed, and
which probes raise an alarm for each bug.
"""

import json
from functools import partial

import nbformat

from helpers import specimens
from helpers.files import PROJECT

PAGE = PROJECT / "notebooks" / "07_diagnose.ipynb"
FILE = PROJECT / "tools" / "benchmarks" / "diagnose.json"
SEEDS = range(200, 210)  # none of them was looked at while the bounds were set
NEEDED = "imports parameters smooth samples compare-setup in-eval step-tools modes"
NEEDED = [*NEEDED.split(), "reports", "on-one-batch", "diagnosis", "train-few", "diagnose"]
GROUPS = {"bugs": specimens.BUGS, "healthy": specimens.HEALTHY}
GROUPS |= {"cousins": specimens.COUSINS, "strangers": specimens.STRANGERS}


def page():
    """The names that the cells of the page up to `diagnose` define; what they print is dropped."""
    scope = {}
    for cell in nbformat.read(PAGE, as_version=4).cells:
        defines = cell.id.startswith("probe-") and not cell.id.endswith(("-words", "-proof"))
        if cell.id in NEEDED or defines:
            lines = cell.source.splitlines()
            exec("\n".join(line for line in lines if not line.startswith("compare(")), scope)
    return scope


def right(name):
    """The answer that a specimen deserves."""
    if name in specimens.HEALTHY:
        return "healthy"
    return specimens.DIAGNOSES.get(name, name)


def alarms(scope, make, seeds):
    """{name of a probe: number of the runs make(seed) for which it raises an alarm}."""
    counts = dict.fromkeys(scope["PROBES"], 0)
    for seed in seeds:
        for name, probe in scope["PROBES"].items():
            value = probe.measure(partial(make, seed))
            counts[name] += value is not None and probe.margin(value) > 1
    return {name: count for name, count in counts.items() if count}


def main():
    scope = page()
    probes = scope["PROBES"].values()
    answers = {
        group: {
            name: [scope["diagnose"](specimens.specimen(name), seed).name for seed in SEEDS]
            for name in names
        }
        for group, names in GROUPS.items()
    }
    found = {
        "seeds": list(SEEDS),
        "probes": list(scope["PROBES"]),
        "right": {name: right(name) for names in GROUPS.values() for name in names},
        "answers": answers,
        "fires": {p.bug: alarms(scope, scope["specimen_of"](p.measure), SEEDS) for p in probes},
    }
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
