"""Checkers for the exercises of notebook 04."""

import math

import torch

from helpers.exercises import checker, close, compare, drawn, expect, try_out


@checker("Right: all past gradients count, and each entry has its own divisor.")
def adagrad(answer):
    """answer(theta, g, state, lr, eps) returns the next theta and keeps its sum in state."""
    gradients = torch.tensor([[3.0, -0.1], [4.0, 0.2], [-2.0, 0.1]], dtype=torch.float64)
    start, lr, eps = torch.tensor([1.0, -2.0], dtype=torch.float64), 0.5, 0.25

    def places(theta, gradients, *settings):
        state, found = {}, []
        for g in gradients:
            theta = answer(theta, g, state, *settings)
            expect(torch.is_tensor(theta), f"Return the next theta, not {type(theta).__name__}.")
            found.append(theta)
        return torch.stack(found)

    def path(divisors):
        return start - (lr * gradients / divisors).cumsum(dim=0)

    squares = gradients.square()
    sums, common = squares.cumsum(dim=0), squares.sum(dim=1, keepdim=True).cumsum(dim=0)
    right = path(sums.sqrt() + eps)
    mistakes = {
        "The sign: step downhill.": path(-sums.sqrt() - eps),
        "Divide by the root of the sum.": path(sums + eps),
        "ε stands outside of the root.": path((sums + eps).sqrt()),
        "ε is missing: 0 / 0 is not a number.": path(sums.sqrt()),
        "Only the newest gradient counts: keep the sum in state from step to step.": (
            path(squares.sqrt() + eps)
        ),
        "Add the new g² first, then divide by the root.": path((sums - squares).sqrt() + eps),
        "All entries share one sum: keep a sum for each entry.": path(common.sqrt() + eps),
    }
    found = places(start, gradients, lr, eps)
    first = (
        "The first step is wrong: θ − α g / (√s + ε), where s starts at 0 and becomes g², "
        "with no weights."
    )
    later = "The later steps are wrong: s is the plain sum of all g²."
    compare(found, right, mistakes, later if close(found[:1], right[:1]) else first)
    for size, lr, eps, hint in (
        (2, 0.5, 0.25, "A second descent goes wrong: it has a state of its own, empty at first."),
        (3, 0.1, 0.25, "It goes wrong for another learning rate: use lr."),
        (3, 0.5, 1.0, "It goes wrong for another ε: use eps."),
    ):
        start, gradients = drawn((size,), (4, size))
        roots = gradients.square().cumsum(dim=0).sqrt()
        wanted = start - (lr * gradients / (roots + eps)).cumsum(dim=0)
        expect(close(places(start, gradients, lr, eps), wanted), hint)
    tiny, steps = torch.tensor([[0.0, 1e-10, 1.0], [0.0, 0.05, 0.1]], dtype=torch.float64)
    hint = "It goes wrong without eps: it is 1e-10 then, as the stub's first line says."
    expect(close(places(start, [tiny], 0.1)[0], start - steps), hint)


@checker("Right: the steepest direction decides.")
def largest_rate(answer):
    """answer(H) is 2 / (largest eigenvalue of the symmetric matrix H)."""

    def at(H):
        return float(answer(torch.as_tensor(H, dtype=torch.float64)))

    rate = at([[4, 2], [2, 7]])  # eigenvalues 3 and 8
    mistakes = {
        "That is the largest eigenvalue L: the rate is 2 / L.": 8.0,
        "1 / L is the rate that arrives in one step; at 2 / L it breaks.": 1 / 8,
        "You took the flattest direction: the steepest one breaks first.": 2 / 3,
        "The diagonal is not enough: directions between the axes are steeper.": 2 / 7,
        "The trace adds all eigenvalues up: take the largest.": 2 / 11,
        "That is the norm of all entries: take the largest eigenvalue.": 2 / math.sqrt(73),
        "The largest sum of a row is only a bound: take the largest eigenvalue.": 2 / 9,
    }
    compare(rate, 2 / 8, mistakes, f"For [[4, 2], [2, 7]] it is 2 / 8, not {rate:.6g}.")
    hint = "For [[7, 2], [2, 4]] it is 2 / 8 as well: eigvals does not sort, so take the largest."
    expect(close(at([[7, 2], [2, 4]]), 2 / 8), hint)
    hint = "For a diagonal of 1, 0.1 and 5 it is 2 / 5: eigenvalues come sorted, the largest last."
    expect(close(at([[1, 0, 0], [0, 0.1, 0], [0, 0, 5]]), 2 / 5), hint)
    Q, _ = torch.linalg.qr(*drawn((4, 4)))
    hint = "For a 4 × 4 matrix with the eigenvalues 0.1, 1, 4.5 and 5 it is 2 / 5."
    expect(close(at(Q * torch.tensor([4.5, 0.1, 5.0, 1.0]) @ Q.T), 2 / 5), hint)


@checker("Right: up in a line, down in half a wave.")
def warm_cosine(answer):
    """answer(t, lr, num_warm, total) is the rate of step t: warm-up, then half a cosine to 0."""

    def at(t, lr=2.0, num_warm=10, total=110):
        return float(answer(t, lr, num_warm, total))

    def wave(share):
        return 1 + math.cos(math.pi * share)

    mistakes = {
        "The first step stands still: begin with lr / num_warm.": 0.0,
        "The first step has the full rate already: warm up.": 2.0,
    }
    otherwise = f"With 10 steps of warm-up to 2 the first rate is 0.2, not {at(0):.4g}."
    compare(at(0), 0.2, mistakes, otherwise)
    expect(close(at(4), 1.0), f"Half-way up, at t = 4, the rate is 1, not {at(4):.4g}.")
    expect(close(at(9), 2.0), f"At t = num_warm - 1 the rate is whole, 2 here, not {at(9):.6g}.")
    mistakes = {"The wave begins when the warm-up ends: count t from there.": wave(10 / 110)}
    otherwise = f"Right after the warm-up the rate is whole, not {at(10):.6g}."
    compare(at(10), 2.0, mistakes, otherwise)
    mistakes = {
        "After the warm-up the rate must fall.": 2.0,
        "Half a wave, not a whole one: cos goes from 0 to π.": 0.0,
        "The wave has total - num_warm steps, not total.": wave(50 / 110),
    }
    otherwise = f"Half-way down, at t = 60, the rate is 1, not {at(60):.6g}."
    compare(at(60), 1.0, mistakes, otherwise)
    expect(close(at(35), wave(1 / 4)), f"At t = 35 the wave gives 1.707, not {at(35):.4g}.")
    expect(close(at(110), 0.0), "At t = total the rate is 0.")
    for lr, num_warm, total, hint in (
        (0.3, 10, 110, "With lr = 0.3 instead of 2 it goes wrong: use lr."),
        (2.0, 5, 110, "With num_warm = 5 instead of 10 it goes wrong: use num_warm."),
        (2.0, 10, 30, "With total = 30 instead of 110 it goes wrong: use total."),
    ):
        for t in (0, 4, 5, 9, 15, 30):
            share = (t - num_warm) / (total - num_warm)
            wanted = lr * ((t + 1) / num_warm if t < num_warm else wave(share) / 2)
            expect(close(at(t, lr, num_warm, total), wanted), hint)


@checker("Right: the direction stays, only the length is cut.")
def clip(answer):
    """answer(gradients, max_norm) scales a list of tensors to the common norm max_norm."""
    gradients = [torch.tensor([[1.8, 2.4], [0.0, 0.0]]), torch.tensor([0.0, 4.0])]  # norms 3, 4

    def flat(tensors):
        return torch.cat([tensor.double().flatten() for tensor in tensors])

    given, whole = [g.clone() for g in gradients], flat(gradients)
    copies = list(given)  # the answer may put other tensors into the list
    found = answer(given, 2.5)
    expect(isinstance(found, list | tuple) and len(found) == 2, "Return a list, one for each.")
    expect(close(flat(copies), whole), "You changed the caller's gradients: return new tensors.")
    expect(
        all(torch.is_tensor(a) and a.shape == g.shape for a, g in zip(found, copies, strict=True)),
        "Each gradient stays a tensor of its own shape.",
    )
    mistakes = {
        "A norm of 5 is more than 2.5: scale.": whole,
        "Each tensor is cut by itself, and the direction changes: use one norm over all of them.": (
            flat([2.5 * g / g.norm() for g in gradients])
        ),
        "You cut entries, and the direction changes: scale all by the same factor.": (
            whole.clamp(-2.5, 2.5)
        ),
        "Norms don't add up, their squares do: 3 and 4 make 5.": whole * 2.5 / 7,
        "The root of the sum is missing.": whole * 2.5 / 25,
        "The new norm is 1: multiply by max_norm.": whole / 5,
    }
    compare(flat(found), whole / 2, mistakes, "Norms of 3 and 4, cut to 2.5, become 1.5 and 2.")
    hint = "Norms of 3 and 4 exceed 4.5 together, though neither does alone: scale both."
    expect(close(flat(answer(list(gradients), 4.5)), whole * 4.5 / 5), hint)
    three = drawn((3,), (2, 4), (1,))
    wanted, hint = 0.5 * flat(three), "It goes wrong for three tensors: does your code assume two?"
    expect(close(flat(answer(three, wanted.norm().item())), wanted), hint)
    hint = "A norm of 5 is within 10: short gradients stay as they are."
    expect(close(flat(answer(list(gradients), 10.0)), whole), hint)
    hint = "Gradients of 0 become 0 / 0: they need no cut."
    still = try_out(answer, [torch.zeros(2)], 1.0)
    expect(len(still) == 1 and close(still[0], [0.0, 0.0]), hint)
