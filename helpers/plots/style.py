"""The look of all figures, their alt text, and how they are displayed."""

import io

import PIL.Image
from IPython.display import Image, display
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg

# Okabe and Ito's palette, which colour-blind readers can tell apart; dashes double the colours.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#6E6E6E"
CYCLE = plt.cycler(color=[BLUE, ORANGE, GREEN, PURPLE], linestyle=["-", "--", "-.", ":"])


def tidy(ax):
    """Give axes the series' look: its colours and dashes, a pale grid, no box."""
    ax.set_prop_cycle(CYCLE)
    ax.grid(True, color="#E4E4E4")
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def subplots(nrows=1, ncols=1, figsize=(7, 3.5)):
    """`plt.subplots` in the series' look: returns (figure, axes)."""
    figure, axes = plt.subplots(nrows, ncols, figsize=figsize, layout="constrained")
    for ax in figure.axes:
        tidy(ax)
    return figure, axes


def new_axes(ax, figsize):
    """The given axes, or those of a new figure."""
    return subplots(figsize=figsize)[1] if ax is None else ax


def describe(ax, text):
    """Give the axes their alt text: what a reader who does not see the figure should know."""
    ax.set_label(text)
    return ax


def picture(figure, alt="", quick=False):
    """Render a figure: an `IPython.display.Image` with its PNG bytes in `data`, and its `alt`.

    The alt text is `alt`, or the figure's heading and what `describe` gave its axes. Raises
    ValueError if there is none. A picture that is kept has 256 colours, which makes it smaller;
    `quick` renders sooner and coarser, for one that is replaced soon.
    """
    heading = figure.get_suptitle()
    texts = [f"{heading}." if heading else "", *(ax.get_label() for ax in figure.axes)]
    alt = alt or " ".join(text for text in texts if text and text[0] != "_")
    alt = alt.replace("\n", " ")
    if not alt.strip():
        raise ValueError("the figure has no alt text, got ''; pass alt='what it shows' to show()")
    png = io.BytesIO()
    figure.set_dpi(100 if quick else 144)  # savefig would draw twice
    FigureCanvasAgg(figure).print_png(png, pil_kwargs={"compress_level": 1})
    data = png.getvalue() if quick else in_256_colours(png)
    return Image(data, width=round(figure.get_figwidth() * 90), alt=alt)


def in_256_colours(png):
    """The bytes of a PNG with a palette made from the picture's own colours."""
    coloured, small = PIL.Image.open(png).convert("RGB"), io.BytesIO()
    palette = {"method": PIL.Image.Quantize.MEDIANCUT, "dither": PIL.Image.Dither.NONE}
    coloured.quantize(256, **palette).save(small, "png", optimize=True)
    return small.getvalue()


def show(figure, alt=""):
    """Display a figure once, as a PNG with its alt text (see `picture`), and close it."""
    display(picture(figure, alt))
    plt.close(figure)
