"""Plausible mistakes: {notebook: {checker's call: {mistake: (answer, part of its hint)}}}."""

import textwrap


def step(*body):
    """A train_step with these lines."""
    return "def train_step(model, loss_fn, optimizer, X, y):\n" + "".join(
        f"    {line}\n" for line in body
    )


FORWARD = "loss = loss_fn(model(X), y)"


def split(body):
    return "def split(num_samples, valid_size, seed):\n" + textwrap.indent(
        textwrap.dedent(body), "    "
    )


SHUFFLE = "order = torch.randperm(num_samples, generator=torch.Generator().manual_seed(seed))\n"

WRONG_ANSWERS = {
    "05_train_mnist": {
        "check.train_step(train_step)": {
            "gradients pile up": (
                step(FORWARD, "loss.backward()", "optimizer.step()", "return loss.item()"),
                "still carries the first one's gradient",
            ),
            "cleared before the step": (
                step(
                    FORWARD,
                    "loss.backward()",
                    "optimizer.zero_grad()",
                    "optimizer.step()",
                    "return loss.item()",
                ),
                "zero_grad() belongs before backward()",
            ),
            "no step": (
                step(FORWARD, "optimizer.zero_grad()", "loss.backward()", "return loss.item()"),
                "is step() missing",
            ),
            "step first": (
                step(
                    FORWARD,
                    "optimizer.step()",
                    "optimizer.zero_grad()",
                    "loss.backward()",
                    "return loss.item()",
                ),
                "step() runs before backward()",
            ),
            "two steps": (
                step(
                    FORWARD,
                    "optimizer.zero_grad()",
                    "loss.backward()",
                    "optimizer.step()",
                    "optimizer.step()",
                    "return loss.item()",
                ),
                "one backward() and one step()",
            ),
            "returns the tensor": (
                step(
                    FORWARD,
                    "optimizer.zero_grad()",
                    "loss.backward()",
                    "optimizer.step()",
                    "return loss",
                ),
                "Return a float, not Tensor",
            ),
            "loss after the step": (
                step(
                    FORWARD,
                    "optimizer.zero_grad()",
                    "loss.backward()",
                    "optimizer.step()",
                    "return loss_fn(model(X), y).item()",
                ),
                "before the step",
            ),
            "no return": (
                step(FORWARD, "optimizer.zero_grad()", "loss.backward()", "optimizer.step()"),
                "is a return missing",
            ),
        },
        "check.mean_loss(mean_loss)": {
            "average of averages": (
                "mean_loss = lambda losses, sizes: sum(losses) / len(losses)",
                "average of averages",
            ),
            "only the sum": (
                "mean_loss = lambda losses, sizes: sum(l * n for l, n in zip(losses, sizes))",
                "divide by how many there are",
            ),
            "divided by the batches": (
                "mean_loss = lambda losses, sizes: "
                "sum(l * n for l, n in zip(losses, sizes)) / len(sizes)",
                "number of batches",
            ),
            "sizes forgotten above": (
                "mean_loss = lambda losses, sizes: sum(losses) / sum(sizes)",
                "multiply it by its size",
            ),
            "the last batch": (
                "mean_loss = lambda losses, sizes: losses[-1]",
                "average 1.75, not 4.0",
            ),
        },
        "check.should_stop(should_stop)": {
            "lower taken for worse": (
                "should_stop = lambda losses, p: len(losses) - 1 - losses.index(max(losses)) >= p",
                "lower is better",
            ),
            "no patience": (
                "should_stop = lambda losses, p: len(losses) > 1 and losses[-1] > losses[-2]",
                "wait for the second",
            ),
            "an epoch too late": (
                "should_stop = lambda losses, p: len(losses) - 1 - losses.index(min(losses)) > p",
                "an epoch too long",
            ),
            "neighbours compared": (
                "should_stop = lambda losses, p: len(losses) > p and "
                "all(losses[-i] > losses[-i - 1] for i in range(1, p + 1))",
                "compare with the lowest loss",
            ),
            "never forgets": (
                "def should_stop(losses, p):\n"
                "    worse = sum(loss > min(losses[:i + 1]) for i, loss in enumerate(losses))\n"
                "    return worse >= p",
                "starts the clock again",
            ),
        },
        "check.split(split)": {
            "parts swapped": (
                split(SHUFFLE + "return order[:valid_size], order[valid_size:]"),
                "the wrong way round",
            ),
            "not shuffled": (
                split("i = torch.arange(num_samples)\nreturn i[valid_size:], i[:valid_size]"),
                "shuffle before you cut",
            ),
            "trains on everything": (
                split(SHUFFLE + "return order, order[:valid_size]"),
                "in both parts",
            ),
            "drawn with replacement": (
                split(
                    "g = torch.Generator().manual_seed(seed)\n"
                    "i = torch.randint(num_samples, (num_samples,), generator=g)\n"
                    "valid = set(i[:valid_size].tolist())\n"
                    "train = [k for k in i[valid_size:].tolist() if k not in valid]\n"
                    "return train, i[:valid_size]"
                ),
                "draw without replacement",
            ),
            "seed ignored": (
                split("i = torch.randperm(num_samples)\nreturn i[valid_size:], i[:valid_size]"),
                "seed a generator",
            ),
            "seed fixed": (
                split(
                    "i = torch.randperm(num_samples, generator=torch.Generator().manual_seed(0))\n"
                    "return i[valid_size:], i[:valid_size]"
                ),
                "use the seed",
            ),
            "one digit off": (
                split(SHUFFLE + "return order[valid_size + 1:], order[:valid_size + 1]"),
                "21 indices are held out",
            ),
        },
    },
}
