"""Every notebook runs in a real JupyterLab, and its explorers follow their controls."""

import pytest
from committed import NOTEBOOKS

EXPLORER = ".widget-vbox:has(> .widget-image):not(:has(.widget-button))"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_top_to_bottom_and_its_explorers_move(lab, name):
    lab.open(f"{name}.ipynb")
    assert lab.run_all() == []
    assert all(lab.counts())
    explorers = lab.page.locator(EXPLORER).all()
    assert explorers or name.startswith(("05", "06")), "their widgets have tests of their own"
    for explorer in explorers:
        controls = explorer.locator("[role=slider], .noUi-handle, .widget-toggle-buttons").all()
        assert [redraws(lab, explorer, control) for control in controls] == [True] * len(controls)


def redraws(lab, explorer, control, seconds=10):
    """Move a control; does the picture change?"""
    picture = explorer.locator("> .widget-image")
    before = picture.get_attribute("src")
    move(control)
    for _ in range(10 * seconds):
        if picture.get_attribute("src") != before:
            return True
        lab.page.wait_for_timeout(100)
    return False


def move(control):
    """Move a control by one, with the keyboard."""
    if control.locator("button").count():
        control.locator("button:not(.mod-active)").last.press("Space")
        return
    place = "control => control.closest('.noUi-origin').style.transform"
    before = control.evaluate(place)
    control.press("ArrowRight")
    if control.evaluate(place) == before:  # it was at its end
        control.press("ArrowLeft")
