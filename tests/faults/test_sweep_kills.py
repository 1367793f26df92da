"""A sweep whose workers or driver are killed ends with the bits of an undisturbed one."""

import os
import random
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
import torch
from stored_notebooks import ROOT

from helpers import sweep
from helpers.files import load_tensors

SETTINGS = ["lr=0.03,0.1", "seed=0:3", "hidden_size=16", "batch_size=256", "num_epochs=8"]
SETTINGS += ["patience=8", "valid_size=20000"]
NUM_RUNS = 6


def begin(folder, *arguments):
    """Start the command, in a group of its own with the workers that it starts."""
    command = [sys.executable, "-m", "helpers.sweep", *SETTINGS, "--run-dir", str(folder)]
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen([*command, *arguments], cwd=ROOT, start_new_session=True, **how)


def ended(folder):
    """{run's name: when its results were written}"""
    return {x.parent.name: x.stat().st_mtime_ns for x in folder.glob("*/metrics.json")}


def await_training(process, folder, at_least=1):
    """Wait until that many runs have ended, and another one has a finished epoch."""
    while len(ended(folder)) < at_least or not list(folder.glob("*/checkpoint.pt")):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)


def numbers(folder):
    """All that a sweep found, but for the seconds that it took: rows and weights."""
    rows = sweep.read_table(folder / "sweep.csv")
    for row in rows:
        del row["seconds"]
    return rows, {row["run"]: load_tensors(folder / row["run"] / "model.pt") for row in rows}


def same(found, expected):
    """Are rows and weights equal to the bit?"""
    pairs = ((found[1][run], weights) for run, weights in expected[1].items())
    return found[0] == expected[0] and all(
        torch.equal(mine[name], value) for mine, theirs in pairs for name, value in theirs.items()
    )


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    process = begin(folder, "--workers", "2")
    printed, _ = process.communicate()
    assert process.returncode == 0 and f"{NUM_RUNS} finished" in printed, printed
    return numbers(folder)


def workers_of(pid):
    """The processes that train for this one: children that were spawned by multiprocessing."""
    children = psutil.Process(pid).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_its_run_goes_on(expected, tmp_path, fault):
    with fault("SIGKILL of a sweep's worker") as count:
        process = begin(tmp_path, "--workers", "2")
        count.tried, moments, before = 3, random.Random(0), {}
        for at_least in range(count.tried):
            await_training(process, tmp_path, at_least)
            time.sleep(moments.random() / 2)
            before = ended(tmp_path)
            moments.choice(workers_of(process.pid)).kill()
        printed, _ = process.communicate()
        assert process.returncode == 0 and "Traceback" not in printed, printed
        after = ended(tmp_path)
        count.lost = sum(after[run] != when for run, when in before.items())
        assert same(numbers(tmp_path), expected)


@pytest.mark.slow
def test_a_sweep_killed_with_all_its_workers_goes_on(expected, tmp_path, fault):
    with fault("SIGKILL of a sweep and its workers") as count:
        count.tried = 3
        for at_least in range(count.tried):
            process = begin(tmp_path, "--workers", "2")
            await_training(process, tmp_path, at_least)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            before = ended(tmp_path)
            count.lost += sum(load_tensors(x) is None for x in tmp_path.glob("*/checkpoint.pt"))
        process = begin(tmp_path, "--workers", "2")
        printed, _ = process.communicate()
        assert process.returncode == 0 and f"{len(before)} of 6 runs had ended before" in printed
        after = ended(tmp_path)
        count.lost += sum(after[run] != when for run, when in before.items())
        assert same(numbers(tmp_path), expected)


@pytest.mark.slow
def test_the_death_of_the_driver_ends_its_workers(tmp_path, fault):
    with fault("SIGKILL of a sweep's driver alone"):
        process = begin(tmp_path, "--workers", "2")
        await_training(process, tmp_path, 0)
        workers = workers_of(process.pid)
        process.kill()
        process.communicate()
        gone, alive = psutil.wait_procs(workers, timeout=30)
        assert len(gone) >= 2 and not alive


@pytest.mark.slow
def test_an_interrupted_sweep_says_how_to_go_on(expected, tmp_path, fault):
    with fault("Ctrl-C of a sweep") as count:
        process = begin(tmp_path, "--workers", "2")
        await_training(process, tmp_path, 1)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        printed, _ = process.communicate()
        assert process.returncode == 130 and "the same command goes on" in printed
        assert "Traceback" not in printed, printed
        before = ended(tmp_path)
        process = begin(tmp_path, "--workers", "2")
        printed, _ = process.communicate()
        assert process.returncode == 0, printed
        after = ended(tmp_path)
        count.lost = sum(after[run] != when for run, when in before.items())
        assert same(numbers(tmp_path), expected)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
def test_a_scheduler_and_workers_of_their_own(expected, tmp_path, fault):
    """As on a cluster: each is started by its own command; then one worker is killed."""
    address = f"tcp://127.0.0.1:{free_port()}"
    host, port = "127.0.0.1", address.rsplit(":", 1)[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    dask = [sys.executable, "-m", "dask"]
    served = [
        *dask,
        "scheduler",
        "--host",
        host,
        "--port",
        port,
        "--dashboard-address",
        f"{host}:0",
    ]
    work = [*dask, "worker", address, "--host", host, "--nworkers", "1", "--no-dashboard"]
    processes = [subprocess.Popen(served, **quiet)]
    try:
        process = begin(tmp_path / "runs", "--scheduler", address)  # no worker yet
        for threads in (1, 2):  # two threads, one run at a time
            command = [*work, "--nthreads", str(threads), "--local-directory", str(tmp_path)]
            processes.append(subprocess.Popen(command, **quiet))
        with fault("SIGKILL of a dask worker on loopback") as count:
            await_training(process, tmp_path / "runs")
            before = ended(tmp_path / "runs")
            (nanny,) = workers_of(processes[1].pid)
            nanny.kill()
            printed, _ = process.communicate()
            assert process.returncode == 0, printed
            after = ended(tmp_path / "runs")
            count.lost = sum(after[run] != when for run, when in before.items())
            assert same(numbers(tmp_path / "runs"), expected)
    finally:
        for started in processes:
            started.terminate()
        for started in processes:
            started.wait()
