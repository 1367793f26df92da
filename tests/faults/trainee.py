"""A training run to be killed: python trainee.py FOLDER [CALL COUNT]

Trains 1,000 digits with a checkpoint in FOLDER, and leaves weights and history there at the end.
With CALL, the name of a function that writes files, it kills itself inside the COUNT-th call.
"""

import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import torch
from torch.utils.data import TensorDataset

from helpers import data, files, training

folder = Path(sys.argv[1])
train_set, test_set = data.load_mnist()
part = TensorDataset(*train_set[:1000])
config = training.Config(
    num_epochs=12, valid_size=200, schedule="cosine", optimizer="adam", lr=1e-3
)
train_loader, valid_loader, _ = data.make_loaders(part, TensorDataset(*test_set[:10]), config)
model = training.make_model(config)
optimizer = training.make_optimizer(model, config)

if len(sys.argv) > 2:
    name, count = sys.argv[2], int(sys.argv[3])
    original, calls = getattr(files.os, name), []

    def deadly(*arguments):
        calls.append(name)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments)

    setattr(files.os, name, deadly)

print("training", flush=True)
history = training.fit(model, optimizer, train_loader, valid_loader, config, run_dir=folder)
result = {"weights": model.state_dict(), "history": asdict(history)}
del result["history"]["seconds"], result["history"]["resumed_at"]
files.save_tensors(result | {"random": torch.rand(3)}, folder / "result.pt")
