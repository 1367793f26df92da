"""Specimens differ from the healthy run as they say, and the stored score is that of the page."""

import importlib
import json

import pytest
from stored_notebooks import NOTEBOOKS, ROOT

from helpers import plots, specimens

ALL = [*specimens.BUGS, *specimens.HEALTHY, *specimens.COUSINS, *specimens.STRANGERS]


def test_the_healthy_run_learns_and_its_seed_decides_everything():
    first, again = (specimens.watch.__wrapped__(specimens.make, 3, 60) for _ in range(2))
    assert first == again
    assert sum(first.losses[-10:]) / 10 < 0.8 < 2 < first.losses[0]
    assert first.reports[-1][1] > 0.8 and first.one_batch[-1] < 0.1
    assert specimens.watch(specimens.make, 4, 60).losses != first.losses


@pytest.mark.parametrize("name", ALL)
def test_a_specimen_is_the_healthy_run_but_for_the_lines_that_are_shown(name):
    shown = specimens.difference(name).splitlines()
    removed = {line[2:] for line in shown if line[0] == "-"}
    added = {line[2:] for line in shown if line[0] == "+"}
    before = [line.strip() for line in specimens.SOURCE]
    after = [line.strip() for line in specimens.text_of(name)]
    assert shown and sorted(set(before) - set(after)) == sorted(removed)
    assert set(after) - set(before) == added
    run = specimens.specimen(name)(0)
    assert next(iter(run.train_loader))[0].shape[1:] == (1, 28, 28)


def test_each_bug_is_one_line_and_has_a_fix():
    for bug in specimens.BUGS:
        signs = "".join(line[0] for line in specimens.difference(bug).splitlines())
        assert signs in ("-+", "-"), bug
    assert {*specimens.BUGS} < {*specimens.FIXES}
    assert {*specimens.DIAGNOSES} == {*specimens.COUSINS, *specimens.STRANGERS}
    assert not {*specimens.HEALTHY} & {*specimens.BUGS, *specimens.DIAGNOSES}


def test_an_unknown_specimen_is_named_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"name must be one of inputs not scaled, .*, got 'flu'"):
        specimens.specimen("flu")


@pytest.fixture(scope="module")
def score(tmp_path_factory):
    """The program that keeps the score, and what it has stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tools" / "benchmarks")
        program = importlib.import_module("diagnose")
    return program, json.loads(program.FILE.read_text(encoding="utf-8"))


def test_the_stored_score_comes_from_the_page_s_probes(score):
    """A few answers are computed again: a bug, a healthy run, a cousin and a stranger."""
    program, stored = score
    page = program.page()
    assert stored["probes"] == list(page["PROBES"]) and stored["seeds"] == list(program.SEEDS)
    assert {p.bug for p in page["PROBES"].values()} == {*specimens.FIXES}
    for group, names in program.GROUPS.items():
        assert stored["answers"][group].keys() == names.keys()
        name = list(names)[-1]
        seed = stored["seeds"][0]
        found = page["diagnose"](specimens.specimen(name), seed).name
        assert found == stored["answers"][group][name][0], name
    assert all(stored["right"][name] == program.right(name) for name in ALL)


@pytest.mark.parametrize("bug", ["softmax twice", "no zero_grad", "averages averaged"])
def test_the_stored_alarms_come_from_the_page_s_probes(score, bug):
    program, stored = score
    page = program.page()
    assert {p.bug for p in page["PROBES"].values()} == stored["fires"].keys()
    seeds = stored["seeds"][:1]
    found = program.alarms(page, specimens.specimen(bug), seeds)
    always = {name for name, count in stored["fires"][bug].items() if count == 10}
    assert always <= found.keys() <= stored["fires"][bug].keys()


def test_the_page_says_what_is_stored(score):
    _, stored = score
    text = "".join(
        output.get("text", "")
        for cell in NOTEBOOKS["07_diagnose"].cells
        if cell.id == "score-table"
        for output in cell.outputs
    )
    for group, rows in stored["answers"].items():
        hits = sum(row.count(stored["right"][name]) for name, row in rows.items())
        assert f"{group:9} {hits:3} of {sum(map(len, rows.values()))} right" in text


def test_margins_are_drawn_with_their_extremes_in_words():
    margins = {"first": ([0.5, 0.0], [2.0, float("inf")]), "second": ([], [3.0])}
    ax = plots.draw_margins(margins, title="Two rows")
    said = "first: healthy at most 0.5, sick at least 2; second: healthy at most none"
    assert ax.get_label().startswith("Two rows.") and said in ax.get_label()
    xs = [x for line in ax.lines[:2] for x in line.get_xdata()]
    assert xs == [0.5, 1e-3, 2.0, 1e3], "what lies outside is drawn at the ends"
    plots.style.plt.close(ax.figure)
