"""How fast the panel of notebook 05 trains and obeys: measured for make bench, nothing asserted."""

import json
import statistics
import time

import pytest
from test_panel_clicks import button, page, panel, run_cell, shown  # noqa: F401 - fixtures

from helpers.files import PROJECT, save_json

TURNS = 7
PREPARE = """
import asyncio, json, time
brief = replace(config, num_epochs=10, patience=10, live=False)
walls, pauses, drawing = {"fit": [], "live": [], "panel": []}, [], []
live_drawing = []
draw = plots.LossPlot.draw

def timed_draw(plot, history):
    began = time.perf_counter()
    draw(plot, history)
    drawing.append(time.perf_counter() - began)

plots.LossPlot.draw = timed_draw

def measure_fit(plot=None):
    began = time.perf_counter()
    loaders = data.make_loaders(train_set, test_set, brief)
    model = training.make_model(brief)
    optimizer = training.make_optimizer(model, brief)
    training.fit(model, optimizer, *loaders[:2], brief, callback=plot)
    walls["live" if plot else "fit"].append(time.perf_counter() - began)

def measure_live():
    drawn = len(drawing)
    measure_fit(plots.LossPlot(brief.num_epochs, live=True))
    live_drawing.extend(drawing[drawn:])
    del drawing[drawn:]

async def measure_panel():
    began = time.perf_counter()
    panel.start()
    await panel.run
    walls["panel"].append(time.perf_counter() - began)

panel.config = brief
panel.reset()
hold = widgets.TrainingTask.pause

def timed_hold(task):
    hold(task)
    pauses.append(time.time())

widgets.TrainingTask.pause = timed_hold
"""


@pytest.mark.slow
def test_how_fast_the_panel_trains_and_obeys(panel):  # noqa: F811
    began = time.perf_counter()
    run_cell(panel)
    cell = time.perf_counter() - began
    panel.page.set_default_timeout(120_000)
    panel.run(PREPARE)
    for _ in range(TURNS + 1):  # the first turn warms up
        panel.run("measure_fit()")
        panel.run("measure_live()")
        panel.run("await measure_panel()")
    found = json.loads(panel.run("print(json.dumps([walls, drawing, live_drawing]))"))
    walls = {name: seconds[1:] for name, seconds in found[0].items()}
    trained, lived = sum(found[0]["panel"]), sum(found[0]["live"])

    panel.run("panel.controls['num_epochs'].value = panel.controls['patience'].value = 1000")
    button(panel, "Start").click()
    shown(panel, "of the steps")
    clicks, answers = [], []
    for _ in range(TURNS):
        began = time.perf_counter()
        panel.run("1 + 1")
        answers.append(time.perf_counter() - began)
        panel.page.wait_for_timeout(700)
        clicks.append(panel.page.evaluate("() => Date.now() / 1000"))
        button(panel, "Pause").click()
        button(panel, "Resume").click()
    pauses = json.loads(panel.run("print(json.dumps(pauses))"))
    button(panel, "Stop").click()
    medians = {name: statistics.median(seconds) for name, seconds in walls.items()}
    results = {
        "seconds": medians,
        "panel_to_fit": medians["panel"] / medians["fit"],
        "redraw_share": sum(found[1]) / trained,
        "live_to_fit": medians["live"] / medians["fit"],
        "live_redraw_share": sum(found[2]) / lived,
        "pause_seconds": [end - begin for begin, end in zip(clicks, pauses, strict=True)],
        "cell_seconds": cell,
        "answer_seconds": answers,
        "threads": 1,  # see the fixture `server`
    }
    print(json.dumps(results | {"walls": walls}, indent=1))
    save_json(results, PROJECT / "runs" / "bench" / "panel.json")
