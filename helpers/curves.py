"""The loss plot: one figure that follows a training run in place."""

import textwrap
import time

from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from tqdm import tqdm

from helpers.files import write_whole
from helpers.plots import BLUE, GREY, ORANGE, picture, tidy

CHANCE = 2.303  # ln 10, the loss of an answer that favours no digit
PALE = [("#A8C8B8", "s"), ("#DDB0C8", "^"), ("#C8B890", "D"), ("#B0B8D8", "v")]


class LossPlot:
    """One figure that follows a training run in place: losses, accuracy, progress, time left.

    Pass it to `training.fit` as `callback`. It redraws about once a second, less often where
    all drawing, the last one's too, would take more than a twentieth of the time; with
    `live=False` only at the end.
    `earlier`, a list of (name, History), stands behind the run in pale colours. `publish(image)`
    takes each new picture, an `IPython.display.Image`, and then tells the progress; without it
    the figure is displayed, with the progress above it.
    """

    def __init__(self, num_epochs, live=True, *, name="this run", earlier=(), publish=None):
        self.num_epochs, self.live, self.name = num_epochs, live, name
        self.earlier, self.publish = list(earlier)[-len(PALE) :], publish or self.display
        self.figure = Figure(figsize=(8.5, 3.4))
        self.figure.subplots_adjust(left=0.1, right=0.98, bottom=0.15, top=0.87, wspace=0.22)
        losses, accuracies = self.figure.subplots(1, 2)
        longest = max([num_epochs, *(history.num_epochs for _, history in self.earlier)])
        losses.set(ylabel="cross-entropy (nats)", ylim=(0, 1))
        accuracies.set(ylabel="validation accuracy (%)", ylim=(80, 100))
        for ax in (losses, accuracies):
            tidy(ax).set(xlabel="epoch", xlim=(0.5, longest + 0.5))
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            # Each tick costs a millisecond a redraw, so there are few.
            ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        for (name, history), (colour, marker) in zip(self.earlier, PALE, strict=False):
            style = {"color": colour, "marker": marker, "linestyle": "-"}
            epochs = range(1, history.num_epochs + 1)
            losses.plot(epochs, history.valid_losses, **style)
            accuracies.plot(epochs, percents(history), **style, label=textwrap.fill(name, 40))
        self.lines = {
            "train_losses": losses.plot([], [], "s--", color=ORANGE, label="training")[0],
            "valid_losses": losses.plot([], [], "o-", color=BLUE, label="validation")[0],
        }
        name = textwrap.fill(self.name, 40)
        self.accuracy = accuracies.plot([], [], "o-", color=BLUE, label=name)[0]
        ring = {"ms": 14, "mfc": "none", "mec": GREY, "linestyle": ""}
        self.rings = [ax.plot([], [], "o", **ring)[0] for ax in (losses, accuracies)]
        self.rings[0].set_label("lowest validation loss")
        losses.legend(frameon=False, loc="upper right")
        if self.earlier:
            accuracies.legend(frameon=False, loc="best", fontsize=9)
        self.handle = self.first = None
        self.began = time.perf_counter()
        self.next_draw = self.began + 0.5
        self.seconds = 0.0  # spent drawing

    def __call__(self, history):
        """Redraw if it is time to; called after each step and once at the end."""
        if self.first is None:
            self.first = history.steps, history.seconds
        if history.ended or (self.live and time.perf_counter() >= self.next_draw):
            start = time.perf_counter()
            self.draw(history)
            took = time.perf_counter() - start
            self.seconds += took
            self.next_draw = max(start + 0.5, self.began + 20 * (self.seconds + 2 * took))

    def draw(self, history):
        """Draw the history, and show the figure where it was first shown."""
        epochs = range(1, history.num_epochs + 1)
        for name, line in self.lines.items():
            line.set_data(epochs, getattr(history, name))
        self.accuracy.set_data(epochs, percents(history))
        if best := history.best_epoch:
            for ring, values in zip(
                self.rings, (history.valid_losses, percents(history)), strict=True
            ):
                ring.set_data([best], [values[best - 1]])
        if best or self.earlier:
            for ax, bottom in zip(self.figure.axes, (0, None), strict=True):
                ax.relim()
                ax.autoscale(axis="y")
                ax.set_ylim(bottom, None)
            losses = self.figure.axes[0]
            losses.set_ylim(0, min(losses.get_ylim()[1], 1.2 * CHANCE))
        own = self.publish == self.display
        family = "monospace" if own and not history.ended else None
        self.figure.suptitle(self.headline(history), fontsize=11, family=family)
        dpi = 144 if own and history.ended else 100
        self.publish(picture(self.figure, self.alt(history), dpi))

    def display(self, image):
        """Show the image in the cell's output, the next ones in its place."""
        if self.handle is None:
            self.handle = display(image, display_id=True)
        else:
            self.handle.update(image)

    def headline(self, history):
        """Progress and time left while training, the finding afterwards."""
        if not history.ended and self.publish != self.display:
            return self.name
        if not history.ended:
            steps, seconds = self.first or (0, 0.0)
            counts = {"n": history.steps, "total": history.num_steps, "initial": steps}
            elapsed = history.seconds - seconds
            return tqdm.format_meter(**counts, elapsed=elapsed, unit="step", ncols=80)
        if not history.best_epoch:
            return f"Training {history.ended} before its first epoch was measured"
        best = history.valid_accuracies[history.best_epoch - 1]
        lowest = min(history.valid_losses)
        how = "" if history.ended in ("finished", "early") else f"Training {history.ended}. "
        if lowest >= CHANCE:
            rose = history.valid_losses[-1] > history.valid_losses[0]
            advice = "a smaller lr" if rose else "another lr"
            return f"{how}Nothing learned, the loss is {lowest:.3g} at best: try {advice}"
        if history.resumed_at == history.steps:
            how = "This run had ended before; nothing was trained. "
        return (
            f"{how}Lowest validation loss after epoch {history.best_epoch} of "
            f"{history.num_epochs}: {best:.1%} of the held-out digits right"
        )

    def alt(self, history):
        """What the figure shows, in words."""
        listed = ", ".join(f"{loss:.3f}" for loss in history.valid_losses) or "none yet"
        pale = "".join(
            f" Before, {name}: at best {max(percents(run), default=0):.1f} %."
            for name, run in self.earlier
        )
        return f"{self.headline(history)}. Validation loss by epoch: {listed}.{pale}"

    def save(self, path):
        """Write the figure as a PNG file, whole or not at all."""
        write_whole(path, lambda file: self.figure.savefig(file, format="png", dpi=144))


def percents(history):
    """The validation accuracy after each epoch, in percent."""
    return [100 * share for share in history.valid_accuracies]
