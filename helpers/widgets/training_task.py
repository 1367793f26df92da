"""A training run in the background of a notebook: start, pause, change the rate, stop."""

import asyncio
import time
from contextlib import closing
from dataclasses import replace

from helpers import data, training


class TrainingTask:
    """Trains with a Config in a task on the kernel's own asyncio loop, where it has to be made.

    The run is to the bit that of `training.fit`. Every 50 ms it calls `on_progress(history)` and
    hands control back, so that buttons and other cells are served while it trains at full speed.
    `on_end(task)` is called once, however the run ended. Await the task to wait for its end.

    `history`, `model` and `optimizer` are the run's, `config` has the rate that it began with,
    `rate_changes` maps steps to the rates set later, and `error` is what made it fail.
    """

    def __init__(self, train_set, test_set, config, on_progress, on_end):
        self.config, self.history = config, training.History()
        self.model = self.optimizer = self.error = None
        self.rate_changes, self.on_end = {}, on_end
        self.unpaused = asyncio.Event()
        self.unpaused.set()
        training_run = self._train(train_set, test_set, on_progress)
        self.task = asyncio.get_running_loop().create_task(training_run)
        self.task.add_done_callback(self._ended)

    def __await__(self):
        return asyncio.wait([self.task]).__await__()

    @property
    def running(self):
        """Is the run going on, paused or not?"""
        return not self.task.done()

    @property
    def paused(self):
        """Does the run wait for `resume`?"""
        return self.running and not self.unpaused.is_set()

    def pause(self):
        """Hold the run before its next step."""
        self.unpaused.clear()

    def resume(self):
        """Let a paused run go on."""
        self.unpaused.set()

    def stop(self):
        """End the run; the model gets the weights of its best epoch."""
        self.task.cancel()

    def change_lr(self, old, new):
        """Go on with another learning rate; a schedule goes on from there."""
        if self.optimizer is None:  # the digits are still loading
            self.config = replace(self.config, lr=new)
        elif self.running:
            training.change_lr(self.optimizer, old, new)
            self.rate_changes[self.history.steps] = new  # of several in one pause, the last

    async def _train(self, train_set, test_set, on_progress):
        """Train one run to its end."""
        try:
            await asyncio.sleep(0.01)  # what the caller shows now appears first
            train_loader, valid_loader, _ = data.make_loaders(train_set, test_set, self.config)
            self.model = training.make_model(self.config)
            self.optimizer = training.make_optimizer(self.model, self.config)
            steps = training.train_steps(
                self.model, self.optimizer, train_loader, valid_loader, self.config
            )
            with closing(steps):  # puts the best weights back, however this ends
                next_rest = 0.0
                for self.history in steps:
                    if time.perf_counter() >= next_rest and not self.history.ended:
                        on_progress(self.history)
                        await asyncio.sleep(0)
                        await self.unpaused.wait()
                        next_rest = time.perf_counter() + 0.05
        except (asyncio.CancelledError, KeyboardInterrupt):
            self.history.ended = "interrupted"
        except Exception as error:
            self.error, self.history.ended = error, self.history.ended or "failed"

    def _ended(self, task):
        """Tell the owner. A task that was cancelled before its first line has not trained."""
        if task.cancelled():
            self.history.ended = "interrupted"
        self.on_end(self)


def loop_is_running():
    """Does this code run in an event loop, as a notebook's cells do?"""
    try:
        return asyncio.get_running_loop().is_running()
    except RuntimeError:
        return False
