"""From a Config to a trained model: make the parts, run the loop, keep its files."""

from helpers.config import Config
from helpers.training.history import History
from helpers.training.loop import evaluate, fit, right_class, train_epoch, train_steps
from helpers.training.model import (
    ACTIVATIONS,
    change_lr,
    make_model,
    make_optimizer,
    make_scheduler,
)
from helpers.training.run_folder import load_checkpoint, load_trained, save_results

__all__ = [
    "ACTIVATIONS",
    "Config",
    "History",
    "change_lr",
    "evaluate",
    "fit",
    "load_checkpoint",
    "load_trained",
    "make_model",
    "make_optimizer",
    "make_scheduler",
    "right_class",
    "save_results",
    "train_epoch",
    "train_steps",
]
