"""Figures carry their alt text and their data."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from PIL import Image

from helpers import plots
from helpers.plots import charts, style


@pytest.fixture
def published(monkeypatch):
    """The pictures that were displayed."""
    seen = []
    monkeypatch.setattr(style, "display", seen.append)
    return seen


def test_show_displays_once_with_alt_text_and_closes_the_figure(published):
    ax = plots.draw_bars({"first": 1.0, "second": 2.5}, title="Two bars", xlabel="size")
    plots.show(ax.figure)
    (picture,) = published
    assert picture.data.startswith(b"\x89PNG")
    assert picture.alt == "Two bars. Bars of size: first 1.0, second 2.5."
    assert not plt.get_fignums()


def test_a_figure_without_alt_text_is_not_shown():
    figure, _ = plots.subplots()
    with pytest.raises(ValueError, match="no alt text"):
        plots.show(figure)
    plt.close(figure)


def test_a_kept_picture_is_smaller_and_looks_the_same():
    """256 colours are enough: in 999 of 1,000 places a colour is off by at most 17 of 255."""
    values = torch.randn(2, 784, generator=torch.Generator().manual_seed(0))
    ax = plots.draw_maps(values, ["a", "b"], title="t", columns=2)
    full = io.BytesIO()
    ax.figure.savefig(full, dpi=144)
    small = style.in_256_colours(full)
    mine, theirs = (
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
        for png in (small, full.getvalue())
    )
    assert np.percentile(np.abs(mine - theirs), 99.9) <= 17
    assert len(small) < 0.6 * len(full.getvalue())
    kept, quick = (style.picture(ax.figure, quick=quick) for quick in (False, True))
    assert Image.open(io.BytesIO(kept.data)).mode == "P"
    assert Image.open(io.BytesIO(quick.data)).width < Image.open(io.BytesIO(kept.data)).width
    assert kept.width == quick.width and kept.alt == quick.alt
    plt.close(ax.figure)


def test_digits_are_drawn_with_their_labels():
    images = torch.arange(3.0).reshape(3, 1, 1, 1).expand(3, 1, 28, 28) / 2
    ax = plots.draw_digits(images, [7, 8, 9], title="t", columns=2)
    page = ax.images[0].get_array()
    assert (
        page.shape == (80, 80) and page[11:39, 46:74].min() == 0.5 and page[51:79, 6:34].min() == 1
    )
    assert [text.get_text() for text in ax.texts] == ["7", "8", "9"]
    assert "labelled 7, 8, 9" in ax.get_label()
    plt.close(ax.figure)


def test_lines_show_the_values_that_they_were_given():
    ax = plots.draw_lines({"a": [3.0, 1.0], "b": [2.0, 4.0]}, title="t", xlabel="x", ylabel="y")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[3.0, 1.0], [2.0, 4.0]]
    assert len({line.get_linestyle() for line in ax.lines}) == 2, "styles double the colours"
    assert "a 3 at 1, 1 at 2; b 2 at 1, 4 at 2." in ax.get_label()
    plt.close(ax.figure)


def test_a_long_line_is_described_by_its_ends_and_extremes():
    values = [5.0, 9.0, *[6.0] * 10, 2.0, 3.0]
    words = charts.in_words(range(14), values)
    assert words == "starts 5 at 0, ends 3 at 13, lowest 2 at 12, highest 9 at 1"
    assert charts.in_words(["a", "b"], [1.0, 2.5]) == "1 at a, 2.5 at b"


def test_bands_reach_from_the_least_to_the_greatest():
    runs = {"a": torch.tensor([[1.0, 2.0], [3.0, 6.0]]), "b": torch.ones(2, 2)}
    ax = plots.draw_bands(runs, title="t", xlabel="x", ylabel="y")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[2.0, 4.0], [1.0, 1.0]]
    band = ax.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == (1.0, 6.0) and "Means over 2 runs" in ax.get_label()
    plt.close(ax.figure)


def test_maps_are_drawn_around_zero():
    maps = torch.stack([torch.linspace(-1, 3, 784), -torch.ones(784)])
    ax = plots.draw_maps(maps, ["a", "b"], title="t", columns=2)
    page = ax.images[0].get_array()
    first, second = page[8:36, 4:32], page[8:36, 40:68]  # each on its own scale, 0 in the middle
    assert ax.images[0].get_clim() == (-1, 1) and first[-1, -1] == 1 and (second == -1).all()
    assert first[0, 0] == pytest.approx(-1 / 3)
    assert plots.picture(ax.figure).alt == "t. 2 pictures: a, b."
    plt.close(ax.figure)


def test_confusion_counts_stand_in_their_cells():
    confusion = torch.diag(torch.arange(10)) * 100
    confusion[4, 9] = 7
    ax = plots.draw_confusion(confusion, title="t")
    texts = {text.get_position(): text.get_text() for text in ax.texts}
    assert texts[9, 4] == "7" and texts[3, 3] == "300" and texts[4, 9] == "·"
    assert ax.images[0].get_array()[4, 9] == 7 and ax.images[0].get_array()[3, 3] == 0
    assert ax.get_ylabel() == "label" and "4: 0 0 0 0 400 0 0 0 0 7" in ax.get_label()
    plt.close(ax.figure)


def test_intervals_are_whiskers_with_their_numbers_in_the_alt_text():
    ax = plots.draw_intervals({"a": (1.0, 0.5), "b": (2.0, 0.25)}, title="Two", xlabel="points")
    (bars,) = ax.containers
    assert list(bars.lines[0].get_xdata()) == [1, 2] and list(bars.lines[0].get_ydata()) == [0, 1]
    (whiskers,) = bars.lines[2]
    assert [list(part[:, 0]) for part in whiskers.get_segments()] == [[0.5, 1.5], [1.75, 2.25]]
    assert ax.get_label() == "Two. points, with intervals: a 1.00 ± 0.50; b 2.00 ± 0.25."
    plt.close(ax.figure)


def test_importing_helpers_changes_no_setting():
    code = """
import importlib, json, matplotlib, pkgutil, torch
import helpers
before = dict(matplotlib.rcParams), torch.get_rng_state(), torch.get_num_threads()
for module in pkgutil.walk_packages(helpers.__path__, 'helpers.'):
    if 'in_tensorflow' not in module.name:  # TensorFlow need not be installed
        importlib.import_module(module.name)
after = dict(matplotlib.rcParams), torch.get_rng_state(), torch.get_num_threads()
same = [before[0] == after[0], torch.equal(before[1], after[1]), before[2] == after[2]]
print(json.dumps(same))
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert json.loads(printed.stdout) == [True, True, True] and not printed.stderr


def test_letters_stand_in_lines_and_break_where_they_must():
    text = "abc\ndefg"
    ax = plots.draw_letters(text, list(range(8)), title="t", limits=(0, 8), width=3)
    places = {letter.get_text(): letter.get_position() for letter in ax.texts if letter.get_text()}
    assert places["c"] == (2, 0) and places["d"] == (0, 2) and places["g"] == (0, 3)
    assert np.asarray(ax.images[0].get_array())[2].tolist() == [4, 5, 6]
    assert ax.get_label() == f"t. The text: {text}"
    plt.close(ax.figure)


def test_attention_is_described_by_where_each_character_looks_most():
    weights = torch.tensor([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]])
    ax = plots.draw_attention(weights, "15", "5 1", title="t")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["5", "␣", "1"]
    assert ax.get_label() == "t. Each character written looks most at: 1 at ' ', 5 at '5'."
    np.testing.assert_allclose(ax.images[0].get_array(), weights.numpy())
    plt.close(ax.figure)


def test_a_timeline_tells_what_lies_in_a_named_decade_from_what_does_not():
    events = [{"year": "1958", "what": "one"}, {"year": "1969", "what": "another"}]
    ax = plots.draw_timeline(events, {1950: "nets"}, title="Two events")
    markers = {int(line.get_xdata()[0]): line.get_marker() for line in ax.lines}
    assert markers == {1958: "o", 1969: "s"}
    assert ax.get_label() == "Two events. 1958 one; 1969 another."
    plt.close(ax.figure)
