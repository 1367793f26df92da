"""The parts of a training run: the network, its optimizer, the learning rate's schedule."""

import torch
from torch import nn
from torch.optim import lr_scheduler

from helpers.config import pick_device

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
OPTIMIZERS = {"sgd": "SGD", "nesterov": "SGD", "rmsprop": "RMSprop"}
OPTIMIZERS |= {"adam": "Adam", "adamw": "AdamW"}


def make_model(config):
    """The article's network: 784 inputs, one hidden layer, 10 logits; on the config's device.

    Takes X (batch, 1, 28, 28), returns logits (batch, 10). The seed alone decides the initial
    weights; the global random state stays as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(config.seed)
        model = nn.Sequential(
            nn.Flatten(),
            nn.Linear(784, config.hidden_size),
            ACTIVATIONS[config.activation](),
            nn.Linear(config.hidden_size, 10),
        )
    return model.to(pick_device(config.device))


def make_optimizer(model, config):
    """The config's optimizer over the model's parameters, from `torch.optim`.

    Sources: Sutskever et al. (2013) for momentum, Nesterov's too (which needs a momentum above 0,
    and is plain descent without one), Tieleman and Hinton (2012) for RMSprop, Kingma
    and Ba (2015) for Adam, Loshchilov and Hutter (2019) for AdamW.
    """
    settings = {"lr": config.lr, "weight_decay": config.weight_decay}
    if config.optimizer != "rmsprop":
        settings["fused"] = True  # all parameters in one call: the same step, sooner
    if OPTIMIZERS[config.optimizer] == "SGD":
        settings["momentum"] = config.momentum
        settings["nesterov"] = config.optimizer == "nesterov" and config.momentum > 0
    kind = getattr(torch.optim, OPTIMIZERS[config.optimizer])
    return kind(model.parameters(), **settings)


def make_scheduler(optimizer, config, num_steps):
    """The config's schedule for the optimizer's learning rate, over a run of `num_steps` steps.

    "constant" and "cosine" (half a cosine down to 0) are stepped once an epoch, "onecycle" once a
    batch: it rises in a line from lr / 25 to lr in the first fifth of the steps, then falls in a
    line to almost 0. The rate that the optimizer has now counts as lr.
    Sources: Loshchilov and Hutter (2017), "SGDR", equation 5, without restarts; Smith and Topin
    (2019), "Super-convergence", with the momentum left as it is.
    """
    for group in optimizer.param_groups:
        group.pop("initial_lr", None)  # what an earlier schedule noted there
    if config.schedule == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, T_max=config.num_epochs)
    if config.schedule == "onecycle":
        return lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=[group["lr"] for group in optimizer.param_groups],
            total_steps=num_steps,
            pct_start=0.2,
            anneal_strategy="linear",
            cycle_momentum=False,
        )
    return lr_scheduler.ConstantLR(optimizer, factor=1.0)


def change_lr(optimizer, old, new):
    """Change the learning rate `old` to `new`; a schedule goes on from there, in proportion."""
    for group in optimizer.param_groups:
        for name in {"lr", "initial_lr", "max_lr", "min_lr"} & group.keys():
            group[name] = group[name] / old * new


def end_schedule(optimizer):
    """Give the optimizer the learning rate back that it had before its schedule."""
    for group in optimizer.param_groups:
        initial_lr = group.pop("initial_lr")
        group["lr"] = group.pop("max_lr", initial_lr)
        group.pop("min_lr", None)
