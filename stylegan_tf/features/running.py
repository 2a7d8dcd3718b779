"""Runs a network over many images; results do not depend on the batch."""

import numpy as np
import tensorflow as tf

from stylegan_tf import cores


def replicas():
    """How many replicas the current strategy has."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def compiled(function):
    """`function` of tensors as a graph, in full float32 on GPUs too.

    Where the current strategy has several replicas, each takes an equal part
    of every argument along its first axis.
    """
    tf.config.experimental.enable_tensor_float_32_execution(False)
    strategy = tf.distribute.get_strategy()
    replicas = strategy.num_replicas_in_sync
    if replicas == 1:
        return tf.function(function)
    run = tf.function(lambda parts: strategy.run(function, parts))

    def share(part):
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(part[context.replica_id_in_sync_group])
        )

    def run_on_all(*arrays):
        parts = [share(np.split(np.asarray(a), replicas)) for a in arrays]
        found = strategy.experimental_local_results(run(parts))
        return np.concatenate([each.numpy() for each in found])

    run_on_all.replicas = replicas
    return run_on_all


def batched(function, batch_size):
    """`compiled`, of any number of images; see `in_batches`."""
    run = compiled(cores.apart(function, cores.slices(batch_size)))
    return lambda *images: in_batches(run, *images, batch_size=batch_size)


def in_batches(function, *images, batch_size):
    """Results of `function` for all images, float32 `[N, ...]`.

    Every batch has the same size, the last one is filled up: what an image
    gets does not depend on how many there are.

    Args:
        function: Batches of images to one tensor, an entry for each.
        *images: Arrays of the same length, `[N, H, W, C]`.
        batch_size: How many at a time, on every replica.
    """
    images = [np.asarray(each) for each in images]
    count = len(images[0])
    if count == 0 or any(len(each) != count for each in images):
        raise ValueError(
            "At least one image is needed, and as many on each side. "
            f"Received: {', '.join(str(len(each)) for each in images)}"
        )
    batch_size *= getattr(function, "replicas", 1)
    results = []
    for start in range(0, count, batch_size):
        # Too few images are repeated.
        rows = np.arange(start, start + batch_size)
        rows[rows >= count] = start
        found = function(*(each[rows] for each in images))
        results.append(np.asarray(found, np.float32))
    return np.concatenate(results)[:count]
