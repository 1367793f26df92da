"""The training panel: set hyperparameters, press Start, watch, pause, change the rate, resume."""

import asyncio
from dataclasses import fields, replace

import ipywidgets

from helpers import plots, training
from helpers.widgets.controls import arrange, close_all, make_control
from helpers.widgets.run_table import ending, error_html, name_of_run, progress, table_html
from helpers.widgets.stills import show_with_still
from helpers.widgets.training_task import TrainingTask, loop_is_running

# The split is not among them: all runs are measured on the same digits.
TUNABLE = """hidden_size lr momentum weight_decay batch_size num_epochs patience seed
activation schedule optimizer""".split()
NEXT_RUN = "Your next run"
BUTTONS = {
    "Start": ("play", "Train a new network with these settings"),
    "Pause": ("pause", "Hold the run or let it go on; lr may change meanwhile"),
    "Stop": ("stop", "End the run and keep its epochs so far"),
    "Reset": ("refresh", "End the run, forget all runs, set the controls back"),
}


def show_training_panel(train_set, test_set, config, earlier=(), *, goal):
    """Show a panel that trains with the settings of its controls, and return it.

    It begins with the settings of `config`; `earlier`, a list of (name, History), is drawn in pale
    colours for comparison. Nothing trains until someone presses Start. See `TrainingPanel`. In a
    script, without a kernel's event loop, only a picture of `earlier` is shown.
    """
    if not loop_is_running():
        plots.LossPlot(config.num_epochs, name=NEXT_RUN, earlier=earlier).draw(training.History())
        return None
    panel = TrainingPanel(train_set, test_set, config, earlier)
    panel.children = [ipywidgets.Label(goal), *panel.children]
    show_with_still(panel, panel.still, goal)
    return panel


class TrainingPanel(ipywidgets.VBox):
    """Controls, buttons, curves and a table of runs around a `TrainingTask`.

    `run` is the current or last TrainingTask, with its `model`, `history` and `error`; `runs` is
    the table, a list of (name, History). A new panel closes the one before. JupyterLab may deliver
    a click in another thread; `on_loop` brings it to the kernel's loop.
    """

    latest = None

    def __init__(self, train_set, test_set, config, earlier=()):
        if TrainingPanel.latest:
            TrainingPanel.latest.close()
        TrainingPanel.latest = self
        self.sets, self.config, self.earlier = (train_set, test_set), config, list(earlier)
        self.run, self.loop = None, asyncio.get_running_loop()
        settings = {item.name: item for item in fields(config)}
        self.controls = {
            name: make_control(settings[name], getattr(config, name)) for name in TUNABLE
        }
        self.controls["lr"].observe(self.on_loop(self.change_lr), "value")
        self.buttons = {}
        for name, (icon, tip) in BUTTONS.items():
            button = ipywidgets.Button(description=name, icon=icon, tooltip=tip)
            button.on_click(self.on_loop(getattr(self, name.lower())))  # Start calls start
            self.buttons[name] = button
        self.bar = ipywidgets.FloatProgress(max=1.0, layout={"width": "98%"})
        self.message, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.image = ipywidgets.Image(format="png", layout={"width": "100%"})
        buttons = ipywidgets.HBox(list(self.buttons.values()))
        shown = [arrange(self.controls), buttons, self.bar, self.message, self.image, self.table]
        super().__init__(shown, layout={"max_width": "800px"})
        self.reset()

    @property
    def running(self):
        """Does a run go on, paused or not?"""
        return self.run is not None and self.run.running

    def on_loop(self, action):
        """A callback that, called in any thread, lets the kernel's loop call `action(event)`."""
        return lambda event: self.loop.call_soon_threadsafe(action, event)

    def start(self, event=None):
        """Begin a run with the controls' settings; return at once. A closed panel stays closed."""
        if self.running or self.comm is None:
            return
        values = {name: control.value for name, control in self.controls.items()}
        config = replace(self.config, **values)
        self.run = TrainingTask(*self.sets, config, self.show_progress, self.conclude)
        name = name_of_run(self.run, self.config, TUNABLE)
        self.plot = self.new_plot(config.num_epochs, name)
        self.message.value, self.bar.value = "Loading the digits…", 0.0
        self.refresh()

    def pause(self, event=None):
        """Hold the run, or let it go on."""
        if self.running and self.run.paused:
            self.run.resume()
        elif self.running:
            self.run.pause()
            self.message.value = f"Paused. {self.message.value}"
        self.refresh()

    def stop(self, event=None):
        """End the run; the model gets the weights of its best epoch."""
        if self.running:
            self.run.stop()

    def reset(self, event=None):
        """End the run, forget all runs, set the controls back."""
        self.stop()
        self.run, self.runs = None, list(self.earlier)
        for name, control in self.controls.items():
            control.value = getattr(self.config, name)
        self.new_plot(self.config.num_epochs, NEXT_RUN).draw(training.History())
        self.message.value, self.bar.value = "Ready.", 0.0
        self.refresh()

    def close(self):
        """End the run and take the panel away."""
        self.stop()
        self.run = None
        close_all(self.children)  # ipywidgets keeps what is not closed, and with it the model
        super().close()

    def change_lr(self, change):
        """Give the current run the new learning rate."""
        if self.running:
            self.run.change_lr(change.old, change.new)

    def new_plot(self, num_epochs, name):
        """A loss plot that shows its pictures in the panel, earlier runs in pale colours behind."""
        shown = {"publish": self.show_picture, "progress_in_title": False}
        return plots.LossPlot(num_epochs, name=name, earlier=self.runs, **shown)

    def show_picture(self, image):
        """Put a picture into the panel."""
        self.still, self.image.value = image, image.data

    def show_progress(self, history):
        """Redraw if it is time to, and say how far the run is."""
        self.plot(history)
        self.bar.value = round(history.steps / history.num_steps, 2)  # sent when it has changed
        self.message.value = progress(history)

    def conclude(self, run):
        """Show how a run ended, and keep it for comparison, unless the panel has dropped it."""
        if run is not self.run:
            return
        name, history = name_of_run(run, self.config, TUNABLE), run.history
        try:  # a new plot, because its legend names the rates that were changed on the way
            self.new_plot(run.config.num_epochs, name)(history)
        except Exception as error:
            run.error = run.error or error
        self.runs.append((name, history))
        self.bar.value = history.steps / max(history.num_steps, 1)
        self.message.value = error_html(run.error) if run.error else ending(history)
        self.refresh()

    def refresh(self):
        """Bring buttons, controls and the table into line with the state of the run."""
        for name, button in self.buttons.items():
            button.disabled = name in (["Start"] if self.running else ["Pause", "Stop"])
        paused, pause = self.running and self.run.paused, self.buttons["Pause"]
        pause.description, pause.icon = ("Resume", "play") if paused else ("Pause", "pause")
        for name, control in self.controls.items():
            control.disabled = self.running and name != "lr"
        self.table.value = table_html(self.runs)
