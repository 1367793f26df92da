"""The default against the faster recipe of notebook 05: python tools/benchmarks/recipe.py

Five seeds, the two settings in turns. Writes recipe.json beside this file, and its table into
docs/speed.md. The recipe was chosen on validation digits; here both are measured on the test set.
"""

import json
import statistics
from dataclasses import replace
from pathlib import Path

from table import write_between

from helpers import data, training
from helpers.files import save_json

RESULTS = Path(__file__).with_name("recipe.json")
BEGIN, END = "<!-- measured: tools/benchmarks/recipe.py writes this -->", "<!-- end of recipe -->"
SETTINGS = {
    "the default": training.Config(),
    "the recipe": training.Config(schedule="onecycle", lr=0.1, batch_size=128, num_epochs=5),
}


def measure(seeds=range(5)):
    """{name: {"accuracy": one a seed, "seconds": one a seed}}."""
    sets, found = data.load_mnist(), {name: {"accuracy": [], "seconds": []} for name in SETTINGS}
    for seed in seeds:
        for name, settings in SETTINGS.items():
            config = replace(settings, seed=seed)
            train_loader, valid_loader, test_loader = data.make_loaders(*sets, config)
            model = training.make_model(config)
            optimizer = training.make_optimizer(model, config)
            history = training.fit(model, optimizer, train_loader, valid_loader, config)
            found[name]["accuracy"].append(training.evaluate(model, test_loader)[1])
            found[name]["seconds"].append(history.seconds)
    return found


def section(found):
    """What docs/speed.md says."""
    lines = ["| test accuracy (%) with seed | 0 | 1 | 2 | 3 | 4 | seconds (median) |"]
    lines.append("| --- " * 7 + "|")
    seconds = {name: statistics.median(runs["seconds"]) for name, runs in found.items()}
    for name, runs in found.items():
        shares = " | ".join(f"{100 * share:.2f}" for share in runs["accuracy"])
        lines.append(f"| {name} | {shares} | {seconds[name]:.2f} |")
    share = seconds["the recipe"] / seconds["the default"]
    table = "\n".join(lines)
    return f"{table}\n\nThe recipe trains in {share:.0%} of the default's time."


def measured():
    """The measured part, from the file beside this one."""
    return section(json.loads(RESULTS.read_text(encoding="utf-8")))


def main():
    save_json(measure(), RESULTS)
    write_between(BEGIN, END, measured())


if __name__ == "__main__":
    main()
