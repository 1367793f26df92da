"""Notebook 03: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def back(result):
    """A cross_entropy_backward that returns this, with p and the one-hot rows Y at hand."""
    return (
        "def cross_entropy_backward(logits, y):\n"
        "    p = logits.softmax(dim=1)\n"
        "    Y = torch.eye(logits.shape[1], dtype=logits.dtype)[y]\n"
        f"    return {result}\n"
    )


def binary(result):
    """A binary_loss_from_logits that returns this, with p = sigmoid(z) at hand."""
    return f"def binary_loss_from_logits(z, y):\n    p = z.sigmoid()\n    return {result}\n"


def weighted(result):
    """A weighted_mean that returns this."""
    return f"weighted_mean = lambda losses, y, weight: {result}"


def floor(result):
    """A lowest_loss that returns this."""
    return f"lowest_loss = lambda low, high, num_classes: {result}"


EXACT = "(F.softplus(z) - z * y)"

WRONG_ANSWERS = {
    "check.cross_entropy_backward(cross_entropy_backward)": {
        "the loss itself": (back("F.cross_entropy(logits, y)"), "a number for each logit"),
        "sign": (back("(Y - p) / len(y)"), "pushed down"),
        "no mean": (back("p - Y"), "its 1/B is missing"),
        "mean over all entries": (back("(p - Y) / p.numel()"), "not by all entries"),
        "the square's 2": (back("2 * (p - Y) / len(y)"), "belongs to the squared error"),
        "no softmax": (back("(logits - Y) / len(y)"), "Softmax is missing"),
        "no target": (back("p / len(y)"), "Y is missing"),
        "softmax over the batch": (back("(logits.softmax(dim=0) - Y) / len(y)"), "along dim 1"),
        "labels as numbers": (back("(p - y) / len(y)"), "a name, not a size"),
        "halved": (back("(p - Y) / len(y) / 2"), "not p minus Y"),
        "divided by the classes": (back("(p - Y) / logits.shape[1]"), "With 2 samples"),
        "softmax twice": (
            back("(p.softmax(dim=1) - Y) / len(y)"),
            "take softmax twice",
        ),
        "softmax before cross_entropy": (
            "def cross_entropy_backward(logits, y):\n"
            "    logits = logits.clone().requires_grad_()\n"
            "    loss = F.cross_entropy(logits.softmax(dim=1), y)\n"
            "    return torch.autograd.grad(loss, logits)[0]",
            "F.cross_entropy takes logits",
        ),
        "three classes": (
            back("(p - torch.eye(3)[y]) / len(y)"),
            "does your code assume 3 classes",
        ),
        "naive softmax": (
            back("(logits.exp() / logits.exp().sum(1, keepdim=True) - Y) / len(y)"),
            "At a logit of 1000 it breaks",
        ),
    },
    "check.binary_loss_from_logits(binary_loss_from_logits)": {
        "in place": (
            binary("F.binary_cross_entropy_with_logits(z.mul_(2).div_(4), y)"),
            "in place",
        ),
        "no mean": (binary(EXACT), "return their mean"),
        "sum": (binary(f"{EXACT}.sum()"), "You add up"),
        "sign": (binary(f"-{EXACT}.mean()"), "a loss is positive"),
        "swapped": (binary("(F.softplus(z) - z * (1 - y)).mean()"), "Yes and no are swapped"),
        "only yes": (binary("-(y * p.log()).mean()"), "the yes answers only"),
        "logits taken for probabilities": (
            binary("-(y * z.log() + (1 - y) * (1 - z).log()).mean()"),
            "the sigmoid of z",
        ),
        "nine samples": (binary(f"{EXACT}.sum() / 9"), "wrong for 7 samples"),
        "binary logarithm": (binary(f"{EXACT}.mean() / math.log(2)"), "not the article's loss"),
        "naive": (
            binary("-(y * p.log() + (1 - y) * (1 - p).log()).mean()"),
            "never take e^1000 or log 0",
        ),
        "p cut off": (
            binary("F.binary_cross_entropy(p.clamp(1e-7, 1 - 1e-7), y)"),
            "don't cut p off",
        ),
        "doubled beyond 10": (
            binary(f"({EXACT} + (z.abs() > 10) * (z > 0) * y).mean()"),
            "Sure and right",
        ),
    },
    "check.weighted_mean(weighted_mean)": {
        "not added up": (weighted("weight[y] * losses"), "add up over the batch"),
        "by the samples": (weighted("(weight[y] * losses).mean()"), "number of samples"),
        "by all classes": (
            weighted("(weight[y] * losses).sum() / weight.sum()"),
            "only the labels in the batch",
        ),
        "weights not picked": (
            weighted("(weight[: len(losses)] * losses).sum() / weight.sum()"),
            "weight[y]",
        ),
        "no divisor": (weighted("(weight[y] * losses).sum()"), "the divisor is missing"),
        "no weights": (weighted("losses.mean()"), "That is the plain mean"),
        "each class once": (
            weighted("(weight[y] * losses).sum() / weight[y.unique()].sum()"),
            "comes twice counts twice",
        ),
        "weights ignored": (
            weighted("(w := torch.tensor([1.0, 3.0, 6.0])[y]) @ losses.float() / w.sum()"),
            "wrong for other weights",
        ),
        "upside down": (
            weighted("weight[y].sum() / (weight[y] * losses).sum()"),
            "Expected 13 / 7",
        ),
    },
    "check.lowest_loss(lowest_loss)": {
        "knows nothing": (floor("math.log(num_classes)"), "knowing nothing"),
        "zero": (floor("0.0"), "0 is out of reach"),
        "one too many": (
            floor("math.log(1 + num_classes * math.exp(low - high))"),
            "num_classes - 1 others",
        ),
        "sign": (floor("-math.log(1 + (num_classes - 1) * math.exp(low - high))"), "The sign"),
        "greatest loss": (
            floor("math.log(1 + (num_classes - 1) * math.exp(high - low))"),
            "the greatest loss",
        ),
        "difference squared": (
            floor("math.log(1 + (num_classes - 1) * math.exp(-4 * (high - low) ** 2))"),
            "has the floor 1.461",
        ),
        "always ten": (floor("math.log(1 + 9 * math.exp(low - high))"), "nine others"),
        "low forgotten": (
            floor("math.log(1 + (num_classes - 1) * math.exp(-high))"),
            "Use low as well",
        ),
        "high forgotten": (
            floor("math.log(1 + (num_classes - 1) * math.exp(low - 1))"),
            "Use high as well",
        ),
        "cut off": (
            floor("math.log(1 + (num_classes - 1) * math.exp(max(low - high, -2)))"),
            "between -0.5 and 2.5",
        ),
        "squared again": (
            floor("math.log(1 + (num_classes - 1) * math.exp(-((high - low) ** 2)))"),
            "outputs reach from -1 to 1",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.cross_entropy_backward(cross_entropy_backward)": (
        "def cross_entropy_backward(logits, y):\n"
        "    e = (logits - logits.max(dim=1, keepdim=True).values).exp()\n"
        "    p = e / e.sum(dim=1, keepdim=True)\n"
        "    p[torch.arange(len(y)), y] -= 1\n"
        "    return p / len(y)\n"
    ),
    "check.binary_loss_from_logits(binary_loss_from_logits)": (
        "def binary_loss_from_logits(z, y):\n    return F.softplus((1 - 2 * y) * z).mean()\n"
    ),
    "check.weighted_mean(weighted_mean)": (
        "def weighted_mean(losses, y, weight):\n"
        "    shares = weight[y] / sum(weight[label] for label in y)\n"
        "    return (losses * shares).sum()\n"
    ),
    "check.lowest_loss(lowest_loss)": (
        "def lowest_loss(low, high, num_classes):\n"
        "    z = torch.full((num_classes,), float(low))\n"  # float32
        "    z[0] = high\n"
        "    return F.cross_entropy(z, torch.tensor(0)).item()\n"
    ),
}
