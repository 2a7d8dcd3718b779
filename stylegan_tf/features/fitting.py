"""A training step and shifted images, for all feature networks we train."""

import numpy as np
import tensorflow as tf


def make_step(network, variables, optimizer, loss_of):
    """`step(images, answers)`, which trains a network and returns its loss.

    Args:
        network: A built model, or a method of one.
        variables: Its trainable ones.
        optimizer: A Keras optimizer, not built yet.
        loss_of: What the network gives, and answers, to a scalar.
    """
    optimizer.build(variables)

    @tf.function
    def step(images, answers):
        with tf.GradientTape() as tape:
            loss = loss_of(network(images), answers)
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(
            [
                (tf.zeros_like(v) if g is None else g, v)
                for g, v in zip(gradients, variables, strict=True)
            ]
        )
        return loss

    return step


def shifted(images, reach, random):
    """`[N, H, W, C]`, each moved by up to `reach` pixels, edges repeated."""
    _, height, width, _ = images.shape
    pad = [(0, 0), (reach, reach), (reach, reach), (0, 0)]
    padded, moved = np.pad(images, pad, mode="edge"), np.empty_like(images)
    places = random.randint(2 * reach + 1, size=(len(images), 2))
    for index, (top, left) in enumerate(places):
        moved[index] = padded[index, top : top + height, left : left + width]
    return moved
