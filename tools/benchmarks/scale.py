"""Measure what many processes give: python tools/benchmarks/scale.py, on a quiet machine.

Runs a minute, for the same runs one after another, in a process each and by helpers.sweep; and the
milliseconds of a training step on one process and on two, for networks of several widths. Writes
scale.json; docs/scale.md and notebook 08 show it.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch import distributed as dist
from torch import nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from helpers import data, sweep, training
from helpers.files import save_json

FILE = Path(__file__).with_suffix(".json")
NUM_RUNS, SETTINGS = 24, {"hidden_size": 32, "num_epochs": 1}
WIDTHS, BATCHES, BLOCKS = (128, 512, 2048), (64, 1024), 4


def run(seed, parts):
    config = training.Config(**SETTINGS, seed=seed)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    training.fit(model, optimizer, *data.make_loaders(*parts, config)[:2], config)


def one_after_another():
    parts = data.load_mnist()
    for seed in range(NUM_RUNS):
        run(seed, parts)


def a_process_each():
    for seed in range(NUM_RUNS):
        subprocess.run([sys.executable, __file__, "--run", str(seed)], check=True)


def by_sweep(workers):
    runs = [SETTINGS | {"seed": seed} for seed in range(NUM_RUNS)]
    with tempfile.TemporaryDirectory() as folder:
        sweep.sweep(runs, folder, workers=workers, progress=False)


def spent():
    """CPU seconds of this process and of its children that have ended."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def measure(work, *arguments):
    cpu, wall = spent(), time.perf_counter()
    work(*arguments)
    wall, cpu = time.perf_counter() - wall, spent() - cpu
    return {
        "runs_a_minute": round(60 * NUM_RUNS / wall, 1),
        "cpu_seconds": round(cpu / NUM_RUNS, 2),
    }


def steps(width, batch_size, processes):
    """Milliseconds a step with this share of the batch: the best of several blocks."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(784, width), nn.ReLU(), nn.Linear(width, 10))
    model = DistributedDataParallel(model) if processes > 1 else model
    optimizer, found = torch.optim.SGD(model.parameters(), lr=0.01), []
    X, y = torch.rand(batch_size // processes, 784), torch.arange(batch_size // processes) % 10
    count = max(5, 8000 // (width * batch_size // 1024 + 100))
    for _ in range(BLOCKS):
        started = time.perf_counter()
        for _ in range(count):
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
        found.append((time.perf_counter() - started) / count)
    return round(1000 * min(found), 3)


def as_rank():
    """What each process of torchrun does; the first one prints."""
    torch.set_num_threads(1)
    processes = int(os.environ["WORLD_SIZE"])
    dist.init_process_group("gloo")
    found = {f"{w} {b}": steps(w, b, processes) for w in WIDTHS for b in BATCHES}
    if dist.get_rank() == 0:
        print("found", json.dumps(found))
    dist.destroy_process_group()


def on(processes):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
    command += [str(processes), __file__, "--rank"]
    env = os.environ | {"GLOO_SOCKET_IFNAME": "lo"}
    printed = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
    (line,) = (line for line in printed.splitlines() if line.startswith("found"))
    return json.loads(line.removeprefix("found"))


def tables():
    """What docs/scale.md shows: two tables, from the file."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    runs = f"{found['machine']['runs']} runs of 32 hidden units, one epoch"
    first = [f"| {runs} | runs a minute | CPU seconds a run |", "| --- | --- | --- |"]
    for name, row in found["sweep"].items():
        first.append(f"| {name} | {row['runs_a_minute']:.1f} | {row['cpu_seconds']:.2f} |")
    second = ["| network | batch | one process, ms a step | two, ms a step | times as fast |"]
    second += ["| --- | --- | --- | --- | --- |"]
    for row in found["steps"]:
        cells = (
            f"784-{row['width']}-10",
            row["batch_size"],
            f"{row['one']:.2f}",
            f"{row['two']:.2f}",
        )
        second.append(f"| {' | '.join(map(str, cells))} | {row['one'] / row['two']:.2f} |")
    return "\n".join(first), "\n".join(second)


def main():
    found = {
        "one after another": measure(one_after_another),
        "a process each": measure(a_process_each),
        "sweep, 1 worker": measure(by_sweep, 1),
        "sweep, 2 workers": measure(by_sweep, 2),
    }
    alone, two = on(1), on(2)
    steps = {
        key: {"width": int(key.split()[0]), "batch_size": int(key.split()[1])}
        | {"one": alone[key], "two": two[key]}
        for key in alone
    }
    machine = {"cores": os.cpu_count(), "runs": NUM_RUNS, "torch": torch.__version__}
    save_json({"sweep": found, "steps": [*steps.values()], "machine": machine}, FILE)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(int(sys.argv[2]), data.load_mnist())
    else:
        as_rank() if sys.argv[1:] == ["--rank"] else main()
