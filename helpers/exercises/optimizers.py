"""Checkers for the exercises of notebook 04."""

import math

import torch

from helpers.exercises import checker, close, expect


@checker("Right: all past gradients count, and each entry has its own divisor.")
def adagrad(answer):
    """answer(theta, g, state, lr, eps) returns the next theta and keeps its sum in state."""
    gradients = torch.tensor([[3.0, -0.1], [4.0, 0.2], [-2.0, 0.1]], dtype=torch.float64)
    lr, eps = 0.5, 0.25

    def path(step):
        theta, state, places = torch.tensor([1.0, -2.0], dtype=torch.float64), {}, []
        for g in gradients:
            theta = step(theta, g, state, lr, eps)
            places.append(theta)
        return torch.stack(places)

    def rule(divisor, sign=-1):
        sums = gradients.square().cumsum(dim=0)
        start = torch.tensor([1.0, -2.0], dtype=torch.float64)
        return start + sign * (lr * gradients / divisor(sums)).cumsum(dim=0)

    start, g = torch.tensor([1.0, -2.0], dtype=torch.float64), gradients[0].clone()
    found = answer(start, g, {}, lr, eps)
    expect(torch.is_tensor(found), f"Return the next theta, not {type(found).__name__}.")
    found = path(answer)
    right = rule(lambda sums: sums.sqrt() + eps)
    expect(not close(found, rule(lambda s: s.sqrt() + eps, 1)), "The sign: step downhill.")
    expect(not close(found, rule(lambda s: s + eps)), "Divide by the root of the sum.")
    expect(not close(found, rule(lambda s: (s + eps).sqrt())), "ε stands outside of the root.")
    expect(not close(found, rule(lambda s: s.sqrt())), "ε is missing: 0 / 0 is not a number.")
    now = gradients.square()
    expect(
        not close(found, rule(lambda s: now.sqrt() + eps)),
        "Only the newest gradient counts: keep the sum in state from step to step.",
    )
    before = now.cumsum(dim=0) - now
    expect(
        not close(found, rule(lambda s: before.sqrt() + eps)),
        "Add the new g² first, then divide by the root.",
    )
    whole = now.sum(dim=1, keepdim=True).cumsum(dim=0)
    expect(
        not close(found, rule(lambda s: whole.sqrt() + eps)),
        "All entries share one sum: keep a sum for each entry.",
    )
    expect(
        close(found[:1], right[:1]),
        "The first step is wrong: θ − α g / (√s + ε), where s starts at 0 and becomes g², "
        "with no weights.",
    )
    expect(close(found, right), "The later steps are wrong: s is the plain sum of all g².")


@checker("Right: the steepest direction decides.")
def largest_rate(answer):
    """answer(H) is 2 / (largest eigenvalue of the symmetric matrix H)."""
    H = torch.tensor([[4.0, 2.0], [2.0, 7.0]], dtype=torch.float64)  # eigenvalues 3 and 8

    rate = float(answer(H))

    def gives(value):
        return abs(rate - value) < 1e-5

    expect(not gives(8.0), "That is the largest eigenvalue L: the rate is 2 / L.")
    expect(not gives(1 / 8), "1 / L is the rate that arrives in one step; at 2 / L it breaks.")
    expect(not gives(2 / 3), "You took the flattest direction: the steepest one breaks first.")
    expect(not gives(2 / 7), "The diagonal is not enough: directions between the axes are steeper.")
    expect(not gives(2 / 11), "The trace adds all eigenvalues up: take the largest.")
    expect(
        not gives(2 / math.sqrt(73)),
        "That is the norm of all entries: take the largest eigenvalue.",
    )
    expect(
        not gives(2 / 9),
        "The largest sum of a row is only a bound: take the largest eigenvalue.",
    )
    expect(gives(2 / 8), f"For [[4, 2], [2, 7]] it is 2 / 8, not {rate:.6g}.")
    diagonal = torch.diag(torch.tensor([1.0, 0.1, 5.0], dtype=torch.float64))
    expect(
        abs(float(answer(diagonal)) - 0.4) < 1e-5,
        "For a diagonal of 1, 0.1 and 5 it is 2 / 5: eigenvalues come sorted, the largest last.",
    )


@checker("Right: up in a line, down in half a wave.")
def warm_cosine(answer):
    """answer(t, lr, num_warm, total) is the rate of step t: warm-up, then half a cosine to 0."""
    settings = (2.0, 10, 110)  # lr, num_warm, total

    def at(t):
        return float(answer(t, *settings))

    def near(t, value):
        return abs(at(t) - value) < 1e-5

    expect(not near(0, 0.0), "The first step stands still: begin with lr / num_warm.")
    expect(not near(0, 2.0), "The first step has the full rate already: warm up.")
    expect(near(0, 0.2), f"With 10 steps of warm-up to 2 the first rate is 0.2, not {at(0):.4g}.")
    expect(near(4, 1.0), f"Half-way up, at t = 4, the rate is 1, not {at(4):.4g}.")
    expect(near(9, 2.0), f"At t = num_warm - 1 the rate is whole, 2 here, not {at(9):.6g}.")
    wave = 1 + math.cos(math.pi * 10 / 110)
    expect(not near(10, wave), "The wave begins when the warm-up ends: count t from there.")
    expect(near(10, 2.0), f"Right after the warm-up the rate is whole, not {at(10):.6g}.")
    expect(not near(60, 2.0), "After the warm-up the rate must fall.")
    expect(not near(60, 0.0), "Half a wave, not a whole one: cos goes from 0 to π.")
    late = 1 + math.cos(math.pi * 50 / 110)
    expect(not near(60, late), "The wave has total - num_warm steps, not total.")
    expect(near(60, 1.0), f"Half-way down, at t = 60, the rate is 1, not {at(60):.6g}.")
    quarter = 1 + math.cos(math.pi * 25 / 100)
    expect(near(35, quarter), f"At t = 35 the wave gives {quarter:.4g}, not {at(35):.4g}.")
    expect(near(110, 0.0), "At t = total the rate is 0.")


@checker("Right: the direction stays, only the length is cut.")
def clip(answer):
    """answer(gradients, max_norm) scales a list of tensors to the common norm max_norm."""
    gradients = [torch.tensor([[1.8, 2.4], [0.0, 0.0]]), torch.tensor([0.0, 4.0])]  # norm 5
    copies = [g.clone() for g in gradients]

    def gives(values, max_norm=2.5):
        found = answer([g.clone() for g in gradients], max_norm)
        pairs = zip(found, values, strict=True)
        return all(torch.allclose(a.double(), b.double(), rtol=1e-4) for a, b in pairs)

    given = list(copies)
    found = answer(given, 2.5)
    expect(isinstance(found, list | tuple) and len(found) == 2, "Return a list, one for each.")
    same = all(torch.equal(a, b) for a, b in zip(copies, gradients, strict=True))
    expect(same, "You changed the caller's gradients: return new tensors.")
    expect(
        all(
            torch.is_tensor(a) and a.shape == b.shape for a, b in zip(found, gradients, strict=True)
        ),
        "Each gradient stays a tensor of its own shape.",
    )
    expect(not gives(gradients), "A norm of 5 is more than 2.5: scale.")
    expect(
        not gives([2.5 * g / g.norm() for g in gradients]),
        "Each tensor is cut by itself, and the direction changes: use one norm over all of them.",
    )
    expect(
        not gives([g.clamp(-2.5, 2.5) for g in gradients]),
        "You cut entries, and the direction changes: scale all by the same factor.",
    )
    expect(
        not gives([2.5 / 7 * g for g in gradients]),
        "Norms don't add up, their squares do: 3 and 4 make 5.",
    )
    expect(not gives([2.5 / 25 * g for g in gradients]), "The root of the sum is missing.")
    expect(not gives([g / 5 for g in gradients]), "The new norm is 1: multiply by max_norm.")
    expect(gives([g / 2 for g in gradients]), "Norms of 3 and 4, cut to 2.5, become 1.5 and 2.")
    expect(
        gives([0.9 * g for g in gradients], max_norm=4.5),
        "Norms of 3 and 4 exceed 4.5 together, though neither does alone: scale both.",
    )
    short = answer([g.clone() for g in gradients], 10.0)
    whole = all(
        torch.allclose(a.double(), b.double()) for a, b in zip(short, gradients, strict=True)
    )
    expect(whole, "A norm of 5 is within 10: short gradients stay as they are.")
    try:
        still = answer([torch.zeros(2)], 1.0)[0]
    except ZeroDivisionError:
        still = torch.tensor(math.nan)
    expect(not still.isnan().any(), "Gradients of 0 become 0 / 0: they need no cut.")
