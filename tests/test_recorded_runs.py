"""Training gives the numbers of the first edition's loop, which were recorded before it was split.

They are compared to the bit on a machine that rounds as the one that recorded them, and within
rounding elsewhere.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from helpers import training

PATH = Path(__file__).with_name("recorded_runs.json")
RECORDED = json.loads(PATH.read_text(encoding="utf-8"))
SHORT = training.Config(num_epochs=3, valid_size=200, device="cpu")


def sha256(*tensors):
    """A name for the bits of these tensors."""
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(tensor.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()


def arithmetic():
    """A name for how this machine rounds in the operations of a training step."""
    generator = torch.Generator().manual_seed(0)
    X, W = (torch.randn(*shape, generator=generator) for shape in ((64, 784), (128, 784)))
    z = F.linear(X, W)
    results = [z, z @ W, z.T @ X, z.tanh(), z.log_softmax(dim=1), z.sum(), z.square().sqrt()]
    return sha256(*results, F.linear(X[:50], W), F.linear(X[:32], W))


def train(start, settings):
    """Train with these settings: what is recorded of the run."""
    model, *rest = start(replace(SHORT, **settings))
    history = training.fit(model, *rest)
    weights = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
    kept = ("train_losses", "valid_losses", "valid_accuracies", "ended", "best_epoch")
    found = {name: getattr(history, name) for name in kept}
    return found | {"norm": weights.double().norm().item(), "sha256": sha256(weights)}


@pytest.mark.parametrize("run", RECORDED["runs"], ids=lambda run: run["name"])
def test_a_run_gives_the_numbers_that_were_recorded(run, start):
    found, wanted = train(start, run["settings"]), run["results"]
    if arithmetic() == RECORDED["arithmetic"]:
        assert found == wanted
    else:
        assert (found["ended"], found["best_epoch"]) == (wanted["ended"], wanted["best_epoch"])
        for name in ("train_losses", "valid_losses", "norm"):
            assert found[name] == pytest.approx(wanted[name], rel=1e-3)
