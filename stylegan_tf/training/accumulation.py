"""Gradients of a batch that does not fit, summed over slices of it."""

import tensorflow as tf


def rounds(config, replicas):
    """Slices a replica cuts its batch into, so that each fits.

    Raises:
        ValueError: If the batch can not be divided evenly.
    """
    batch = config.training.batch_size
    if batch % replicas:
        raise ValueError(
            f"`training.batch_size` must be a multiple of the {replicas} "
            f"replicas. Received: batch_size={batch}"
        )
    limit = config.training.max_batch_per_replica or batch
    count = -(-(batch // replicas) // limit)
    while batch // replicas % count:
        count += 1
    size, settings = batch // replicas // count, config.discriminator
    group = settings.minibatch_group_size if settings.minibatch_channels else 1
    if size % min(group or size, batch // replicas):
        raise ValueError(
            f"{batch} images on {replicas} replicas in {count} rounds leave "
            f"{size} at a time, which must be a multiple of "
            f"`discriminator.minibatch_group_size`, {group}"
        )
    return count


def accumulate(compute, images_seen, batch, *, rounds):
    """Sums of gradients over the slices of a batch, and means of reports.

    Args:
        compute: Callable, the position of a slice's draws and its part of
            every tensor of `batch` to gradients and a dict of scalars.
        images_seen: int64 scalar tensor, where in the run.
        batch: Tensors `[N, ...]`.
        rounds: How many slices, one after the other.
    """
    size = batch[0].shape[0] // rounds
    grads, report = compute(images_seen, *(part[:size] for part in batch))
    for index in range(1, rounds):
        with tf.control_dependencies(grads):  # free memory in between
            parts = [
                tf.identity(part[index * size : (index + 1) * size])
                for part in batch
            ]
            position = tf.identity(images_seen) + index
        more, more_report = compute(position, *parts)
        grads = add(grads, more)
        report = {name: report[name] + more_report[name] for name in report}
    return grads, {name: value / rounds for name, value in report.items()}


def add(grads, more):
    """Sums of two lists of gradients."""
    return [a + b for a, b in zip(grads, more, strict=True)]
