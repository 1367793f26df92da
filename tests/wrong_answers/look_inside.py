"""Notebook 06: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def precision(value):
    return f"def precision(confusion):\n    return {value}\n"


def abstain(value, first="confidence, answers = logits.softmax(dim=1).max(dim=1)"):
    body = f"    {first}\n    return {value}\n"
    return f"def answer_or_abstain(logits, threshold):\n{body}"


def fool(value, loss="F.cross_entropy(model(images), y)", copy=".clone()"):
    return f"""def fool(model, images, y, eps):
    start = images
    images = images{copy}.requires_grad_()
    (gradient,) = torch.autograd.grad({loss}, images)
    return {value}
"""


def temperature(value, loss="F.cross_entropy(logits / T, y).item()"):
    return f"""def best_temperature(logits, y, temperatures):
    losses = [{loss} for T in temperatures]
    return {value}
"""


STEP = "(images + eps * gradient.sign())"
BEST = "temperatures[losses.index(min(losses))]"
WRONG_ANSWERS = {
    "check.precision(precision)": {
        "rounded down": (
            precision("confusion.diagonal() // confusion.sum(dim=0)"),
            "a share needs a float",
        ),
        "by rows": (
            precision("confusion.diagonal() / confusion.sum(dim=1).clamp(min=1)"),
            "divide by the rows",
        ),
        "by all": (precision("confusion.diagonal() / confusion.sum()"), "divide by all digits"),
        "the wrong ones": (
            precision("1 - confusion.diagonal() / confusion.sum(dim=0)"),
            "share of wrong ones",
        ),
        "right to wrong": (
            precision("confusion.diagonal() / (confusion.sum(dim=0) - confusion.diagonal())"),
            "by the wrong ones of a column",
        ),
        "one number": (precision("confusion.diagonal().sum() / confusion.sum()"), "three numbers"),
        "0 / 0": (precision("confusion.diagonal() / confusion.sum(dim=0)"), "divides 0 by 0"),
        "given once counts as twice": (
            precision("confusion.diagonal() / confusion.sum(dim=0).clamp(min=2)"),
            "change only a divisor of 0",
        ),
        "never given counts as perfect": (
            precision("(confusion.diagonal() / confusion.sum(dim=0)).nan_to_num(1.0)"),
            "has precision 0 here",
        ),
    },
    "check.answer_or_abstain(answer_or_abstain)": {
        "small whole numbers": (
            abstain("torch.where(confidence < threshold, -1, answers).int()"),
            "int64, not torch.int32",
        ),
        "the confidence": (
            abstain("torch.where(confidence < threshold, -1, confidence)"),
            "You return the confidence",
        ),
        "logits for probabilities": (
            abstain(
                "torch.where(confidence < threshold, -1, answers)",
                "confidence, answers = logits.max(dim=1)",
            ),
            "turn logits into probabilities",
        ),
        "the other way round": (
            abstain("torch.where(confidence >= threshold, -1, answers)"),
            "other way round",
        ),
        "no threshold": (abstain("answers"), "never abstains"),
        "softmax over the batch": (
            abstain(
                "torch.where(confidence < threshold, -1, answers)",
                "confidence, answers = logits.softmax(dim=0).max(dim=1)",
            ),
            "over the batch",
        ),
        "too strict": (
            abstain("torch.where(confidence < 0.95, -1, answers)"),
            "always abstains",
        ),
        "abstains at the threshold": (
            abstain("torch.where(confidence <= threshold, -1, answers)"),
            "At the threshold itself",
        ),
        "never without a majority": (
            abstain("torch.where(confidence < max(threshold, 0.5), -1, answers)"),
            "a threshold of 0.37",
        ),
        "drops the doubtful": (abstain("answers[confidence >= threshold]"), "for each row"),
        "floats": (
            abstain("torch.where(confidence < threshold, -1.0, answers.double())"),
            "int64, not",
        ),
    },
    "check.fool(fool)": {
        "downhill": (
            fool("(images - eps * gradient.sign()).clamp(0, 1).detach()"),
            "Go up, not down",
        ),
        "the gradient itself": (
            fool("(images + eps * gradient).clamp(0, 1).detach()"),
            "take the gradient's sign",
        ),
        "no clamp": (fool(f"{STEP}.detach()"), "left the range"),
        "still on the graph": (fool(f"{STEP}.clamp(0, 1)"), "detach it"),
        "the logit alone": (
            fool(
                "(images - eps * gradient.sign()).clamp(0, 1).detach()",
                "model(images)[torch.arange(len(y)), y].sum()",
            ),
            "right class's logit alone",
        ),
        "in place": (
            fool("start.detach().add_(eps * gradient.sign()).clamp_(0, 1)", copy=".clone()"),
            "in place",
        ),
        "eps fixed": (
            fool("(images + 0.1 * gradient.sign()).clamp(0, 1).detach()"),
            "whatever eps is",
        ),
        "five images": (
            fool(f"{STEP}.clamp(0, 1).detach()[:5]"),
            "7 other images",
        ),
        "of the mean logit": (
            fool(f"{STEP}.clamp(0, 1).detach()", "model(images).mean()"),
            "That is not the step",
        ),
    },
    "check.best_temperature(best_temperature)": {
        "multiplies": (
            temperature(BEST, "F.cross_entropy(logits * T, y).item()"),
            "divide by T, don't multiply",
        ),
        "the highest loss": (temperature("temperatures[losses.index(max(losses))]"), "end of the"),
        "the loss": (temperature("round(min(losses), 4)"), "its position or its loss"),
        "a list of its own": (
            temperature(BEST).replace(
                "    losses", "    temperatures = [4.0, 0.5, 1.0, 2.0, 0.25]\n    losses"
            ),
            "From 9, 1 and 3",
        ),
        "all losses": (temperature("torch.tensor(losses)"), "one temperature"),
        "the accuracy": (
            temperature(
                "temperatures[2]", "((logits / T).argmax(dim=1) == y).double().mean().item()"
            ),
            "need T = 2",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.precision(precision)": precision(
        "(confusion.diagonal() / confusion.sum(dim=0)).nan_to_num().half()"
    ),
    "check.answer_or_abstain(answer_or_abstain)": (
        "def answer_or_abstain(logits, threshold):\n"
        "    answers = logits.argmax(dim=1)\n"
        "    answers[logits.softmax(dim=1).amax(dim=1) < threshold] = -1\n"
        "    return answers\n"
    ),
    "check.fool(fool)": (
        "def fool(model, images, y, eps):\n"
        "    model.eval()\n"
        "    model.zero_grad()\n"
        "    images = images.clone().requires_grad_()\n"
        "    F.cross_entropy(model(images), y).backward()\n"
        "    return torch.clip(images.detach() + eps * images.grad.sign(), 0, 1)\n"
    ),
    "check.best_temperature(best_temperature)": (
        "def best_temperature(logits, y, temperatures):\n"
        "    return min(temperatures, key=lambda T: F.cross_entropy(logits / T, y))\n"
    ),
}
