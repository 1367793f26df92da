"""What both programs do as a process: answer each request, a line of JSON, with a line of JSON.

    python -m helpers.frameworks.in_pytorch TASK.npz

Requests: {"do": "losses", "way": "eager", "dtype": "float32"}, {"do": "block", "way": "eager"},
{"do": "mistake", "way": "eager"}, {"do": "versions"}. Nothing but NumPy may be imported here.
"""

import json
import os
import platform
import re
import sys
import time

import numpy as np


def serve(program):
    """Answer the lines of stdin until it ends."""
    with np.load(sys.argv[1]) as file:
        task = dict(file)
    runs = {}  # what `losses` has prepared, for `block`
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(answer(program, task, runs, **request)), flush=True)


def answer(program, task, runs, *, do, way="eager", dtype="float32"):
    """One answer; a way that does not work here says why, in a line."""
    if do == "versions":
        versions = {"python": platform.python_version(), "numpy": np.__version__}
        return program.versions() | versions
    try:
        if do == "mistake":
            return mistake(program, task, way)
        if do == "block":
            return timed(runs[way], len(task["order"]))
        program.set_dtype(dtype)
        return first_epoch(program, task, runs if dtype == "float32" else {}, way, dtype)
    except Exception as error:  # a compiler that is missing can fail in many ways
        return {"failed": f"{type(error).__name__}: {first_line(error)}"}


def first_epoch(program, task, runs, way, dtype):
    """Train all steps once: {"losses", "first_call"}, the latter in seconds; a loop: {"mean"}."""
    if "batches" not in runs:
        runs["batches"] = make_batches(program, task, dtype)
    X, y, batches = runs["batches"]
    if make_loop := program.WAYS[way].get("loop"):
        model, lr, momentum = start(program, task, dtype)
        runs[way] = make_loop(model, X, y, len(batches[0][0]), lr, momentum)
        return {"mean": float(runs[way]())}
    step = make_step(program, task, way, dtype)
    wall, cpu = time.perf_counter(), cpu_of_all()
    losses = [float(step(*batches[0]))]
    first_call = {"wall": time.perf_counter() - wall, "cpu": cpu_of_all() - cpu}
    losses += [float(step(*batch)) for batch in batches[1:]]

    def run():
        for batch in batches:
            loss = step(*batch)
        return loss

    runs[way] = run
    return {"losses": losses, "first_call": first_call}


def make_batches(program, task, dtype):
    """X (steps · batch, 784) and y (steps · batch,) as the library's tensors, and their batches."""
    order = task["order"].ravel()
    X, y = program.as_tensor(task["X"][order].astype(dtype)), program.as_tensor(task["y"][order])
    size = task["order"].shape[1]
    return X, y, [(X[i : i + size], y[i : i + size]) for i in range(0, len(order), size)]


def timed(run, num_steps):
    """Milliseconds a step, CPU and wall, of an epoch more."""
    wall, cpu = time.perf_counter(), time.process_time()
    float(run())
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {name: 1000 * seconds / num_steps for name, seconds in spent.items()}


def mistake(program, task, way):
    """The article's mistake: images that are never flattened meet a matrix of 784 rows."""
    program.set_dtype("float32")
    step = make_step(program, task, way, "float32")
    images, labels = task["X"][:64].reshape(64, 28, 28), task["y"][:64]
    try:
        step(program.as_tensor(images), program.as_tensor(labels))
    except Exception as error:
        text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))  # the codes that print it bold
        text = re.sub(r'File "[^"]*?(site-packages|helpers)', r'File "\1', text)  # this machine's
        return {"type": type(error).__name__, "text": text}
    raise AssertionError("a batch of the wrong shape has been trained on")


def make_step(program, task, way, dtype):
    """The program's training step, with what the way puts around the model or the step."""
    model, lr, momentum = start(program, task, dtype)
    around = program.WAYS[way]
    step = program.training_step(around.get("model", same)(model), lr, momentum)
    return around.get("step", same)(step)


def start(program, task, dtype):
    """(model, lr, momentum) of the task."""
    weights = [task[name].astype(dtype) for name in ("W1", "b1", "W2", "b2")]
    return program.network(weights), float(task["lr"]), float(task["momentum"])


def same(whatever):
    return whatever


def first_line(error):
    """The first line of an error's text that says something."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


def cpu_of_all():
    """CPU seconds of this process and of those it has started and waited for: compilers."""
    return sum(os.times()[:4])
