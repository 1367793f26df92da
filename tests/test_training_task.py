"""A run in the background: the bits of `fit`, held, changed and stopped without any widget."""

import asyncio

import pytest
import torch

from helpers import training
from helpers.config import Config
from helpers.widgets.training_task import TrainingTask

BRIEF = Config(num_epochs=3, valid_size=200, batch_size=32)
LONG = Config(num_epochs=1000, patience=1000, valid_size=200)


@pytest.fixture
def on_loop(digits):
    """on_loop(use, config) starts a task on a new loop and returns what `use(task)` returns.

    What the task tells is in `task.shown`, a list of History objects and, at its end, itself.
    """

    def run(use, config=BRIEF, on_progress=None):
        async def main():
            shown = []
            task = TrainingTask(*digits, config, on_progress or shown.append, shown.append)
            task.shown = shown
            try:
                return await use(task)
            finally:
                task.stop()
                await task

        return asyncio.run(main())

    return run


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


def test_it_trains_to_the_bits_of_fit_whatever_other_cells_draw(on_loop, start):
    async def use(task):
        while task.running:
            torch.rand(3)
            torch.manual_seed(5)
            await asyncio.sleep(0.01)
        return task

    task, parts = on_loop(use), start(BRIEF)
    expected = training.fit(*parts)
    assert task.history.train_losses == expected.train_losses
    assert task.history.valid_losses == expected.valid_losses
    assert task.history.ended == "finished" and task.shown[-1] is task
    found = task.model.state_dict()
    assert all(torch.equal(found[name], value) for name, value in parts[0].state_dict().items())


def test_it_holds_goes_on_with_another_rate_and_stops(on_loop):
    async def use(task):
        await until(lambda: task.history.steps)
        task.pause()
        await asyncio.sleep(0.1)
        held = task.history.steps
        await asyncio.sleep(0.1)
        assert task.history.steps == held and task.paused and task.running
        task.change_lr(0.01, 0.02)
        task.change_lr(0.02, 0.05)
        task.resume()
        await until(lambda: task.history.steps > held)
        task.stop()
        await task
        assert not task.running and task.history.ended == "interrupted" and task.error is None
        assert task.rate_changes == {held: 0.05} and task.config.lr == 0.01
        assert task.optimizer.param_groups[0]["lr"] == 0.05

    on_loop(use, LONG)


def test_a_rate_set_while_the_digits_load_is_the_run_s_own(on_loop):
    async def use(task):
        task.change_lr(0.01, 0.03)
        await task
        return task

    task = on_loop(use)
    assert task.config.lr == 0.03 and task.rate_changes == {}
    assert task.optimizer.param_groups[0]["lr"] == 0.03


def test_a_run_that_is_stopped_before_its_first_line_says_so(on_loop):
    async def use(task):
        task.stop()
        await task
        return task

    task = on_loop(use)
    assert task.history.ended == "interrupted" and task.shown == [task] and task.model is None


def test_a_failure_while_it_is_watched_ends_the_run_and_is_kept(on_loop):
    async def use(task):
        await task
        return task

    task = on_loop(use, on_progress=lambda history: 1 / 0)
    assert isinstance(task.error, ZeroDivisionError) and task.history.ended == "failed"
