"""The drawing pad: strokes come from the browser, pictures and probabilities go back."""

import base64
import io
from pathlib import Path

import anywidget
import torch
import traitlets
from matplotlib import image
from matplotlib.figure import Figure

from helpers.plots.style import picture, tidy
from helpers.widgets import strokes as pen_strokes
from helpers.widgets.stills import show_with_still


def show_digit_pad(readers, strokes):
    """Display a pad. In a stored notebook or an export, what it says of `strokes` stands in."""
    still = still_picture(strokes, pen_strokes.classify(strokes, readers))
    show_with_still(DigitPad(readers), still, "A pad to draw a digit on.")


class DigitPad(anywidget.AnyWidget):
    """A pad to draw on. Whenever `strokes` change, it shows what each of the `readers` answers.

    `readers` is {title: (prepare, model)}, as `strokes.classify` takes it. If a drawing can't be
    read, the pad shows the error's line instead.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")
    pen = traitlets.Float(pen_strokes.PEN).tag(sync=True)
    strokes = traitlets.List().tag(sync=True)  # lists of points arrive, raw bytes would not
    reading = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def __init__(self, readers):
        self.readers = readers
        super().__init__()
        self.answer()

    @traitlets.observe("strokes")
    def answer(self, change=None):
        """Classify the strokes and send the answer to the browser, both parts at once."""
        try:
            readings = pen_strokes.classify(self.strokes, self.readers)
            parts = [(title, *reading) for title, reading in readings.items()]
            reading = "".join(reading_html(*part) for part in parts)
            status = "; ".join(f"{title}: {p.argmax()}" for title, _, p in parts)
        except ValueError as error:
            reading, status = "", str(error)
        with self.hold_sync():
            self.reading, self.status = reading, status


def reading_html(title, picture, probabilities):
    """One picture (1, 28, 28) and its ten probabilities as bars."""
    png = io.BytesIO()
    image.imsave(png, 1 - picture[0].numpy(), cmap="gray", vmin=0, vmax=1, format="png")
    data = base64.b64encode(png.getvalue()).decode()
    best = probabilities.argmax()
    rows = "".join(
        f'<div class="{"best" if digit == best else ""}">{digit}'
        f'<progress aria-label="{title}: {digit}" value="{share:.4f}"></progress>{share:.0%}</div>'
        for digit, share in enumerate(probabilities.tolist())
    )
    picture_html = f'<img alt="{title}, 28 × 28 pixels" src="data:image/png;base64,{data}">'
    return f'<section aria-label="{title}"><b>{title}</b><br>{picture_html}{rows}</section>'


def still_picture(strokes, readings):
    """The pad as a picture: the drawing, what each reader gets of it, and its probabilities."""
    figure = Figure(figsize=(min(10, 5.2 + 2.4 * len(readings)), 2.9), layout="constrained")
    axes = figure.subplots(1, len(readings) + 2, width_ratios=[*[1] * (len(readings) + 1), 1.6])
    images = (pen_strokes.render(strokes), *(picture for picture, _ in readings.values()))
    for ax, ink, title in zip(axes, images, ("the pad", *readings), strict=False):
        ax.imshow(ink[0].numpy(), cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, fontsize=9)
    tidy(axes[-1])
    answers, width = [], 0.8 / len(readings)
    for k, (title, (_, p)) in enumerate(readings.items()):
        places = torch.arange(10) + width * (k - (len(readings) - 1) / 2)
        axes[-1].bar(places, p.tolist(), width, label=title, hatch=("//", "", "..")[k % 3])
        answers.append(f"{p.argmax()} ({p.max():.0%}) {title}")
    axes[-1].set(xticks=range(10), ylim=(0, 1), xlabel="digit", ylabel="probability")
    if len(readings) > 1:
        figure.legend(loc="outside lower right", frameon=False, ncols=3, fontsize=8)
    title = f"Read as {', '.join(answers)}"
    figure.suptitle(title, fontsize=11)
    return picture(figure, f"{title}. The drawing, and each picture that it becomes.")
