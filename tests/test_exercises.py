"""Exercises: a stub is not attempted, a solution is right, a mistake gets a hint of its own."""

import importlib
import re

import pytest
from committed import NOTEBOOKS, code_cells, exercises

from helpers.exercises import Verdict, checker, expect

EXERCISES = {
    (name, cell.source.splitlines()[-1].strip()): (cell, solution)
    for name, notebook in NOTEBOOKS.items()
    for cell, solution in exercises(notebook)
}
each_exercise = pytest.mark.parametrize(("notebook", "call"), EXERCISES)


def topic(notebook):
    """05_train_mnist → train_mnist, the name of its checkers' module and its wrong answers'."""
    return re.sub(r"^[0-9]+_", "", notebook)


def verdict_of(notebook, call, answer):
    """Run the notebook's own imports, then `answer`, then the checker's call."""
    imports = "\n".join(
        line
        for cell in code_cells(NOTEBOOKS[notebook])
        for line in cell.source.splitlines()
        if re.match(r"(import|from) ", line)
    )
    scope = {}
    exec(f"{imports}\n{answer}", scope)
    return eval(call, scope)


@each_exercise
def test_the_stub_says_not_attempted_yet(notebook, call):
    cell, _ = EXERCISES[notebook, call]
    verdict = verdict_of(notebook, call, cell.source.removesuffix(call))
    assert verdict.status == "not attempted"
    assert "Not attempted yet" in cell.outputs[0].data["text/plain"]


@each_exercise
def test_the_folded_solution_is_right(notebook, call):
    _, solution = EXERCISES[notebook, call]
    assert solution, "no solution in a <details> block under the exercise"
    verdict = verdict_of(notebook, call, solution)
    assert verdict.status == "right", verdict


@pytest.mark.filterwarnings("ignore:Using backward")  # one mistake is to do so
@each_exercise
def test_likely_mistakes_are_turned_down_each_with_its_own_hint(notebook, call):
    wrong = importlib.import_module(f"wrong_answers.{topic(notebook)}").WRONG_ANSWERS[call]
    assert len(wrong) >= 3
    hints = set()
    for mistake, (answer, part) in wrong.items():
        verdict = verdict_of(notebook, call, answer)
        assert verdict.status == "wrong", mistake
        assert part in verdict.message, f"{mistake}: {verdict.message}"
        hints.add(verdict.message)
    assert len(hints) == len(wrong), "two mistakes share a hint"


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_checker_is_used(notebook):
    used = {call.split("(")[0].split(".")[1] for name, call in EXERCISES if name == notebook}
    module = importlib.import_module(f"helpers.exercises.{topic(notebook)}")
    there = {name for name, value in vars(module).items() if hasattr(value, "__wrapped__")}
    assert used == there


def test_a_checker_tells_the_four_cases_apart():
    @checker("Right.")
    def doubled(answer):
        expect(answer(2) == 4, "Twice 2 is 4.")

    assert doubled(lambda x: 2 * x) == Verdict("right", "Right.")
    assert doubled(lambda x: x) == Verdict("wrong", "Twice 2 is 4.")
    assert doubled(lambda x: ...).status == "not attempted"
    assert "None" in doubled(lambda x: None).message
    assert "ZeroDivisionError" in doubled(lambda x: x / 0).message
    assert repr(doubled(lambda x: x)) == "✗ Twice 2 is 4."
