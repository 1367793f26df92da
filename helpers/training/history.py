"""What a training run measures, epoch by epoch, and when it has learned enough."""

import math
from dataclasses import dataclass, field


@dataclass
class History:
    """One value for each finished epoch, and how the run ended.

    Losses are means, cross-entropies in nats unless `fit` was given another loss; accuracies are
    shares from 0 to 1 of answers that are right.
    """

    train_losses: list = field(default_factory=list)  # running average over the epoch's batches
    valid_losses: list = field(default_factory=list)  # measured after the epoch
    valid_accuracies: list = field(default_factory=list)  # measured after the epoch
    best_epoch: int = 0  # the epoch with the lowest validation loss, from 1; 0 before the first
    seconds: float = 0.0  # of training and evaluating, without what the caller did meanwhile
    steps: int = 0  # optimizer steps taken
    num_steps: int = 0  # optimizer steps in all the epochs that were asked for
    resumed_at: int = 0  # steps that an earlier call had taken
    ended: str = ""  # "" while training; "finished", "early", "interrupted", "diverged", "failed"

    @property
    def num_epochs(self):
        """How many epochs are finished."""
        return len(self.train_losses)

    def record(self, train_loss, valid_loss, valid_accuracy, *, num_epochs, patience):
        """Add a finished epoch; set `best_epoch`, and `ended` if training ends with it.

        It ends after `num_epochs`, or early after `patience` epochs without a lower validation
        loss. A loss that is NaN or infinite ends it too, and its epoch is not added.
        """
        if not math.isfinite(train_loss + valid_loss):
            self.ended = "diverged"
            return
        self.train_losses.append(train_loss)
        self.valid_losses.append(valid_loss)
        self.valid_accuracies.append(valid_accuracy)
        self.best_epoch = 1 + self.valid_losses.index(min(self.valid_losses))
        if self.num_epochs == num_epochs:
            self.ended = "finished"
        elif self.num_epochs - self.best_epoch >= patience:
            self.ended = "early"
