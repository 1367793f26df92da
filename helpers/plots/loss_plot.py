"""The loss plot: one figure that follows a training run in place."""

import textwrap

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from tqdm import tqdm

from helpers.plots.live import InPlace, Throttle
from helpers.plots.style import BLUE, GREY, ORANGE, picture, tidy

CHANCE = 2.303  # ln 10, the loss of a network that favours no digit
EARLIER_STYLES = [("#A8C8B8", "s"), ("#DDB0C8", "^"), ("#C8B890", "D"), ("#B0B8D8", "v")]


class LossPlot:
    """One figure that follows a training run in place: losses, accuracy, progress, time left.

    Pass it to `training.fit` as `callback`. With `live=False` it draws only at the end.
    `earlier`, a list of (name, History), is drawn behind the run in pale colours.
    `publish(image)` takes each new picture, an `IPython.display.Image`; by default the figure is
    displayed and updated in place. If it is shown beside its own progress bar, set
    `progress_in_title=False`: the title is then the run's `name` while it trains.
    """

    def __init__(
        self,
        num_epochs,
        live=True,
        *,
        name="this run",
        earlier=(),
        publish=None,
        progress_in_title=True,
    ):
        self.live, self.name, self.progress_in_title = live, name, progress_in_title
        self.num_epochs, self.earlier = num_epochs, list(earlier)[-len(EARLIER_STYLES) :]
        self.publish = publish or InPlace()
        self.is_time_to_draw = Throttle()
        self.resumed_from = None  # (steps, seconds) of the first call
        self.figure = Figure(figsize=(8.5, 3.4))
        self.figure.subplots_adjust(left=0.1, right=0.98, bottom=0.15, top=0.87, wspace=0.22)
        self.set_up_axes(*self.figure.subplots(1, 2))

    def set_up_axes(self, losses, accuracies):
        """Draw what stays the same, and the lines that each redraw gives new points."""
        longest = max([self.num_epochs, *(history.num_epochs for _, history in self.earlier)])
        losses.set(ylabel="cross-entropy (nats)", ylim=(0, 1))
        accuracies.set(ylabel="validation accuracy (%)", ylim=(80, 100))
        for ax in (losses, accuracies):
            tidy(ax).set(xlabel="epoch", xlim=(0.5, longest + 0.5))
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            # Each tick costs a millisecond a redraw, so there are few.
            ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        for (name, history), (colour, marker) in zip(self.earlier, EARLIER_STYLES, strict=False):
            style = {"color": colour, "marker": marker, "linestyle": "-"}
            epochs = range(1, history.num_epochs + 1)
            losses.plot(epochs, history.valid_losses, **style)
            accuracies.plot(epochs, percents(history), **style, label=textwrap.fill(name, 40))
        self.train_line = losses.plot([], [], "s--", color=ORANGE, label="training")[0]
        self.valid_line = losses.plot([], [], "o-", color=BLUE, label="validation")[0]
        name = textwrap.fill(self.name, 40)
        self.accuracy_line = accuracies.plot([], [], "o-", color=BLUE, label=name)[0]
        ring = {"ms": 14, "mfc": "none", "mec": GREY, "linestyle": ""}
        self.best_markers = [ax.plot([], [], "o", **ring)[0] for ax in (losses, accuracies)]
        self.best_markers[0].set_label("lowest validation loss")
        losses.legend(frameon=False, loc="upper right")
        if self.earlier:
            accuracies.legend(frameon=False, loc="best", fontsize=9)

    def __call__(self, history):
        """Redraw if it is time to; called after each step and once at the end."""
        if self.resumed_from is None:
            self.resumed_from = history.steps, history.seconds
        if history.ended or (self.live and self.is_time_to_draw()):
            with self.is_time_to_draw:
                self.draw(history)

    def draw(self, history):
        """Draw the history and publish the picture."""
        epochs, accuracies = range(1, history.num_epochs + 1), percents(history)
        self.train_line.set_data(epochs, history.train_losses)
        self.valid_line.set_data(epochs, history.valid_losses)
        self.accuracy_line.set_data(epochs, accuracies)
        if best := history.best_epoch:
            self.best_markers[0].set_data([best], [history.valid_losses[best - 1]])
            self.best_markers[1].set_data([best], [accuracies[best - 1]])
        if best or self.earlier:
            self.fit_axes_to_data()
        title = self.title(history)
        progress = self.progress_in_title and not history.ended
        self.figure.suptitle(title, fontsize=11, family="monospace" if progress else None)
        self.publish(picture(self.figure, self.alt_text(history), quick=not history.ended))

    def fit_axes_to_data(self):
        """Let both axes show all points, but for losses far above chance."""
        losses, accuracies = self.figure.axes
        for ax in (losses, accuracies):
            ax.relim()
            ax.autoscale(axis="y")
        losses.set_ylim(0, min(losses.get_ylim()[1], 1.2 * CHANCE))

    def title(self, history):
        """Progress or name while the run trains, the finding afterwards."""
        if history.ended:
            return finding(history)
        if not self.progress_in_title:
            return self.name
        steps, seconds = self.resumed_from or (0, 0.0)
        counts = {"n": history.steps, "total": history.num_steps, "initial": steps}
        elapsed = history.seconds - seconds
        return tqdm.format_meter(**counts, elapsed=elapsed, unit="step", ncols=80)

    def alt_text(self, history):
        """What the figure shows, in words."""
        listed = ", ".join(f"{loss:.3f}" for loss in history.valid_losses) or "none yet"
        earlier = "".join(
            f" Before, {name}: at best {max(percents(run), default=0):.1f} %."
            for name, run in self.earlier
        )
        return f"{self.title(history)}. Validation loss by epoch: {listed}.{earlier}"


def finding(history):
    """How the run ended, in a sentence."""
    if not history.best_epoch:
        return f"Training {history.ended} before its first epoch was measured"
    how = "" if history.ended in ("finished", "early") else f"Training {history.ended}. "
    lowest = min(history.valid_losses)
    if lowest >= CHANCE:
        rose = history.valid_losses[-1] > history.valid_losses[0]
        advice = "a smaller lr" if rose else "another lr"
        return f"{how}Nothing learned, the loss is {lowest:.3g} at best: try {advice}"
    if history.resumed_at == history.steps:
        how = "This run had ended before; nothing was trained. "
    best = history.valid_accuracies[history.best_epoch - 1]
    return (
        f"{how}Lowest validation loss after epoch {history.best_epoch} of "
        f"{history.num_epochs}: {best:.1%} of the held-out digits right"
    )


def percents(history):
    """The validation accuracy after each epoch, in percent."""
    return [100 * share for share in history.valid_accuracies]
