"""Checkers for the exercises of notebook 08."""

import math
from statistics import fmean

import torch

from helpers.exercises import Wrong, checker, close, compare, drawn, expect

ACCURACIES = {  # {optimizer: {rate: the accuracies of seeds 0, 1, 2 and so on}}
    "sgd": {
        0.1: [0.90, 0.92, 0.91, 0.93, 0.90],
        0.3: [0.99, 0.80, 0.90, 0.85, 0.86],
        1.0: [0.70, 0.80, 0.99, 0.98, 0.99],
    },
    "adam": {0.01: [0.95, 0.93, 0.80, 0.82, 0.86], 0.001: [0.97, 0.90, 0.96, 0.97, 0.96]},
}


def runs_of(accuracies):
    """A row for each run, as a table would have it."""
    return [
        {"optimizer": name, "lr": lr, "seed": seed, "accuracy": accuracy}
        for name, rates in accuracies.items()
        for lr, found in rates.items()
        for seed, accuracy in enumerate(found)
    ]


def tuned(accuracies, chosen_on, reported_on, value=fmean):
    """{optimizer: (rate, mean)}: its best rate on some seeds, the mean on others."""
    best = {}
    for name, rates in accuracies.items():
        lr = max(rates, key=lambda lr: value([rates[lr][seed] for seed in chosen_on]))
        best[name] = lr, fmean(rates[lr][seed] for seed in reported_on)
    return best


def same(found, wanted, place):
    """Are all rates (place 0) or all means (place 1) the wanted ones?"""
    return all(math.isclose(found[name][place], pair[place]) for name, pair in wanted.items())


@checker("Right: each has its own rate, and the seeds that chose it don't report it.")
def fair(answer):
    """answer(runs, tuning) is {optimizer: (its best rate, its mean on the other seeds)}."""
    tuning, others, every = [0, 1], [2, 3, 4], [0, 1, 2, 3, 4]
    found, right = pairs_of(answer, ACCURACIES, tuning), tuned(ACCURACIES, tuning, others)
    if not same(found, right, 0):
        mistakes = {
            "You choose by the best single run: choose by the mean over the tuning seeds.": (
                tuned(ACCURACIES, tuning, others, max)
            ),
            "You choose the rate on all seeds: only the tuning seeds may choose.": (
                tuned(ACCURACIES, every, others)
            ),
            "You choose the rate on the seeds that report: take the tuning seeds.": (
                tuned(ACCURACIES, others, others)
            ),
        }
        hints = (hint for hint, wrong in mistakes.items() if same(found, wrong, 0))
        if len({lr for lr, _ in found.values()}) == 1:
            raise Wrong("All have one common rate: each optimizer gets the best of its own.")
        raise Wrong(next(hints, f"The best rates are 0.1 for sgd and 0.01 for adam, not {found}."))
    mistakes = {
        "You report the tuning seeds, which flatter: report the others.": tuning,
        "You report all seeds; those that chose the rate flatter: leave them out.": every,
    }
    for hint, seeds in mistakes.items():
        expect(not same(found, tuned(ACCURACIES, tuning, seeds), 1), hint)
    expect(same(found, right, 1), f"The means over seeds 2, 3 and 4 are {right}, not {found}.")
    more = {"rmsprop": {0.2: [0.5, 0.6, 0.9, 0.4], 0.4: [0.6, 0.4, 0.5, 0.8]}}
    found, right = pairs_of(answer, more, [1, 3]), tuned(more, [1, 3], [0, 2])
    hint = f"With one optimizer and tuning seeds 1 and 3 it is {right}, not {found}."
    expect(same(found, right, 0) and same(found, right, 1), hint)


def pairs_of(answer, accuracies, tuning):
    """What the answer returns, if it is a dict of pairs for these optimizers."""
    found = answer(runs_of(accuracies), tuning)
    kind = type(found).__name__
    expect(isinstance(found, dict), f"Return a dict {{optimizer: (rate, mean)}}, not {kind}.")
    for name in accuracies:
        expect(name in found, f"There is no entry for {name}.")
    for pair in found.values():
        is_pair = isinstance(pair, tuple | list) and len(pair) == 2
        expect(is_pair, f"Each entry is a pair (rate, mean), not {pair}.")
    return found


@checker("Right: every process gets as many digits, and together they miss none.")
def shard(answer):
    """answer(order, rank, processes) is the share of one process, as DistributedSampler deals."""
    order = torch.tensor([7, 3, 5, 0, 6, 2, 1, 4, 9, 8])
    for rank in range(3):
        found = answer(order, rank, 3)
        expect(torch.is_tensor(found), f"Return a tensor, not {type(found).__name__}.")
        right = torch.cat([order, order[:2]])[rank::3]
        block = torch.cat([order, order[:2]]).chunk(3)[rank]
        mistakes = {
            "These are positions: return the entries of order at them.": (
                torch.cat([torch.arange(10), torch.arange(2)])[rank::3]
            ),
            "You drop what does not divide: repeat the first entries instead.": (
                torch.empty(0) if rank else order[:9:3]
            ),
            "Process 0 gets more than the others, who would wait for ever: pad first.": (
                order[rank::3] if rank else torch.empty(0)
            ),
            "You cut blocks: deal the entries out in turn, like cards.": block,
            "You pad with the last entries: repeat the first ones.": (
                torch.cat([order, order[-2:]])[rank::3] if rank else torch.empty(0)
            ),
        }
        otherwise = f"Process {rank} of 3 gets {right.tolist()}, not {found.tolist()}."
        compare(found, right, mistakes, otherwise)
    for size, processes in ((8, 2), (9, 4), (5, 1)):
        order = drawn((size,))[0].argsort()
        padded = torch.cat([order, order[: -size % processes]])
        for rank in range(processes):
            found, right = answer(order, rank, processes), padded[rank::processes]
            hint = f"Of {size} digits process {rank} of {processes} gets {right.tolist()}."
            expect(torch.is_tensor(found) and close(found, right), hint)


@checker("Right: each digit counts the same, whichever process it was on.")
def average(answer):
    """answer(gradients, sizes) is the gradient of the mean over the digits of all processes."""
    for shape, sizes in (((2, 3), [3, 1]), ((4,), [5, 2, 9])):
        gradients = drawn(*[shape] * len(sizes))
        stacked, N = torch.stack(gradients), sum(sizes)
        weighted = sum(size * g for size, g in zip(sizes, gradients, strict=True))
        found = answer(gradients, sizes)
        expect(torch.is_tensor(found), f"Return a tensor, not {type(found).__name__}.")
        untouched = torch.equal(torch.stack(gradients), stacked)
        expect(untouched, "You changed the gradients that you were given: work on copies.")
        mistakes = {
            "That is the plain mean: a process with few digits counts too much.": stacked.mean(0),
            "That is the plain sum of the gradients.": stacked.sum(0),
            "Divide by the number of all digits.": weighted,
            "You divide by the number of processes: divide by that of all digits.": (
                weighted / len(sizes)
            ),
        }
        compare(found, weighted / N, mistakes, f"For sizes {sizes} that is not the weighted mean.")


@checker("Right: and 59 tries are enough for the best twentieth, in 95 cases of 100.")
def tries(answer):
    """answer(share, confidence): how many random tries find one of the best `share`."""
    cases = {(0.1, 0.5): 7, (0.2, 0.99): 21, (0.05, 0.95): 59, (0.5, 0.75): 2, (0.9, 0.5): 1}
    for (share, confidence), right in cases.items():
        found = answer(share, confidence)
        expect(isinstance(found, int | float), f"Return a number, not {type(found).__name__}.")
        exact = math.log(1 - confidence) / math.log(1 - share)
        expect(float(found).is_integer(), f"Tries are whole: round {found:.4g} up.")
        mistakes = {
            "You round down, which leaves less than the confidence: round up.": math.floor(exact),
            "Chances of separate tries don't add up: multiply those of missing.": (
                math.ceil(confidence / share)
            ),
            "1 / share is how long it takes on average; ask for the confidence.": (
                math.ceil(1 / share)
            ),
            "A miss has the chance 1 - share: take its logarithm.": (
                math.ceil(math.log(1 - confidence) / math.log(share))
            ),
        }
        otherwise = f"For share {share} and confidence {confidence} it takes {right}, not {found}."
        compare(found, right, mistakes, otherwise)
