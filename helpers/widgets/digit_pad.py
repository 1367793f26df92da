"""The drawing pad: strokes come from the browser, pictures and probabilities go back."""

import base64
import io
from pathlib import Path

import anywidget
import traitlets
from matplotlib import image
from matplotlib.figure import Figure

from helpers.plots.style import picture, tidy
from helpers.widgets import strokes as pen_strokes
from helpers.widgets.stills import show_with_still

TITLES = ("as drawn", "in MNIST's form")


def show_digit_pad(classify, strokes):
    """Display a pad. In a stored notebook or an export, what it says of `strokes` stands in."""
    show_with_still(
        DigitPad(classify), still_picture(strokes, classify), "A pad to draw a digit on."
    )


class DigitPad(anywidget.AnyWidget):
    """A pad to draw on. Whenever `strokes` change, it shows what `classify(strokes)` returns.

    `classify` returns pictures (2, 1, 28, 28) and probabilities (2, 10) as `strokes.classify`
    does, or raises ValueError; then the pad shows the error's line instead.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")
    pen = traitlets.Float(pen_strokes.PEN).tag(sync=True)
    strokes = traitlets.List().tag(sync=True)  # lists of points arrive, raw bytes would not
    reading = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def __init__(self, classify):
        self.classify = classify
        super().__init__()
        self.answer()

    @traitlets.observe("strokes")
    def answer(self, change=None):
        """Classify the strokes and send the answer to the browser, both parts at once."""
        try:
            pictures, probabilities = self.classify(self.strokes)
            reading = "".join(map(reading_html, TITLES, pictures, probabilities.tolist()))
            first, second = probabilities.argmax(dim=1).tolist()
            status = f"{TITLES[0]}: {first}; {TITLES[1]}: {second}"
        except ValueError as error:
            reading, status = "", str(error)
        with self.hold_sync():
            self.reading, self.status = reading, status


def reading_html(title, picture, probabilities):
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


def still_picture(strokes, classify):
    """The pad as a picture: the drawing, both inputs of the network, and its probabilities."""
    pictures, probabilities = classify(strokes)
    figure = Figure(figsize=(10, 2.9), layout="constrained")
    axes, images = figure.subplots(1, 4), (pen_strokes.render(strokes), *pictures)
    for ax, ink, title in zip(axes[:3], images, ("the pad", *TITLES), strict=True):
        ax.imshow(ink[0].numpy(), cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title=title)
    tidy(axes[3])
    answers = []
    for k, (name, shares) in enumerate(zip(TITLES, probabilities.tolist(), strict=True)):
        places = [digit - 0.2 + 0.4 * k for digit in range(10)]
        axes[3].bar(places, shares, 0.4, label=name, hatch=("//", "")[k])
        answers.append(f"{name} {shares.index(max(shares))} ({max(shares):.0%})")
    axes[3].set(xticks=range(10), ylim=(0, 1.35), xlabel="digit", ylabel="probability")
    axes[3].legend(frameon=False, loc="upper left", ncols=2, fontsize=8)
    title = f"The network reads: {', '.join(answers)}"
    figure.suptitle(title, fontsize=11)
    return picture(figure, f"{title}. The drawing, and both pictures that it becomes.")
