"""How the seconds of an epoch grow with samples, batch size, hidden units and threads.

`make bench` calls it after the peers. Each point is the median of seven epochs of `fit`'s loop; the
points take turns. Beside them stands the time of the arithmetic alone, at the speed that a large
matrix product reached in the same run. Writes runs/bench/growth.json and growth.png.
"""

import statistics
import time
from dataclasses import replace

import torch
from matplotlib.figure import Figure
from torch.utils.data import TensorDataset

from helpers import data, plots, training
from helpers.files import PROJECT, save_json, write_atomically

FOLDER = PROJECT / "runs" / "bench"
CORES = torch.get_num_threads()
DEFAULTS = training.Config(num_epochs=1000, patience=1000, valid_size=1000)
NORMAL = {"training digits": 12_000, "batch_size": 64, "hidden_size": 128, "threads": CORES}
POINTS = {
    "training digits": [3_000, 6_000, 12_000, 24_000, 48_000],
    "batch_size": [16, 32, 64, 128, 256, 512],
    "hidden_size": [16, 32, 64, 128, 256, 512, 1024],
    "threads": list(range(1, 1 + CORES)),
}


def epochs(train_set, test_set, setting):
    """A generator: each step trains an epoch with these settings; yields its seconds."""
    changed = {name: setting[name] for name in ("batch_size", "hidden_size")}
    config = replace(DEFAULTS, **changed)
    part = TensorDataset(*train_set[: setting["training digits"] + config.valid_size])
    train_loader, valid_loader, _ = data.make_loaders(part, test_set, config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    steps = training.train_steps(model, optimizer, train_loader, valid_loader, config)
    while True:
        torch.set_num_threads(setting["threads"])
        started = time.perf_counter()
        for _ in range(len(train_loader)):
            next(steps)
        yield time.perf_counter() - started


def arithmetic(setting, speed):
    """Seconds of an epoch's matrix products alone, at `speed` operations a second."""
    weights = 2 * 784 * setting["hidden_size"] + 3 * setting["hidden_size"] * 10
    return 2 * setting["training digits"] * weights / speed


def measure_speed(threads, size=2048):
    """Operations a second in one large matrix product."""
    torch.set_num_threads(threads)
    A, B = torch.rand(2, size, size)
    started = time.perf_counter()
    A @ B
    return 2 * size**3 / (time.perf_counter() - started)


def main(turns=7):
    """Measure all points in turns; save numbers and figure."""
    sets = data.load_mnist()
    settings = {(name, value): NORMAL | {name: value} for name in POINTS for value in POINTS[name]}
    runs = {point: epochs(*sets, setting) for point, setting in settings.items()}
    seconds, speeds = {point: [] for point in runs}, {n: [] for n in POINTS["threads"]}
    for _ in range(turns + 1):
        for point, run in runs.items():
            seconds[point].append(next(run))
        for threads, found in speeds.items():
            found.append(measure_speed(threads))
    speed = {threads: statistics.median(found[1:]) for threads, found in speeds.items()}
    medians = {point: statistics.median(found[1:]) for point, found in seconds.items()}
    growth = {name: {} for name in POINTS}
    for (name, value), setting in settings.items():
        alone = arithmetic(setting, speed[setting["threads"]])
        growth[name][value] = {"epoch": medians[name, value], "arithmetic": alone}
    save_json(growth, FOLDER / "growth.json")
    write_atomically(FOLDER / "growth.png", lambda file: chart(growth).savefig(file, dpi=110))
    for name, points in growth.items():
        print(name, ", ".join(f"{value}: {at['epoch']:.3f} s" for value, at in points.items()))
    print(f"how cost grows: {FOLDER / 'growth.png'}")


def chart(growth):
    """Four panels on logarithmic axes: an epoch, and the arithmetic that is in it."""
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    found = {threads: at["epoch"] for threads, at in growth["threads"].items()}
    titles = {
        "training digits": "In proportion to the digits",
        "batch_size": "Each step costs, whatever its size",
        "hidden_size": "A wide layer costs its arithmetic",
        "threads": f"{max(found):g} threads are {found[1] / found[max(found)]:.1f}× as fast",
    }
    for ax, (name, points) in zip(figure.subplots(1, 4, sharey=True), growth.items(), strict=True):
        lines = {"an epoch": [at["epoch"] for at in points.values()]}
        lines["arithmetic alone"] = [at["arithmetic"] for at in points.values()]
        text = {"title": titles[name], "xlabel": name, "ylabel": "seconds"}
        plots.draw_lines(lines, x=list(points), ax=plots.tidy(ax), **text)
        ax.set(xscale="log", yscale="log")
        ax.set_xticks(list(points), [f"{value:,}" for value in points], fontsize=8)
        ax.minorticks_off()
        ax.label_outer()
        if name != "training digits":
            ax.get_legend().remove()
    return figure


if __name__ == "__main__":
    main()
