"""Notebook 10: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def decided(half="t * d.std() / len(d) ** 0.5", better="m > h", worse="m < -h"):
    """A verdict with these parts: d are the differences, m is their mean, h half the width."""
    return (
        "def verdict(d, t):\n"
        f"    m, h = d.mean(), {half}\n"
        f"    return 'better' if {better} else 'worse' if {worse} else 'undecided'\n"
    )


def fitted(result, x="numbers.log()", y="errors.log()"):
    """A samples_needed that fits y = slope x + start and returns this."""
    return (
        "def samples_needed(numbers, errors, wanted):\n"
        f"    x, y = {x}, {y}\n"
        "    slope = torch.cov(torch.stack([x, y]))[0, 1] / x.var()\n"
        "    start = y.mean() - slope * x.mean()\n"
        f"    return {result}\n"
    )


def counted(result, factor=2):
    """A step_operations that returns this."""
    return (
        "def step_operations(sizes, batch):\n"
        f"    each = [{factor} * batch * a * b for a, b in zip(sizes, sizes[1:])]\n"
        f"    return {result}\n"
    )


def forgotten(line, copied="copy.deepcopy(model)", result="new"):
    """A forget_last that runs this line on the copy `new`, whose Linear layers are `linears`."""
    return (
        "def forget_last(model):\n"
        f"    new = {copied}\n"
        "    linears = [layer for layer in new if isinstance(layer, nn.Linear)]\n"
        f"    {line}\n"
        f"    return {result}\n"
    )


READ = "((math.log(wanted) - start) / slope)"
WRONG_ANSWERS = {
    "check.verdict(verdict)": {
        "only the sign": (decided("0.0"), "The sign of the mean alone"),
        "spread of one run": (decided("t * d.std()"), "Divide s by √n"),
        "no factor": (decided("d.std() / len(d) ** 0.5"), "Multiply s / √n by t"),
        "n in the denominator": (
            decided("t * d.std(correction=0) / len(d) ** 0.5"),
            "Divide by n − 1",
        ),
        "sides": (decided(better="m < -h", worse="m > h"), "turned the sides round"),
        "numbers": ("verdict = lambda d, t: d.mean().item()\n", 'Return "better"'),
    },
    "check.samples_needed(samples_needed)": {
        "logarithm": (fitted(READ), "take exp of it"),
        "wrong way": (
            fitted("math.exp(start + slope * math.log(wanted))"),
            "ask for the n of an error",
        ),
        "straight": (
            fitted("(wanted - start) / slope", "numbers", "errors"),
            "You fit e against n",
        ),
        "half the logarithms": (fitted(READ, "numbers"), "take the logarithm of n, too"),
        "two points": (
            "def samples_needed(numbers, errors, wanted):\n"
            "    x, y = numbers.log(), errors.log()\n"
            "    slope = (y[-1] - y[0]) / (x[-1] - x[0])\n"
            "    return math.exp(x[0] + (math.log(wanted) - y[0]) / slope)\n",
            "the first and the last point",
        ),
        "n against e": (
            "def samples_needed(numbers, errors, wanted):\n"
            "    x, y = errors.log(), numbers.log()\n"
            "    slope = torch.cov(torch.stack([x, y]))[0, 1] / x.var()\n"
            "    return math.exp(y.mean() + slope * (math.log(wanted) - x.mean()))\n",
            "fit those",
        ),
        "a list": (fitted(f"[math.exp{READ}]"), "not list"),
        "half": (fitted(f"math.exp{READ} / 2"), "For an error of 2.0"),
    },
    "check.step_operations(step_operations)": {
        "forward only": (counted("sum(each)"), "forward pass only"),
        "all three times": (counted("3 * sum(each)"), "leave that product out"),
        "weights only": (counted("2 * sum(each)"), "the inputs of a layer"),
        "last left out": (counted("3 * sum(each) - each[-1]"), "not the first's"),
        "multiplications": (counted("3 * sum(each) - each[0]", 1), "costs 2abc"),
        "one sample": (counted("(3 * sum(each) - each[0]) // batch"), "one sample"),
        "a fraction": (counted("(3 * sum(each) - each[0]) / 1"), "not float"),
        "another number": (counted("sum(each) + 10_000_000"), "it is 26181632"),
    },
    "check.forget_last(forget_last)": {
        "in place": (forgotten("linears[-1].reset_parameters()", "model"), "work on a deep copy"),
        "shallow copy": (
            forgotten("linears[-1].reset_parameters()", "nn.Sequential(*model)"),
            "shares its layers",
        ),
        "all layers": (
            forgotten("[layer.reset_parameters() for layer in linears]"),
            "only the last Linear may",
        ),
        "first layer": (forgotten("linears[0].reset_parameters()"), "You made other layers random"),
        "nothing": (forgotten("pass"), "Nothing has changed"),
        "same model": (forgotten("pass", "model", "model"), "the same model"),
        "no bias": (forgotten("linears[-1].weight.data.uniform_(-0.1, 0.1)"), "Weight and bias"),
        "zeros": (
            forgotten("nn.init.zeros_(linears[-1].weight), nn.init.zeros_(linears[-1].bias)"),
            "Zeros are not random",
        ),
        "normal": (
            forgotten(
                "nn.init.normal_(linears[-1].weight, std=9), nn.init.zeros_(linears[-1].bias)"
            ),
            "not the layer's own",
        ),
        "weights only": (forgotten("pass", result="new.state_dict()"), "Return a model"),
    },
}

RIGHT_ANSWERS = {
    "check.verdict(verdict)": (
        "def verdict(differences, t):\n"
        "    n = len(differences)\n"
        "    score = differences.mean() * n**0.5 / differences.std()\n"
        "    if abs(score) <= t:\n"
        "        return 'undecided'\n"
        "    return 'better' if score > 0 else 'worse'\n"
    ),
    "check.samples_needed(samples_needed)": (
        "def samples_needed(numbers, errors, wanted):\n"
        "    A = torch.stack([numbers.log(), torch.ones(len(numbers)).double()], dim=1)\n"
        "    slope, start = torch.linalg.lstsq(A, errors.log()[:, None]).solution.flatten()\n"
        "    return ((math.log(wanted) - start) / slope).exp()\n"
    ),
    "check.step_operations(step_operations)": (
        "def step_operations(sizes, batch):\n"
        "    total = 0\n"
        "    for layer, (a, b) in enumerate(zip(sizes, sizes[1:])):\n"
        "        total += (6 if layer else 4) * batch * a * b\n"
        "    return total\n"
    ),
    "check.forget_last(forget_last)": (
        "def forget_last(model):\n"
        "    layers = [copy.deepcopy(layer) for layer in model]\n"
        "    last = max(i for i, layer in enumerate(layers) if isinstance(layer, nn.Linear))\n"
        "    layers[last] = nn.Linear(layers[last].in_features, layers[last].out_features)\n"
        "    return nn.Sequential(*layers)\n"
    ),
}
