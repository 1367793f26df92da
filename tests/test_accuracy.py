"""The promise of notebook 05: at least 97.5 % of the test digits, for each of five seeds."""

import pytest

from helpers import data, training


@pytest.mark.parametrize("seed", range(5))
def test_the_defaults_reach_97_5_percent(mnist, seed):
    config = training.Config(seed=seed)
    train_loader, valid_loader, test_loader = data.make_loaders(*mnist, config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    training.fit(model, optimizer, train_loader, valid_loader, config)
    _, accuracy = training.evaluate(model, test_loader)
    print(f"seed {seed}: {accuracy:.2%}")
    assert accuracy >= 0.975
