"""Many training runs on many processes or machines, with dask.distributed.

    python -m helpers.sweep lr=0.003,0.01,0.03 seed=0:5 --run-dir DIR [--workers N]

trains each combination in a folder of its own, and writes DIR/sweep.csv and DIR/sweep.png. From
Python, `sweep` takes any list of settings; `grid` makes one of all combinations.
"""

from helpers.sweep.engine import sweep
from helpers.sweep.picture import draw_sweep
from helpers.sweep.settings import grid, read_settings
from helpers.sweep.table import read_table, write_table

__all__ = ["draw_sweep", "grid", "read_settings", "read_table", "sweep", "write_table"]
