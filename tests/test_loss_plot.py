"""The loss plot updates one display in place, by time, and tells what it shows."""

import pytest

from helpers.plots import live, loss_plot
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

    monkeypatch.setattr(live, "display", display)
    return seen


def history_of(losses, ended=""):
    history = History(num_steps=10 * len(losses), steps=10 * len(losses))
    for loss in losses:
        history.record(loss / 2, loss, 1 - loss / 10, num_epochs=1000, patience=1000)
    history.ended = ended
    return history


def test_the_live_plot_updates_one_display_in_place(published):
    plot = loss_plot.LossPlot(3)
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


def test_the_title_tells_progress_and_the_time_left():
    plot = loss_plot.LossPlot(4)
    history = history_of([2.0])
    history.num_steps, history.seconds = 40, 10.0
    title = plot.title(history)
    assert "10/40" in title and "25%" in title and "00:30" in title


def test_without_live_only_the_end_is_drawn(published):
    plot = loss_plot.LossPlot(2, live=False)
    plot(history_of([2.0]))
    assert not published
    plot(history_of([2.0, 1.0], ended="finished"))
    assert len(published) == 1


def test_the_live_plot_redraws_by_time_and_stays_under_a_twentieth(published, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(live.time, "perf_counter", lambda: now[0])
    plot = loss_plot.LossPlot(1000)

    def slow_draw(history):
        now[0] += 0.2
        published.append("draw")

    monkeypatch.setattr(plot, "draw", slow_draw)
    history = history_of([1.0])
    while now[0] < 100:
        plot(history)
        now[0] += 0.01
    assert 20 <= len(published) <= 26  # one in 4 s, not one in 0.5 s
    assert plot.is_time_to_draw.spent <= 0.055 * now[0]


def test_a_run_that_learned_nothing_says_so():
    plot = loss_plot.LossPlot(2)
    assert "try another lr" in plot.title(history_of([3e9, 2.4], ended="finished"))
    assert "try a smaller lr" in plot.title(history_of([2.4, 3e9], ended="finished"))
    assert "Nothing learned" not in plot.title(history_of([2.4, 2.2], ended="finished"))


def test_an_interrupted_run_before_its_first_epoch_still_shows(published):
    history = History(num_steps=10, steps=3, ended="interrupted")
    plot = loss_plot.LossPlot(2)
    plot(history)
    assert "interrupted" in plot.figure.get_suptitle()


def test_earlier_runs_stand_behind_in_pale_with_their_names():
    seen, earlier = [], [("lr 0.1", history_of([1.0, 0.5])), ("lr 1", history_of([9.0]))]
    plot = loss_plot.LossPlot(
        3, name="lr 0.01", earlier=earlier, publish=seen.append, progress_in_title=False
    )
    plot.draw(history_of([2.0]))
    losses, accuracies = plot.figure.axes
    assert losses.lines[0].get_xydata().tolist() == [[1, 1.0], [2, 0.5]]
    names = [text.get_text() for text in accuracies.get_legend().get_texts()]
    assert names == ["lr 0.1", "lr 1", "lr 0.01"]
    assert losses.get_ylim()[1] < 3, "a loss far above chance does not squeeze the others"
    assert plot.figure.get_suptitle() == "lr 0.01", "whoever takes the pictures tells the progress"
    assert "Before, lr 0.1: at best 95.0 %." in seen[-1].alt


def test_only_the_last_four_earlier_runs_are_drawn():
    earlier = [(f"run {i}", history_of([1.0])) for i in range(6)]
    plot = loss_plot.LossPlot(1, earlier=earlier, publish=lambda image: None)
    assert [name for name, _ in plot.earlier] == ["run 2", "run 3", "run 4", "run 5"]
