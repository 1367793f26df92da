"""Notebook 04: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def ada(update="s + g**2", divisor="s.sqrt() + eps", result="theta - lr * g / divisor"):
    """An adagrad with these parts."""
    return (
        "def adagrad(theta, g, state, lr, eps=1e-10):\n"
        "    s = state.get('s', torch.zeros_like(g))\n"
        f"    s = state['s'] = {update}\n"
        f"    divisor = {divisor}\n"
        f"    return {result}\n"
    )


def rate(result):
    """A largest_rate that returns this."""
    return f"largest_rate = lambda H: {result}"


def warm(up="lr * (t + 1) / num_warm", s="(t - num_warm) / (total - num_warm)", down=""):
    """A warm_cosine with these parts."""
    down = down or "lr * (1 + math.cos(math.pi * s)) / 2"
    return (
        "def warm_cosine(t, lr, num_warm, total):\n"
        f"    s = {s}\n"
        f"    return {up} if t < num_warm else {down}\n"
    )


def cut(*body):
    """A clip with these lines, where `norm` is the right one."""
    lines = ("norm = math.sqrt(sum(g.square().sum() for g in gradients))", *body)
    return "def clip(gradients, max_norm):\n" + "".join(f"    {line}\n" for line in lines)


WRONG_ANSWERS = {
    "check.adagrad(adagrad)": {
        "uphill": (ada(result="theta + lr * g / divisor"), "step downhill"),
        "no root": (ada(divisor="s + eps"), "the root of the sum"),
        "eps in the root": (ada(divisor="(s + eps).sqrt()"), "outside of the root"),
        "no eps": (ada(divisor="s.sqrt()"), "ε is missing"),
        "forgets": (ada(update="g**2"), "the newest gradient"),
        "adds too late": (
            ada(update="s + g**2", divisor="(s - g**2).sqrt() + eps"),
            "Add the new g² first",
        ),
        "one sum": (ada(update="s + (g**2).sum()"), "a sum for each entry"),
        "running average": (ada(update="0.9 * s + 0.1 * g**2"), "with no weights"),
        "forgets slowly": (ada(update="0.9 * s + g**2"), "the plain sum"),
        "state of its own": (
            "mine = {}\n"
            + ada().replace("state.get", "mine.get").replace("state['s']", "mine['s']"),
            "A second descent",
        ),
        "rate fixed": (ada(result="theta - 0.5 * g / divisor"), "use lr"),
        "eps fixed": (ada(divisor="s.sqrt() + 0.25"), "use eps"),
        "another eps": (ada().replace("1e-10", "1e-8"), "without eps"),
        "in place": (ada(result="theta.sub_(lr * g / divisor)"), "in place"),
        "returns the step": (ada(result="(theta - lr * g / divisor).tolist()"), "not list"),
    },
    "check.largest_rate(largest_rate)": {
        "eigenvalue": (rate("torch.linalg.eigvalsh(H).max()"), "largest eigenvalue L"),
        "one step": (rate("1 / torch.linalg.eigvalsh(H).max()"), "it breaks"),
        "flattest": (rate("2 / torch.linalg.eigvalsh(H).min()"), "flattest"),
        "diagonal": (rate("2 / H.diag().max()"), "diagonal is not enough"),
        "trace": (rate("2 / H.trace()"), "adds all eigenvalues up"),
        "norm": (rate("2 / H.norm()"), "norm of all entries"),
        "row sum": (rate("2 / H.abs().sum(dim=1).max()"), "only a bound"),
        "inverse": (rate("torch.linalg.eigvalsh(H).max() / 2"), "it is 2 / 8, not 4"),
        "the last one": (rate("2 / torch.linalg.eigvals(H).real[-1]"), "eigvals does not sort"),
        "20 powers": (
            rate("2 * H.matrix_power(19).trace() / H.matrix_power(20).trace()"),
            "0.1, 1, 4.5 and 5",
        ),
        "second eigenvalue": (rate("2 / torch.linalg.eigvalsh(H)[1]"), "the largest last"),
    },
    "check.warm_cosine(warm_cosine)": {
        "too short": (warm().replace("t < num_warm", "t < num_warm - 1"), "At t = num_warm - 1"),
        "stands still": (warm(up="lr * t / num_warm"), "stands still"),
        "no warm-up": (warm(up="lr"), "full rate already"),
        "too steep": (warm(up="lr * (t + 1) / total"), "the first rate is 0.2"),
        "curved": (warm(up="lr * (t + 1) ** 2 / num_warm ** 2 * 10"), "Half-way up"),
        "wave from the start": (warm(s="t / total"), "count t from there"),
        "constant": (warm(down="lr"), "must fall"),
        "whole wave": (warm(s="2 * (t - num_warm) / (total - num_warm)"), "not a whole one"),
        "too long": (warm(s="(t - num_warm) / total"), "total - num_warm steps"),
        "line": (warm(down="lr * (1 - s)"), "At t = 35"),
        "lr fixed": (warm().replace("lr * (", "2 * ("), "use lr"),
        "num_warm fixed": (
            "num_warm = 10\n" + warm().replace("lr, num_warm", "lr, _"),
            "use num_warm",
        ),
        "total fixed": (warm(s="(t - num_warm) / (110 - num_warm)"), "use total"),
        "not halved": (warm(down="lr * (1 + math.cos(math.pi * s))"), "the rate is whole, not 4"),
    },
    "check.clip(clip)": {
        "only long ones": (
            cut(
                "factor = min(1, max_norm / norm) if norm else 1",
                "return [factor * g if g.norm() > max_norm else g for g in gradients]",
            ),
            "scale both",
        ),
        "two tensors": (
            cut(
                "norm = sum(g.square().sum() for g in gradients[:2]) ** 0.5",
                "return [g * min(1, max_norm / norm) for g in gradients]",
            ),
            "does your code assume two",
        ),
        "nothing": (cut("return list(gradients)"), "is more than 2.5"),
        "one by one": (
            cut("return [g * min(1, max_norm / g.norm()) for g in gradients]"),
            "cut by itself",
        ),
        "entries": (cut("return [g.clamp(-max_norm, max_norm) for g in gradients]"), "cut entries"),
        "sum of norms": (
            cut(
                "norm = sum(g.norm() for g in gradients)",
                "return [g * min(1, max_norm / norm) for g in gradients]",
            ),
            "Norms don't add up",
        ),
        "no root": (cut("return [g * max_norm / norm**2 for g in gradients]"), "The root"),
        "to one": (cut("return [g / norm for g in gradients]"), "The new norm is 1"),
        "always": (cut("return [g * max_norm / norm for g in gradients]"), "stay as they are"),
        "in place": (
            cut("return [g.mul_(min(1, max_norm / norm)) for g in gradients]"),
            "the caller's gradients",
        ),
        "zero": (
            cut(
                "return [g * torch.clamp(max_norm / torch.tensor(norm), max=1.0)"
                " if norm else g / norm for g in map(torch.Tensor, gradients)]"
            ),
            "0 / 0",
        ),
        "one tensor": (cut("return gradients[0]"), "one for each"),
    },
}

RIGHT_ANSWERS = {
    "check.adagrad(adagrad)": (
        "def adagrad(theta, g, state, lr, eps=1e-10):\n"
        "    s = state.setdefault('s', torch.zeros_like(g))\n"
        "    s += g * g\n"
        "    return theta - lr / (s.sqrt() + eps) * g\n"
    ),
    "check.largest_rate(largest_rate)": (
        "def largest_rate(H):\n    return 2 / max(torch.linalg.eigvals(H).real.tolist())\n"
    ),
    "check.warm_cosine(warm_cosine)": (
        "def warm_cosine(t, lr, num_warm, total):\n"
        "    angle = math.pi * max(0, t - num_warm) / (total - num_warm)\n"
        "    return lr * min(1, (t + 1) / num_warm) * math.cos(angle / 2) ** 2\n"
    ),
    "check.clip(clip)": (
        "def clip(gradients, max_norm):\n"
        "    norm = torch.cat([g.flatten() for g in gradients]).norm()\n"
        "    for i, g in enumerate(gradients):\n"  # another list entry, the same tensor
        "        gradients[i] = g * (max_norm / norm if norm > max_norm else 1.0)\n"
        "    return gradients\n"
    ),
}
