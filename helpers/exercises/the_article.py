"""Checkers for the exercises of notebook 10."""

import copy
import itertools
import math

import torch
from torch import nn

from helpers.exercises import Wrong, checker, compare, expect


def interval(differences, t):
    """Mean of the differences, and half the width of its interval."""
    return differences.mean(), t * differences.std() / len(differences) ** 0.5


def verdict_of(mean, half):
    return "better" if mean > half else "worse" if mean < -half else "undecided"


@checker("Right: and more seeds make the interval narrower, until it decides.")
def verdict(answer):
    """answer(differences, t) is "better", "worse" or "undecided"."""
    cases = [
        (torch.tensor(values, dtype=torch.float64), t)
        for values, t in (
            ([0.4, 0.8, -0.5, -0.4, 0.8], 2.78),
            ([-0.4, -0.8, 0.5, 0.4, -0.8], 2.78),
            ([0.3, 0.8, 1.1, 0.4], 3.18),
            ([-0.5, -0.9, -0.3, -0.8, -0.7, -0.2], 2.57),
            ([0.6, 0.8, -0.4, -0.5, 0.9, 0.2, 0.8, -0.6, 0.2], 2.31),
            ([0.5, 0.3, 1.1, 0.1, 0.3, -0.6, 0.5, 0.1, -0.1], 2.31),
            ([-0.1, 0.5, 1.0, 0.9, 0.3], 2.78),
            ([0.9, -0.8, 0.7, 0.4], 0.6),
            ([-0.9, 0.8, -0.7, -0.4], 0.6),
        )
    ]
    words = {"better", "worse", "undecided"}
    for differences, t in cases:
        found, right = answer(differences, t), verdict_of(*interval(differences, t))
        n = len(differences)
        listed = ", ".join(f"{value:g}" for value in differences.tolist())
        expect(found in words, f'Return "better", "worse" or "undecided", not {found!r}.')
        if found == right:
            continue
        mean, half = interval(differences, t)
        swapped = {"better": "worse", "worse": "better"}
        if swapped.get(right) == found:
            raise Wrong("You turned the sides round: above 0 means that A is better.")
        wrong_halves = {
            "Divide by n − 1 in the standard deviation, as std() does by itself.": (
                half * ((n - 1) / n) ** 0.5
            ),
            "Multiply s / √n by t, and do nothing else with it.": half / t,
            "Divide s by √n: the mean of n seeds varies less than one of them.": half * n**0.5,
            "The sign of the mean alone decides for you: the interval must exclude 0.": 0 * half,
        }
        mistakes = {hint: verdict_of(mean, wrong) for hint, wrong in wrong_halves.items()}
        hints = (hint for hint, wrong in mistakes.items() if wrong == found)
        otherwise = f"For {listed} with t = {t} the interval is {mean:.2f} ± {half:.2f}: {right}."
        raise Wrong(next(hints, otherwise))


def line(x, y):
    """Slope and intercept of the least-squares line."""
    slope = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum()
    return slope, y.mean() - slope * x.mean()


@checker("Right: a straight line in both logarithms, read from right to left.")
def samples_needed(answer):
    """answer(numbers, errors, wanted) is the n at which the fitted power law gives `wanted`."""
    numbers = torch.tensor([100, 300, 1000, 3000, 10000], dtype=torch.float64)
    errors = torch.tensor([26.0, 14.9, 10.2, 7.1, 4.7], dtype=torch.float64)
    for keep, wanted in ((5, 2.0), (4, 3.5), (5, 12.0)):
        n, e = numbers[:keep], errors[:keep]
        x, y = n.log(), e.log()
        slope, start = line(x, y)
        right = math.exp((math.log(wanted) - start) / slope)
        found = answer(n, e, wanted)
        is_number = isinstance(found, float | int) or (torch.is_tensor(found) and found.ndim == 0)
        expect(is_number, f"Return one number, not {type(found).__name__}.")
        straight, level = line(n, e)
        half_log, floor = line(n, y)
        ends = (y[-1] - y[0]) / (x[-1] - x[0])
        turned, origin = line(y, x)
        mistakes = {
            "That is the logarithm of n: take exp of it.": math.log(right),
            "That is the error at n = wanted: ask for the n of an error.": (
                math.exp(start + slope * math.log(wanted))
            ),
            "You fit e against n: a power law is straight in log e and log n.": (
                (wanted - level) / straight
            ),
            "You fit log e against n: take the logarithm of n, too.": (
                (math.log(wanted) - floor) / half_log
            ),
            "You join the first and the last point: fit all by least squares.": (
                math.exp(x[0] + (math.log(wanted) - y[0]) / ends)
            ),
            "You fit log n against log e: the errors are what scatters, fit those.": (
                math.exp(origin + turned * math.log(wanted))
            ),
        }
        compare(found, right, mistakes, f"For an error of {wanted} it is {right:.0f} samples.")


@checker("Right: and the operations grow in step with the batch, so bigger ones cost no more each.")
def step_operations(answer):
    """answer(sizes, batch) counts the operations of one training step's matrix products."""
    for sizes, batch in (([784, 128, 10], 64), ([5, 7, 3, 2], 4), ([10, 4], 3), ([6, 6, 6, 6], 2)):
        found = answer(sizes, batch)
        expect(isinstance(found, int), f"Return an integer, not {type(found).__name__}.")
        products = [2 * batch * a * b for a, b in itertools.pairwise(sizes)]
        right = 3 * sum(products) - products[0]
        mistakes = {
            "The first layer's inputs need no gradient: leave that product out.": 3 * sum(products),
            "You leave out the last layer's product, not the first's.": (
                3 * sum(products) - products[-1]
            ),
            "You count the forward pass only: the gradients need products as well.": sum(products),
            "You forget the products that send gradients to the inputs of a layer.": (
                2 * sum(products)
            ),
            "A product costs 2abc: one multiplication and one addition each.": right // 2,
            "These are the operations of one sample: multiply by the batch.": right // batch,
        }
        text = f"For the sizes {sizes} and {batch} samples it is {right}, not {found}."
        compare(found, right, mistakes, text)


@checker("Right: now its pictures should change. If they don't, they were never about knowledge.")
def forget_last(answer):
    """answer(model) is a copy of an nn.Sequential whose last Linear layer is random again."""
    networks = (
        nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)),
        nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 3), nn.Identity()),
    )
    for model in networks:
        linears = [layer for layer in model if isinstance(layer, nn.Linear)]
        for layer in linears:  # far from any initial weights
            nn.init.constant_(layer.weight, 5.0)
            nn.init.constant_(layer.bias, 5.0)
        before = copy.deepcopy(model.state_dict())
        found = answer(model)
        expect(isinstance(found, nn.Module), f"Return a model, not {type(found).__name__}.")
        same = all(torch.equal(old, model.state_dict()[name]) for name, old in before.items())
        shared = found is not model
        hint = "Your copy shares its layers with the model: copy.deepcopy copies them, too."
        expect(same or not shared, hint)
        expect(same, "You changed the model that you were given: work on a deep copy.")
        expect(shared, "You return the same model: return a copy with a new last layer.")
        after = found.state_dict()
        expect(after.keys() == before.keys(), "The copy has other layers than the model.")
        new = {name for name, old in before.items() if not torch.equal(old, after[name])}
        last = max(i for i, layer in enumerate(model) if isinstance(layer, nn.Linear))
        wanted = {f"{last}.weight", f"{last}.bias"}
        expect(new, "Nothing has changed in the copy: give its last Linear layer new weights.")
        expect(new & wanted, "You made other layers random, and not the last Linear one.")
        expect(not new - wanted, "Other layers have changed, too: only the last Linear may.")
        expect(
            new == wanted, "Weight and bias both belong to the layer: reset_parameters does both."
        )
        value = after[f"{last}.weight"]
        expect(value.shape == before[f"{last}.weight"].shape, "The new layer has another shape.")
        bound = 1 / value.shape[1] ** 0.5
        expect(value.abs().max() > 0, "Zeros are not random weights: call reset_parameters.")
        inside = value.abs().max() <= bound and value.unique().numel() > 1
        expect(inside, "These are not the layer's own initial weights: call reset_parameters.")
