"""The promise of notebook 05: at least 97.5 % of the test digits, for each of five seeds."""

import os
import subprocess
import sys

import pytest

from helpers import data, training

OTHER_PROCESSOR = {"OMP_NUM_THREADS": "1", "ATEN_CPU_CAPABILITY": "default"}


def train(sets, seed):
    """The test accuracy that the defaults reach with this seed."""
    config = training.Config(seed=seed)
    train_loader, valid_loader, test_loader = data.make_loaders(*sets, config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    training.fit(model, optimizer, train_loader, valid_loader, config)
    return training.evaluate(model, test_loader)[1]


@pytest.mark.parametrize("seed", range(5))
def test_the_defaults_reach_97_5_percent(mnist, seed):
    accuracy = train(mnist, seed)
    print(f"seed {seed}: {accuracy:.2%}")
    assert accuracy >= 0.975


def test_another_processor_and_thread_count_reach_the_same_within_the_interval(mnist):
    """Last bits differ, training parts from there; half the interval of 05 is 0.28 %."""
    command = [sys.executable, __file__]
    there = subprocess.run(
        command, env=os.environ | OTHER_PROCESSOR, capture_output=True, text=True
    )
    assert abs(float(there.stdout) - train(mnist, 0)) < 0.0028, there.stderr


if __name__ == "__main__":
    print(train(data.load_mnist(), 0))
