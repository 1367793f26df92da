"""Pictures of a network at work show the numbers that they were given."""

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from helpers import plots


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def bars_of(ax):
    """(lengths, digits in orange) of the bars in a plot."""
    lengths = [round(patch.get_width(), 4) for patch in ax.patches]
    orange = [k for k, patch in enumerate(ax.patches) if to_hex(patch.get_facecolor()) == "#d55e00"]
    return lengths, orange


def test_the_network_shows_digit_hidden_units_and_outputs():
    image, hidden = torch.rand(1, 28, 28), torch.arange(12.0)
    outputs = torch.tensor([0.1, -0.2, 0.9, *[0.0] * 7])
    ax = plots.draw_network(image, hidden, outputs, title="t")
    digit, squares, bars = ax.child_axes
    assert (digit.images[0].get_array() == image[0].numpy()).all()
    shown = squares.images[0].get_array()
    assert shown.shape == (2, 8) and shown.ravel()[:12].tolist() == hidden.tolist()
    assert bars_of(bars) == ([0.1, -0.2, 0.9, *[0.0] * 7], [2])
    assert ax.get_label() == "t. A digit, 12 hidden units, and 10 outputs, the largest for 2."


def test_answers_stand_below_their_digits_and_rings_at_the_labels():
    images, labels = torch.rand(2, 1, 28, 28), torch.tensor([3, 7])
    before, after = torch.eye(10)[[1, 7]], torch.eye(10)[[3, 7]]
    ax = plots.draw_answers(images, labels, {"before": before, "after": after}, title="t")
    bars = [part for part in ax.child_axes if part.patches]
    assert [bars_of(part)[1] for part in bars] == [[1], [3], [7], [7]]
    rings = [part.lines[0].get_xydata().tolist() for part in bars]
    assert rings == [[[1.0, 3.0]], [[1.0, 3.0]], [[1.0, 7.0]], [[1.0, 7.0]]]
    told = (
        "before 3 is read as 1; after 3 is read as 3; before 7 is read as 7; after 7 is read as 7"
    )
    assert ax.get_label() == f"t. {told}."


def test_a_table_shows_its_numbers_on_one_scale():
    ax = plots.draw_table(
        [[1.2, 90.0], [50.0, 0.0]], ["a", "b"], ["x", "y"], title="t", limits=(0, 100)
    )
    assert [text.get_text() for text in ax.texts] == ["1", "90", "50", "0"]
    assert [text.get_color() for text in ax.texts] == ["black", "white", "black", "black"]
    assert ax.images[0].get_clim() == (0, 100)
    assert ax.get_label() == "t. Columns x, y; rows: a 1, 90; b 50, 0."
