"""Train the runs that notebook 08 reads, about 990: python tools/benchmarks/many_runs.py

Three sweeps, each into a table beside this file: race.csv (six optimizers, eight learning rates,
fifteen seeds), rates.csv (learning rate against batch size) and search.csv (a grid and random
points). They take about 15 CPU minutes. runs/many_runs keeps them, so that the same command goes
on after an interruption, on any number of workers (--workers N).
"""

import sys

import torch

from helpers import sweep
from helpers.files import PROJECT

TABLES = PROJECT / "tools" / "benchmarks"
SMALL = {"hidden_size": 32, "num_epochs": 1}
OPTIMIZERS = {
    "gradient descent": {"optimizer": "sgd", "momentum": 0.0},
    "momentum": {"optimizer": "sgd", "momentum": 0.9},
    "Nesterov": {"optimizer": "nesterov", "momentum": 0.9},
    "RMSprop": {"optimizer": "rmsprop"},
    "Adam": {"optimizer": "adam"},
    "AdamW": {"optimizer": "adamw", "weight_decay": 0.01},
}
RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
SIDE, POINTS = 5, 150  # of the grid, how many random ones
LOW, HIGH = {"lr": 1e-3, "weight_decay": 1e-7}, {"lr": 1.0, "weight_decay": 1e-4}


def race():
    """{what the table says: settings}, for six optimizers at eight rates with fifteen seeds."""
    return {
        (name, lr, seed): SMALL | settings | {"lr": lr, "seed": seed}
        for seed in range(15)
        for name, settings in OPTIMIZERS.items()
        for lr in RATES
    }


def rates():
    """Momentum at eight rates and four batch sizes, three seeds."""
    return {
        (batch_size, lr, seed): SMALL | {"batch_size": batch_size, "lr": lr, "seed": seed}
        for seed in range(3)
        for batch_size in (16, 64, 256, 1024)
        for lr in RATES
    }


def search():
    """Learning rate and weight decay: a grid, and points drawn evenly on a log scale."""
    draws = torch.rand(POINTS, 2, generator=torch.Generator().manual_seed(0))
    ticks = (torch.arange(SIDE) + 0.5) / SIDE  # the middles of equal cells
    places = {"random": draws, "grid": torch.cartesian_prod(ticks, ticks)}
    found = {}
    for kind, points in places.items():
        for i, point in enumerate(points.tolist()):
            pairs = zip(LOW.items(), HIGH.values(), point, strict=True)
            settings = {x: float(f"{a * (b / a) ** share:.3g}") for (x, a), b, share in pairs}
            found[kind, *settings.values(), i] = SMALL | settings | {"seed": i}
    return found


COLUMNS = {
    race: ("optimizer", "lr", "seed"),
    rates: ("batch_size", "lr", "seed"),
    search: ("kind", "lr", "weight_decay", "seed"),
}


def main(workers=None):
    """Train what is not trained yet, and write the tables."""
    for runs, columns in COLUMNS.items():
        asked = runs()
        folder = PROJECT / "runs" / "many_runs" / runs.__name__
        rows = sweep.sweep([*asked.values()], folder, workers=workers)
        found = [
            dict(zip(columns, key, strict=True))
            | {name: row[name] for name in ("state", "valid_accuracy", "seconds")}
            for key, row in zip(asked, rows, strict=True)
        ]
        for row in found:
            row["seconds"] = row["seconds"] and round(row["seconds"], 2)
        sweep.write_table(found, TABLES / f"{runs.__name__}.csv")


if __name__ == "__main__":
    main(int(sys.argv[2]) if sys.argv[1:2] == ["--workers"] else None)
