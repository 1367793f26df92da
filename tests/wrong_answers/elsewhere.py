"""Notebook 09: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""

PLACES = "places = lambda size, kernel, stride, padding: "
CAUSAL = "causal = lambda scores: "
TARGET = "target = lambda values, results, over: "


def likely(*body):
    """A function likely with these lines."""
    return "def likely(logits, temperature, k):\n" + "".join(f"    {line}\n" for line in body)


def edits(*choices, empty="len(a) + len(b)"):
    """A function edits that takes the least of these choices."""
    return (
        f"def edits(a, b):\n    if not a or not b:\n        return {empty}\n"
        f"    return min({', '.join(choices)})\n"
    )


DELETE, INSERT = "edits(a[1:], b) + 1", "edits(a, b[1:]) + 1"
REPLACE = "edits(a[1:], b[1:]) + (a[0] != b[0])"

WRONG_ANSWERS = {
    "check.places(places)": {
        "first place forgotten": (
            PLACES + "(size + 2 * padding - kernel) // stride",
            "The first place counts too",
        ),
        "padding on one side": (
            PLACES + "(size + padding - kernel) // stride + 1",
            "on both sides",
        ),
        "no padding": (PLACES + "(size - kernel) // stride + 1", "leave the padding out"),
        "kernel of no width": (PLACES + "(size + 2 * padding) // stride + 1", "has to fit in"),
        "stride ignored": (PLACES + "size + 2 * padding - kernel + 1", "divide by the stride"),
        "half places": (PLACES + "(size + 2 * padding - kernel) / stride + 1", "Half a place"),
        "rounded up": (PLACES + "-(-(size + 2 * padding - kernel) // stride) + 1", "round down"),
        "stride of 1 or 2": (
            PLACES + "(size + 2 * padding - kernel) // min(stride, 2) + 1",
            "With size 7, kernel 1, stride 3",
        ),
    },
    "check.likely(likely)": {
        "not filled up": (
            likely("return (logits.topk(k).values / temperature).softmax(dim=0)"),
            "one for each symbol",
        ),
        "softmax of all": (
            likely(
                "p = (logits / temperature).softmax(dim=0)",
                "return torch.where(logits >= logits.topk(k).values[-1], p, 0.0)",
            ),
            "no longer add up to 1",
        ),
        "k ignored": (likely("return (logits / temperature).softmax(dim=0)"), "can still be drawn"),
        "times temperature": (
            likely(
                "low = logits.topk(k).values[-1]",
                "kept = logits.masked_fill(logits < low, -math.inf)",
                "return (kept * temperature).softmax(dim=0)",
            ),
            "You multiply",
        ),
        "temperature ignored": (
            likely(
                "low = logits.topk(k).values[-1]",
                "return logits.masked_fill(logits < low, -math.inf).softmax(dim=0)",
            ),
            "no effect",
        ),
        "the smallest": (
            likely(
                "low = logits.topk(k, largest=False).values[-1]",
                "kept = logits.masked_fill(logits > low, -math.inf)",
                "return (kept / temperature).softmax(dim=0)",
            ),
            "smallest",
        ),
        "always two": (
            likely(
                "low = logits.topk(2).values[-1]",
                "kept = logits.masked_fill(logits < low, -math.inf)",
                "return (kept / temperature).softmax(dim=0)",
            ),
            "With 7 logits",
        ),
        "logits returned": (likely("return logits / temperature"), "0.88"),
    },
    "check.edits(edits)": {
        "empty texts cost nothing": (
            edits(DELETE, INSERT, REPLACE, empty="0"),
            "From nothing to abc",
        ),
        "only what is left of b": (
            edits(DELETE, INSERT, REPLACE, empty="len(b)"),
            "From abc to nothing",
        ),
        "equal characters cost": (
            edits(DELETE, INSERT, "edits(a[1:], b[1:]) + 1"),
            "an equal first character is free",
        ),
        "no replacement": (
            edits(DELETE, INSERT, "edits(a[1:], b[1:]) + 2 * (a[0] != b[0])"),
            "One replacement",
        ),
        "place by place": (edits(REPLACE, REPLACE), "Deleting the a is enough"),
        "no insertion": (edits(DELETE, REPLACE), "Inserting an a is enough"),
        "no deletion, of longer texts": (
            "def edits(a, b):\n"
            "    different = sum(x != y for x, y in zip(a, b))\n"
            "    return abs(len(a) - len(b)) + (different if len(a) == len(b) else 0)\n",
            "2 corrections",
        ),
    },
    "check.target(target)": {
        "the other player's view": (
            TARGET + "torch.where(over, results, values).max()",
            "bad here",
        ),
        "the worst move": (
            TARGET + "(-torch.where(over, results, values)).min()",
            "not the worst",
        ),
        "results everywhere": (TARGET + "(-results).max()", "only count where over is true"),
        "the guess for an ended game": (
            TARGET + "(-torch.where(over, values, values)).min()",
            "not the network's guess",
        ),
        "the mean": (TARGET + "(-torch.where(over, results, values)).mean()", "not the mean"),
        "the sum": (TARGET + "(-torch.where(over, results, values)).sum()", "not the sum"),
        "all moves": (TARGET + "-torch.where(over, results, values)", "One number"),
        "never a result": (TARGET + "(-values).max()", "worth 1, by its result"),
        "ended games left out": (
            TARGET + "torch.cat([-values[~over], -results[over & (results < 0)]]).max()",
            "A draw is worth 0",
        ),
    },
    "check.causal(causal)": {
        "nothing forbidden": (CAUSAL + "scores.softmax(dim=1)", "still looks ahead"),
        "forbidden afterwards": (CAUSAL + "scores.softmax(dim=1).tril()", "add up to 1"),
        "zeros": (CAUSAL + "scores.tril().softmax(dim=1)", "exp(0) is 1"),
        "along the columns": (
            CAUSAL
            + "scores.masked_fill(torch.ones_like(scores).triu(1) == 1, -math.inf).softmax(0)",
            "along dimension 1",
        ),
        "what stands before": (
            CAUSAL
            + "scores.masked_fill(torch.ones_like(scores).tril(-1) == 1, -math.inf).softmax(1)",
            "forbid what comes later",
        ),
        "not even itself": (
            CAUSAL
            + "scores.masked_fill(torch.ones_like(scores).triu() == 1, -math.inf).softmax(1)",
            "may look at itself",
        ),
        "scores returned": (CAUSAL + "scores", "0.82, 0.18, 0.00"),
        "three places": (
            CAUSAL + "(scores.exp() * torch.ones(3, 3).tril()).div("
            "(scores.exp() * torch.ones(3, 3).tril()).sum(1, keepdim=True))"
            " if len(scores) == 3 else scores.softmax(1)",
            "With 2 places",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.places(places)": (
        "def places(size, kernel, stride, padding):\n"
        "    return len(range(0, size + 2 * padding - kernel + 1, stride))\n"
    ),
    "check.likely(likely)": likely(
        "low = logits.sort().values[-k]",
        "kept = torch.where(logits < low, -math.inf, logits / temperature)",
        "return kept.softmax(dim=0)",
    ),
    "check.edits(edits)": (
        "def edits(a, b):\n"
        "    row = list(range(len(b) + 1))\n"
        "    for x in a:\n"
        "        last, row[0] = row[0], row[0] + 1\n"
        "        for j, y in enumerate(b, 1):\n"
        "            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))\n"
        "    return row[-1]\n"
    ),
    "check.target(target)": (
        "def target(values, results, over):\n"
        "    best = [-(r if o else v) for v, r, o in zip(values, results, over)]\n"
        "    return max(best)\n"
    ),
    "check.causal(causal)": (
        "def causal(scores):\n"
        "    weights = torch.zeros_like(scores)\n"
        "    for i, row in enumerate(scores):\n"
        "        weights[i, : i + 1] = row[: i + 1].softmax(dim=0)\n"
        "    return weights\n"
    ),
}
