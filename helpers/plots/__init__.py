"""Figures. Each is drawn by `draw_x(data, *, title, ax=None)`, which returns its axes."""

from helpers.plots.charts import (
    draw_attention,
    draw_bands,
    draw_bars,
    draw_intervals,
    draw_letters,
    draw_lines,
    draw_norms,
    draw_table,
)
from helpers.plots.diagrams import draw_board, draw_flow, draw_graph, marks
from helpers.plots.digits import draw_confusion, draw_digits, draw_maps
from helpers.plots.loss_plot import LossPlot
from helpers.plots.margins import draw_margins
from helpers.plots.memory import draw_broadcast, draw_strides
from helpers.plots.network import draw_answers, draw_network
from helpers.plots.planes import draw_paths, draw_regions
from helpers.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    describe,
    picture,
    show,
    subplots,
    tidy,
)
from helpers.plots.timeline import draw_timeline

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "LossPlot",
    "describe",
    "draw_answers",
    "draw_attention",
    "draw_bands",
    "draw_bars",
    "draw_board",
    "draw_broadcast",
    "draw_confusion",
    "draw_digits",
    "draw_flow",
    "draw_graph",
    "draw_intervals",
    "draw_letters",
    "draw_lines",
    "draw_maps",
    "draw_margins",
    "draw_network",
    "draw_norms",
    "draw_paths",
    "draw_regions",
    "draw_strides",
    "draw_table",
    "draw_timeline",
    "marks",
    "picture",
    "show",
    "subplots",
    "tidy",
]
