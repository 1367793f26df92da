"""What several tests need: MNIST, a small part of it, and a short run's parts."""

import os

import pytest
from hypothesis import settings
from torch.utils.data import TensorDataset

from helpers import data, training

# The same examples each time, and no clock: a busy machine is no failure.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")
# In kernels and commands that tests start, a warning is an error too (exception: browser/conftest).
os.environ["PYTHONWARNINGS"] = "error"


@pytest.fixture(scope="session")
def mnist():
    """(train_set, test_set), read once."""
    return data.load_mnist()


@pytest.fixture(scope="session")
def digits(mnist):
    """(train_set, test_set) of 1,000 and 200 digits, for runs of a fraction of a second."""
    return tuple(TensorDataset(*part[:size]) for part, size in zip(mnist, (1000, 200), strict=True))


@pytest.fixture
def start(digits):
    """start(config) gives fresh arguments for `fit`: model, optimizer, two loaders, config."""

    def parts(config):
        train_loader, valid_loader, _ = data.make_loaders(*digits, config)
        model = training.make_model(config)
        optimizer = training.make_optimizer(model, config)
        return model, optimizer, train_loader, valid_loader, config

    return parts
