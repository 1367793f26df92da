"""Notebook 05: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def step(*body):
    """A train_step with these lines."""
    return "def train_step(model, loss_fn, optimizer, X, y):\n" + "".join(
        f"    {line}\n" for line in body
    )


FORWARD = "loss = loss_fn(model(X), y)"


def batches(*body):
    """A batches function with these lines, after a seeded shuffle called `order`."""
    lines = (
        "generator = torch.Generator().manual_seed(seed)",
        "order = torch.randperm(num_samples, generator=generator)",
        *body,
    )
    return "def batches(num_samples, batch_size, seed):\n" + "".join(
        f"    {line}\n" for line in lines
    )


WRONG_ANSWERS = {
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
        "no backward": (
            step(FORWARD, "optimizer.zero_grad()", "optimizer.step()", "return loss.item()"),
            "is backward() missing",
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
        "a loss of its own": (
            step(
                "loss = F.cross_entropy(model(X), y)",
                "optimizer.zero_grad()",
                "loss.backward()",
                "optimizer.step()",
                "return loss.item()",
            ),
            "never call loss_fn",
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
        "two batches of 3 and 1": (
            "mean_loss = lambda losses, sizes: (3 * losses[0] + losses[1]) / 4",
            "64, 64 and 8",
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
        "on one epoch only": (
            "should_stop = lambda losses, p: len(losses) - 1 - losses.index(min(losses)) == p",
            "stop at any age",
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
        "a tie restarts the clock": (
            "should_stop = lambda losses, p: losses[::-1].index(min(losses)) >= p",
            "the first of equals counts",
        ),
        "patience ignored": (
            "should_stop = lambda losses, p: len(losses) - 1 - losses.index(min(losses)) >= 2",
            "whatever patience is",
        ),
        "the first epoch counts as waited": (
            "def should_stop(losses, p):\n"
            "    best, waited = losses[0], 0\n"
            "    for loss in losses:\n"
            "        best, waited = (loss, 0) if loss < best else (best, waited + 1)\n"
            "    return waited >= p",
            "say False",
        ),
        "never forgets": (
            "def should_stop(losses, p):\n"
            "    worse = sum(loss > min(losses[:i + 1]) for i, loss in enumerate(losses))\n"
            "    return worse >= p",
            "starts the clock again",
        ),
    },
    "check.batches(batches)": {
        "floats": (batches("return order.float().split(batch_size)"), "whole numbers"),
        "lists": (batches("return [b.tolist() for b in order.split(batch_size)]"), "not list"),
        "last batch dropped": (
            batches(
                "whole = num_samples // batch_size * batch_size",
                "return order[:whole].split(batch_size)",
            ),
            "keep the smaller last batch",
        ),
        "size taken for number": (
            batches("return order.chunk(batch_size)"),
            "not their number",
        ),
        "not shuffled": (
            batches("return torch.arange(num_samples).split(batch_size)"),
            "shuffle them",
        ),
        "only batches shuffled": (
            batches(
                "parts = torch.arange(num_samples).split(batch_size)",
                "return [parts[1][[2, 1, 0, 3]], parts[0], parts[2]]",
            ),
            "Neighbours always share a batch",
        ),
        "drawn with replacement": (
            batches(
                "drawn = torch.randint(num_samples, (num_samples,), generator=generator)",
                "return drawn.split(batch_size)",
            ),
            "draw without replacement",
        ),
        "seed ignored": (
            batches("return torch.randperm(num_samples).split(batch_size)"),
            "seed a generator",
        ),
        "seed fixed": (
            batches(
                "generator.manual_seed(0)",
                "return torch.randperm(num_samples, generator=generator).split(batch_size)",
            ),
            "use the seed",
        ),
        "equal batches": (
            batches("return order.chunk(-(-num_samples // batch_size))"),
            "fill each before the next",
        ),
        "an empty batch": (
            batches(
                "starts = [i * batch_size for i in range(num_samples // batch_size + 1)]",
                "return [order[start : start + batch_size] for start in starts]",
            ),
            "no third one",
        ),
        "size fixed": (batches("return order.split(4)"), "use both arguments"),
        "every seventh": (
            batches(
                "return ((torch.arange(num_samples) * 7 + seed) % num_samples).split(batch_size)"
            ),
            "Of 7 samples",
        ),
        "half batches": (
            batches("return order.split(batch_size // 2)"),
            "batches of 4, 4 and 2, not",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.train_step(train_step)": step(
        "outputs = model(X)",
        "loss = loss_fn(outputs, y)",
        "loss.backward()",
        "optimizer.step()",
        "model.zero_grad()",
        "return loss.tolist()",
    ),
    "check.mean_loss(mean_loss)": (
        "def mean_loss(losses, sizes):\n"
        "    losses, sizes = torch.tensor(losses), torch.tensor(sizes)\n"
        "    return ((losses * sizes).sum() / sizes.sum()).item()\n"
    ),
    "check.should_stop(should_stop)": (
        "def should_stop(losses, patience):\n"
        "    if len(losses) <= patience:\n"
        "        return False\n"
        "    return min(losses[:-patience]) <= min(losses[-patience:])\n"
    ),
    "check.batches(batches)": batches(
        "return [order[i : i + batch_size] for i in range(0, num_samples, batch_size)]"
    ),
}
