"""Figures carry their alt text and their data, and the live plot updates one display in place."""

import json
import subprocess
import sys

import pytest
import torch
from matplotlib import pyplot as plt

from helpers import plots
from helpers.config import Config
from helpers.training import History


@pytest.fixture
def published(monkeypatch):
    """What was displayed: a list of (kind, picture)."""
    seen = []

    class Handle:
        def update(self, picture):
            seen.append(("update", picture))

    def display(picture, display_id=False):
        seen.append(("display", picture))
        return Handle() if display_id else None

    monkeypatch.setattr(plots, "display", display)
    return seen


def history_of(losses, ended=""):
    history = History(num_steps=10 * len(losses), steps=10 * len(losses))
    for loss in losses:
        history.record(loss / 2, loss, 1 - loss / 10, Config(num_epochs=1000, patience=1000))
    history.ended = ended
    return history


def test_show_displays_once_with_alt_text_and_closes_the_figure(published):
    ax = plots.draw_bars({"first": 1.0, "second": 2.5}, title="Two bars", xlabel="size")
    plots.show(ax.figure)
    ((kind, picture),) = published
    assert kind == "display" and picture.data.startswith(b"\x89PNG")
    assert picture.alt == "Two bars. Bars of size: first 1.0, second 2.5."
    assert not plt.get_fignums()


def test_a_figure_without_alt_text_is_not_shown():
    figure, _ = plots.subplots()
    with pytest.raises(ValueError, match="no alt text"):
        plots.show(figure)
    plt.close(figure)


def test_digits_are_drawn_with_their_labels():
    images = torch.arange(3.0).reshape(3, 1, 1, 1).expand(3, 1, 28, 28) / 2
    ax = plots.draw_digits(images, [7, 8, 9], columns=2)
    page = ax.images[0].get_array()
    assert (
        page.shape == (76, 76) and page[10:38, 43:71].min() == 0.5 and page[48:76, 5:33].min() == 1
    )
    assert [text.get_text() for text in ax.texts] == ["7", "8", "9"]
    assert "labelled 7, 8, 9" in ax.get_label()
    plt.close(ax.figure)


def test_lines_show_the_values_that_they_were_given():
    ax = plots.draw_lines({"a": [3.0, 1.0], "b": [2.0, 4.0]}, title="t", xlabel="x", ylabel="y")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[3.0, 1.0], [2.0, 4.0]]
    assert len({line.get_linestyle() for line in ax.lines}) == 2, "styles double the colours"
    assert "b starts at 2, ends at 4, lies between 2 and 4" in ax.get_label()
    plt.close(ax.figure)


def test_the_live_plot_updates_one_display_in_place(published):
    plot = plots.LossPlot(3)
    plot.draw(history_of([2.0]))
    plot.draw(history_of([2.0, 1.0]))
    plot(history_of([2.0, 1.0, 1.5], ended="finished"))
    assert [kind for kind, _ in published] == ["display", "update", "update"]
    assert "Validation loss by epoch: 2.000, 1.000, 1.500." in published[-1][1].alt
    losses, accuracies = plot.figure.axes
    training, validation, ring = (line.get_xydata().tolist() for line in losses.lines)
    assert training == [[1, 1.0], [2, 0.5], [3, 0.75]]
    assert validation == [[1, 2.0], [2, 1.0], [3, 1.5]] and ring == [[2, 1.0]]
    assert list(accuracies.lines[0].get_ydata()) == pytest.approx([80.0, 90.0, 85.0])
    assert "after epoch 2 of 3: 90.0% of the held-out digits" in plot.figure.get_suptitle()


def test_the_headline_tells_progress_and_the_time_left():
    plot = plots.LossPlot(4)
    plot.started -= 10.0
    plot.first_step = 0
    history = history_of([2.0])
    history.num_steps = 40
    headline = plot.headline(history)
    assert "10/40" in headline and "25%" in headline and "00:30" in headline


def test_without_live_only_the_end_is_drawn(published):
    plot = plots.LossPlot(2, live=False)
    plot(history_of([2.0]))
    assert not published
    plot(history_of([2.0, 1.0], ended="finished"))
    assert len(published) == 1


def test_the_live_plot_redraws_by_time_and_stays_under_a_twentieth(published, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(plots.time, "perf_counter", lambda: now[0])
    plot = plots.LossPlot(1000)

    def slow_draw(history):
        now[0] += 0.2
        published.append("draw")

    monkeypatch.setattr(plot, "draw", slow_draw)
    history = history_of([1.0])
    while now[0] < 100:
        plot(history)
        now[0] += 0.01
    assert 20 <= len(published) <= 26  # one in 4 s, not one in 0.5 s
    assert plot.seconds <= 0.055 * now[0]


def test_an_interrupted_run_before_its_first_epoch_still_shows(published):
    history = History(num_steps=10, steps=3, ended="interrupted")
    plot = plots.LossPlot(2)
    plot(history)
    assert "interrupted" in plot.figure.get_suptitle()


def test_curves_are_saved_whole(tmp_path):
    plot = plots.LossPlot(1)
    plot.save(tmp_path / "deep" / "curves.png")
    assert (tmp_path / "deep" / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["curves.png"]


def test_importing_helpers_changes_no_setting():
    code = """
import json, matplotlib, torch
before = dict(matplotlib.rcParams), torch.get_rng_state(), torch.get_num_threads()
from helpers import boundary, checkpoint, config, data, diagrams, files
from helpers import plots, run, training, widgets
from helpers.exercises import mlp_forward_and_backward, tensors_and_autograd, train_mnist
after = dict(matplotlib.rcParams), torch.get_rng_state(), torch.get_num_threads()
same = [before[0] == after[0], torch.equal(before[1], after[1]), before[2] == after[2]]
print(json.dumps(same))
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert json.loads(printed.stdout) == [True, True, True] and not printed.stderr
