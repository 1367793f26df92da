"""Spread runs over processes: a cluster on this machine, or the scheduler at an address."""

import logging
import os
import re
import socket
import sys
import uuid
import warnings
from contextlib import contextmanager
from dataclasses import asdict

from tqdm import tqdm

from helpers.config import check_ranges
from helpers.sweep.picture import save_picture
from helpers.sweep.runs import failed, result_of_finished, train_one
from helpers.sweep.settings import make_configs, make_folder
from helpers.sweep.table import Table
from helpers.training.run_folder import lock

TRIES = 5  # how often a run may meet the death of its worker before it counts as failed
HOST, DASHBOARD = "127.0.0.1", 8787


def sweep(runs, run_dir, *, workers=None, scheduler=None, progress=True):
    """Train each of `runs`, dicts of Config's settings, in a folder of its own in `run_dir`.

    `workers` processes on this machine do it, by default one for each core, or those of the dask
    scheduler at the address `scheduler`; then `run_dir` must be a folder that they share. Each
    run has one thread. Runs that have ended before are not repeated, and those that were cut off
    go on, so the same call continues a sweep after any interruption.

    Returns the rows, a list of dicts: name, settings and results (see `runs.train_one`). They are
    also in `run_dir`/sweep.csv, and drawn in sweep.png. Raises ValueError before anything starts
    if a setting is wrong, if the folder's runs have other settings or if it is in use, and
    ConnectionError if there is no scheduler.
    """
    if scheduler and not re.fullmatch(r"(\w+://)?[^\s:/]+:\d+", scheduler):
        what = f"scheduler must be an address, got {scheduler!r}"
        raise ValueError(f"{what}; `dask scheduler` prints its own, like tcp://host:8786")
    if workers is not None:
        check_ranges(workers=(workers, 1, 1024))
    configs = make_configs(runs, run_dir)
    ended = {name: result_of_finished(config) for name, config in configs.items()}
    ended = {name: result for name, result in ended.items() if result}
    if ended:
        say(f"{len(ended)} of {len(configs)} runs had ended before", progress)
    left = {name: asdict(config) for name, config in configs.items() if name not in ended}
    folder = make_folder(run_dir)
    with lock(folder, ".sweep.lock", seconds=0):
        table = Table(folder, runs, configs, ended)
        try:
            if left:
                with connect(min(workers or cores(), len(left)), scheduler) as client:
                    follow(client, left, table, progress)
        finally:
            table.write()
        save_picture(table.rows, table.names, table.folder)
    return table.rows


def follow(client, left, table, progress):
    """Have the runs {name: settings} trained; fill in the table, and say how far it is."""
    say(f"dashboard: {client.dashboard_link}", progress)
    await_workers(client, progress)
    count = len(table.rows)
    with tqdm(total=count, initial=count - len(left), unit="run", disable=not progress) as bar:
        for name, result in results(client, left):
            table.add(name, result)
            if result["reason"]:
                bar.write(f"{name}: {result['state']}: {result['reason']}", sys.stderr)
            bar.update()


def results(client, left):
    """Yield (name, result) for each of {name: settings}, in the order in which they end."""
    names = {f"{name}-{uuid.uuid4().hex}": name for name in left}
    futures = [
        client.submit(train_one, left[name], key=key, pure=False) for key, name in names.items()
    ]
    for future, result in distributed_module().as_completed(
        futures, with_results=True, raise_errors=False
    ):
        if future.status != "finished":  # its worker died, or could not even import train_one
            error = result[1] if isinstance(result, tuple) else result
            result = failed(f"{type(error).__name__}: {error}")
        yield names[future.key], result
        future.release()  # else the death of a worker that keeps old results repeats their runs


@contextmanager
def connect(workers, scheduler):
    """A client of the scheduler at this address, or of `workers` new processes on this machine."""
    distributed = distributed_module()
    import dask

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with warnings.catch_warnings(), dask.config.set(SETTINGS):
        warnings.simplefilter("ignore")  # for instance that another dashboard has the port
        if scheduler:
            try:
                client = distributed.Client(scheduler, timeout=10, set_as_default=False)
            except (OSError, ValueError) as error:
                what = f"no dask scheduler answers at {scheduler!r}"
                raise ConnectionError(
                    f"{what} ({error}); start one with `dask scheduler`"
                ) from None
            with client, client.as_current():
                yield client
            return
        where = {"host": HOST, "dashboard_address": f"{HOST}:{free_port(DASHBOARD)}"}
        how = {"threads_per_worker": 1, "processes": True, "memory_limit": 0}
        how |= {"silence_logs": logging.CRITICAL, "preload": train_one.__module__}
        with (
            distributed.LocalCluster(n_workers=workers, **how, **where) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
            client.as_current(),
        ):
            yield client


SETTINGS = {"distributed.scheduler.allowed-failures": TRIES}


def distributed_module():
    """dask.distributed, imported when it is needed: it takes a second. ImportError says the fix."""
    try:
        import distributed
    except ImportError as error:
        fix = "run `make setup`, or `python -m pip install -e '.[scale]'` in the project's folder"
        raise ImportError(f"helpers.sweep needs dask.distributed ({error}); {fix}") from None
    return distributed


def await_workers(client, progress):
    """Wait for the first worker; in a cluster's queue that may take hours, so say so."""
    if not client.scheduler_info(n_workers=-1)["workers"]:
        address = client.scheduler.address
        say(f"no worker yet; start some: dask worker {address} --nthreads 1", progress)
        client.wait_for_workers(1)


def free_port(wanted):
    """The wanted port, or 0, which stands for any, if another program has it."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, wanted))
        except OSError:
            return 0
    return wanted


def cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def say(text, progress):
    """Print a line for a person, if one is watching."""
    if progress:
        print(text, file=sys.stderr, flush=True)
