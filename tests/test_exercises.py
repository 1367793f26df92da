"""Exercises: a stub is not attempted, a solution is right, a mistake gets a hint of its own."""

import importlib

import pytest
import torch
from stored_notebooks import NOTEBOOKS, exercises, visible

from helpers.exercises import Verdict, Wrong, checker, compare, expect

EXERCISES = {
    (name, cell.source.splitlines()[-1].strip()): (cell, solution)
    for name, notebook in NOTEBOOKS.items()
    for cell, solution in exercises(notebook)
}
each_exercise = pytest.mark.parametrize(("notebook", "call"), EXERCISES)


def answers(notebook):
    """The module with right and wrong answers to a page's exercises, named like its checkers'."""
    return importlib.import_module(f"wrong_answers.{notebook[3:]}")


def verdict_of(notebook, call, answer):
    """Run the page's imports, its first visible cell, then `answer`, then the checker's call."""
    scope = {}
    exec(f"{visible(NOTEBOOKS[notebook])[0].source}\n{answer}", scope)
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
    wrong = answers(notebook).WRONG_ANSWERS[call]
    assert len(wrong) >= 3
    hints = set()
    for mistake, (answer, part) in wrong.items():
        verdict = verdict_of(notebook, call, answer)
        assert verdict.status == "wrong", mistake
        assert part in verdict.message, f"{mistake}: {verdict.message}"
        hints.add(verdict.message)
    assert len(hints) == len(wrong), "two mistakes share a hint"


@each_exercise
def test_another_right_answer_is_right(notebook, call):
    verdict = verdict_of(notebook, call, answers(notebook).RIGHT_ANSWERS[call])
    assert verdict.status == "right", verdict


def test_compare_gives_the_first_hint_that_fits():
    mistakes = {"Not squared.": 2.0, "Doubled.": 4.0, "Forgotten.": 2.0}
    compare(4.0, 4.0, mistakes, "Something else.")
    for found, hint in [(2.0, "Not squared."), (3.0, "Something else."), ([2.0], "Something")]:
        with pytest.raises(Wrong, match=hint):
            compare(found, 4.0, mistakes, "Something else.")


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


def test_the_checker_does_not_blame_the_answer_for_its_own_error():
    @checker("Right.")
    def doubled(answer):
        expect(answer(2) + 0 == 4, "Twice 2 is 4.")

    assert doubled(lambda x: 1 / 0).message.startswith("Your code raised ZeroDivisionError")
    message = doubled(lambda x: "four").message
    assert message.startswith("Your code ran") and "TypeError" in message
    assert doubled(lambda x: (x, ...)).status == "not attempted"


def test_an_answer_cannot_spoil_what_the_next_one_gets():
    given, before = torch.ones(2), torch.get_rng_state()

    @checker("Right.")
    def doubled(answer):
        torch.rand(1)
        expect(torch.equal(answer(given), torch.full((2,), 2.0)), "Twice 1 is 2.")

    assert "in place" in doubled(lambda x: x.mul_(2)).message
    assert "requires_grad" in doubled(lambda x: x.requires_grad_() * 2).message
    assert doubled(lambda x: 2 * x).status == "right"
    assert torch.equal(torch.get_rng_state(), before)
