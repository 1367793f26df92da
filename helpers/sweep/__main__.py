"""Train all combinations of settings, on this machine or on a cluster.

    python -m helpers.sweep lr=0.003,0.01,0.03 seed=0:5 --run-dir DIR [--workers N]
    python -m helpers.sweep lr=0.003,0.01,0.03 seed=0:5 --run-dir DIR --scheduler ADDRESS

Exit codes: 0 all runs ended well, 1 some diverged or failed, 2 a wrong command or setting
(nothing was started), 130 interrupted. The same command goes on after any interruption.
"""

import statistics
import sys
from collections import Counter
from pathlib import Path

import click

from helpers.sweep import grid, read_settings, sweep
from helpers.sweep.picture import PICTURE
from helpers.sweep.table import ENDED_WELL, TABLE, best_of, in_words, summarise


@click.command(
    help="Train each combination of the settings, NAME=VALUE,VALUE or NAME=FROM:TO, in a folder "
    "of its own; the table and the picture of all are in the --run-dir. The same command goes on "
    "after any interruption. Settings are those of notebook 05: lr, batch_size, seed and so on.",
    no_args_is_help=True,
)
@click.argument("settings", nargs=-1, required=True, metavar="NAME=VALUES...")
@click.option("--run-dir", required=True, help="The folder for the runs, the table, the picture.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; default: one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="Use the workers of this dask scheduler.")
def main(settings, run_dir, workers, scheduler):
    """Check, run, report; exit with the code."""
    try:
        if workers and scheduler:
            raise ValueError("--workers and --scheduler exclude each other; give one of them")
        found = read_settings(settings)
        runs = grid(**found)
        print(f"{len(runs)} run{'s' * (len(runs) > 1)} in {run_dir}", file=sys.stderr)
        rows = sweep(runs, run_dir, workers=workers, scheduler=scheduler)
    except KeyboardInterrupt:
        print("\ninterrupted; the same command goes on", file=sys.stderr)
        sys.exit(130)
    except (ValueError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    report(rows, [name for name in found if name in rows[0]], Path(run_dir).expanduser())
    sys.exit(0 if all(row["state"] in ENDED_WELL for row in rows) else 1)


def report(rows, names, folder):
    """Say how the runs ended, which setting has the best mean, and where it all is."""
    counts = Counter("finished" if row["state"] in ENDED_WELL else row["state"] for row in rows)
    print(", ".join(f"{count} {state}" for state, count in counts.most_common()))
    if best := best_of(summarise(rows, names)):
        setting, found = best
        mean = statistics.fmean(found)
        spread = f", runs from {min(found):.2%} to {max(found):.2%}" if len(found) > 1 else ""
        print(f"highest mean: {in_words(setting)}: {mean:.2%} of the validation digits{spread}")
    files = [str(folder / name) for name in (TABLE, PICTURE) if (folder / name).exists()]
    print("\n".join(files))


if __name__ == "__main__":
    main()
