"""Notebook 07: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def steps(*body, after="return losses"):
    """A train_steps with these lines for each batch."""
    lines = "".join(f"        {line}\n" for line in body)
    head = (
        "def train_steps(model, optimizer, batches):\n    losses = []\n    for X, y in batches:\n"
    )
    return f"{head}{lines}    {after}\n"


FORWARD = "loss = F.cross_entropy(model(X), y)"
NOTED = "losses.append(loss.item())"
TRAINED = ("optimizer.zero_grad()", "F.cross_entropy(model(X), y).backward()", "optimizer.step()")
RATE = 'rates.append(optimizer.param_groups[0]["lr"])'


def epochs(*, before=(), batch=(), after=(), end=()):
    """A train_epochs with these lines before, in, after the loop over batches, and at the end."""
    parts = [(8, before), (8, ["for X, y in batches:"]), (12, [*TRAINED, *batch]), (8, after)]
    lines = [" " * indent + line for indent, group in parts for line in group]
    return "\n".join(
        [
            "def train_epochs(model, optimizer, scheduler, batches, num_epochs):",
            "    rates = []",
            "    for _ in range(num_epochs):",
            *lines,
            *(f"    {line}" for line in end),
            "    return rates",
        ]
    )


REPORT = (
    "right = model(X_valid).argmax(dim=1) == y_valid",
    "accuracies.append(right.double().mean().item())",
)


def reported(*, first=(), before=(), after=REPORT):
    """A train_and_report with these lines at the start, and before and after the batches."""
    parts = [(4, first), (4, ["for _ in range(num_epochs):"]), (8, before)]
    parts += [(8, ["for X, y in batches:"]), (12, TRAINED), (8, after)]
    return "\n".join(
        [
            "def train_and_report(model, optimizer, batches, X_valid, y_valid, num_epochs):",
            "    accuracies = []",
            *(" " * indent + line for indent, group in parts for line in group),
            "    return accuracies",
        ]
    )


def regression(loss, noted="loss.item()"):
    """A train_regression with that loss."""
    return "\n".join(
        [
            "def train_regression(model, optimizer, X, y, num_steps):",
            "    losses = []",
            "    for _ in range(num_steps):",
            f"        loss = {loss}",
            "        optimizer.zero_grad()",
            "        loss.backward()",
            "        optimizer.step()",
            f"        losses.append({noted})",
            "    return losses",
        ]
    )


WRONG_ANSWERS = {
    "check.train_steps(train_steps)": {
        "zero_grad dropped": (
            steps(FORWARD, "loss.backward()", "optimizer.step()", NOTED),
            "all earlier gradients",
        ),
        "step first": (
            steps(FORWARD, "optimizer.step()", "optimizer.zero_grad()", "loss.backward()", NOTED),
            "Your code raised RuntimeError",
        ),
        "two steps": (
            steps(
                FORWARD,
                "optimizer.zero_grad()",
                "loss.backward()",
                "optimizer.step()",
                "optimizer.step()",
                NOTED,
            ),
            "two steps along one gradient",
        ),
        "graphs kept": (
            steps(
                FORWARD,
                "optimizer.zero_grad()",
                "loss.backward()",
                "optimizer.step()",
                "losses.append(loss)",
            ),
            "a list of floats",
        ),
        "a larger rate": (
            steps(
                'optimizer.param_groups[0]["lr"] = 1.0',
                FORWARD,
                "optimizer.zero_grad()",
                "loss.backward()",
                "optimizer.step()",
                NOTED,
            ),
            "Change one line only",
        ),
        "the sum": (
            steps(
                FORWARD,
                "optimizer.zero_grad()",
                "loss.backward()",
                "optimizer.step()",
                NOTED,
                after="return sum(losses)",
            ),
            "Return a list, not float",
        ),
    },
    "check.train_epochs(train_epochs)": {
        "no schedule": (epochs(before=[RATE]), "never falls"),
        "stepped before": (
            epochs(before=["scheduler.step()", RATE]),
            "at half the rate already",
        ),
        "stepped at the end": (epochs(before=[RATE], end=["scheduler.step()"]), "at the very end"),
        "the next rate": (epochs(after=["scheduler.step()", RATE]), "those of the next epoch"),
        "both places": (
            epochs(before=[RATE], batch=["scheduler.step()"], after=["scheduler.step()"]),
            "one scheduler.step() an epoch",
        ),
    },
    "check.train_and_report(train_and_report)": {
        "eval dropped": (
            reported(first=["model.train()"]),
            "reports are made with dropout",
        ),
        "eval once": (
            reported(first=["model.eval()"]),
            "no epoch trains with dropout",
        ),
        "swapped": (
            reported(before=["model.eval()"], after=["model.train()", *REPORT]),
            "The modes are swapped",
        ),
        "reported before": (
            reported(before=["model.eval()", *REPORT, "model.train()"], after=["model.eval()"]),
            "You report before",
        ),
        "on the last batch": (
            reported(
                before=["model.train()"],
                after=[
                    "model.eval()",
                    "right = model(X).argmax(dim=1) == y",
                    "accuracies.append(right.double().mean().item())",
                ],
            ),
            "none in reports",
        ),
        "counts": (
            reported(
                before=["model.train()"],
                after=["model.eval()", REPORT[0], "accuracies.append(right.sum())"],
            ),
            "a list of floats",
        ),
    },
    "check.train_regression(train_regression)": {
        "the sum": (regression("(model(X).squeeze(1) - y).square().sum()"), "you add the squares"),
        "averaged first": (
            regression("(model(X).squeeze(1) - y).mean().square()"),
            "average before you square",
        ),
        "one output": (regression("(model(X).mean() - y).square().mean()"), "average the outputs"),
        "absolute": (regression("(model(X).squeeze(1) - y).abs().mean()"), "absolute error"),
        "one target": (
            regression("(model(X).squeeze(1) - y.mean()).square().mean()"),
            "the mean of the targets",
        ),
        "half of it": (
            regression("(model(X).squeeze(1) - y).square().mean() / 2"),
            "mean squared errors of",
        ),
        "graphs kept": (
            regression("(model(X).squeeze(1) - y).square().mean()", noted="loss"),
            "a list of floats",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.train_steps(train_steps)": steps(
        FORWARD, "loss.backward()", "optimizer.step()", "optimizer.zero_grad()", NOTED
    ),
    "check.train_epochs(train_epochs)": epochs(
        before=["rates += scheduler.get_last_lr()"], after=["scheduler.step()"]
    ),
    "check.train_and_report(train_and_report)": reported(
        after=["model.eval()", *REPORT, "model.train(True)"]
    ),
    "check.train_regression(train_regression)": regression("F.mse_loss(model(X), y[:, None])"),
}
