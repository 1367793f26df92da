"""Notebook 01: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""

WRONG_ANSWERS = {
    "check.differences(differences)": {
        "pair by pair": ("differences = lambda a, b: a - b", "pair by pair"),
        "transposed": ("differences = lambda a, b: a - b[:, None]", "the transpose"),
        "sign": ("differences = lambda a, b: b - a[:, None]", "a[i] minus b[j]"),
        "swapped": ("differences = lambda a, b: b[:, None] - a", "swap the two vectors"),
        "product": ("differences = lambda a, b: torch.outer(a, b)", "Row i, column j"),
        "three by three": ("differences = lambda a, b: (a[:, None] - b)[:3, :3]", "2 and 5 give"),
        "without signs": (
            "differences = lambda a, b: a.abs()[:, None] - b.abs()",
            "some of the numbers are negative",
        ),
        "a list": (
            "differences = lambda a, b: [[x - y for y in b] for x in a]",
            "Return a tensor, not list",
        ),
    },
    "check.bilinear(bilinear)": {
        "all pairs": ("bilinear = lambda X, A, Y: X @ A @ Y.T", "every row of Y"),
        "summed up": (
            'bilinear = lambda X, A, Y: torch.einsum("bi,ij,bj->", X, A, Y)',
            "sum over the batch",
        ),
        "index left": ("bilinear = lambda X, A, Y: X @ A * Y", "Too many indices are left"),
        "transposed": (
            'bilinear = lambda X, A, Y: torch.einsum("bi,ji,bj->b", X, A, Y)',
            "A is transposed",
        ),
        "one range for both indices": (
            "bilinear = lambda X, A, Y: sum(X[:, i] * A[i, j] * Y[:, j]"
            " for i in range(X.shape[1]) for j in range(X.shape[1]))",
            "need not be square",
        ),
        "four rows": (
            "bilinear = lambda X, A, Y: torch.stack([X[b] @ A @ Y[b] for b in range(4)])",
            "does your code assume 4 rows",
        ),
        "no matrix": (
            "bilinear = lambda X, A, Y: (X * Y).sum(1)",
            "should be the sum over i and j",
        ),
    },
    "check.numerical_gradient(numerical_gradient)": {
        "x changed": (
            "def numerical_gradient(f, x, h):\n"
            "    slopes = torch.zeros_like(x)\n"
            "    for i in range(len(x)):\n"
            "        x[i] += h\n"
            "        up = f(x)\n"
            "        x[i] -= 2 * h\n"
            "        slopes[i] = (up - f(x)) / (2 * h)\n"
            "    return slopes",
            "work on a clone",
        ),
        "one side": (
            "numerical_gradient = lambda f, x, h: torch.stack("
            "[(f(x + h * e) - f(x)) / h for e in torch.eye(len(x), dtype=x.dtype)])",
            "to one side only",
        ),
        "divided by h": (
            "numerical_gradient = lambda f, x, h: torch.stack("
            "[(f(x + h * e) - f(x - h * e)) / h for e in torch.eye(len(x), dtype=x.dtype)])",
            "2h apart",
        ),
        "brackets": (
            "numerical_gradient = lambda f, x, h: torch.stack("
            "[(f(x + h * e) - f(x - h * e)) / 2 * h for e in torch.eye(len(x), dtype=x.dtype)])",
            "Python divides first",
        ),
        "exact": (
            "def numerical_gradient(f, x, h):\n"
            "    x = x.clone().requires_grad_()\n"
            "    return torch.autograd.grad(f(x), x)[0]",
            "use the step h",
        ),
        "sign": (
            "numerical_gradient = lambda f, x, h: torch.stack("
            "[(f(x - h * e) - f(x + h * e)) / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)])",
            "f(x + h) comes first",
        ),
        "all entries at once": (
            "numerical_gradient = lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h)",
            "one slope for each entry",
        ),
        "a list": (
            "numerical_gradient = lambda f, x, h: "
            "[(f(x + h * e) - f(x - h * e)) / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)]",
            "a vector like x, not list",
        ),
        "h ignored": (
            "numerical_gradient = lambda f, x, h: torch.stack("
            "[(f(x + 0.1 * e) - f(x - 0.1 * e)) / 0.2 for e in torch.eye(len(x), dtype=x.dtype)])",
            "whatever h is",
        ),
        "three entries": (
            "numerical_gradient = lambda f, x, h: torch.stack("
            "[(f(x + h * e) - f(x - h * e)) / (2 * h) for e in torch.eye(len(x)).double()[:3]])",
            "an x of 5 entries",
        ),
        "the same slope for all": (
            "numerical_gradient = lambda f, x, h: "
            "(f(x + h) - f(x - h)) / (2 * h) * torch.ones_like(x)",
            "one entry of x at a time",
        ),
    },
    "check.second_derivative(second_derivative)": {
        "the tuple": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)\n"
            "    return torch.autograd.grad(first.sum(), x)",
            "returns a tuple",
        ),
        "only the first": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    return torch.autograd.grad(f(x).sum(), x)[0]",
            "the first derivative",
        ),
        "not recorded": (
            "def second_derivative(f, x):\n"
            "    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)\n"
            "    return torch.autograd.grad(first.sum(), x)[0]",
            "x is not recorded",
        ),
        "not summed": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    (first,) = torch.autograd.grad(f(x), x, create_graph=True)\n"
            "    return torch.autograd.grad(first.sum(), x)[0]",
            "sum it before",
        ),
        "no graph of the gradient": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    (first,) = torch.autograd.grad(f(x).sum(), x)\n"
            "    return torch.autograd.grad(first.sum(), x)[0]",
            "pass create_graph=True",
        ),
        "zeros without a graph": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    (first,) = torch.autograd.grad(f(x).sum(), x)\n"
            "    if not first.requires_grad:\n"
            "        return torch.zeros_like(x)\n"
            "    return torch.autograd.grad(first.sum(), x)[0]",
            "All are 0",
        ),
        "one f": ("second_derivative = lambda f, x: 6 * x - x.sin()", "use the given f"),
        "no straight lines": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)\n"
            "    return torch.autograd.grad(first.sum(), x)[0]",
            "For f(x) = 3x",
        ),
        "squared": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    return torch.autograd.grad(f(x).sum(), x)[0] ** 2",
            "squared the first derivative",
        ),
        "added up in grad": (
            "def second_derivative(f, x):\n"
            "    x = x.clone().requires_grad_()\n"
            "    f(x).sum().backward(create_graph=True)\n"
            "    x.grad.sum().backward()\n"
            "    return x.grad",
            "added up in .grad",
        ),
        "caller's x changed": (
            "def second_derivative(f, x):\n"
            "    x.requires_grad_()\n"
            "    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)\n"
            "    return torch.autograd.grad(first.sum(), x)[0]",
            "a clone that requires grad",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.differences(differences)": (
        "def differences(a, b):\n    return torch.stack([number - b for number in a])\n"
    ),
    "check.bilinear(bilinear)": ("def bilinear(X, A, Y):\n    return (X @ A * Y).sum(dim=1)\n"),
    "check.numerical_gradient(numerical_gradient)": (
        "def numerical_gradient(f, x, h):\n"
        "    slopes = torch.zeros_like(x)\n"
        "    for j in range(len(x)):\n"
        "        up = x.clone()\n"
        "        down = x.clone()\n"
        "        up[j] += h\n"
        "        down[j] -= h\n"
        "        slopes[j] = (f(up) - f(down)) / (2 * h)\n"
        "    return slopes\n"
    ),
    "check.second_derivative(second_derivative)": (
        "def second_derivative(f, x):\n"
        "    total = lambda v: f(v).sum()\n"
        "    return torch.autograd.functional.hessian(total, x).diagonal()\n"
    ),
}
