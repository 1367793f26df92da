"""The drawing pad of notebook 06: drawn on with mouse, keys and finger, it reads digits."""

import pytest

CELL = ".jp-CodeCell:has-text('readings = ')"  # the page's last pad; the first is like it
PAD, STATUS = f"{CELL} .drawing canvas", f"{CELL} .drawing [role=status]"
ONE = [(150, 40), (146, 110), (140, 180), (138, 240)]
ZERO = [(150, 40), (105, 60), (80, 130), (95, 210), (140, 240)]
ZERO += [(190, 205), (205, 130), (185, 65), (150, 40)]


@pytest.fixture(scope="module")
def notebook(make_lab, run_whole):
    """Notebook 06, run to its end."""
    lab = make_lab()
    run_whole(lab, "06_look_inside")
    lab.page.set_default_timeout(30_000)
    return lab


@pytest.fixture
def pad(notebook):
    """The page with an empty pad."""
    page = notebook.page
    page.locator(PAD).scroll_into_view_if_needed()
    page.locator(f"{CELL} .drawing").get_by_role("button", name="Clear").click()
    says(page, "empty")
    assert not page.locator(f"{CELL} .jp-RenderedImage").is_visible()
    assert page.locator(f"{CELL} .drawing progress").count() == 0
    return page


def says(page, text):
    """Wait until the pad's status ends with, or contains, the text."""
    page.locator(STATUS).get_by_text(text).wait_for()


def draw(page, points):
    """Draw one stroke with the mouse; the points are in the pad's own 280 × 280."""
    box = page.locator(PAD).bounding_box()
    for i, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4 if i else 1)
        if not i:
            page.mouse.down()
    page.mouse.up()


def reads(page, digit):
    """Wait until the bars for the drawing in MNIST's form favour the digit, and sum to 1."""
    page.wait_for_function(
        """digit => {
            const bars = 'section[aria-label="in MNIST\\'s form"] progress';
            const shares = [...document.querySelectorAll(bars)].map(bar => bar.value);
            return shares.length === 10 && shares.indexOf(Math.max(...shares)) === digit
                && Math.abs(shares.reduce((a, b) => a + b) - 1) < 0.01;
        }""",
        arg=digit,
    )


@pytest.mark.parametrize(("digit", "points"), [(1, ONE), (0, ZERO)])
def test_a_drawn_digit_is_recognised(pad, digit, points):
    draw(pad, points)
    says(pad, f"MNIST's form: {digit}")
    reads(pad, digit)
    images = pad.locator(
        f"{CELL} .drawing img"
    )  # all at once: the pad answers while it is drawn on
    first, second, third = images.evaluate_all("images => images.map(image => image.src)")
    assert first == third != second  # as drawn, in MNIST's form, as drawn for another network


def test_the_keyboard_draws_too_and_jupyterlab_leaves_it_the_keys(pad):
    cells = pad.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length")
    pad.locator(PAD).focus()
    keys = ["ArrowUp"] * 13 + [" "] + ["ArrowDown"] * 27 + [" "]
    for key in keys:
        pad.keyboard.press(key)
    says(pad, "MNIST's form: 1")
    pad.keyboard.press("Delete")
    says(pad, "empty")
    assert cells == pad.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length")


def test_a_finger_draws_and_the_page_does_not_scroll(pad):
    box = pad.locator(PAD).bounding_box()
    touch = pad.context.new_cdp_session(pad)

    def send(kind, *points):
        places = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", (140, 40))
    for y in range(50, 241, 10):
        send("touchMove", (140, y))
    send("touchEnd")
    says(pad, "MNIST's form: 1")
    assert pad.locator(PAD).bounding_box() == box


def test_the_pad_s_screenshot(notebook, pad):
    """With SCREENSHOTS set, the README's picture is taken again."""
    draw(pad, [(60, 60), (215, 55), (160, 150), (120, 235)])
    says(pad, "MNIST's form: 7")
    notebook.picture(f"{CELL} .drawing", "pad.png")
