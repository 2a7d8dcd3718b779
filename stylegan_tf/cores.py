"""Shares a batch among the cores of a processor: a slice for each.

Most operations of a small network are over before a second thread has joined
in. With a slice of the batch for every core, an operation has one thread,
and the cores wait for each other only where the slices meet: the quickstart's
networks train 1.2 times as fast on two cores.

Slices are strided, sample n is in slice n mod K, and so the groups of
`layers.minibatch_stddev` stay whole. The results are those of the whole batch
but for the last bits.
"""

import tensorflow as tf


def slices(rows):
    """How many equal slices of so many rows are computed at once.

    One but for programs that began by `quiet.import_tensorflow(in_slices=
    True)`.
    """
    most = tf.config.threading.get_inter_op_parallelism_threads() or 1
    return next(n for n in range(most, 0, -1) if rows % n == 0)


def apart(function, count):
    """`function`, computed for `count` slices of a batch at once.

    Args:
        function: Of structures of tensors `[N, ...]`, and of what is none;
            its results are structures of tensors `[N, ...]` as well.
        count: A divisor of N. No result may depend on other samples than
            those of the same n mod `count`.
    """
    if count == 1:
        return function

    def of_slices(*batch):
        return joined(*[function(*part) for part in parts(batch, count)])

    return of_slices


def parts(batch, count):
    """The slices of a structure of tensors `[N, ...]`: n mod `count`."""
    leaves = [_slices_of(each, count) for each in tf.nest.flatten(batch)]
    return [
        tf.nest.pack_sequence_as(batch, each)
        for each in zip(*leaves, strict=True)
    ]


def joined(*slices):
    """The batch whose `parts` these are."""
    return tf.nest.map_structure(lambda *each: _whole(each), *slices)


def _slices_of(leaf, count):
    if not tf.is_tensor(leaf):
        return [leaf] * count
    strided = tf.reshape(leaf, (-1, count, *leaf.shape[1:]))
    return tf.unstack(strided, axis=1)


def _whole(parts):
    if not tf.is_tensor(parts[0]):
        return parts[0]
    return tf.reshape(tf.stack(parts, axis=1), (-1, *parts[0].shape[1:]))
