"""The pages as a reader's browser shows them, opened from the disk."""

import pytest
from stored_notebooks import NOTEBOOKS

# The theme lets what stands beside the menus scroll in itself, so the document is never too wide.
WIDTH = "() => document.querySelector('.content').scrollWidth"
COUNTS = """() => ({
    written: document.querySelectorAll('.math').length,
    typeset: document.querySelectorAll('.math mjx-container').length,
    wrong: document.querySelectorAll('mjx-merror, [data-mjx-error]').length,
})"""
LENGTHS = """() => {
    const cells = [...document.querySelectorAll('.cell_input pre')];
    return [
        Math.max(...cells.flatMap(cell => cell.textContent.split('\\n')).map(line => line.length)),
        cells.filter(cell => cell.scrollWidth > cell.clientWidth).length,
    ];
}"""


@pytest.fixture(scope="module")
def window(chromium):
    """A phone's window, and a list of what its pages asked for elsewhere and of what failed."""
    page, faults = chromium.new_page(viewport={"width": 390, "height": 844}), []
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or faults.append(r.url))
    page.on("requestfailed", lambda r: faults.append(r.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page, faults


@pytest.fixture
def page(window):
    """That window, with no fault in this test."""
    page, faults = window
    faults.clear()
    yield page
    assert not faults


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_fits_a_phone_and_its_formulas_are_typeset(site, page, name):
    page.goto((site / "notebooks" / f"{name}.html").as_uri())
    page.evaluate("() => MathJax.startup.promise.then(() => null)")
    counts = page.evaluate(COUNTS)
    assert page.evaluate(WIDTH) == 390
    assert counts["typeset"] == counts["written"] > 0 and not counts["wrong"]


def test_the_start_page_fits_a_phone_and_dims_its_pictures_in_the_dark(site, page):
    page.emulate_media(color_scheme="dark")
    page.goto((site / "index.html").as_uri())
    assert page.evaluate(WIDTH) == 390
    look = "image => getComputedStyle(image).filter"
    assert "brightness" in page.locator(".shot img").first.evaluate(look)
    page.emulate_media(color_scheme="light")
    assert page.locator(".shot img").first.evaluate(look) == "none"


def test_a_slider_moves_through_frames(site, page):
    page.goto((site / "notebooks" / "03_losses.html").as_uri())
    slider, image = page.locator(".slide input"), page.locator("div:has(+ .touch) img")
    seen = [image.get_attribute("alt")]
    for value in ("0", "18"):
        slider.fill(value)
        seen.append(image.get_attribute("alt"))
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        assert image.evaluate("image => image.naturalWidth") > 500
    assert "A has 0%" in seen[1] and "A has 90%" in seen[2]


def test_lines_of_100_characters_fit_a_small_laptop(site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((site / "notebooks" / "07_diagnose.html").as_uri())
    page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate(LENGTHS) == [100, 0]


def test_a_search_finds_pages(site, chromium):
    page = chromium.new_page()  # it may fail to fetch excerpts: those need a server
    page.goto(f"{(site / 'search.html').as_uri()}?q=overfitting")
    hits = page.locator("#search-results li a")
    hits.first.wait_for()
    assert "notebooks/" in hits.first.get_attribute("href")
