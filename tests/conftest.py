"""What several tests need: MNIST, a small part of it, a short run's parts, a table of faults."""

from collections import Counter

import pytest
from hypothesis import settings

# The fixtures import torch themselves: the process that hands out tests, and the browser's, need
# none of it, and it takes seconds.

# The same examples each time, and no clock: a busy machine is no failure.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def mnist():
    """(train_set, test_set), read once."""
    from helpers import data

    return data.load_mnist()


@pytest.fixture(scope="session")
def digits(mnist):
    """(train_set, test_set) of 1,000 and 200 digits, for runs of a fraction of a second."""
    from torch.utils.data import TensorDataset

    return tuple(TensorDataset(*part[:size]) for part, size in zip(mnist, (1000, 200), strict=True))


@pytest.fixture(scope="session")
def start(digits):
    """start(config) gives fresh arguments for `fit`: model, optimizer, two loaders, config."""
    from helpers import data, training

    def parts(config):
        train_loader, valid_loader, _ = data.make_loaders(*digits, config)
        model = training.make_model(config)
        optimizer = training.make_optimizer(model, config)
        return model, optimizer, train_loader, valid_loader, config

    return parts


@pytest.fixture
def outputs_of(monkeypatch):
    """outputs_of(show) lists the outputs of a widget's cell: pairs of a bundle, its metadata."""
    from helpers.widgets import stills

    def run(show):
        seen = []
        monkeypatch.setattr(
            stills,
            "display",
            lambda bundle, metadata=None, raw=True: seen.append((bundle, metadata)),
        )
        show()
        return seen

    return run


def pytest_terminal_summary(terminalreporter):
    """Add up what the fixture `fault` noted with each test, in whichever process it ran."""
    tried, survived, lost = Counter(), Counter(), Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for kind, *numbers in (v for k, v in report.user_properties if k == "fault"):
                    for column, number in zip((tried, survived, lost), numbers, strict=True):
                        column[kind] += number
    if tried:
        terminalreporter.write_sep("-", "faults")
        terminalreporter.write_line(f"{'kind of fault':44}{'tried':>7}{'survived':>10}{'lost':>6}")
        for kind in tried:
            numbers = f"{tried[kind]:7}{survived[kind]:10}{lost[kind]:6}"
            terminalreporter.write_line(f"{kind:44}{numbers}")
