"""The training panel: set hyperparameters, press Start, watch, pause, change the rate, resume."""

import asyncio
import time
import traceback
from contextlib import closing
from dataclasses import fields, replace
from html import escape

import ipywidgets

from helpers import curves, data, training
from helpers.controls import make_control

READY = "Your next run"
# The split is not offered: all runs are measured on the same digits.
OFFERED = """hidden_size activation optimizer lr momentum weight_decay schedule batch_size
num_epochs patience seed""".split()
ENDINGS = {
    "finished": "finished",
    "early": "ended early: the validation loss has stopped falling",
    "interrupted": "stopped",
}
BUTTONS = {
    "Start": ("play", "Train a new network with these settings"),
    "Pause": ("pause", "Hold the run or let it go on; lr may change meanwhile"),
    "Stop": ("stop", "End the run and keep its epochs so far"),
    "Reset": ("refresh", "End the run, forget all runs, set the controls back"),
}


class TrainingPanel(ipywidgets.VBox):
    """Controls, buttons, curves and a table of runs around `training.train_steps`.

    The run is an asyncio task on the kernel's own loop, where the panel has to be made. It hands
    control back every 50 ms, so buttons and other cells are served while it trains at full
    speed, and tells the progress four times a second. JupyterLab may deliver a click in another
    thread; `soon` brings it to the loop.
    `earlier` is a list of (name, History) to compare with. A new panel closes the one before.

    `model`, `optimizer` and `history` are the current run's, `error` what made it fail, `runs`
    the finished ones, and `task` can be awaited.
    """

    latest = None

    def __init__(self, train_set, test_set, config, earlier=()):
        if TrainingPanel.latest:
            TrainingPanel.latest.close()
        TrainingPanel.latest = self
        self.sets, self.config, self.earlier = (train_set, test_set), config, list(earlier)
        self.task = self.model = self.optimizer = self.error = None
        self.loop, self.going = asyncio.get_running_loop(), asyncio.Event()  # cleared: paused
        self.controls = {
            item.name: make_control(item, getattr(config, item.name))
            for item in fields(config)
            if item.name in OFFERED
        }
        self.controls["lr"].observe(self.soon(self.change_lr), "value")
        self.buttons = {
            name: ipywidgets.Button(description=name, icon=icon, tooltip=tip)
            for name, (icon, tip) in BUTTONS.items()
        }
        for name, button in self.buttons.items():
            button.on_click(self.soon(getattr(self, name.lower())))
        self.bar = ipywidgets.FloatProgress(max=1.0, layout={"width": "98%"})
        self.message, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.image = ipywidgets.Image(format="png", width="765")
        grid = {"grid_template_columns": "50% 50%", "width": "98%"}
        super().__init__(
            [
                ipywidgets.GridBox(list(self.controls.values()), layout=grid),
                ipywidgets.HBox(list(self.buttons.values())),
                self.bar,
                self.message,
                self.image,
                self.table,
            ]
        )
        self.reset()

    @property
    def running(self):
        """Is a run going on, paused or not?"""
        return self.task is not None and not self.task.done()

    def soon(self, action):
        """A callback that, called in any thread, has the kernel's loop call `action(event)`."""
        return lambda event: self.loop.call_soon_threadsafe(action, event)

    def start(self, button=None):
        """Begin a run with the controls' settings; return at once. A closed panel stays closed."""
        if not self.running and self.history is not None:
            self.going.set()
            self.history, self.error, self.rates = training.History(), None, {}
            self.optimizer = None
            self.message.value, self.bar.value = "Loading the digits…", 0.0
            self.task = self.loop.create_task(self.train())
            self.task.add_done_callback(self.ended)
            self.refresh()

    def pause(self, button=None):
        """Hold the run, or let it go on."""
        if not self.running:
            return
        (self.going.clear if self.going.is_set() else self.going.set)()
        if not self.going.is_set():
            self.message.value = f"Paused. {self.message.value}"
        self.refresh()

    def stop(self, button=None):
        """End the run; the model gets the weights of its best epoch."""
        if self.running:
            self.task.cancel()

    def reset(self, button=None):
        """End the run, forget all runs, set the controls back."""
        self.stop()
        self.history, self.runs = training.History(), list(self.earlier)
        for name, control in self.controls.items():
            control.value = getattr(self.config, name)
        self.new_plot(self.config, READY).draw(self.history)
        self.message.value, self.bar.value = "Ready.", 0.0
        self.refresh()

    def close(self):
        """End the run and take the panel away."""
        self.stop()
        self.history = None
        for part in (*self.controls.values(), *self.buttons.values(), *self.children):
            part.close()  # ipywidgets keeps what is not closed, and with it the model
        super().close()

    def change_lr(self, change):
        """Give the running optimizer the new learning rate; a schedule goes on from there."""
        if self.running and self.optimizer:
            for group in self.optimizer.param_groups:
                group["lr"] = group["lr"] / change.old * change.new
            self.rates[self.history.steps] = change.new  # of several in one pause, the last

    async def train(self):
        """Train one run to its end. A run that the panel has dropped leaves no trace."""
        history, plot, config = self.history, None, self.config
        try:
            await asyncio.sleep(0.01)  # so that the message appears first
            values = {name: control.value for name, control in self.controls.items()}
            config = replace(config, **values)
            loaders = data.make_loaders(*self.sets, config)
            self.model = training.make_model(config)
            self.optimizer = training.make_optimizer(self.model, config)
            plot = self.new_plot(config, self.name(config))
            steps = training.train_steps(self.model, self.optimizer, *loaders[:2], config)
            with closing(steps):  # puts the best weights back, however this ends
                next_rest = next_word = 0.0
                for history in steps:
                    self.history = history
                    now = time.perf_counter()
                    if now >= next_rest and not history.ended:
                        if now >= next_word:
                            plot(history)
                            self.tell(history)
                            next_word = now + 0.25
                        await asyncio.sleep(0)
                        await self.going.wait()
                        next_rest = time.perf_counter() + 0.05
        except (asyncio.CancelledError, KeyboardInterrupt):
            history.ended = "interrupted"
        except Exception as error:
            self.error, history.ended = error, history.ended or "failed"
        if history is self.history:
            self.finish(config, history, plot)

    def name(self, config):
        """What sets a run apart from the panel's first settings, rates changed on the way too."""
        changed = {
            name: plain(getattr(config, name))
            for name in self.controls
            if getattr(config, name) != getattr(self.config, name)
        }
        if self.rates:
            rates = [config.lr, *self.rates.values()]
            changed["lr"] = " then ".join(map(plain, rates))
        return ", ".join(f"{name} {value}" for name, value in changed.items()) or "first settings"

    def new_plot(self, config, name):
        """A loss plot that shows its pictures in the panel, earlier runs in pale behind."""
        return curves.LossPlot(config.num_epochs, name=name, earlier=self.runs, publish=self.show)

    def show(self, image):
        """Put a picture into the panel."""
        self.still, self.image.value = image, image.data

    def tell(self, history):
        """Say how far the run is."""
        done = history.steps / history.num_steps
        left = history.seconds / max(done, 1e-9) - history.seconds
        parts = [f"{done:.0%} of the steps", f"about {left:.0f} s left"]
        if history.num_epochs:
            parts += [f"training loss {history.train_losses[-1]:.3f}"]
            parts += [f"validation accuracy {history.valid_accuracies[-1]:.1%}"]
        self.bar.value = done
        self.message.value = f"Epoch {history.num_epochs + 1}: {', '.join(parts)}"

    def finish(self, config, history, plot):
        """Show how the run ended, and keep it for comparison."""
        name = self.name(config)
        if plot:  # a new one: its legend tells the rates that were changed on the way
            self.new_plot(config, name)(history)
        self.runs.append((name, history))
        self.bar.value = history.steps / max(history.num_steps, 1)
        self.message.value = f"Training {ENDINGS.get(history.ended, history.ended)}."
        if self.error:
            self.show_error()

    def ended(self, task):
        """Called when a run's task has ended, however that was."""
        if not task.cancelled() and task.exception():
            self.error = task.exception()
            self.show_error()
        elif task.cancelled():  # before its first line
            self.message.value = "Training stopped."
        self.refresh()

    def show_error(self):
        """Show what failed, and where, folded away."""
        trace = "".join(traceback.format_exception(self.error))
        what = escape(f"{type(self.error).__name__}: {self.error}")
        where = f"<details><summary>Where</summary><pre>{escape(trace)}</pre></details>"
        self.message.value = f"<b>{what}</b>{where}"

    def refresh(self):
        """Bring buttons, controls and the table into line with the state of the run."""
        paused = self.running and not self.going.is_set()
        for name, button in self.buttons.items():
            button.disabled = name in (["Start"] if self.running else ["Pause", "Stop"])
        pause = self.buttons["Pause"]
        pause.description, pause.icon = ("Resume", "play") if paused else ("Pause", "pause")
        for name, control in self.controls.items():
            control.disabled = self.running and name != "lr"
        self.table.value = make_table(self.runs)


def plain(value):
    """A setting as text, a number without its last rounding errors."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def make_table(runs):
    """An HTML table of (name, History) pairs: settings and what came of them."""
    heads = ["settings", "epochs", "lowest validation loss", "its accuracy", "seconds", "ended"]
    lines = ["".join(f"<th>{head}</th>" for head in heads)]
    for name, history in runs:
        cells = [escape(name), history.num_epochs, "", "", f"{history.seconds:.1f}", history.ended]
        if best := history.best_epoch:
            cells[2] = f"{history.valid_losses[best - 1]:.4f}"
            cells[3] = f"{history.valid_accuracies[best - 1]:.2%}"
        lines.append("".join(f"<td>{cell}</td>" for cell in cells))
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="runs" style="border-spacing: 1em 0">{rows}</table>' if runs else ""
