"""The training panel: the same numbers as `fit`, and no run that goes on unseen."""

import asyncio
import gc
import weakref

import pytest
import torch

from helpers import panel, training, widgets
from helpers.config import Config

BRIEF = Config(num_epochs=3, valid_size=200, batch_size=32)


@pytest.fixture
def on_loop(digits):
    """on_loop(use) runs `use(panel)`, an async function, with a new panel on a new loop."""

    def run(use, config=BRIEF):
        async def main():
            made = panel.TrainingPanel(*digits, config)
            try:
                return await use(made)
            finally:
                made.close()

        return asyncio.run(main())

    return run


async def click(made, name):
    """Click a button, and let the loop take notice."""
    made.buttons[name].click()
    await asyncio.sleep(0.05)


async def start_and_pause(made):
    """Begin a run that would last, and hold it after 0.2 s."""
    made.controls["num_epochs"].value = made.controls["patience"].value = 1000
    await click(made, "Start")
    await asyncio.sleep(0.2)
    await click(made, "Pause")


def test_the_panel_trains_to_the_bits_of_fit_whatever_other_cells_draw(on_loop, start):
    async def use(made):
        await click(made, "Start")
        while made.running:
            torch.rand(3)
            torch.manual_seed(5)
            await asyncio.sleep(0.01)
        return made.history, made.model.state_dict()

    (history, weights), parts = on_loop(use), start(BRIEF)
    expected = training.fit(*parts)
    assert history.train_losses == expected.train_losses
    assert history.valid_losses == expected.valid_losses and history.ended == "finished"
    assert all(torch.equal(weights[name], value) for name, value in parts[0].state_dict().items())


def test_the_controls_give_back_the_config_that_they_were_given(on_loop):
    odd = Config(hidden_size=100, lr=0.0123, momentum=0.87, weight_decay=1e-5, batch_size=50)

    async def use(made):
        return {name: control.value for name, control in made.controls.items()}

    assert all(getattr(odd, name) == value for name, value in on_loop(use, odd).items())


def test_pause_holds_and_a_new_rate_takes_effect(on_loop):
    async def use(made):
        await start_and_pause(made)
        steps = made.history.steps
        made.controls["lr"].value = 0.1
        await asyncio.sleep(0.2)
        assert made.history.steps == steps > 0 and made.buttons["Pause"].description == "Resume"
        await click(made, "Pause")
        await asyncio.sleep(0.2)
        assert made.history.steps > steps
        assert made.optimizer.param_groups[0]["lr"] == 0.1
        await click(made, "Stop")
        await asyncio.wait([made.task])
        ((name, history),) = made.runs
        assert name == "num_epochs 1000, patience 1000, lr 0.01 then 0.1"
        assert history.ended == "interrupted" and "lr 0.01 then 0.1" in made.table.value

    on_loop(use)


def test_a_failure_is_kept_and_shown_and_the_panel_stays_usable(on_loop):
    async def use(made):
        sets, made.sets = made.sets, (made.sets[0], None)
        await click(made, "Start")
        await asyncio.wait([made.task])
        assert isinstance(made.error, TypeError) and "TypeError" in made.message.value
        made.sets = sets
        await click(made, "Start")
        await made.task
        assert made.error is None and made.history.ended == "finished"

    on_loop(use)


def test_a_closed_panel_starts_nothing_and_a_failing_picture_is_not_lost(on_loop, monkeypatch):
    async def use(made):
        monkeypatch.setattr(panel.curves.LossPlot, "draw", lambda plot, history: 1 / 0)
        await click(made, "Start")
        await asyncio.wait([made.task])
        await asyncio.sleep(0.01)
        assert isinstance(made.error, ZeroDivisionError) and "division" in made.message.value
        made.close()
        made.start()
        assert not made.running

    on_loop(use)


def test_a_rate_set_just_before_or_after_start_is_the_run_s_own(on_loop):
    async def use(made):
        await click(made, "Start")
        await made.task
        made.start()
        made.controls["lr"].value = 0.03  # while it is loading
        await made.task
        assert [name for name, _ in made.runs] == ["first settings", "lr 0.03"]
        assert made.optimizer.param_groups[0]["lr"] == 0.03

    on_loop(use)


def test_the_legend_names_the_rates_as_the_table_does(on_loop):
    async def use(made):
        await start_and_pause(made)
        made.controls["lr"].value = 0.1
        await click(made, "Pause")
        await asyncio.sleep(0.2)
        plots, new_plot = [], made.new_plot
        made.new_plot = lambda *args: plots.append(new_plot(*args)) or plots[-1]
        await click(made, "Stop")
        label = plots[-1].accuracy.get_label().replace("\n", " ")
        assert label == made.runs[-1][0] and "lr 0.01 then 0.1" in label

    on_loop(use)


def test_pause_after_the_end_does_nothing(on_loop):
    async def use(made):
        await click(made, "Start")
        await made.task
        await click(made, "Pause")
        assert made.message.value == "Training finished." and made.going.is_set()

    on_loop(use)


def test_a_closed_panel_is_let_go(on_loop):
    async def use(made):
        return weakref.ref(made)

    closed = on_loop(use)
    panel.TrainingPanel.latest = None
    gc.collect()
    assert closed() is None


def test_of_several_rates_in_one_pause_the_last_one_counts(on_loop):
    async def use(made):
        await start_and_pause(made)
        assert made.message.value.startswith("Paused. Epoch")
        for rate in (0.02, 0.03, 0.05):
            made.controls["lr"].value = rate
            await asyncio.sleep(0.01)
        await click(made, "Stop")
        await asyncio.wait([made.task])
        assert made.runs[0][0] == "num_epochs 1000, patience 1000, lr 0.01 then 0.05"

    on_loop(use)


@pytest.mark.parametrize("last", ["Stop", "Reset", "close"])
def test_a_paused_run_ends_when_told_to(on_loop, last):
    async def use(made):
        await start_and_pause(made)
        if last == "close":
            made.close()
        else:
            await click(made, last)
        await asyncio.wait([made.task], timeout=5)
        assert not made.running and len(made.runs) == (last == "Stop")

    on_loop(use)


def test_a_diverging_run_says_so(on_loop, monkeypatch):
    async def use(made):
        made.controls["lr"].value = 10.0
        await click(made, "Start")
        await made.task
        assert "lr 10; try lr 1" in made.message.value and made.history.ended == "diverged"

    cross_entropy = training.F.cross_entropy
    broken = lambda *given, **more: cross_entropy(*given, **more) * float("nan")  # noqa: E731
    monkeypatch.setattr(training.F, "cross_entropy", broken)
    on_loop(use)


def test_reset_forgets_and_a_new_panel_ends_the_old_one_s_run(on_loop, digits):
    async def use(made):
        made.controls["lr"].value = 0.1
        await click(made, "Start")
        await click(made, "Reset")
        await asyncio.wait([made.task])
        assert made.runs == [] and made.controls["lr"].value == 0.01 and not made.running
        assert made.message.value == "Ready." and made.table.value == ""
        made.controls["num_epochs"].value = made.controls["patience"].value = 1000
        await click(made, "Start")
        newer = panel.TrainingPanel(*digits, BRIEF)
        await asyncio.wait([made.task], timeout=5)
        assert not made.running and made.runs == []
        newer.close()

    on_loop(use)


def test_the_cell_leaves_a_picture_for_pages_without_a_kernel(digits, monkeypatch):
    seen = []
    monkeypatch.setattr(widgets, "display", lambda bundle, metadata, raw: seen.append(bundle))

    async def main():
        return widgets.training_panel(*digits, BRIEF, goal="Beat it.")

    made = asyncio.run(main())
    assert seen[0]["text/plain"] == "Beat it." and "image/png" in seen[0] and not made.running
