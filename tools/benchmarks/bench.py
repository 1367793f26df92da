"""Time this project's training against other libraries: `make bench`.

Each peer is a process of its own that trains an epoch when asked. The peers take turns, so that a
noisy machine is fair to all; the median of the turns counts. Writes runs/bench/results.json and
a bar chart beside it.
"""

import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
from matplotlib.figure import Figure

from helpers import plots
from helpers.files import PROJECT, save_json, write_atomically

FOLDER = PROJECT / "runs" / "bench"
NAMES = {
    "article": "the article's loop",
    "keras": "Keras on TensorFlow",
    "lightning": "Lightning",
    "sklearn": "scikit-learn",
    "series": "this series",
    "jax": "JAX, compiled",
    "limit": "arithmetic alone",
}
WORKER = [sys.executable, str(Path(__file__).with_name("peers.py"))]
QUIET = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


def epoch_seconds(turns=7):
    """{name: median seconds of an epoch}; the peers take turns, the first turn warms up."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    workers = {
        name: subprocess.Popen([*WORKER, name], text=True, env=QUIET, **pipes) for name in NAMES
    }
    for name, worker in workers.items():
        assert wait_line(worker) == "ready", f"{name} did not start"
    seconds = {name: [] for name in NAMES}
    for turn in range(turns + 1):
        for name, worker in workers.items():
            for _ in range(2):  # the first after the others' turns is slower, Keras' by a quarter
                print("\n", end="", file=worker.stdin, flush=True)
                found = float(wait_line(worker))
            seconds[name].append(found)
            time.sleep(0.3)  # threads that spin for more work go to sleep
        print(f"turn {turn} of {turns}", end="\r", flush=True)
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()
    return {name: statistics.median(values[1:]) for name, values in seconds.items()}


def wait_line(worker):
    """The worker's next line; what a library prints in between is passed over."""
    for line in worker.stdout:
        text = line.strip()
        if text == "ready" or text.replace(".", "").replace("e-", "").isdigit():
            return text
    raise RuntimeError(f"{worker.args[-1]} ended early")


def process_seconds(turns=3):
    """{name: median seconds of a whole process: start, import, load, ten epochs, end}."""
    seconds = {name: [] for name in NAMES if name != "limit"}
    for _ in range(turns):
        for name, found in seconds.items():
            command = [*WORKER, name, "10"]
            found.append(timed(command, env=QUIET))
    return {name: statistics.median(found) for name, found in seconds.items()}


def timed(command, **settings):
    """Seconds that a command takes, which must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, **settings)
    return time.perf_counter() - started


def import_seconds(turns=5):
    """{module: median seconds that a fresh Python takes to import it}; they take turns."""
    seconds = {"torch": [], "helpers.training": []}
    for _ in range(turns + 1):
        for module, found in seconds.items():
            found.append(timed([sys.executable, "-c", f"import {module}"]))
    return {module: statistics.median(found[1:]) for module, found in seconds.items()}


def machine():
    """The processor's name, its cores, and the versions that were measured."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.processor()
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    return {"processor": processor, "cores": os.cpu_count()} | versions


def main():
    """Measure, print a table, draw a chart, save both."""
    epochs = epoch_seconds()
    wholes = process_seconds()
    print(f"{'':20}{'s an epoch':>12}{'series is':>14}{'10 epochs, whole process':>28}")
    for name, label in NAMES.items():
        ratio = f"{epochs[name] / epochs['series']:.1f}× as fast"
        whole = f"{wholes[name]:.1f} s" if name in wholes else ""
        print(f"{label:20}{epochs[name]:12.3f}{ratio:>14}{whole:>28}")
    results = {"epoch_seconds": epochs, "process_seconds": wholes, "machine": machine()}
    results |= {"import_seconds": import_seconds()}
    save_json(epochs | results, FOLDER / "results.json")
    write_atomically(FOLDER / "bench.png", lambda file: chart(epochs).savefig(file, dpi=144))
    print(f"results and chart: {FOLDER}")


def chart(epochs):
    """Bars of the seconds of an epoch."""
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    title = f"{epochs['article'] / epochs['series']:.1f}× as fast as the article's loop"
    bars = {NAMES[name]: epochs[name] for name in sorted(epochs, key=epochs.get, reverse=True)}
    xlabel = "seconds an epoch, median"
    plots.draw_bars(
        bars, title=title, xlabel=xlabel, form="{:.2f}", ax=plots.tidy(figure.subplots())
    )
    return figure


if __name__ == "__main__":
    main()
