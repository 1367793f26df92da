"""Strokes become pictures in MNIST's form, MNIST's own digits stay, and the pad shows a reading."""

import base64
import io
import math
from pathlib import Path

import pytest
import torch
from command_line import one_line
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import image
from torch import nn

from helpers.widgets import digit_pad, stills, strokes

CROSS = [[[100, 60], [100, 180]], [[60, 120], [160, 120]]]


@pytest.fixture
def model():
    """Any linear classifier of scaled pixels."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def both(model):
    """The readers of the page's pads: the drawing as it is, and in MNIST's form."""
    return {"as drawn": (strokes.shrink, model), "in MNIST's form": (strokes.to_mnist, model)}


def moved(drawn, right=0, down=0, times=1.0):
    return [[[times * x + right, times * y + down] for x, y in stroke] for stroke in drawn]


def box(image):
    """Height and width of the box around the ink of (1, H, W)."""
    rows, columns = image[0].nonzero().T
    return (rows.max() - rows.min() + 1).item(), (columns.max() - columns.min() + 1).item()


def test_a_line_gets_the_area_of_a_pen_stroke():
    ink = strokes.render([[[60, 140], [220, 140]]], pen=20)
    assert ink.shape == (1, 112, 112) and ink.dtype == torch.float32
    area = 160 * 20 + math.pi * 10**2  # a rectangle and two half circles, in canvas units
    assert ink.sum().item() * 2.5**2 == pytest.approx(area, rel=0.01)
    assert box(ink) == (8, 72)


def test_x_runs_to_the_right_and_y_down():
    ink = strokes.render([[[250, 20]]])
    assert ink[0, :20, 90:].sum() == ink.sum() > 0


def test_a_dot_in_the_middle_is_symmetric():
    ink = strokes.render([[[140, 140]]])
    assert ink.any()
    for other in (ink.flip(1), ink.flip(2), ink.mT):
        torch.testing.assert_close(ink, other, rtol=0, atol=1e-5)


def test_long_strokes_and_many_are_the_union_of_their_parts():
    points = [[140 + 100 * math.cos(t / 50), 140 + 90 * math.sin(t / 31)] for t in range(200)]
    whole = strokes.render([points])
    parts = [strokes.render([points[i : i + 2]]) for i in range(199)]
    assert torch.equal(whole, torch.cat(parts).amax(dim=0, keepdim=True))


def test_a_fold_in_the_pen_gives_no_more_than_full_ink():
    ink = strokes.render([[[50, 50], [200, 50], [50, 50]], [[60, 50], [210, 50]]])
    assert ink.max() == 1 and ink.min() == 0


def test_shrinking_keeps_the_place_and_the_mean():
    ink = strokes.render(CROSS)
    small = strokes.shrink(ink)
    assert small.shape == (1, 28, 28) and small.mean().item() == pytest.approx(ink.mean().item())
    assert small[0, 12, 6:16].min() > 0.5  # the bar at y = 120, from x = 60 to 160


def test_a_digit_of_mnist_comes_through_unchanged(mnist):
    images = mnist[1].tensors[0][:1000]
    through = torch.stack([strokes.to_mnist(image) for image in images])
    assert torch.equal(through, images)


def test_the_form_does_not_depend_on_where_the_drawing_lies():
    home = strokes.to_mnist(strokes.render(CROSS))
    aside = strokes.to_mnist(strokes.render(moved(CROSS, right=50, down=-25)))
    torch.testing.assert_close(aside, home, rtol=0, atol=1e-5)


def test_the_form_hardly_depends_on_the_size_if_the_pen_goes_with_it():
    large = strokes.to_mnist(strokes.render(CROSS, pen=24))
    small = strokes.to_mnist(strokes.render(moved(CROSS, times=0.5), pen=12))
    assert (large - small).abs().mean() < 0.02


@pytest.mark.parametrize("item", strokes.load_drawings(), ids=lambda item: f"{item['what']}")
def test_a_recorded_drawing_gets_mnists_form(item):
    ink = strokes.render(item["strokes"])
    form = strokes.to_mnist(ink)
    old, new = box(ink), box(form)
    assert max(new) == 20 and abs(min(new) - 20 * min(old) / max(old)) <= 0.5
    assert 0 <= form.min() and form.max() <= 1
    indices = torch.arange(28.0)
    for dim in (1, 2):
        centre = (form.sum(dim=(0, dim)) * indices).sum() / form.sum()
        assert abs(centre - 14) <= 0.5


def test_what_is_recorded():
    drawings = strokes.load_drawings()
    digits = [item["what"] for item in drawings[:40]]
    assert digits == [digit for digit in range(10) for _ in range(4)]
    assert not any(isinstance(item["what"], int) for item in drawings[40:])
    styles = {(item["what"], item["style"]) for item in drawings}
    assert len(styles) == len(drawings)
    for item in drawings:
        for stroke in item["strokes"]:
            assert all(0 <= value <= strokes.CANVAS for point in stroke for value in point)
    sides = [max(box(strokes.render(item["strokes"]))) * 2.5 for item in drawings[:40]]
    assert sum(side < 120 for side in sides) == 10, "ten small ones"


def test_the_pen_gives_about_as_much_ink_as_mnist_has(mnist):
    drawn = [strokes.to_mnist(strokes.render(d["strokes"])) for d in strokes.load_drawings()[:40]]
    ink = mnist[0].tensors[0].mean().item()
    assert torch.stack(drawn).mean().item() == pytest.approx(ink, rel=0.1)


def test_a_dot_a_pixel_and_a_full_page_have_one(model):
    dot, full = [[[7, 9]]], [[[0, y], [280, y]] for y in range(0, 281, 10)]
    for drawn in (dot, full):
        for picture, probabilities in strokes.classify(drawn, both(model)).values():
            assert picture.isfinite().all() and probabilities.isfinite().all()
    assert strokes.render(full).min() == 1 and strokes.to_mnist(strokes.render(full)).sum() == 400
    pixel = torch.zeros(1, 28, 28)
    pixel[0, 3, 25] = 0.5
    assert strokes.to_mnist(pixel)[0, 4:24, 4:24].unique().tolist() == [0.5]


def test_ink_at_a_corner_of_its_box_stays_on_the_page():
    corner = torch.zeros(1, 60, 60)
    corner[0, 50:, 50:], corner[0, 0, 0] = 1.0, 1.0
    for picture in (corner, corner.flip(1, 2)):
        form = strokes.to_mnist(picture)
        assert form.shape == (1, 28, 28) and box(form) == (20, 20)


def test_a_hair_keeps_one_pixel_of_width():
    hair = torch.zeros(1, 112, 112)
    hair[0, 50] = 1.0
    assert box(strokes.to_mnist(hair)) == (1, 20)
    assert box(strokes.to_mnist(hair.mT)) == (20, 1)


EMPTY = "the page is empty, got 0 ink; draw a digit first"
REJECTED = [
    ([[[1, 1]], [[140, math.nan]]], "must be finite numbers, got nan; leave it out"),
    ([[[math.inf, 1]]], "must be finite numbers, got inf; leave it out"),
    ([[["a", 1]]], "a list of points [x, y]"),
    ([[[1, 1]], [[1, 2, 3]]], "a list of points [x, y], got '[[1, 2, 3]]'; try"),
    ([[[1, 1]], []], "a list of points [x, y], got '[]'; try"),
    ([[1, 2]], "a list of points [x, y], got '[1, 2]'; try"),
    ([None], "a list of points [x, y], got 'None'"),
    ([[[1, 2], [3]]], "a list of points"),
    ([[[10**400, 1]]], "a list of points"),
    ([], EMPTY),
    ([[[900, 900]]], EMPTY),
    ([[[-1000, -1000], [-900, -900]]], EMPTY),
    ([[[1e30, 0]]], EMPTY),
    ([[[1, 1]] * 4000, [[2, 2]] * 4000], "at most 5000 points, got 8000"),
]


@pytest.mark.parametrize(("drawn", "message"), REJECTED)
def test_a_drawing_that_cannot_be_read_is_rejected_in_one_line(drawn, message, model):
    with pytest.raises(ValueError) as caught:
        strokes.classify(drawn, both(model))
    assert message in str(caught.value) and one_line(caught.value)


@settings(max_examples=50)
@given(st.lists(st.lists(st.tuples(st.floats(), st.floats()), max_size=4), max_size=3))
def test_any_strokes_are_drawn_or_rejected_in_one_line(drawn):
    try:
        form = strokes.to_mnist(strokes.render(drawn))
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert form.shape == (1, 28, 28) and form.isfinite().all() and form.sum() > 0


@pytest.mark.parametrize("bad", [math.nan, -0.1, 255.0])
def test_bad_ink_is_one_clear_line(bad):
    with pytest.raises(ValueError, match=f"from 0 to 1, got {bad:.3g}; scale"):
        strokes.to_mnist(torch.full((1, 28, 28), bad))


def test_a_reading_is_what_the_model_says_of_each_picture(model):
    readings = strokes.classify(CROSS, both(model.double()))
    ink = strokes.render(CROSS)
    for form, (picture, p) in zip(
        (strokes.shrink, strokes.to_mnist), readings.values(), strict=True
    ):
        assert torch.equal(picture, form(ink))
        logits = model((picture[None].double() - 0.1307) / 0.3081)
        torch.testing.assert_close(p, logits.softmax(dim=1).detach()[0])
        assert p.shape == (10,) and not p.requires_grad


def test_an_empty_page_is_rejected_even_where_no_form_needs_ink(model):
    with pytest.raises(ValueError, match="the page is empty"):
        strokes.classify([], {"as drawn": (strokes.shrink, model)})


def test_the_pad_answers_each_drawing(model):
    pad = digit_pad.DigitPad(both(model))
    assert pad.reading == "" and pad.status == "the page is empty, got 0 ink; draw a digit first"
    pad.strokes = CROSS
    (picture, raw), (_, form) = strokes.classify(CROSS, both(model)).values()
    assert pad.status == f"as drawn: {raw.argmax()}; in MNIST's form: {form.argmax()}"
    assert pad.reading.count("<progress") == 20 and pad.reading.count("data:image/png") == 2
    best = form.argmax()
    marked = f'<div class="best">{best}<progress aria-label="in MNIST\'s form: {best}" value="'
    assert f"{marked}{form[best]:.4f}" in pad.reading and pad.reading.count('"best"') == 2
    png = base64.b64decode(pad.reading.split("base64,")[1].split('"')[0])
    shown = torch.from_numpy(image.imread(io.BytesIO(png))[:, :, 0])
    torch.testing.assert_close(shown, 1 - picture[0], rtol=0, atol=0.01)
    pad.strokes = [[[1, math.nan]]]
    assert pad.reading == "" and "got nan" in pad.status
    pad.strokes = []
    assert "empty" in pad.status


@pytest.mark.parametrize("count", [1, 2])
def test_a_recorded_reading_is_stored_above_the_live_pad(outputs_of, model, count):
    readers = dict(list(both(model).items())[:count])
    _, (still, look), (live, _) = outputs_of(lambda: digit_pad.show_digit_pad(readers, CROSS))
    assert base64.b64decode(still["image/png"]).startswith(b"\x89PNG") and still["text/plain"]
    alt = look["image/png"]["alt"]
    assert "as drawn" in alt and alt.count("MNIST's form") == count - 1
    assert list(live) == [stills.VIEW]


def test_the_script_draws_on_the_same_canvas():
    script = Path(digit_pad.__file__).with_suffix(".js").read_text(encoding="utf-8")
    assert f"const SIZE = {strokes.CANVAS};" in script and len(script.splitlines()) <= 100
