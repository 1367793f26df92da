"""How the exercises check themselves: right, wrong with a hint, or not attempted yet.

A checker is a function that calls the reader's answer on inputs and `expect`s the results:

    @checker("You divide by the number of samples.")
    def mean_loss(answer):
        expect(close(answer([4.0], [2]), torch.tensor(2.0)), "Divide by N.")

A stub that still returns `...` counts as not attempted.
"""

import functools
from dataclasses import dataclass

import torch


class NotAttempted(Exception):
    """The answer is still the stub."""


class Wrong(Exception):
    """The answer is wrong; the text is the hint."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a checker returns; notebooks show it as one line of text."""

    status: str  # "right", "wrong" or "not attempted"
    message: str

    def __repr__(self):
        return {"right": "✓ ", "wrong": "✗ ", "not attempted": "○ "}[self.status] + self.message


def expect(condition, hint):
    """Unless `condition` holds, turn the answer down; `hint` names the likely mistake."""
    if not condition:
        raise Wrong(hint)


def close(found, wanted):
    """Has the found tensor the wanted one's shape and, within rounding, its values?"""
    found = torch.as_tensor(found)
    return found.shape == wanted.shape and torch.allclose(found.double(), wanted.double())


def checker(praise):
    """Make a function of the reader's answer, which expects things of it, return a `Verdict`."""

    def decorate(check):
        @functools.wraps(check)
        def verdict(answer):
            try:
                with torch.random.fork_rng(devices=[]):
                    check(_watched(answer))
            except NotAttempted:
                return Verdict(
                    "not attempted",
                    "Not attempted yet: replace the ... and run the cell again.",
                )
            except Wrong as hint:
                return Verdict("wrong", str(hint))
            except Exception as error:
                raised = f"{type(error).__name__}: {error}"
                if getattr(error, "from_answer", False):
                    return Verdict("wrong", f"Your code raised {raised}")
                return Verdict(
                    "wrong",
                    "Your code ran, but what it returns can't be checked. Has it the type and the "
                    f"shape that the docstring asks for? The check stopped with {raised}",
                )
            return Verdict("right", praise)

        return verdict

    return decorate


def _watched(answer):
    """Wrap the reader's function: a stub, a forgotten `return` and its errors are told apart.

    It gets copies of tensors, so that it can't spoil what the checker compares with.
    """

    @functools.wraps(answer)
    def call(*args):
        given = [arg.clone() if torch.is_tensor(arg) else arg for arg in args]
        try:
            result = answer(*given)
        except Exception as error:
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
