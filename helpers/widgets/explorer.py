"""Explorers: a picture that follows its controls, and a still one where no kernel runs."""

import ipywidgets
from matplotlib.figure import Figure

from helpers.plots.style import picture, tidy
from helpers.widgets.stills import show_with_still


def explore(draw, *, goal, figsize=(7, 3.5), **controls):
    """Show the picture that `draw(ax, **values)` draws, and redraw it when a control changes.

    `controls` maps the names of draw's arguments to ipywidgets controls; `draw` describes its
    axes (see `plots.describe`). `goal` is a sentence that says what to look for. In a stored
    notebook, papermill or an export, the first picture stands in for the controls.
    """
    panel, still = make_panel(draw, goal, figsize, controls)
    show_with_still(panel, still, goal)


def make_panel(draw, goal, figsize, controls):
    """Return the panel of `explore`, and its first picture."""
    image = ipywidgets.Image(format="png")
    figure = Figure(figsize=figsize, layout="constrained")
    ax = figure.subplots()

    def redraw(change=None):
        ax.clear()
        draw(tidy(ax), **{name: control.value for name, control in controls.items()})
        still = picture(figure, quick=bool(change))
        image.value = still.data
        return still

    for control in controls.values():
        control.style.description_width = "initial"
        control.observe(redraw, "value")
    still = redraw()
    image.width = str(still.width)
    figure.set_layout_engine("none")  # the first layout stays: a new one takes a third of a redraw
    return ipywidgets.VBox([ipywidgets.Label(goal), *controls.values(), image]), still
