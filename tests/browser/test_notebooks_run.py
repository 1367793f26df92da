"""Pages run in a real JupyterLab, and their explorers follow their controls.

05 and 06 are run by the tests of what they have to touch: test_panel_clicks, test_pad_clicks.
"""

import pytest
from stored_notebooks import NOTEBOOKS

EXPLORER = ".widget-vbox:has(> .widget-image):not(:has(.widget-button))"


PAGES = [name for name in NOTEBOOKS if not name.startswith(("05", "06"))]


@pytest.mark.parametrize("name", PAGES)
def test_it_gives_the_stored_outputs_and_its_explorers_move(lab, run_whole, name):
    run_whole(lab, name)
    explorers = lab.page.locator(EXPLORER).all()
    assert explorers
    for explorer in explorers:
        controls = explorer.locator(
            "[role=slider], .noUi-handle, .widget-toggle-buttons, .widget-text input"
        ).all()
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
    """Move a control by one, with the keyboard; write something else into a field for text."""
    if control.evaluate("control => control.tagName") == "INPUT":
        control.fill("May 7, 2044")
        control.press("Enter")
        return
    if control.locator("button").count():
        control.locator("button:not(.mod-active)").last.press("Space")
        return
    place = "control => control.closest('.noUi-origin').style.transform"
    before = control.evaluate(place)
    control.press("ArrowRight")
    if control.evaluate(place) == before:  # it was at its end
        control.press("ArrowLeft")
