"""Runs a network over many images, so that answers fit each other."""

import numpy as np
import tensorflow as tf


def compiled(function):
    """`function` of tensors as a graph, in full float32 on GPUs too."""
    tf.config.experimental.enable_tensor_float_32_execution(False)
    return tf.function(function)


def in_batches(function, *images, batch_size):
    """Results of `function` for all images, float32 `[N, ...]`.

    Every batch has the same size, the last one is filled up: what an image
    gets does not depend on how many there are.

    Args:
        function: Batches of images to one tensor, an entry for each.
        *images: Arrays of the same length, `[N, H, W, C]`.
        batch_size: How many at a time.
    """
    count = len(images[0])
    if count == 0 or any(len(each) != count for each in images):
        raise ValueError(
            "At least one image is needed, and as many on each side. "
            f"Received: {', '.join(str(len(each)) for each in images)}"
        )
    results = []
    for start in range(0, count, batch_size):
        batch = [
            _filled(np.asarray(each[start : start + batch_size]), batch_size)
            for each in images
        ]
        results.append(np.asarray(function(*batch), np.float32))
    return np.concatenate(results)[:count]


def _filled(images, size):
    missing = size - len(images)
    if missing:
        images = np.concatenate([images, images[:1].repeat(missing, axis=0)])
    return images
