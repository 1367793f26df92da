"""The pages as a reader's browser shows them, opened from the disk."""

import pytest
from stored_notebooks import NOTEBOOKS

COUNTS = """() => ({
    width: document.documentElement.scrollWidth,
    written: document.querySelectorAll('.math').length,
    typeset: document.querySelectorAll('.math mjx-container').length,
    wrong: document.querySelectorAll('mjx-merror, [data-mjx-error]').length,
})"""
SCROLLING = """() => [...document.querySelectorAll('.cell_input pre')]
    .filter(pre => pre.checkVisibility() && pre.scrollWidth > pre.clientWidth).length"""


@pytest.fixture
def page(chromium):
    """A phone's page; what it asks for beyond the disk and what fails is an error."""
    page, faults = chromium.new_page(viewport={"width": 390, "height": 844}), []
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or faults.append(r.url))
    page.on("requestfailed", lambda r: faults.append(r.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert not faults


def visit(page, path):
    page.goto(path.as_uri())
    page.wait_for_function("() => !window.MathJax?.startup || MathJax.startup.promise")
    page.evaluate("() => window.MathJax?.startup?.promise")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_fits_a_phone_and_its_formulas_are_typeset(site, page, name):
    visit(page, site / "notebooks" / f"{name}.html")
    counts = page.evaluate(COUNTS)
    assert counts["width"] == 390
    assert counts["typeset"] == counts["written"] > 0 and not counts["wrong"]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(SCROLLING) <= 1


def test_the_start_page_fits_a_phone(site, page):
    visit(page, site / "index.html")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_a_search_finds_the_page(site, chromium):
    page = chromium.new_page()  # it may fail to fetch excerpts: those need a server
    page.goto(f"{(site / 'search.html').as_uri()}?q=overfitting")
    hits = page.locator("#search-results li a")
    hits.first.wait_for()
    assert "notebooks/" in hits.first.get_attribute("href")
    page.close()


def test_a_slider_moves_through_frames(site, page):
    visit(page, site / "notebooks" / "03_losses.html")
    slider, image = page.locator(".slide input"), page.locator("div:has(+ .touch) img")
    seen = [image.get_attribute("alt")]
    for value in ("0", "18"):
        slider.fill(value)
        seen.append(image.get_attribute("alt"))
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        assert image.evaluate("image => image.naturalWidth") > 500
    assert "A has 0%" in seen[1] and "A has 90%" in seen[2]


def test_in_the_dark_pictures_are_dimmed(site, page):
    page.emulate_media(color_scheme="dark")
    visit(page, site / "notebooks" / "01_tensors_and_autograd.html")
    image = page.locator("article img").first
    assert "brightness" in image.evaluate("image => getComputedStyle(image).filter")
