"""Explorers redraw when a control changes, and leave a still picture where no kernel runs."""

import base64

import ipywidgets

from helpers import plots
from helpers.widgets import explorer, stills


def draw_line(ax, slope):
    ax.plot([0, 1], [0, slope])
    plots.describe(ax, f"A line of slope {slope}.")


def test_a_control_changes_the_picture():
    slope = ipywidgets.FloatSlider(value=1.0, min=-2.0, max=2.0, description="slope")
    panel, still = explorer.make_panel(draw_line, "Make the line flat.", (4, 3), {"slope": slope})
    label, control, image = panel.children
    assert label.value == "Make the line flat." and control is slope
    assert bytes(image.value) == still.data and still.data.startswith(b"\x89PNG")
    seen = []
    for value in (0.0, 2.0, 0.0):
        slope.value = value
        seen.append(bytes(image.value))
    assert seen[0].startswith(b"\x89PNG") and seen[0] == seen[2] != seen[1]


def test_the_first_picture_is_stored_above_the_live_view(outputs_of):
    control = ipywidgets.FloatSlider(value=0.5)
    style, (still, look), live = outputs_of(
        lambda: explorer.explore(draw_line, goal="Look.", slope=control)
    )
    assert style[0]["text/html"].startswith("<style")
    assert base64.b64decode(still["image/png"]).startswith(b"\x89PNG")
    assert still["text/plain"] == "Look."
    assert look["image/png"]["alt"] == "A line of slope 0.5."
    assert list(live[0]) == [stills.VIEW]
