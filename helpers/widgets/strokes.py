"""Strokes of a pen become a picture, and a picture takes the form of MNIST's digits."""

import json

import torch
from torch.nn import functional as F

from helpers.data import PIXEL_MEAN, PIXEL_STD
from helpers.files import PROJECT

CANVAS = 280  # side of the canvas, in the units of a stroke's points
PEN = 22  # width of the pen in those units: about MNIST's, for a digit that fills the canvas
MAX_POINTS = 5000  # of a drawing: a hand makes a few hundred
INK_SIDE = 112  # pixels on a side of the picture that a drawing becomes first


def load_drawings():
    """The recorded drawings: a list of {"what": digit or name, "style": text, "strokes": …}."""
    return json.loads((PROJECT / "data" / "strokes.json").read_text(encoding="utf-8"))["drawings"]


def render(strokes, pen=PEN):
    """Draw strokes with a round pen; return float32 (1, 112, 112), 0 is paper and 1 is ink.

    A stroke is a list of points [x, y] on a canvas of 280 × 280, x to the right and y down. One
    point makes a dot; what is outside is cut off. A pixel's ink approximates the fraction of it
    that the pen covers. Raises ValueError if a stroke is not such a list, if a coordinate is not a
    finite number, or if there are more than 5000 points.
    """
    paths = [_points(stroke) for stroke in strokes]
    if (found := sum(map(len, paths))) > MAX_POINTS:
        raise ValueError(f"a drawing must have at most {MAX_POINTS} points, got {found}; clear it")
    centres = (torch.arange(INK_SIDE) + 0.5) * CANVAS / INK_SIDE
    pixels = torch.cartesian_prod(centres, centres).flip(1)  # (112 · 112, 2), each (x, y)
    distance = torch.full((len(pixels),), torch.inf)
    for points in paths:
        starts, ends = points, torch.cat([points[1:], points[-1:]])
        for start, end in zip(starts.split(64), ends.split(64), strict=True):
            distance = torch.minimum(distance, _distances(pixels, start, end))
    ink = ((pen / 2 - distance) * INK_SIDE / CANVAS + 0.5).clamp(0, 1)
    return ink.reshape(1, INK_SIDE, INK_SIDE)


def _points(stroke):
    """Check one stroke; return its points (n, 2)."""
    try:
        points = torch.tensor(stroke, dtype=torch.float32)
    except (TypeError, ValueError, OverflowError):
        points = torch.empty(0)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        wanted = "a stroke must be a list of points [x, y]"
        raise ValueError(f"{wanted}, got {str(stroke)[:60]!r}; try [[140, 40], [140, 240]]")
    if not points.isfinite().all():
        bad = points[~points.isfinite()][0].item()
        raise ValueError(f"a stroke's points must be finite numbers, got {bad}; leave it out")
    return points


def _distances(pixels, starts, ends):
    """Distance of each pixel (n, 2) from the nearest of the lines from starts to ends (m, 2)."""
    (dx, dy), (px, py) = (ends - starts).T, pixels.T
    x, y = px[:, None] - starts[:, 0], py[:, None] - starts[:, 1]  # (n, m)
    share = ((x * dx + y * dy) / (dx**2 + dy**2).clamp(min=1e-12)).clamp(0, 1)
    return ((x - share * dx) ** 2 + (y - share * dy) ** 2).amin(dim=1).sqrt()


def shrink(picture):
    """The whole canvas made small: (1, H, W) to (1, 28, 28) by averaging."""
    return F.adaptive_avg_pool2d(picture, 28)


def to_mnist(picture):
    """Give a picture (1, H, W) the form of MNIST's digits: (1, 28, 28).

    The ink is cut out, scaled to fit a box of 20 × 20 with its proportions kept, and placed so
    that its centre of mass comes nearest to the centre of pixel (14, 14), as far as it fits; that
    is where MNIST's digits have theirs. Raises ValueError if the picture is empty, or if a value
    is not a number from 0 to 1.
    Source: LeCun, Bottou, Bengio, Haffner (1998), section III.A.
    """
    if not ((picture >= 0) & (picture <= 1)).all():
        bad = picture[~((picture >= 0) & (picture <= 1))][0].item()
        raise ValueError(f"ink must be from 0 to 1, got {bad:.3g}; scale the picture first")
    _check_ink(picture)
    _, rows, columns = picture.nonzero().T
    ink = picture[:, rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = ink.shape[1:]
    scale = 20 / max(height, width)
    size = max(1, round(scale * height)), max(1, round(scale * width))
    small = F.interpolate(ink[None], size, mode="bilinear", antialias=True)[0].clamp(0, 1)
    top, left = (_place(small[0].sum(dim=1 - axis)) for axis in (0, 1))
    page = torch.zeros(1, 28, 28, dtype=picture.dtype)
    page[:, top : top + size[0], left : left + size[1]] = small
    return page


def _place(profile):
    """Where to put the ink, summed along an axis (n,), so that its centre of mass is at 14."""
    centre = (profile * torch.arange(len(profile))).sum() / profile.sum()
    return min(max(round(14 - centre.item()), 0), 28 - len(profile))


def classify(strokes, readers):
    """What each reader sees and answers: {title: (picture (1, 28, 28), probabilities (10,))}.

    `readers` is {title: (prepare, model)}: `prepare` makes the picture from the drawn one, as
    `shrink` and `to_mnist` do, and the model takes scaled pixels (N, 1, 28, 28) and returns logits
    (N, 10). Raises ValueError as `render` does, and if nothing is drawn.
    """
    drawn = render(strokes)
    _check_ink(drawn)
    return {title: _read(prepare(drawn), model) for title, (prepare, model) in readers.items()}


def _read(picture, model):
    """The picture, and the model's probabilities for it."""
    weights = next(model.parameters())
    with torch.no_grad():
        (logits,) = model((picture[None].to(weights) - PIXEL_MEAN) / PIXEL_STD)
    return picture, logits.softmax(dim=0).cpu()


def _check_ink(picture):
    """Raise ValueError if a picture is empty."""
    if not picture.any():
        raise ValueError("the page is empty, got 0 ink; draw a digit first")
