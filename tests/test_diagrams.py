"""Diagrams show the shapes, values and gradients of the tensors that they were given."""

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from helpers import plots
from helpers.plots import memory


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_broadcasting_draws_what_is_stretched_and_the_sum():
    a, b = torch.tensor([[0.0], [10.0]]), torch.tensor([1.0, 2.0, 3.0])
    ax = plots.draw_broadcast(a, b, title="t")
    numbers = [text.get_text() for text in ax.texts if text.get_text().isdigit()]
    assert numbers == "0 0 0 10 10 10 1 2 3 1 2 3 1 2 3 11 12 13".split()
    in_memory = [patch for patch in ax.patches if patch.get_linestyle() in ("-", "solid")]
    assert len(in_memory) == 2 + 3 + 6
    assert "(2, 1) plus (3,) gives (2, 3)" in ax.get_label()


def test_two_vectors_are_one_line():
    ax = plots.draw_broadcast(torch.arange(3.0), torch.ones(1), title="t")
    assert "(3,) plus (1,) gives (3,)" in ax.get_label()


def graph_of(build):
    """Draw the graph of build(w, x, b); return its texts, arrows, and the named tensors."""
    leaves = [torch.tensor(value, requires_grad=True) for value in (0.5, 2.0, -0.3)]
    named = dict(zip("wxb", leaves, strict=True)) | build(*leaves)
    for tensor in named.values():
        tensor.retain_grad()
    output = list(named.values())[-1]
    output.backward()
    ax = plots.draw_graph(output, named, title="t")
    texts = [text.get_text() for text in ax.texts if text.get_text()]
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    return texts, arrows, ax


def test_a_power_is_named_whichever_side_is_recorded():
    texts, _, _ = graph_of(lambda w, x, b: {"y": w**x + 2**b})
    assert sum(text.startswith("power") for text in texts) == 2


def test_the_graph_holds_values_gradients_and_operations():
    def build(w, x, b):
        p = w * x
        return {"p": p, "z": p + b}

    texts, arrows, ax = graph_of(build)
    assert sorted(texts) == sorted(
        [
            "w = 0.5\ngrad 2",
            "x = 2\ngrad 0.5",
            "b = −0.3\ngrad 1",
            "×\np = 1\ngrad 1",
            "+\nz = 0.7\ngrad 1",
        ]
    )
    assert len(arrows) == 4
    assert "+ z = 0.7 grad 1" in ax.get_label()


def test_a_number_used_twice_stands_left_of_all_that_use_it():
    def build(w, x, b):
        p = w * x
        return {"p": p, "q": p * p + p * b}

    texts, arrows, _ = graph_of(build)
    assert len(texts) == 7  # w, x, b, p, two products, the sum
    assert len(arrows) == 7  # two products of p draw three arrows, p * p one of them


def test_a_flow_goes_forward_back_and_in_a_loop():
    forward, backward = ["data", "network", "loss\none number"], ["step", "gradient"]
    ax = plots.draw_flow(forward, backward, title="t", over=["a", "b"], under=["c"], loop=True)
    boxes = {text.get_text(): text.get_position() for text in ax.texts if text.get_bbox_patch()}
    assert boxes == {
        "data": (0, 1),
        "network": (1, 1),
        "loss\none number": (2, 1),
        "step": (1, 0),
        "gradient": (2, 0),
    }
    arrows = [(text.xyann, text.xy) for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert arrows == [
        ((0, 1), (1, 1)),
        ((1, 1), (2, 1)),
        ((2, 0), (1, 0)),
        ((2, 1), (2, 0)),
        ((1, 0), (1, 1)),
    ]
    assert "data → network → loss one number. Back: gradient → step." in ax.get_label()
    assert {text.get_text() for text in ax.texts} >= {"a", "b", "c"}


def test_a_flow_may_go_only_forward():
    ax = plots.draw_flow(["a", "b"], title="t")
    assert ax.get_label() == "t. From left to right: a → b."


@pytest.mark.parametrize(
    ("view", "colours", "steps"),
    [
        (lambda grid: grid, "000011112222", (4, 1)),
        (lambda grid: grid.T, "012301230123", (1, 4)),
        (lambda grid: grid[1:, 1:], ".....000.111", (4, 1)),
    ],
)
def test_strides_are_drawn_on_the_strip_that_they_step_over(view, colours, steps):
    ax = plots.draw_strides(view(torch.arange(12).reshape(3, 4)), title="t")
    numbers = [text.get_text() for text in ax.texts if text.get_text().isdigit()]
    assert numbers == [str(k) for k in range(12)]
    tints = [to_hex(patch.get_facecolor()).upper() for patch in ax.patches]
    rows = {tint: str(i) for i, tint in enumerate(memory.ROWS)}
    assert "".join(rows.get(tint, ".") for tint in tints) == colours
    start = colours.index("0")
    moves = [(text.xyann, text.xy) for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert [(a[0] - 0.5, b[0] - 0.5) for a, b in moves] == [(start, start + step) for step in steps]
    assert f"place {start}, the next row {steps[0]}, the next column {steps[1]}" in ax.get_label()


def test_a_board_shows_its_marks_and_what_moves_are_worth():
    board = (0, -1, 0, 0, 1, 0, -1, 0, 1)  # two stones each: X is to move, and its stones are 1
    assert plots.marks(board) == ["", "O", "", "", "X", "", "O", "", "X"]
    assert plots.marks((-1, *8 * (0,))) == ["X", *8 * [""]], "after a move of X, it is the other's"
    ax = plots.draw_board(board, {0: 1.0, 2: -0.25}, title="t")
    shown = [text.get_text() for text in ax.texts]
    assert shown == ["+1.00", "O", "−0.25", "", "X", "", "O", "", "X"]
    assert "+1.00, O, -0.25, free, X" in ax.get_label()
