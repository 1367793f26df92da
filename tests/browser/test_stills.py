"""A widget's picture: hidden while the widget lives, shown where no kernel runs."""

import pytest

CODE = """import ipywidgets
from helpers import plots, widgets
def draw(ax, slope):
    ax.plot([0, 1], [0, slope])
    plots.describe(ax, "A line.")
widgets.explore(draw, goal="Look.", slope=ipywidgets.FloatSlider())"""


@pytest.fixture
def notebook(lab):
    """A notebook of one cell with an explorer, opened."""
    lab.open_cell(CODE, "small.ipynb")
    return lab


def seen(lab):
    """What a reader sees of the cell's outputs: (the slider, the picture, an error's line)."""
    parts = (".widget-slider", ".jp-RenderedImage", "text=Error displaying widget")
    return tuple(lab.page.locator(part).first.is_visible() for part in parts)


def test_the_picture_takes_the_widget_s_place_when_the_notebook_is_opened_again(notebook):
    assert notebook.run_all() == []
    notebook.page.wait_for_selector(".widget-slider")
    assert seen(notebook) == (True, False, False)
    notebook.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    notebook.end_kernels()
    notebook.open("small.ipynb")
    notebook.page.wait_for_selector("text=Error displaying widget", state="attached")
    assert seen(notebook) == (False, True, False)
    notebook.complaints.clear()  # JupyterLab logs the lost model


def test_a_page_that_was_never_run_here_shows_the_picture(lab):
    lab.open("06_look_inside.ipynb")
    cell = lab.page.locator(".jp-CodeCell:has-text('widgets.show_digit_pad')").first
    cell.locator(".jp-RenderedImage img").wait_for(timeout=30_000)
    assert lab.page.locator("text=Error displaying").count() == 0
