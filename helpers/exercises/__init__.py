"""How the exercises check themselves: right, wrong with a hint, or not attempted yet.

A checker calls the reader's answer on inputs and says what it expects of the results. Give each
argument at least two values, or an answer that ignores it is accepted:

    @checker("Right: each row counts once.")
    def mean_of_rows(answer):
        found = answer(X)
        expect(torch.is_tensor(found), "Return a tensor.")
        mistakes = {"Divide by the number of rows.": X.sum(dim=0)}
        compare(found, X.mean(dim=0), mistakes, "That is not the mean of the rows.")
        (more,) = drawn((7, 2))
        hint = "It goes wrong for 7 rows of 2: does your code assume a size?"
        expect(close(answer(more), more.mean(dim=0)), hint)

A stub that still returns `...` counts as not attempted. For a whole class's notebooks there is
`python -m helpers.exercises FOLDER`.
"""

import functools
from dataclasses import dataclass

import torch


class NotAttempted(Exception):
    """The answer is still the stub."""


class Wrong(Exception):
    """The answer is wrong; the text is the hint."""


MARKS = {"right": "✓", "wrong": "✗", "not attempted": "○"}


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a checker returns; notebooks show it as one line of text."""

    status: str  # one of MARKS
    message: str

    def __repr__(self):
        return f"{MARKS[self.status]} {self.message}"


def expect(condition, hint):
    """Raise Wrong(hint) unless `condition` holds; `hint` names the likely mistake."""
    if not condition:
        raise Wrong(hint)


def compare(found, right, mistakes, otherwise):
    """Raise Wrong unless `found` is `right`.

    The hint is the first one of `mistakes`, {hint: what this mistake leads to}, whose value was
    found, and `otherwise` if none was.
    """
    if not close(found, right):
        hints = (hint for hint, wrong in mistakes.items() if close(found, wrong))
        raise Wrong(next(hints, otherwise))


def close(found, wanted):
    """Does `found` have the shape of `wanted` and, to four digits, its values?"""
    found, wanted = torch.as_tensor(found).double(), torch.as_tensor(wanted).double()
    return found.shape == wanted.shape and torch.allclose(found, wanted, rtol=1e-4)


def drawn(*shapes):
    """A float64 tensor of normal random numbers for each shape, the same ones each time."""
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def try_out(answer, *args):
    """What the answer returns, or an empty tensor if it raises an error: then a hint follows."""
    try:
        return answer(*args)
    except (RuntimeError, LookupError, ArithmeticError):
        return torch.empty(0)


def try_sizes(answer, gradient):
    """Ask answer(logits, y) for batches that are not square; `gradient(logits, Y)` is right."""
    two = "With 2 samples, labels 0 and 1, it goes wrong: logits.shape tells the number of classes."
    five = "With 5 samples and 4 classes it goes wrong: does your code assume 3 classes?"
    for samples, classes, hint in ((2, 3, two), (5, 4, five)):
        (logits,), y = drawn((samples, classes)), torch.tensor([0, 1, 2, 1, 0])[:samples]
        Y = torch.eye(classes, dtype=torch.float64)[y]
        expect(close(try_out(answer, logits, y), gradient(logits, Y)), hint)


def checker(praise):
    """Turn a function that expects things of the reader's answer into one that gives a Verdict."""

    def decorate(check):
        @functools.wraps(check)
        def verdict(answer):
            try:
                with torch.random.fork_rng(devices=[]):
                    check(_watched(answer))
            except NotAttempted as state:
                stub = "Not attempted yet: replace the ... and run the cell again."
                return Verdict("not attempted", str(state) or stub)
            except Wrong as hint:
                return Verdict("wrong", str(hint))
            except (Exception, SystemExit) as error:  # exit() in an answer is its mistake, too
                raised = f"{type(error).__name__}: {error}"
                if getattr(error, "from_answer", False):
                    return Verdict("wrong", f"Your code raised {raised}")
                return Verdict(
                    "wrong",
                    "Your code ran, but what it returns can't be checked. Does it have the type "
                    f"and the shape that the docstring asks for? The check stopped with {raised}",
                )
            return Verdict("right", praise)

        return verdict

    return decorate


def _watched(answer):
    """Wrap the reader's function to tell a stub, a missing `return` and its errors apart.

    It gets copies of tensors, so that it can't change what the checker compares with.
    """

    @functools.wraps(answer)
    def call(*args):
        given = [arg.clone() if torch.is_tensor(arg) else arg for arg in args]
        try:
            result = answer(*given)
        except (Exception, SystemExit) as error:
            error.from_answer = True
            raise
        parts = result if isinstance(result, tuple | list) else [result]
        if any(part is ... for part in parts):
            raise NotAttempted
        for arg, mine in zip(args, given, strict=True):
            if torch.is_tensor(arg):
                expect(
                    not mine.requires_grad,
                    "You set requires_grad on the caller's tensor: work on a clone that requires "
                    "grad.",
                )
                expect(
                    torch.equal(mine, arg),
                    "You changed the caller's tensor in place: work on a clone.",
                )
        expect(result is not None, "Your function returns None: is a return missing?")
        return result

    return call
