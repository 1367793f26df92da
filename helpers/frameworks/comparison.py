"""Measure the programs in turns, or return what was recorded where TensorFlow was installed."""

import contextlib
import datetime
import json
import os
import platform
import re
import statistics
import tempfile
from pathlib import Path

import numpy as np

from helpers.files import PROJECT, write_atomically
from helpers.frameworks.processes import Worker, import_seconds
from helpers.frameworks.task import SETTINGS, fingerprint, make_task
from helpers.frameworks.texts import is_installed, written_in

RECORD = PROJECT / "data" / "frameworks.json"
WAYS = {"pytorch": ("eager", "compiled"), "tensorflow": ("eager", "compiled")}
ALL_WAYS = {
    "pytorch": ("eager", "compiled", "compiled step", "loop"),
    "tensorflow": ("eager", "compiled", "xla", "loop", "loop of 32"),
    "tensorflow_core": ("eager", "compiled"),
}
PACKAGES = {"pytorch": ("torch",), "tensorflow": ("tensorflow", "keras")}


def available():
    """Whether TensorFlow is installed here. It is looked for, not imported."""
    return is_installed("tensorflow")


def recorded(path=RECORD):
    """What `record` measured, committed with the project: the dict that `measure` returns."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def measure(ways=WAYS, turns=3, threads=1, **settings):
    """Train with each library in a process of its own, and time their steps in turns.

    `ways` are those of each program, "eager" first; `turns` is how often an epoch of each way is
    timed, the median counts; `settings` replace the task's: seed, steps, batch_size, lr, momentum.
    Returns a dict of plain values, described in data/README.md.
    Raises ModuleNotFoundError if TensorFlow is missing, RuntimeError if a process ends early; both
    in one line. A way that does not work here, for want of a compiler, is listed under "failed".
    """
    if not available():
        fix = "run `make compare`, which installs it, or take what recorded() returns"
        raise ModuleNotFoundError(f"TensorFlow is not installed here; {fix}")
    task = make_task(**settings)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        np.savez(Path(folder, "task.npz"), **task)
        start = {"task": Path(folder, "task.npz"), "folder": folder, "threads": threads}
        workers = {name: stack.enter_context(Worker(f"in_{name}", **start)) for name in ways}
        found = {name: train(workers[name], ways[name]) for name in ways}
        time_in_turns(workers, found, turns)
        double = [workers[name].ask(do="losses", dtype="float64")["losses"] for name in WAYS]
        for name in PACKAGES:
            packages = {module: written_in(module) for module in PACKAGES[name]}
            found[name]["written_in"] = packages
            found[name]["import_seconds"] = import_seconds(PACKAGES[name][0], folder, min(turns, 3))
    about = SETTINGS | settings | {"threads": threads, "sha256": fingerprint(task)}
    about = {"date": f"{datetime.date.today()}", "machine": machine(), "task": about}
    return about | found | {"gaps": gaps(found) | {"float64": largest_gap(*double)}}


def train(worker, ways):
    """All that a worker answers but for the times of its steps."""
    found = {"versions": worker.ask(do="versions")}
    found |= {"losses": {}, "first_call_seconds": {}, "mean_loss": {}, "gap_to_eager": {}}
    found |= {"mistake": {}, "failed": {}}
    for way in ways:
        answer = worker.ask(do="losses", way=way)
        if "failed" in answer and way == "eager":
            raise RuntimeError(f"helpers.frameworks.{worker.program}: {answer['failed']}")
        if "failed" in answer:
            found["failed"][way] = answer["failed"]
        elif "mean" in answer:
            found["mean_loss"][way] = answer["mean"]
        else:
            found["losses"][way] = answer["losses"]
            found["first_call_seconds"][way] = answer["first_call"]
            gap = largest_gap(answer["losses"], found["losses"]["eager"])
            found["gap_to_eager"][way] = gap
    for way in ("eager", "compiled"):
        if way in found["losses"]:
            found["mistake"][way] = worker.ask(do="mistake", way=way)
    return found


def time_in_turns(workers, found, turns):
    """Add the times of a step to `found`: median, lowest and highest of all turns."""
    spent = {}
    for _ in range(turns):
        for name, worker in workers.items():
            for way in [*found[name]["losses"], *found[name]["mean_loss"]]:
                times = worker.ask(do="block", way=way)
                for clock in ("cpu", "wall"):
                    spent.setdefault((name, clock, way), []).append(times[clock])
    for (name, clock, way), times in spent.items():
        values = {"median": statistics.median(times), "lowest": min(times), "highest": max(times)}
        found[name].setdefault(f"{clock}_ms", {})[way] = values


def gaps(found):
    """The largest gap between the losses of both libraries, for each way that both have."""
    ours, theirs = (found[name]["losses"] for name in WAYS)
    return {way: largest_gap(ours[way], theirs[way]) for way in ours if way in theirs}


def largest_gap(losses, others):
    """The largest difference between two lists of losses, step by step."""
    return max(abs(a - b) for a, b in zip(losses, others, strict=True))


def losses_here(task=None):
    """PyTorch's half in this process: the losses of all steps, to compare with the recorded ones.

    `task` is what `make_task` returns, made if it is not given.
    """
    from helpers.frameworks import in_pytorch, worker

    task = make_task() if task is None else task
    return worker.first_epoch(in_pytorch, task, {}, "eager", "float32")["losses"]


def record(path=RECORD):
    """Measure all ways, also with batches of 512, and write the file; `make compare` runs it."""
    found = measure(ALL_WAYS, turns=7)
    larger = measure(turns=7, batch_size=512, steps=75)
    times = {name: larger[name]["cpu_ms"] for name in WAYS}
    found["larger_batch"] = {"task": larger["task"], "cpu_ms": times}
    for name, ways in ALL_WAYS.items():
        kept = WAYS.get(name, ())  # of the others, the gap alone
        losses = found[name]["losses"]
        found[name]["losses"] = {way: losses[way] for way in ways if way in kept and way in losses}
    text = json.dumps(rounded(found), indent=1, allow_nan=False, ensure_ascii=False)
    text = re.sub(r"\[\n[-+.,e\d\s]+\]", lambda numbers: " ".join(numbers[0].split()), text)
    write_atomically(path, lambda file: file.write(f"{text}\n".encode()))
    return found


def machine():
    """The processor's name, how many cores there are, and the system."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.processor()
    return {"processor": processor, "cores": os.cpu_count(), "system": platform.system()}


def rounded(value):
    """The same with floats of nine digits, which tell any two float32 numbers apart."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value
