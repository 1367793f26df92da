"""What the training panel says about its runs: their names, how they ended, a table."""

import traceback
from html import escape

ENDINGS = {
    "finished": "finished",
    "early": "ended early: the validation loss has stopped falling",
    "interrupted": "stopped",
}


def name_of_run(run, base, names):
    """What sets a TrainingTask apart from the Config `base`, later learning rates included.

    Of its settings only those in `names` are looked at.
    """
    changed = {
        name: format_setting(getattr(run.config, name))
        for name in names
        if getattr(run.config, name) != getattr(base, name)
    }
    if run.rate_changes:
        rates = [run.config.lr, *run.rate_changes.values()]
        changed["lr"] = " then ".join(map(format_setting, rates))
    return ", ".join(f"{name} {value}" for name, value in changed.items()) or "first settings"


def progress(history):
    """How far a run is, in a sentence."""
    done = history.steps / history.num_steps
    left = history.seconds / done - history.seconds
    parts = [f"{done:.0%} of the steps", f"about {left:.0f} s left"]
    if history.num_epochs:
        parts += [f"training loss {history.train_losses[-1]:.3f}"]
        parts += [f"validation accuracy {history.valid_accuracies[-1]:.1%}"]
    return f"Epoch {history.num_epochs + 1}: {', '.join(parts)}"


def ending(history):
    """How a run ended, in a sentence."""
    return f"Training {ENDINGS.get(history.ended, history.ended)}."


def format_setting(value):
    """A setting as text, a number without its last rounding errors."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def table_html(runs):
    """An HTML table of (name, History) pairs: settings and what came of them."""
    heads = ["settings", "epochs", "lowest validation loss", "its accuracy", "seconds", "ended"]
    left, right = ' style="text-align: left"', ' style="text-align: right"'
    sides = [left, *[right] * 4, left]
    lines = [[f"<th{side}>{head}</th>" for side, head in zip(sides, heads, strict=True)]]
    for name, history in runs:
        numbers = [history.num_epochs, "", "", f"{history.seconds:.1f}"]
        if best := history.best_epoch:
            numbers[1] = f"{history.valid_losses[best - 1]:.4f}"
            numbers[2] = f"{history.valid_accuracies[best - 1]:.2%}"
        cells = [f"<td{right}>{number}</td>" for number in numbers]
        lines.append([f"<td>{escape(name)}</td>", *cells, f"<td>{history.ended}</td>"])
    rows = "".join(f"<tr>{''.join(cells)}</tr>" for cells in lines)
    return f'<table class="runs" style="border-spacing: 1em 0">{rows}</table>' if runs else ""


def error_html(error):
    """What failed in one line, and where, folded away."""
    what = escape(f"{type(error).__name__}: {error}")
    trace = escape("".join(traceback.format_exception(error)))
    return f"<b>{what}</b><details><summary>Where</summary><pre>{trace}</pre></details>"
