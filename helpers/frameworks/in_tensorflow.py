"""784-128-10 in TensorFlow, as its quickstart for experts writes it; the twin of in_pytorch.py.

A Keras model, loss and optimizer, with `tf.GradientTape` in between: this is the loop of one's
own that TensorFlow's guides teach, and what PyTorch's loop corresponds to. `Model.fit`, the loop
that Keras brings along, is measured beside it.

`network` and `training_step` are what a user writes. The rest serves the measurement.
"""

import functools
import sys

import tensorflow as tf

from helpers.frameworks import worker


def network(weights):
    """The network with these initial weights; Keras stores a matrix as (inputs, outputs)."""
    model = tf.keras.Sequential(
        [
            tf.keras.Input((784,)),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dense(10),
        ]
    )
    model.set_weights(weights)
    return model


def training_step(model, lr, momentum):
    """A function that takes a step of descent on a batch and returns the loss before it."""
    loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.SGD(lr, momentum=momentum)

    def step(X, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(X, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step


def library_loop(model, X, y, batch_size, lr, momentum, **settings):
    """A function that trains an epoch with Keras' own loop, always compiled."""
    loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.SGD(lr, momentum=momentum)
    model.compile(optimizer, loss_fn, **settings)

    def epoch():
        history = model.fit(X, y, batch_size=batch_size, shuffle=False, verbose=0)
        return history.history["loss"][0]

    return epoch


# How a way differs from plain TensorFlow: a function around the step, or in its place.
WAYS = {
    "eager": {},
    "compiled": {"step": tf.function},
    "xla": {"step": functools.partial(tf.function, jit_compile=True)},
    "loop": {"loop": library_loop},
    "loop of 32": {"loop": functools.partial(library_loop, steps_per_execution=32)},
}
as_tensor = tf.constant


def set_dtype(name):
    """Make layers, their weights and losses float32 or float64 from here on."""
    tf.keras.config.set_floatx(name)
    tf.keras.config.set_dtype_policy(name)


def versions():
    """What is measured here."""
    return {"tensorflow": tf.__version__, "keras": tf.keras.__version__}


if __name__ == "__main__":
    worker.serve(sys.modules[__name__])
