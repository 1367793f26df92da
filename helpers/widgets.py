"""Explorers: a picture that follows its controls, and a still one where no kernel runs."""

import base64

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from helpers import plots
from helpers.panel import TrainingPanel


def explore(draw, *, goal, figsize=(7, 3.5), **controls):
    """Show the picture that `draw(ax, **values)` makes, and redraw it when a control changes.

    `controls` maps the names of draw's arguments to ipywidgets controls; `draw` describes its
    axes (see `plots.describe`). `goal` is a sentence that says what to look for. In a stored
    notebook, papermill or an export, the first picture stands in the panel's place.
    """
    panel, still = make_panel(draw, goal, figsize, controls)
    show_live(panel, still, goal)


def training_panel(train_set, test_set, config, earlier=(), *, goal):
    """Show a panel that trains with the settings of its controls, and return it.

    It begins with the settings of `config`; `earlier`, a list of (name, History), is drawn in pale
    for comparison. See `panel.TrainingPanel`. Nothing trains until someone presses Start.
    """
    panel = TrainingPanel(train_set, test_set, config, earlier)
    panel.children = [ipywidgets.Label(goal), *panel.children]
    show_live(panel, panel.still, goal)
    return panel


def show_live(widget, still, text):
    """Display a widget, with a picture in its place where no kernel runs, or a text."""
    bundle = widget._repr_mimebundle_()
    bundle = (bundle[0] if isinstance(bundle, tuple) else bundle) | {"text/plain": text}
    bundle["image/png"] = base64.b64encode(still.data).decode()
    display(bundle, metadata={"image/png": {"alt": still.alt, "width": still.width}}, raw=True)


def make_panel(draw, goal, figsize, controls):
    """Return the panel of `explore`, and its first picture."""
    image = ipywidgets.Image(format="png")

    def redraw(change=None):
        figure = Figure(figsize=figsize, layout="constrained")
        values = {name: control.value for name, control in controls.items()}
        draw(plots.tidy(figure.subplots()), **values)
        still = plots.picture(figure)
        image.value, image.width = still.data, str(still.width)
        return still

    for control in controls.values():
        control.style.description_width = "initial"
        control.observe(redraw, "value")
    still = redraw()
    return ipywidgets.VBox([ipywidgets.Label(goal), *controls.values(), image]), still
