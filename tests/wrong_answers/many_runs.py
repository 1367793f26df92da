"""Notebook 08: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def compared(choose="seed in tuning", report="seed not in tuning", value="mean", result=""):
    """A fair with these parts."""
    result = result or "{name: (lr, mean(rest[name, lr])) for name, lr in best.items()}"
    return (
        "def fair(runs, tuning):\n"
        "    mean = statistics.fmean\n"
        "    chosen = {}\n"
        "    rest = {}\n"
        "    best = {}\n"
        "    for run in runs:\n"
        "        key, seed = (run['optimizer'], run['lr']), run['seed']\n"
        f"        if {choose}:\n"
        "            chosen.setdefault(key, []).append(run['accuracy'])\n"
        f"        if {report}:\n"
        "            rest.setdefault(key, []).append(run['accuracy'])\n"
        f"    for name, lr in sorted(chosen, key=lambda key: {value}(chosen[key])):\n"
        "        best[name] = lr\n"
        f"    return {result}\n"
    )


def share(result, padded="torch.cat([order, order[: -len(order) % processes]])"):
    """A shard that returns this."""
    return f"def shard(order, rank, processes):\n    padded = {padded}\n    return {result}\n"


def mean(result):
    """An average that returns this."""
    return (
        "def average(gradients, sizes):\n"
        "    pairs = list(zip(gradients, sizes))\n"
        f"    return {result}\n"
    )


def count(result):
    """A tries that returns this."""
    return f"tries = lambda share, confidence: {result}\n"


WRONG_ANSWERS = {
    "check.fair(fair)": {
        "reports the tuning seeds": (compared(report="seed in tuning"), "which flatter"),
        "reports all": (compared(report="True"), "those that chose the rate flatter"),
        "chooses on all": (compared(choose="True"), "only the tuning seeds may choose"),
        "chooses on the others": (
            compared(choose="seed not in tuning"),
            "on the seeds that report",
        ),
        "best run": (compared(value="max"), "best single run"),
        "one rate": (
            compared(result="{n: (0.1, 0.9) for n in best}"),
            "one common rate",
        ),
        "only means": (
            compared(result="{n: mean(rest[n, lr]) for n, lr in best.items()}"),
            "a pair (rate, mean)",
        ),
        "a list": (compared(result="list(best.items())"), "not list"),
        "one optimizer": (
            compared(result="{n: (lr, mean(rest[n, lr])) for n, lr in [*best.items()][:1]}"),
            "no entry for adam",
        ),
        "tuning seeds fixed": (
            compared(choose="seed < 2", report="seed >= 2"),
            "tuning seeds 1 and 3",
        ),
        "best of the others": (
            compared(result="{n: (lr, max(rest[n, lr])) for n, lr in best.items()}"),
            "The means over seeds 2, 3 and 4",
        ),
    },
    "check.shard(shard)": {
        "blocks": (share("padded.chunk(processes)[rank]"), "like cards"),
        "no padding": (share("order[rank::processes]"), "pad first"),
        "drops": (
            share("order[: len(order) // processes * processes][rank::processes]"),
            "You drop",
        ),
        "positions": (
            share("torch.arange(len(padded))[rank::processes] % len(order)"),
            "These are positions",
        ),
        "pads with the last": (
            share(
                "padded[rank::processes]",
                "torch.cat([order, order[len(order) - -len(order) % processes:]])",
            ),
            "repeat the first ones",
        ),
        "a list": (share("padded[rank::processes].tolist()"), "not list"),
        "next process": (share("padded[(rank + 1) % processes :: processes]"), "Process 0 of 3"),
        "three fixed": (share("padded[rank::3]"), "process 0 of 2"),
    },
    "check.average(average)": {
        "plain mean": (mean("sum(gradients) / len(gradients)"), "few digits counts too much"),
        "sum": (mean("sum(gradients)"), "plain sum"),
        "not divided": (mean("sum(g * n for g, n in pairs)"), "the number of all digits"),
        "by processes": (
            mean("sum(g * n for g, n in pairs) / len(sizes)"),
            "the number of processes",
        ),
        "inverse weights": (
            mean("sum(g / n for g, n in pairs) / sum(1 / n for n in sizes)"),
            "not the weighted mean",
        ),
        "in place": (mean("sum(g.mul_(n) for g, n in pairs) / sum(sizes)"), "work on copies"),
        "a list": (mean("[g * n / sum(sizes) for g, n in pairs]"), "not list"),
    },
    "check.tries(tries)": {
        "rounds down": (
            count("math.floor(math.log(1 - confidence) / math.log(1 - share))"),
            "round up",
        ),
        "not rounded": (count("math.log(1 - confidence) / math.log(1 - share)"), "Tries are whole"),
        "adds up": (count("math.ceil(confidence / share)"), "don't add up"),
        "on average": (count("math.ceil(1 / share)"), "on average"),
        "log of share": (
            count("math.ceil(math.log(1 - confidence) / math.log(share))"),
            "1 - share",
        ),
        "text": (count("'59'"), "not str"),
        "log of confidence": (
            count("math.ceil(math.log(confidence) / math.log(1 - share))"),
            "it takes 21, not 1",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.fair(fair)": compared(),
    "check.shard(shard)": (
        "def shard(order, rank, processes):\n"
        "    length = math.ceil(len(order) / processes)\n"
        "    places = (rank + processes * torch.arange(length)) % len(order)\n"
        "    return order[places]\n"
    ),
    "check.average(average)": (
        "def average(gradients, sizes):\n"
        "    weights = torch.tensor(sizes) / sum(sizes)\n"
        "    return torch.einsum('p,p...->...', weights.double(), torch.stack(gradients))\n"
    ),
    "check.tries(tries)": (
        "def tries(share, confidence):\n"
        "    missed = math.log1p(-confidence) / math.log1p(-share)\n"
        "    return math.ceil(missed)\n"
    ),
}
