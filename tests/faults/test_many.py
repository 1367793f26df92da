"""Many runs side by side share one read-only data folder."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from stored_notebooks import ROOT

from helpers import data

NUM_RUNS, AT_ONCE = 20, 4


@pytest.mark.slow
def test_twenty_runs_four_at_a_time(tmp_path, fault):
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path in data.raw_folder().glob("*.gz"):
        shutil.copy(path, raw)
    for path in (*raw.iterdir(), raw):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def run(seed):
        command = [sys.executable, "-m", "helpers.run"]
        command += [str(ROOT / "notebooks" / "05_train_mnist.ipynb"), "-p", "seed", str(seed)]
        command += ["-p", "num_epochs", "1", "-p", "data_dir", str(tmp_path / "data")]
        command += ["--run-dir", str(tmp_path / str(seed))]
        return subprocess.run(command, capture_output=True, text=True)

    with fault("run beside three others", tmp_path / "data") as count:
        count.tried = NUM_RUNS
        with ThreadPoolExecutor(AT_ONCE) as pool:
            runs = list(pool.map(run, range(NUM_RUNS)))
        failed = [done.stderr[-1000:] for done in runs if done.returncode]
        assert not failed, failed[0]
        paths = [tmp_path / str(seed) / "metrics.json" for seed in range(NUM_RUNS)]
        found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
        assert len({metrics["test_loss"] for metrics in found}) == NUM_RUNS, "each its own seed"
        assert all(metrics["test_accuracy"] > 0.93 for metrics in found)
