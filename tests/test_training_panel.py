"""The training panel: its buttons do what they say, and no run goes on unseen."""

import asyncio
import gc
import weakref

import pytest

from helpers import training
from helpers.config import Config
from helpers.plots import LossPlot, live
from helpers.training import loop
from helpers.widgets import run_table, training_panel

BRIEF = Config(num_epochs=3, valid_size=200, batch_size=32)


@pytest.fixture
def on_loop(digits):
    """on_loop(use) runs `use(panel)`, an async function, with a new panel on a new loop."""

    def run(use, config=BRIEF):
        async def main():
            made = training_panel.TrainingPanel(*digits, config)
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


def test_the_controls_give_back_the_config_that_they_were_given(on_loop):
    odd = Config(hidden_size=100, lr=0.0123, momentum=0.87, weight_decay=1e-5, batch_size=50)

    async def use(made):
        return {name: control.value for name, control in made.controls.items()}

    assert all(getattr(odd, name) == value for name, value in on_loop(use, odd).items())


def test_choices_are_buttons_and_numbers_are_sliders_or_fields(on_loop):
    async def use(made):
        kinds = {name: type(control).__name__ for name, control in made.controls.items()}
        assert [name for name, kind in kinds.items() if kind == "ToggleButtons"] == [
            "activation",
            "schedule",
            "optimizer",
        ]
        assert kinds["lr"] == "SelectionSlider" and kinds["num_epochs"] == "BoundedIntText"

    on_loop(use)


def test_numbers_in_the_table_are_set_to_the_right():
    history = training.History([0.5], [0.4], [0.9], best_epoch=1, seconds=2.0, ended="finished")
    rows = run_table.table_html([("lr < 1", history)]).split("<tr>")[1:]
    assert rows[1].count('<td style="text-align: right">') == 4
    assert rows[1].startswith("<td>lr &lt; 1</td>") and "<td>finished</td>" in rows[1]
    assert ">1</td>" in rows[1] and ">0.4000</td>" in rows[1] and ">90.00%</td>" in rows[1]


def test_pause_holds_and_a_new_rate_takes_effect(on_loop):
    async def use(made):
        await start_and_pause(made)
        steps = made.run.history.steps
        made.controls["lr"].value = 0.1
        await asyncio.sleep(0.2)
        assert made.run.history.steps == steps > 0 and made.buttons["Pause"].description == "Resume"
        await click(made, "Pause")
        await asyncio.sleep(0.2)
        assert made.run.history.steps > steps
        assert made.run.optimizer.param_groups[0]["lr"] == 0.1
        await click(made, "Stop")
        await asyncio.wait([made.run.task])
        ((name, history),) = made.runs
        assert name == "num_epochs 1000, patience 1000, lr 0.01 then 0.1"
        assert history.ended == "interrupted" and "lr 0.01 then 0.1" in made.table.value

    on_loop(use)


def test_a_failure_is_kept_and_shown_and_the_panel_stays_usable(on_loop):
    async def use(made):
        sets, made.sets = made.sets, (made.sets[0], None)
        await click(made, "Start")
        await asyncio.wait([made.run.task])
        assert isinstance(made.run.error, TypeError) and "TypeError" in made.message.value
        made.sets = sets
        await click(made, "Start")
        await made.run
        assert made.run.error is None and made.run.history.ended == "finished"

    on_loop(use)


def test_a_closed_panel_starts_nothing_and_a_failing_picture_is_not_lost(on_loop, monkeypatch):
    async def use(made):
        monkeypatch.setattr(LossPlot, "draw", lambda plot, history: 1 / 0)
        await click(made, "Start")
        await asyncio.wait([made.run.task])
        await asyncio.sleep(0.01)
        assert isinstance(made.run.error, ZeroDivisionError) and "division" in made.message.value
        made.close()
        made.start()
        assert not made.running

    on_loop(use)


def test_a_rate_set_just_before_or_after_start_is_the_run_s_own(on_loop):
    async def use(made):
        await click(made, "Start")
        await made.run
        made.start()
        made.controls["lr"].value = 0.03  # while it is loading
        await made.run
        assert [name for name, _ in made.runs] == ["first settings", "lr 0.03"]
        assert made.run.optimizer.param_groups[0]["lr"] == 0.03

    on_loop(use)


def test_the_legend_names_the_rates_as_the_table_does(on_loop):
    async def use(made):
        await start_and_pause(made)
        made.controls["lr"].value = 0.1
        await click(made, "Pause")
        await asyncio.sleep(0.2)
        shown, new_plot = [], made.new_plot

        def noted(*args):
            shown.append(new_plot(*args))
            return shown[-1]

        made.new_plot = noted
        await click(made, "Stop")
        label = shown[-1].accuracy_line.get_label().replace("\n", " ")
        assert label == made.runs[-1][0] and "lr 0.01 then 0.1" in label

    on_loop(use)


def test_pause_after_the_end_does_nothing(on_loop):
    async def use(made):
        await click(made, "Start")
        await made.run
        await click(made, "Pause")
        assert made.message.value == "Training finished." and not made.run.paused

    on_loop(use)


def test_a_closed_panel_is_let_go(on_loop):
    async def use(made):
        return weakref.ref(made)

    closed = on_loop(use)
    training_panel.TrainingPanel.latest = None
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
        await asyncio.wait([made.run.task])
        assert made.runs[0][0] == "num_epochs 1000, patience 1000, lr 0.01 then 0.05"

    on_loop(use)


@pytest.mark.parametrize("last", ["Stop", "Reset", "close"])
def test_a_paused_run_ends_when_told_to(on_loop, last):
    async def use(made):
        await start_and_pause(made)
        run = made.run
        if last == "close":
            made.close()
        else:
            await click(made, last)
        await asyncio.wait([run.task], timeout=5)
        assert run.history.ended == "interrupted"
        assert not made.running and len(made.runs) == (last == "Stop")

    on_loop(use)


def test_a_diverging_run_says_so(on_loop, monkeypatch):
    async def use(made):
        made.controls["lr"].value = 10.0
        await click(made, "Start")
        await made.run
        assert (
            "by step 1, with lr 10" in made.message.value and made.run.history.ended == "diverged"
        )

    def broken(logits, y):
        return logits.sum() * float("nan")

    train_epoch = loop.train_epoch
    monkeypatch.setattr(
        loop, "train_epoch", lambda model, _, *rest: train_epoch(model, broken, *rest)
    )
    on_loop(use)


def test_reset_forgets_and_a_new_panel_ends_the_old_one_s_run(on_loop, digits):
    async def use(made):
        made.controls["lr"].value = 0.1
        await click(made, "Start")
        run = made.run
        await click(made, "Reset")
        await asyncio.wait([run.task])
        assert made.runs == [] and made.controls["lr"].value == 0.01 and not made.running
        assert made.message.value == "Ready." and made.table.value == ""
        made.controls["num_epochs"].value = made.controls["patience"].value = 1000
        await click(made, "Start")
        run = made.run
        newer = training_panel.TrainingPanel(*digits, BRIEF)
        await asyncio.wait([run.task], timeout=5)
        assert not made.running and made.runs == []
        newer.close()

    on_loop(use)


def test_the_cell_leaves_a_picture_for_pages_without_a_kernel(digits, outputs_of):
    async def main():
        return training_panel.show_training_panel(*digits, BRIEF, goal="Beat it.")

    made = []
    _, (still, _), _ = outputs_of(lambda: made.append(asyncio.run(main())))
    assert still["text/plain"] == "Beat it." and "image/png" in still and not made[0].running


def test_a_script_without_an_event_loop_gets_the_picture_of_earlier_runs(digits, monkeypatch):
    """`jupyter nbconvert --to script` turns a page into one."""
    seen = []
    monkeypatch.setattr(live, "display", lambda image, display_id: seen.append(image.alt))
    history = training.History([0.5], [0.4], [0.9], best_epoch=1, ended="finished")
    earlier = [("this page's run", history)]
    made = training_panel.show_training_panel(*digits, BRIEF, earlier, goal="Beat it.")
    assert made is None and "Before, this page's run: at best 90.0 %." in seen[0]
