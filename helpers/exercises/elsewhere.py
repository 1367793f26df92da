"""Checkers for the exercises of notebook 09."""

from itertools import product

import torch

from helpers.exercises import checker, close, compare, drawn, expect


@checker("Right: whatever is left over at the end is not enough for one more place.")
def places(answer):
    """answer(size, kernel, stride, padding) counts where a kernel stands in a row."""
    found = answer(28, 5, 1, 2)
    mistakes = {
        "The first place counts too: add 1 at the end.": 27,
        "The padding is put on both sides, so it counts twice.": 26,
        "You leave the padding out.": 24,
        "The kernel has to fit in: its width takes places away.": 33,
    }
    otherwise = f"28 pixels, a kernel of 5, stride 1 and padding 2 make 28 places, not {found}."
    compare(found, 28, mistakes, otherwise)
    found = answer(28, 5, 2, 2)
    mistakes = {
        "With a stride of 2 the kernel skips every second place: divide by the stride.": 28,
        "Half a place is none: divide with // so that the rest is dropped.": 14.5,
        "A place where the kernel does not fit in any more is no place: round down.": 15,
    }
    compare(found, 14, mistakes, f"With stride 2 the 28 places become 14, not {found}.")
    for size, kernel, stride, padding in product((7, 8, 12), (1, 3, 4), (1, 2, 3), (0, 1)):
        starts = range(-padding, size + padding - kernel + 1, stride)
        given = f"size {size}, kernel {kernel}, stride {stride}, padding {padding}"
        found = answer(size, kernel, stride, padding)
        expect(close(found, len(starts)), f"With {given} there are {len(starts)}, not {found}.")


@checker("Right: what is unlikely can't be drawn any more, and the rest adds up to 1.")
def likely(answer):
    """answer(logits, temperature, k) is softmax(logits / temperature) over the k largest."""
    logits = torch.tensor([1.0, 3.0, -1.0, 2.0, 0.0])
    found = answer(logits, 0.5, 2)
    best, p = torch.tensor([1, 3]), (logits / 0.5).softmax(dim=0)
    two, masked = (logits[best] / 0.5).softmax(dim=0), torch.zeros(5)
    masked[best] = p[best]
    mistakes = {
        "These are only the k probabilities: return one for each symbol, most of them 0.": two,
        "The probabilities no longer add up to 1: take the softmax of the k logits alone.": masked,
        "Every symbol can still be drawn: all but the k likeliest get 0.": p,
        "You multiply by the temperature: a low one has to make differences larger.": (
            _likely(logits, 2.0, 2)
        ),
        "The temperature has no effect.": _likely(logits, 1.0, 2),
        "You keep the k smallest logits.": _likely(-logits, -0.5, 2),
    }
    otherwise = "For logits 1, 3, −1, 2, 0, temperature ½ and k = 2: 0, 0.88, 0, 0.12, 0."
    compare(found, _likely(logits, 0.5, 2), mistakes, otherwise)
    for size, temperature, k in ((7, 1.5, 3), (4, 0.7, 4), (6, 1.0, 1)):
        (logits,) = drawn((size,))
        hint = f"With {size} logits, temperature {temperature} and k = {k} it goes wrong."
        expect(close(answer(logits, temperature, k), _likely(logits, temperature, k)), hint)


def _likely(logits, temperature, k):
    low = logits.sort(descending=True).values[k - 1]
    return (logits / temperature).masked_fill(logits < low, -torch.inf).softmax(dim=0)


@checker("Right: three ways to begin, and the cheapest counts.")
def edits(answer):
    """answer(a, b) is the Levenshtein distance of two short texts."""
    hints = {
        ("", "abc"): "From nothing to abc takes 3 insertions; mind empty texts.",
        ("abc", ""): "From abc to nothing takes 3 deletions; mind empty texts.",
        ("abc", "abc"): "Equal texts need no correction: an equal first character is free.",
        ("cat", "cut"): "One replacement turns cat into cut, and it costs 1.",
        ("abcd", "bcd"): "Deleting the a is enough: don't compare place by place.",
        ("bcd", "abcd"): "Inserting an a is enough: don't compare place by place.",
        ("abcd", "bcda"): "Delete the a in front and insert it at the end: 2 corrections.",
    }
    for (a, b), hint in hints.items():
        found = answer(a, b)
        expect(found == _edits(a, b), f"{hint} You have {found}.")
    texts = ["".join(letters) for n in (0, 1, 2, 3) for letters in product("xy", repeat=n)]
    for a, b in product([*texts, "yxzx"], [*texts, "zxyy"]):
        found, right = answer(a, b), _edits(a, b)
        expect(found == right, f"From {a!r} to {b!r} it takes {right}, not {found}.")


def _edits(a, b):
    """The Levenshtein distance (1965), row by row of the table of all beginnings of a and b."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y)))
    return row[-1]


@checker("Right: the best move is the one after which the other player stands worst.")
def target(answer):
    """answer(values, results, over) is the maximum over moves of minus the value after it."""
    values = torch.tensor([0.5, 0.2, -0.4, 0.9])
    results = torch.tensor([0.0, -1.0, 0.0, 0.0])
    over = torch.tensor([False, False, False, True])
    found = answer(values, results, over)
    mistakes = {
        "The values are the other player's: what is good there is bad here.": 0.5,
        "Take the best of your moves, not the worst.": -0.5,
        "You use results of games that go on: they only count where over is true.": 1.0,
        "Where a game is over, its result counts, not the network's guess.": -0.9,
        "The mover chooses one move: take the best, not the mean.": -0.075,
        "The mover chooses one move: take the best, not the sum.": -0.3,
        "One number is asked for, the best of these.": torch.tensor([-0.5, -0.2, 0.4, 0.0]),
    }
    compare(found, 0.4, mistakes, f"It should be 0.4, not {found}.")
    over = torch.tensor([False, True, False, True])
    hint = "A move that ends the game with a loss for the other player is worth 1, by its result."
    expect(close(answer(values, results, over), 1.0), hint)
    over = torch.tensor([True, False, True, True])
    hint = "A draw is worth 0, even if the network thinks otherwise."
    expect(close(answer(values.abs(), 0 * results, over), 0.0), hint)
    for ends in ([True, False, True, False, False, True], [False, True, False, False, True, False]):
        values, results = drawn((6,), (6,))
        values[4:], results[4:] = torch.tensor([-3.0, -4.0]), torch.tensor([-6.0, -5.0])
        over = torch.tensor(ends)
        best = 6.0 if ends[4] else 5.0
        expect(close(answer(values, results, over), best), "With 6 moves it goes wrong.")


@checker("Right: each place looks at itself and at those before it, and no weight leaks ahead.")
def causal(answer):
    """answer(scores) is the softmax of each row over its own place and those before it."""
    scores = torch.tensor([[0.5, 0.0, 2.0], [1.0, -0.5, 3.0], [2.0, 1.0, 0.25]])
    found, right = answer(scores), _causal(scores)
    if isinstance(found, torch.Tensor):
        hint = "A row of nothing but −∞ becomes NaN: each place may look at itself, too."
        expect(not found.isnan().any(), hint)
    later = torch.ones(3, 3).triu(1).bool()
    mistakes = {
        "Every place still looks ahead: forbid all places later than its own.": scores.softmax(1),
        "The rows no longer add up to 1: forbid before the softmax, not after.": (
            scores.softmax(1).tril()
        ),
        "A score of 0 still gets weight, since exp(0) is 1: use −∞.": scores.tril().softmax(1),
        "The weights of one query stand in a row: take the softmax along dimension 1.": (
            scores.masked_fill(later, -torch.inf).softmax(0)
        ),
        "You forbid what stands before; forbid what comes later.": (
            scores.masked_fill(later.T, -torch.inf).softmax(1)
        ),
    }
    second = ", ".join(f"{weight:.2f}" for weight in right[1])
    compare(found, right, mistakes, f"Of scores 1, −0.5 and 3 the second row makes {second}.")
    for length in (1, 2, 5):
        (scores,) = drawn((length, length))
        hint = f"With {length} places it goes wrong."
        expect(close(answer(scores), _causal(scores)), hint)


def _causal(scores):
    parts = scores.exp().tril()
    return parts / parts.sum(dim=1, keepdim=True)
