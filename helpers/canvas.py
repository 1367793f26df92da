"""The drawing pad: strokes come from the browser, pictures and probabilities go back."""

import base64
import io
from pathlib import Path

import anywidget
import traitlets
from matplotlib import image
from matplotlib.figure import Figure

from helpers import drawing, plots
from helpers.widgets import show_live

TITLES = ("as drawn", "in MNIST's form")
STYLE = """
.drawing, .drawing .reading {display: flex; flex-wrap: wrap; gap: 1.5em}
.drawing canvas {display: block; touch-action: none; cursor: crosshair; margin: 3px 3px 8px;
                 box-shadow: 0 0 0 1px gray}
.drawing canvas:focus-visible {box-shadow: 0 0 0 3px #0072B2}
.drawing img {width: 112px; image-rendering: pixelated; box-shadow: 0 0 0 1px gray}
.drawing section {line-height: 1.2; font-variant-numeric: tabular-nums}
.drawing progress {width: 110px; margin: 0 .5em; accent-color: #0072B2}
.drawing .best {font-weight: bold}
"""


class DigitPad(anywidget.AnyWidget):
    """A pad to draw on. Whenever `strokes` change, it shows what `read(strokes)` returns.

    `read` gives pictures (2, 1, 28, 28) and probabilities (2, 10) as `drawing.read` does, or
    raises ValueError; then the pad shows the error's line in place of a reading.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = STYLE
    pen = traitlets.Float(drawing.PEN).tag(sync=True)
    strokes = traitlets.List().tag(sync=True)  # bytes would not arrive, lists of points do
    reading = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def __init__(self, read):
        self.read = read
        super().__init__()
        self.answer()

    @traitlets.observe("strokes")
    def answer(self, change=None):
        """Read the strokes and send the answer to the browser, both parts at once."""
        try:
            pictures, probabilities = self.read(self.strokes)
            reading = "".join(map(panel_html, TITLES, pictures, probabilities.tolist()))
            raw, form = probabilities.argmax(dim=1).tolist()
            status = f"{TITLES[0]}: {raw}; {TITLES[1]}: {form}"
        except ValueError as error:
            reading, status = "", str(error)
        with self.hold_sync():
            self.reading, self.status = reading, status


def panel_html(title, picture, probabilities):
    """One picture (1, 28, 28) and its ten probabilities as bars."""
    png = io.BytesIO()
    image.imsave(png, 1 - picture[0].numpy(), cmap="gray", vmin=0, vmax=1, format="png")
    data = base64.b64encode(png.getvalue()).decode()
    best = max(probabilities)
    rows = "".join(
        f'<div class="{"best" if share == best else ""}">{digit}'
        f'<progress aria-label="{title}: {digit}" value="{share:.4f}"></progress>{share:.0%}</div>'
        for digit, share in enumerate(probabilities)
    )
    picture_html = f'<img alt="{title}, 28 × 28 pixels" src="data:image/png;base64,{data}">'
    return f'<section aria-label="{title}"><b>{title}</b><br>{picture_html}{rows}</section>'


def draw_reading(strokes, read):
    """A still of the pad: the drawing, both pictures that the network gets, what it says."""
    pictures, probabilities = read(strokes)
    figure = Figure(figsize=(10, 2.9), layout="constrained")
    axes, images = figure.subplots(1, 4), (drawing.draw(strokes), *pictures)
    for ax, ink, title in zip(axes[:3], images, ("the pad", *TITLES), strict=True):
        ax.imshow(ink[0].numpy(), cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title=title)
    plots.tidy(axes[3])
    for k, share, hatch in zip((0, 1), probabilities.tolist(), ("//", ""), strict=True):
        where = [digit - 0.2 + 0.4 * k for digit in range(10)]
        axes[3].bar(where, share, 0.4, label=TITLES[k], hatch=hatch)
    axes[3].set(xticks=range(10), ylim=(0, 1.35), xlabel="digit", ylabel="probability")
    axes[3].legend(frameon=False, loc="upper left", ncols=2, fontsize=8)
    said = map("{} {} ({:.0%})".format, TITLES, probabilities.argmax(1), probabilities.amax(1))
    figure.suptitle(title := f"The network reads: {', '.join(said)}", fontsize=11)
    return plots.picture(figure, f"{title}. The drawing, and both pictures that it gets.")


def show_pad(read, strokes):
    """Display a pad. In a stored notebook or an export, a reading of `strokes` stands in for it."""
    show_live(DigitPad(read), draw_reading(strokes, read), "A pad to draw a digit on.")
