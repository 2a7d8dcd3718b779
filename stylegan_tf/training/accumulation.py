"""Gradients of a batch that does not fit, summed over slices of it."""

import functools

import tensorflow as tf

from stylegan_tf.training import growing

_REACH = 1024  # how far to look for a batch that fits


def rounds(config, replicas):
    """Slices a replica cuts its batch into, so that each fits.

    Args:
        config: That of a stage.
        replicas: How many share its batch.

    Raises:
        ValueError: If the batch can not be divided evenly, with what can.
    """
    training = config.training
    count = _rounds(
        training.batch_size,
        replicas,
        limit=training.max_batch_per_replica,
        group=_group(config),
    )
    if count is None:
        raise ValueError(_misfit(config, replicas))
    return count


def refuse_misfits(config, replicas):
    """Raises `ValueError` if the batch of a stage can not be divided evenly.

    Args:
        config: The run's config, with all its stages.
        replicas: How many share a batch.
    """
    for _, start in growing.stages(config):
        if start < config.training.total_kimg * 1000:
            rounds(growing.at_stage(config, start, replicas), replicas)


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


def _rounds(batch, replicas, *, limit, group):
    """Slices of a replica's share of `batch`, or None if it does not fit."""
    if batch % replicas:
        return None
    share = batch // replicas
    count = -(-share // (limit or share))
    while share % count:
        count += 1
    size = share // count
    return count if size % min(group or size, share) == 0 else None


def _group(config):
    """Images that a slice holds a multiple of; 0 = whatever it holds."""
    settings = config.discriminator
    return settings.minibatch_group_size if settings.minibatch_channels else 1


def _misfit(config, replicas):
    """What is wrong with a batch, and what would fit."""
    batch, group = config.training.batch_size, _group(config)
    limit = config.training.max_batch_per_replica
    fits = functools.partial(_rounds, replicas=replicas, group=group)
    near = (
        range(batch - 1, max(batch - _REACH, 0), -1),
        range(batch + 1, batch + _REACH),
    )
    found = [
        next((n for n in each if fits(n, limit=limit)), 0) for each in near
    ]
    hints = [f"batch_size={n}" for n in found if n]
    if limit < group and fits(batch, limit=group):
        hints.append(f"max_batch_per_replica={group}")
    field = "`training.batch_size`"
    if config.growing.initial_resolution:
        field += " (or `growing.batch_sizes`)"
    rule = f"be a multiple of the {replicas} replicas"
    if batch % replicas == 0:
        most = f" of at most {limit} images" if limit else ""
        rule = (
            f"fill every replica's rounds{most} with whole groups of "
            f"`discriminator.minibatch_group_size`, {group} images"
        )
    return (
        f"{field} at {config.resolution} pixels must {rule}. "
        f"Received: batch_size={batch}. What fits: {' or '.join(hints)}"
    )
