"""The task of both programs: initial weights, digits and the order of batches, from a seed."""

import hashlib

import numpy as np

from helpers import data

SETTINGS = {"seed": 0, "steps": 600, "batch_size": 64, "lr": 0.01, "momentum": 0.9}
NUM_DIGITS = 12_000


def make_task(train_set=None, **settings):
    """What both programs start from, as NumPy arrays.

    `train_set` is MNIST's, read if it is not given; `settings` replace those of `SETTINGS`.
    Returns {"X": float32 (12000, 784), scaled; "y": int64 (12000,); "order": int64
    (steps, batch_size), rows of X; "W1" (784, 128), "b1" (128,), "W2" (128, 10), "b2" (10,), all
    float32, uniform within ±1/sqrt(inputs), as PyTorch's own; "lr"; "momentum"}. The seed alone
    decides, on any machine: the numbers come from NumPy's PCG64.
    """
    settings = SETTINGS | settings
    images, labels = (train_set or data.load_mnist()[0]).tensors
    X = images[:NUM_DIGITS].numpy().reshape(-1, 784)
    rng = np.random.Generator(np.random.PCG64(settings["seed"]))
    weights = {}
    for layer, (inputs, outputs) in enumerate([(784, 128), (128, 10)], start=1):
        for name, shape in (("W", (inputs, outputs)), ("b", (outputs,))):
            uniform = (2 * rng.random(shape) - 1) / inputs**0.5
            weights[f"{name}{layer}"] = uniform.astype(np.float32)
    order = np.floor(NUM_DIGITS * rng.random((settings["steps"], settings["batch_size"])))
    task = {
        "X": (X - np.float32(data.PIXEL_MEAN)) / np.float32(data.PIXEL_STD),
        "y": labels[:NUM_DIGITS].numpy(),
        "order": order.astype(np.int64),
    }
    # Keras rounds both to float32, whatever the weights are; so both programs get them rounded.
    numbers = {name: np.float32(settings[name]) for name in ("lr", "momentum")}
    return task | weights | numbers


def fingerprint(task):
    """SHA-256 of all arrays: two tasks with the same one are the same."""
    digest = hashlib.sha256()
    for name, array in sorted(task.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode() + array.tobytes())
    return digest.hexdigest()
