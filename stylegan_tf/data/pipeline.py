"""Makes batches of (images, labels) in an order that a seed fixes."""

import os

import numpy as np
import tensorflow as tf

from stylegan_tf.data import gate, order, shapes

_MAX_PARALLEL_BATCHES = 8


def dataset(
    source,
    *,
    batch_size: int,
    image_shape,
    label_size: int,
    mirror: bool = False,
    seed: int = 0,
    images_seen: int = 0,
    shard=(0, 1),
):
    """Endless `tf.data.Dataset` of uint8 `[B, H, W, C]`, float32 `[B, L]`.

    Image i of a run is that at `order.order(seed, i, len(source))`, mirrored
    if `order.flips(seed, i)`, whatever the batches; so a run that starts at
    `images_seen` goes on as if it had never stopped.

    Args:
        source: From `sources.open_source`.
        batch_size: Images per step over all shards.
        image_shape: (H, W, C) that every image must have.
        label_size: L; 0 means that labels are not used.
        mirror: Whether to flip half of the images left to right.
        seed: Of the order and the flips.
        images_seen: Position of the first image.
        shard: (s, n): yield part s of n of every batch.
    """
    image_shape = tuple(image_shape)
    refuse_other(source, image_shape, label_size)
    rows = _shard_rows(batch_size, shard)

    def load(start):
        positions = start + rows
        indices = order.order(seed, positions, len(source))
        images, labels = read(source, indices, image_shape, label_size)
        if mirror:
            flipped = order.flips(seed, positions)
            images[flipped] = images[flipped, :, ::-1]
        return images, labels

    def load_in_graph(start):
        made = gate.numpy_function(load, start, (tf.uint8, tf.float32))
        sizes = (len(rows), *image_shape), (len(rows), label_size)
        return tuple(map(tf.ensure_shape, made, sizes))

    batches = tf.data.Dataset.counter(images_seen, batch_size, tf.int64)
    calls = min(max(2, (os.cpu_count() or 1) // 2), _MAX_PARALLEL_BATCHES)
    batches = batches.map(
        load_in_graph, num_parallel_calls=calls, deterministic=True
    )
    # Nothing here is tuned, and an iterator's end waits up to a minute for
    # the thread that would.
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.prefetch(2).with_options(options)


def fixed_batch(source, count, *, image_shape, label_size, seed=0):
    """uint8 `[count, H, W, C]` and labels, the same in every run."""
    image_shape = tuple(image_shape)
    refuse_other(source, image_shape, label_size)
    indices = order.order(seed, np.arange(count), len(source))
    return read(source, indices, image_shape, label_size)


def refuse_other(source, image_shape, label_size):
    """Raises `ValueError` unless batches of these sizes can be read.

    Args:
        source: From `sources.open_source`.
        image_shape: (H, W, C) of its images.
        label_size: Of its labels; 0 means that they are not used.
    """
    if not source.random_access:
        raise ValueError(
            f"{source.path} can only be read front to back, and training "
            f"needs any order. Prepare it: {source.prepare_command()}"
        )
    if source.image_shape != image_shape:
        raise ValueError(shapes.other_size(source, image_shape))
    found = 0 if source.label_rows is None else source.label_rows.shape[1]
    if label_size and label_size != found:
        raise ValueError(
            f"`label_size` must be 0 or that of the labels of {source.path}, "
            f"{found or 'which has none'}. Received: label_size={label_size}"
        )


def read(source, indices, image_shape, label_size=0):
    """uint8 `[N, H, W, C]` and labels `[N, label_size]` of some images."""
    images = np.empty([len(indices), *image_shape], np.uint8)
    for row, index in enumerate(indices):
        if gate.is_closed():
            break
        image = source.image(index)
        if image.shape != image_shape:
            raise ValueError(shapes.mismatch(source, index, image_shape))
        images[row] = image
    if label_size:
        return images, source.label_rows[indices]
    return images, np.zeros([len(indices), 0], np.float32)


def _shard_rows(batch_size, shard):
    number, count = shard
    if not 0 <= number < count or batch_size < 1 or batch_size % count:
        raise ValueError(
            "`shard` (s, n) needs 0 <= s < n and a `batch_size` that n "
            f"divides. Received: shard={shard}, batch_size={batch_size}"
        )
    size = batch_size // count
    return np.arange(number * size, (number + 1) * size)
