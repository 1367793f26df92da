"""One training run on many processes, each with a share of every batch (data-parallel).

    torchrun --standalone --nproc-per-node 2 -m helpers.ddp_train lr=0.05 --run-dir DIR

Settings are those of a run, for instance batch_size=128: the digits of a step, over all processes
together. After each epoch the run is saved in DIR, and the same command goes on from there, also
after a killed process, and with `--max-restarts` by itself. Processes with GPUs speak NCCL, others
Gloo. Exit codes of each process: 0 done, 1 the run failed or diverged, 2 a wrong setting.
"""

import copy
import os
import sys
from dataclasses import asdict
from datetime import timedelta

import click
import torch
from torch import distributed as dist
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import BatchSampler, DataLoader, DistributedSampler

from helpers import data, training
from helpers.config import Config, pick_device
from helpers.files import save_tensors
from helpers.sweep.settings import read_settings
from helpers.training.run_folder import CHECKPOINT, differences, has_checkpoint, path_in


@click.command(help="Train one run on the processes that torchrun starts; NAME=VALUE sets Config.")
@click.argument("settings", nargs=-1, metavar="NAME=VALUE...")
@click.option("--run-dir", required=True, help="Folder for the checkpoint and the results.")
@click.option("--timeout", default=60.0, help="Seconds to wait for another process, then fail.")
def main(settings, run_dir, timeout):
    """Check, join the other processes, train; exit with the code."""
    try:
        config = make_config(settings, run_dir)
        on_gpu = config.device != "cpu" and torch.cuda.is_available()
        if on_gpu:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        loaders = data.make_loaders(*data.load_mnist(config.data_dir), config)[:2]
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    one_machine = os.environ["LOCAL_WORLD_SIZE"] == os.environ["WORLD_SIZE"]
    if not on_gpu and one_machine and sys.platform == "linux":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")  # one machine: no network is needed
    backend = "nccl" if on_gpu else "gloo"
    dist.init_process_group(backend, timeout=timedelta(seconds=timeout))
    try:
        history = train(config, *loaders)
    finally:
        dist.destroy_process_group()
    sys.exit(history.ended == "diverged")


def make_config(settings, run_dir):
    """The Config of the run. Raises ValueError if it, or the way it was started, is wrong."""
    if "WORLD_SIZE" not in os.environ:
        start = "torchrun --standalone --nproc-per-node 2 -m helpers.ddp_train"
        raise ValueError(f"ddp_train must be started by torchrun; try {start}")
    found = read_settings(settings)
    for name, values in found.items():
        if len(values) != 1:
            raise ValueError(f"{name} must have one value, got {values}; helpers.sweep takes many")
    settings = {name: values[0] for name, values in found.items()}
    config, processes = Config(**settings, run_dir=run_dir), int(os.environ["WORLD_SIZE"])
    if config.batch_size % processes:
        what = f"batch_size must be a multiple of the {processes} processes"
        fix = f"try {max(1, config.batch_size // processes) * processes}"
        raise ValueError(f"{what}, got {config.batch_size}; {fix}")
    return config


def share_loader(train_loader, config):
    """Returns (loader, sampler): this process's share of every batch, in an order set by epoch."""
    rows, share = train_loader.dataset, config.batch_size // dist.get_world_size()
    sampler = DistributedSampler(rows, shuffle=True, seed=config.seed)
    batches = BatchSampler(sampler, share, drop_last=False)
    return DataLoader(rows, sampler=batches, batch_size=None), sampler


def train(config, train_loader, valid_loader):
    """Train to the end on all processes, with the loop of notebook 05; return the History."""
    loader, sampler = share_loader(train_loader, config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    history = training.History(num_steps=config.num_epochs * len(loader))
    scheduler = training.make_scheduler(optimizer, config, history.num_steps)
    parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    best_weights = {}
    if has_checkpoint(config.run_dir):
        history, best_weights = resume(config, parts)
    parallel = DistributedDataParallel(model)  # averages the gradients in every backward()
    while not history.ended:
        sampler.set_epoch(history.num_epochs)  # else each epoch has the same order
        epoch = training.train_epoch(parallel, F.cross_entropy, optimizer, loader)
        for train_loss in epoch:  # noqa: B007 - the last one is the epoch's
            history.steps += 1
            if config.schedule == "onecycle":
                scheduler.step()
        if config.schedule != "onecycle":
            scheduler.step()
        measured = training.evaluate(model, valid_loader)
        ends = {"num_epochs": config.num_epochs, "patience": config.patience}
        history.record(mean_of_all(train_loss, config), *measured, **ends)
        if history.best_epoch == history.num_epochs:
            best_weights = copy.deepcopy(model.state_dict())
        agree(history)
        if dist.get_rank() == 0 and history.ended != "diverged":
            save(config, parts, history, best_weights)
            report(history)
        dist.barrier()  # the epoch is safe before the next one begins
    if dist.get_rank() == 0 and best_weights:
        model.load_state_dict(best_weights)
        training.save_results(config.run_dir, model, config, history)
    return history


def mean_of_all(value, config):
    """The mean of a number over the processes, whose shares have equal sizes."""
    total = torch.tensor(value, device=pick_device(config.device))
    dist.all_reduce(total)
    return total.item() / dist.get_world_size()


def agree(history):
    """Let all processes end when the first one does: their last bits may differ."""
    ended = [history.ended]
    dist.broadcast_object_list(ended)
    history.ended = ended[0]


def save(config, parts, history, best_weights):
    """Save all that the run needs to go on; called by one process."""
    state = {name: part.state_dict() for name, part in parts.items()}
    state |= {"config": asdict(config), "history": asdict(history), "best_weights": best_weights}
    state["processes"] = dist.get_world_size()
    save_tensors(state, path_in(config.run_dir, CHECKPOINT))


def resume(config, parts):
    """Set `parts` as `save` found them; return (history, best_weights).

    Raises ValueError if the checkpoint belongs to a run with other settings.
    """
    state = training.load_checkpoint(config.run_dir)
    changed = differences(state["config"], config)
    if state.get("processes") != dist.get_world_size():
        changed.append(f"{state.get('processes')} processes, not {dist.get_world_size()}")
    if changed:
        what = f"{path_in(config.run_dir, CHECKPOINT)} belongs to a run with {'; '.join(changed)}"
        raise ValueError(f"{what}; choose another --run-dir")
    for name, part in parts.items():
        part.load_state_dict(state[name])
    history = training.History(**state["history"])
    history.resumed_at = history.steps
    return history, state["best_weights"]


def report(history):
    """Print the epoch that has just ended."""
    loss, accuracy = history.valid_losses[-1], history.valid_accuracies[-1]
    print(f"epoch {history.num_epochs}: validation loss {loss:.4f}, {accuracy:.2%}", flush=True)


if __name__ == "__main__":
    main()
