"""Checkers for the exercises of notebook 01."""

import math

import torch

from helpers.exercises import Wrong, checker, close, compare, drawn, expect, try_out


@checker("Right: a[i] minus b[j] in row i, column j.")
def differences(answer):
    """answer(a, b) is the matrix of all a[i] - b[j]."""
    a, b = torch.tensor([1.5, 30.0, 4.0]), torch.tensor([10.0, 20.0, 50.0])
    wanted = torch.tensor([[x - y for y in b.tolist()] for x in a.tolist()])
    found = answer(a, b)
    expect(torch.is_tensor(found), f"Return a tensor, not {type(found).__name__}.")
    expect(found.shape != (3,), "You subtract pair by pair: give a or b a new axis first.")
    mistakes = {
        "That is the transpose: a runs down the rows, b along them.": wanted.T,
        "The sign is turned round: it is a[i] minus b[j].": -wanted,
        "That is b[i] minus a[j]: swap the two vectors.": -wanted.T,
    }
    compare(found, wanted, mistakes, "Row i, column j should hold a[i] minus b[j].")
    a, b = drawn((2,), (5,))
    found = answer(a, b)
    expect(
        found.shape == (2, 5), "Vectors of length 2 and 5 give a matrix of 2 rows and 5 columns."
    )
    expect(close(found, a[:, None] - b), "It goes wrong if some of the numbers are negative.")


@checker("Right: one number for each row.")
def bilinear(answer):
    """answer(X, A, Y) gives s with s[b] = sum over i, j of X[b, i] A[i, j] Y[b, j]."""

    def right(X, A, Y):
        return torch.stack([x @ A @ y for x, y in zip(X, Y, strict=True)])

    X, A, Y = drawn((4, 3), (3, 3), (4, 3))
    found = answer(X, A, Y)
    expect(torch.is_tensor(found), f"Return a tensor, not {type(found).__name__}.")
    expect(
        found.shape != (4, 4), "Every row of X meets every row of Y: use the same letter b twice."
    )
    expect(found.shape != (), "You sum over the batch as well: keep b on the right of the arrow.")
    expect(
        tuple(found.shape) not in [(4, 1), (1, 4), (4, 1, 1)],
        "One axis too many: s has the shape (batch,).",
    )
    expect(found.dim() <= 1, "Too many indices are left: both i and j are summed.")
    mistakes = {"A is transposed: its first index goes with X.": right(X, A.T, Y)}
    otherwise = "s[b] should be the sum over i and j of X[b,i] A[i,j] Y[b,j]."
    compare(found, right(X, A, Y), mistakes, otherwise)
    X, A, Y = drawn((4, 2), (2, 3), (4, 3))
    hint = "A need not be square: X and Y may differ in width."
    expect(close(answer(X, A, Y), right(X, A, Y)), hint)
    X, A, Y = drawn((6, 3), (3, 2), (6, 2))
    hint = "It goes wrong for a batch of 6: does your code assume 4 rows?"
    expect(close(answer(X, A, Y), right(X, A, Y)), hint)


@checker("Right: up, down, divided by 2h, and x is left as it was.")
def numerical_gradient(answer):
    """answer(f, x, h) is the central difference of f at the vector x, entry by entry."""
    x, h = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64), 0.1
    others = x.prod() / x  # what the product of all entries grows by, exactly linear in each
    exact = 3 * x**2 + torch.exp(x) + others
    up = ((x + h) ** 3 - x**3 + torch.exp(x + h) - torch.exp(x)) / h + others
    wanted = 3 * x**2 + h**2 + torch.exp(x) * math.sinh(h) / h + others  # the closed form
    found = answer(lambda v: (v**3 + v.exp()).sum() + v[0] * v[1] * v[2], x, h)
    expect(torch.is_tensor(found), f"Return a vector like x, not {type(found).__name__}.")
    expect(found.shape == (3,), "Return one slope for each entry of x.")
    mistakes = {
        "Twice too large: the two points are 2h apart.": 2 * wanted,
        "The sign is turned round: f(x + h) comes first.": -wanted,
        "Write / (2 * h): Python divides first.": wanted * h**2,
        "That is the exact derivative: use the step h.": exact,
        "You step to one side only: f(x + h) - f(x - h).": up,
    }
    otherwise = (
        "Move one entry of x at a time, by h up and by h down, and put it back before the next."
    )
    compare(found, wanted, mistakes, otherwise)
    (x,), h = drawn((5,)), 0.2
    exact = 3 * x**2 + x.prod() / x
    found = answer(lambda v: (v**3).sum() + v.prod(), x, h)
    mistakes = {"Your steps are 0.1 long whatever h is: use h.": exact + 0.1**2}
    otherwise = (
        "It goes wrong for another f and an x of 5 entries: does your code assume 3 of them?"
    )
    compare(found, exact + h**2, mistakes, otherwise)


@checker("Right: the graph of the gradient is a graph too.")
def second_derivative(answer):
    """answer(f, x) is f'' at each entry of the vector x, where f works entry by entry."""
    x, recorded = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64), []

    def f(v):
        recorded.append(torch.is_tensor(v) and v.requires_grad)
        return v**3 + torch.sin(v)

    try:
        found = answer(f, x)
    except RuntimeError as error:
        if not any(recorded):
            raise Wrong("x is not recorded: work on x.clone().requires_grad_().") from None
        if "differentiated Tensors does not" in str(error):
            raise Wrong("Differentiate with respect to the clone that f was given.") from None
        if "does not require grad" in str(error):
            raise Wrong(
                "The first derivative has no graph: pass create_graph=True, and don't detach it."
            ) from None
        if "scalar outputs" in str(error):
            raise Wrong(
                "You differentiate a vector: sum it before, f(x) the first time, f'(x) the second."
            ) from None
        raise
    expect(not isinstance(found, tuple), "autograd.grad returns a tuple: return its one entry.")
    found = torch.as_tensor(found).detach()
    first, wanted = 3 * x**2 + torch.cos(x), 6 * x - torch.sin(x)
    expect(found.shape == (3,), "Return one second derivative for each entry of x.")
    mistakes = {
        "All are 0: the first derivative has no graph without create_graph=True.": 0 * x,
        "That is the first derivative: differentiate once more.": first,
        "You squared the first derivative: differentiate it.": first**2,
        "Both derivatives are added up in .grad.": first + wanted,
    }
    compare(found, wanted, mistakes, "For x³ + sin x the second derivative is 6x − sin x.")
    (x,) = drawn((5,))
    hint = "It goes wrong for x eˣ at 5 entries: use the given f, whatever it is."
    expect(close(answer(lambda v: v * v.exp(), x), (2 + x) * x.exp()), hint)
    found = try_out(answer, lambda v: 3 * v, x)  # its first derivative has no graph
    expect(
        close(found, 0 * x),
        "For f(x) = 3x it goes wrong: the slope 3 does not depend on x and has no graph "
        "(requires_grad is False), and the second derivative is 0.",
    )
