"""One peer: trains 784-128-10 on MNIST, an epoch for each line that it reads.

    python peers.py NAME            serve: prints the seconds of an epoch for each line on stdin
    python peers.py NAME EPOCHS     train so many epochs, then end

Each peer is written as its own documentation would have it. All see the same 55,000 digits in
batches of 64, in a new order each epoch, with SGD, learning rate 0.01 and momentum 0.9. Each
function prepares its data and network, and returns a function that trains one epoch.
"""

import sys
import tempfile
import time

from helpers import data

TRAIN_SIZE, BATCH_SIZE, LR, MOMENTUM = 55_000, 64, 0.01, 0.9


def arrays():
    """The training digits as NumPy arrays: X float32 (55000, 784), scaled, and y int64."""
    (images, labels), _ = (part.tensors for part in data.load_mnist())
    X = (images[:TRAIN_SIZE].flatten(1) - data.PIXEL_MEAN) / data.PIXEL_STD
    return X.numpy(), labels[:TRAIN_SIZE].numpy()


def article():
    """The article's loop, its images flattened: one sample at a time through ToTensor."""
    import torch
    import torchvision
    from torch import nn

    folder = tempfile.mkdtemp()
    data.unpack_mnist(folder)
    scale = torchvision.transforms.Normalize(data.PIXEL_MEAN, data.PIXEL_STD)
    both = torchvision.transforms.Compose([torchvision.transforms.ToTensor(), scale])
    digits = torchvision.datasets.MNIST(folder, train=True, transform=both)
    part = torch.utils.data.Subset(digits, range(TRAIN_SIZE))
    loader = torch.utils.data.DataLoader(part, batch_size=BATCH_SIZE, shuffle=True)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=MOMENTUM)

    def epoch():
        running_loss = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = loss_fn(model(images.view(-1, 784)), labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()

    return epoch


def series():
    """This project's `fit` with its default loader. It also measures 5,000 digits each epoch."""
    from helpers import training

    config = training.Config(num_epochs=1000, patience=1000)
    train_loader, valid_loader, _ = data.make_loaders(*data.load_mnist(), config)
    model = training.make_model(config)
    optimizer = training.make_optimizer(model, config)
    steps = training.train_steps(model, optimizer, train_loader, valid_loader, config)
    per_epoch = len(train_loader)

    def epoch():
        for _ in range(per_epoch):
            next(steps)

    return epoch


def lightning():
    """Lightning, with a per-sample loader over tensors."""
    import logging
    import warnings

    import lightning
    import torch
    from torch import nn
    from torch.nn import functional as F

    warnings.filterwarnings("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    X, y = map(torch.from_numpy, arrays())
    digits = torch.utils.data.TensorDataset(X, y)
    loader = torch.utils.data.DataLoader(digits, batch_size=BATCH_SIZE, shuffle=True)

    class Classifier(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.network = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))

        def training_step(self, batch, index):
            X, y = batch
            return F.cross_entropy(self.network(X), y)

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=LR, momentum=MOMENTUM)

    model = Classifier()
    quiet = {"enable_progress_bar": False, "enable_model_summary": False, "logger": False}
    trainer = lightning.Trainer(
        max_epochs=0, accelerator="cpu", enable_checkpointing=False, **quiet
    )

    def epoch():
        trainer.fit_loop.max_epochs += 1
        trainer.fit(model, loader)

    return epoch


def keras():
    """Keras on TensorFlow, fitted on arrays."""
    import keras

    X, y = arrays()
    model = keras.Sequential(
        [
            keras.layers.Input((784,)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(LR, momentum=MOMENTUM), loss=loss)
    return lambda: model.fit(X, y, batch_size=BATCH_SIZE, epochs=1, verbose=0)


def sklearn():
    """scikit-learn's MLPClassifier."""
    from sklearn.neural_network import MLPClassifier

    X, y = arrays()
    settings = {"solver": "sgd", "learning_rate_init": LR, "momentum": MOMENTUM, "alpha": 0.0}
    model = MLPClassifier(
        (128,), batch_size=BATCH_SIZE, nesterovs_momentum=False, max_iter=1, **settings
    )
    classes = list(range(10))
    return lambda: model.partial_fit(X, y, classes=classes)


def jax():
    """JAX: one compiled scan over the batches of an epoch."""
    import jax
    from jax import numpy as jnp

    X, y = map(jnp.asarray, arrays())
    keys = jax.random.split(jax.random.key(0), 3)
    params = [
        jax.random.uniform(key, shape, minval=-1, maxval=1) / shape[0] ** 0.5
        for key, shape in zip(keys, [(784, 128), (128, 10)], strict=False)
    ]
    state = [params, [jnp.zeros(128), jnp.zeros(10)]]
    velocity = jax.tree.map(jnp.zeros_like, state)
    full = TRAIN_SIZE // BATCH_SIZE * BATCH_SIZE

    def loss_fn(state, X, y):
        (W1, W2), (b1, b2) = state
        logits = jax.nn.relu(X @ W1 + b1) @ W2 + b2
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1).mean()

    @jax.jit
    def run(state, velocity, key):
        def step(carry, rows):
            state, velocity = carry
            gradient = jax.grad(loss_fn)(state, X[rows], y[rows])
            velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, gradient)
            return (jax.tree.map(lambda p, v: p - LR * v, state, velocity), velocity), None

        order = jax.random.permutation(key, TRAIN_SIZE)[:full].reshape(-1, BATCH_SIZE)
        return jax.lax.scan(step, (state, velocity), order)[0]

    held = {"state": state, "velocity": velocity, "key": keys[2]}

    def epoch():
        held["key"], key = jax.random.split(held["key"])
        held["state"], held["velocity"] = run(held["state"], held["velocity"], key)
        jax.block_until_ready(held["state"])

    return epoch


def limit():
    """The arithmetic alone: an epoch's products at the speed of one large matrix product.

    Counted is what `series` multiplies: 55,000 digits forward and backward, 5,000 forward.
    """
    import torch

    size = 2048
    A, B = torch.rand(size, size), torch.rand(size, size)
    # Forward X W1 and h W2, backward dW1, dW2 and dh: 2 operations for each number multiplied.
    needed = 2 * TRAIN_SIZE * (2 * 784 * 128 + 3 * 128 * 10) + 2 * 5_000 * (784 * 128 + 128 * 10)
    rounds = max(1, round(needed / (2 * size**3)))

    def epoch():
        for _ in range(rounds):
            A @ B

    epoch.scale = needed / (rounds * 2 * size**3)
    return epoch


PEERS = [article, series, lightning, keras, sklearn, jax, limit]


def main(name, num_epochs=0):
    """Serve epochs on request, or train a number of them."""
    (prepare,) = [peer for peer in PEERS if peer.__name__ == name]
    epoch = prepare()
    for _ in range(int(num_epochs)):
        epoch()
    if not num_epochs:
        print("ready", flush=True)
        for _ in sys.stdin:
            started = time.perf_counter()
            epoch()
            seconds = time.perf_counter() - started
            print(seconds * getattr(epoch, "scale", 1.0), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
