"""784-128-10 in TensorFlow without Keras, as its guide to `tf.Module` writes it.

It answers an objection: that Keras, and not TensorFlow, is what costs time in in_tensorflow.py.
"""

import sys

import tensorflow as tf

from helpers.frameworks import worker


class Network(tf.Module):
    """The network as six lines on four variables."""

    def __init__(self, weights):
        super().__init__()
        self.W1, self.b1, self.W2, self.b2 = map(tf.Variable, weights)

    def __call__(self, X):
        h = tf.nn.relu(X @ self.W1 + self.b1)
        return h @ self.W2 + self.b2


def network(weights):
    """The network with these initial weights, (inputs, outputs)."""
    return Network(weights)


def training_step(model, lr, momentum):
    """A function that takes a step of descent on a batch and returns the loss before it."""
    velocities = [tf.Variable(tf.zeros_like(variable)) for variable in model.trainable_variables]

    def step(X, y):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(X))
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        for v, g, w in zip(velocities, gradients, model.trainable_variables, strict=True):
            v.assign(momentum * v - lr * g)
            w.assign_add(v)
        return loss

    return step


WAYS = {"eager": {}, "compiled": {"step": tf.function}}
as_tensor = tf.constant


def set_dtype(name):
    """Nothing to do: variables have the type of their initial weights."""


def versions():
    """What is measured here."""
    return {"tensorflow": tf.__version__}


if __name__ == "__main__":
    worker.serve(sys.modules[__name__])
