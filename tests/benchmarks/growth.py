"""How the seconds of an epoch grow with samples, batch size, hidden units and threads.

`make bench` calls it after the peers. Each point is the median of five epochs of `fit`'s loop; the
points take turns. Writes runs/bench/growth.json and growth.png.
"""

import statistics
import time
from dataclasses import replace

import torch
from matplotlib.figure import Figure
from torch.utils.data import TensorDataset

from helpers import data, plots, training
from helpers.files import PROJECT, save_json, write_whole

FOLDER = PROJECT / "runs" / "bench"
DEFAULTS = training.Config(num_epochs=1000, patience=1000, valid_size=1000)
POINTS = {
    "training digits": [3_000, 6_000, 12_000, 24_000, 48_000],
    "batch_size": [16, 32, 64, 128, 256, 512],
    "hidden_size": [16, 32, 64, 128, 256, 512, 1024],
    "threads": list(range(1, 1 + torch.get_num_threads())),
}


def epochs(train_set, test_set, name, value):
    """A generator: each step trains an epoch with that one setting changed; yields its seconds."""
    digits = value if name == "training digits" else 12_000
    changed = {name: value} if name in ("batch_size", "hidden_size") else {}
    config = replace(DEFAULTS, **changed)
    part = TensorDataset(*train_set[: digits + config.valid_size])
    train_loader, valid_loader, _ = data.make_loaders(part, test_set, config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    steps = training.train_steps(model, optimizer, train_loader, valid_loader, config)
    threads = value if name == "threads" else max(POINTS["threads"])
    while True:
        torch.set_num_threads(threads)
        started = time.perf_counter()
        for _ in range(len(train_loader)):
            next(steps)
        yield time.perf_counter() - started


def main(turns=5):
    """Measure all points in turns; save numbers and figure."""
    sets = data.load_mnist()
    runs = {(name, value): epochs(*sets, name, value) for name in POINTS for value in POINTS[name]}
    for run in runs.values():
        next(run)  # warm up
    seconds = {point: [] for point in runs}
    for _ in range(turns):
        for point, run in runs.items():
            seconds[point].append(next(run))
    medians = {
        name: {value: statistics.median(seconds[name, value]) for value in values}
        for name, values in POINTS.items()
    }
    save_json(medians, FOLDER / "growth.json")
    write_whole(FOLDER / "growth.png", lambda file: chart(medians).savefig(file, dpi=110))
    print(f"how cost grows: {FOLDER / 'growth.png'}")


def chart(medians):
    """Three panels on logarithmic axes; dotted lines grow in proportion."""
    figure = Figure(figsize=(10, 3.3), layout="constrained")
    titles = {
        "training digits": "In proportion to the digits",
        "batch_size": "Small batches pay for each step",
        "hidden_size": "Cost grows more slowly than the layer",
    }
    for ax, (name, title) in zip(figure.subplots(1, 3), titles.items(), strict=True):
        values = list(medians[name])
        found = list(medians[name].values())
        plots.draw_lines(
            {name: found}, x=values, title=title, xlabel=name, ylabel="seconds", ax=plots.tidy(ax)
        )
        power = -1 if name == "batch_size" else 1
        anchor = 0 if name == "batch_size" else -1
        line = [found[anchor] * (value / values[anchor]) ** power for value in values]
        ax.plot(values, line, color=plots.GREY, ls=":", lw=1.5)
        ax.set(xscale="log", yscale="log")
    return figure


if __name__ == "__main__":
    main()
