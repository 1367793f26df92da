"""Notebook 02: plausible mistakes as {checker's call: {mistake: (answer, part of its hint)}}.

RIGHT_ANSWERS are as right as the folded solutions, and written in another way.
"""


def linear(dX="dz @ W.T", dW="X.T @ dz", db="dz.sum(dim=0)"):
    """A linear_backward that returns these."""
    return f"linear_backward = lambda X, W, dz: ({dX}, {dW}, {db})"


def mse(result):
    """An mse_gradient that returns this, with the one-hot rows at hand as Y."""
    return (
        "def mse_gradient(logits, y):\n"
        "    Y = torch.eye(logits.shape[1], dtype=logits.dtype)[y]\n"
        f"    return {result}\n"
    )


def residual(result):
    """A residual_backward that returns this."""
    return f"residual_backward = lambda X, W, dh: {result}"


def he(result):
    """A he_weights that returns this, with `normal` drawing the numbers."""
    return (
        "def he_weights(num_in, num_out, seed):\n"
        "    generator = torch.Generator().manual_seed(seed)\n"
        "    def normal(*shape):\n"
        "        return torch.randn(*shape, generator=generator)\n"
        f"    return {result}\n"
    )


WRONG_ANSWERS = {
    "check.linear_backward(linear_backward)": {
        "a list": (linear(db="dz.sum(dim=0).tolist()"), "is a tensor"),
        "two gradients": (
            "linear_backward = lambda X, W, dz: (dz @ W.T, X.T @ dz)",
            "Return three gradients",
        ),
        "W not transposed": (linear(dX="dz @ W"), "through the transpose of W"),
        "X not transposed": (linear(dW="X @ dz"), "transpose X"),
        "dW in nn.Linear's layout": (linear(dW="dz.T @ X"), "nn.Linear's has (out, in)"),
        "dW divided again": (linear(dW="X.T @ dz / len(X)"), "divide no more"),
        "db not added up": (linear(db="dz"), "add the rows up"),
        "db over the wrong axis": (linear(db="dz.sum(dim=1)"), "dim 0, not over the units"),
        "db averaged": (linear(db="dz.mean(dim=0)"), "don't average"),
        "db as a row": (linear(db="dz.sum(dim=0, keepdim=True)"), "only its shape is off"),
        "db halved": (linear(db="dz.sum(dim=0) / 2"), "not the gradient of b"),
        "three samples": (linear(db="3 * dz.mean(dim=0)"), "does your code assume 3 samples"),
        "shapes of the square case": (
            linear(dW="(X.T @ dz).expand(3, 3)", dX="(dz @ W.T).T.reshape(3, -1).T"),
            "The shapes go wrong",
        ),
    },
    "check.mse_gradient(mse_gradient)": {
        "the loss itself": (mse("((logits - Y) ** 2).sum() / len(Y)"), "a number for each logit"),
        "labels stretched over rows": (mse("2 * (logits - y) / len(y)"), "one-hot rows before"),
        "labels as a column": (mse("2 * (logits - y[:, None]) / len(y)"), "a name, not a size"),
        "sign": (mse("2 * (Y - logits) / len(y)"), "goes uphill"),
        "no 2": (mse("(logits - Y) / len(y)"), "a factor 2"),
        "no mean": (mse("2 * (logits - Y)"), "its 1/B is missing"),
        "mean over all entries": (mse("2 * (logits - Y) / Y.numel()"), "as nn.MSELoss does"),
        "divided by the classes": (mse("2 * (logits - Y) / Y.shape[1]"), "With 2 samples"),
        "three classes": (
            "mse_gradient = lambda logits, y: 2 * (logits - torch.eye(3)[y]) / len(y)",
            "does your code assume 3 classes",
        ),
        "not linear": (mse("2 * (logits - Y) ** 2 / len(y)"), "not the gradient of this loss"),
    },
    "check.residual_backward(residual_backward)": {
        "in place": (residual("dh.mul_(X @ W > 0) + dh @ W.T"), "in place"),
        "straight way forgotten": (residual("(dh * (X @ W > 0)) @ W.T"), "goes straight into h"),
        "layer forgotten": (residual("dh"), "goes through the layer"),
        "no mask": (residual("dh + dh @ W.T"), "the mask is missing"),
        "mask of the wrong input": (residual("dh + (dh * (X > 0)) @ W.T"), "X @ W and not X"),
        "W not transposed": (residual("dh + (dh * (X @ W > 0)) @ W"), "the transpose of W"),
        "mask too late": (residual("dh + (dh @ W.T) * (X @ W > 0)"), "comes first on the way back"),
        "halved": (residual("(dh + (dh * (X @ W > 0)) @ W.T) / 2"), "not the gradient of X"),
        "three samples": (
            "def residual_backward(X, W, dh):\n"
            "    dX = dh.clone()\n"
            "    for i in range(min(len(X), 3)):\n"
            "        dX[i] += W @ (dh[i] * (X[i] @ W > 0))\n"
            "    return dX",
            "With 6 samples of 2 numbers",
        ),
        "slope 1 at the kink": (residual("dh + (dh * (X @ W >= 0)) @ W.T"), "not >= 0"),
    },
    "check.he_weights(he_weights)": {
        "uniform": (
            he("(2 * torch.rand(num_in, num_out, generator=generator) - 1) * (6 / num_in) ** 0.5"),
            "normal distribution",
        ),
        "shared": (
            he("(normal(num_in, 1) * (2 / num_in) ** 0.5).expand(num_in, num_out)"),
            "share their weights",
        ),
        "shape of nn.Linear": (
            he("(2 / num_in) ** 0.5 * normal(num_out, num_in)"),
            "stores W as (in, out)",
        ),
        "variance for deviation": (he("2 / num_in * normal(num_in, num_out)"), "its square root"),
        "no 2": (he("normal(num_in, num_out) / num_in**0.5"), "The 2 is missing"),
        "outputs counted": (
            he("(2 / num_out) ** 0.5 * normal(num_in, num_out)"),
            "a sum has num_in terms",
        ),
        "Xavier": (
            he("(2 / (num_in + num_out)) ** 0.5 * normal(num_in, num_out)"),
            "made for tanh",
        ),
        "only positive": (
            he("(2 / num_in) ** 0.5 * normal(num_in, num_out).abs()"),
            "push the same way",
        ),
        "standard normal": (he("normal(num_in, num_out)"), "The standard deviation is 1.0"),
        "400 inputs": (
            he("(2 / 400) ** 0.5 * normal(num_in, num_out)"),
            "wrong for 50 and 800",
        ),
        "global numbers": (
            he("(2 / num_in) ** 0.5 * torch.randn(num_in, num_out)"),
            "seed a generator of your own",
        ),
        "seed fixed": (
            he("(generator.manual_seed(0), (2 / num_in) ** 0.5 * normal(num_in, num_out))[1]"),
            "use the seed",
        ),
    },
}

RIGHT_ANSWERS = {
    "check.linear_backward(linear_backward)": (
        "def linear_backward(X, W, dz):\n"
        "    dX = torch.einsum('bo,io->bi', dz, W)\n"
        "    dW = torch.einsum('bi,bo->io', X, dz)\n"
        "    return dX, dW, torch.einsum('bo->o', dz)\n"
    ),
    "check.mse_gradient(mse_gradient)": (
        "def mse_gradient(logits, y):\n"
        "    gradient = logits.clone()\n"
        "    gradient[torch.arange(len(y)), y] -= 1\n"
        "    return gradient / (len(y) / 2)\n"
    ),
    "check.residual_backward(residual_backward)": (
        "def residual_backward(X, W, dh):\n    return dh + torch.where(X @ W > 0, dh, 0.0) @ W.T\n"
    ),
    "check.he_weights(he_weights)": (
        "def he_weights(num_in, num_out, seed):\n"
        "    generator = torch.Generator().manual_seed(seed)\n"
        "    weights = torch.empty(num_in, num_out)\n"
        "    return weights.normal_(0, (2 / num_in) ** 0.5, generator=generator)\n"
    ),
}
