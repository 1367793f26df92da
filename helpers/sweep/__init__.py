"""Many training runs on many processes or machines, with dask.distributed.

    python -m helpers.sweep lr=0.003,0.01,0.03 seed=0:5 --run-dir DIR [--workers N]

trains each combination in a folder of its own, and writes DIR/sweep.csv and DIR/sweep.png. From
Python, `sweep` takes any list of settings; `grid` makes one of all combinations.

A module is imported when its first name is used: a worker that trains needs no plots.
"""

from helpers.lazy import names_of

MODULES = {
    "draw_sweep": "picture",
    "grid": "settings",
    "read_settings": "settings",
    "read_table": "table",
    "sweep": "engine",
    "write_table": "table",
}
__all__ = list(MODULES)
__getattr__, __dir__ = names_of(__name__, MODULES)
