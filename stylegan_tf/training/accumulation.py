"""Sums gradients over the slices of a batch that does not fit at once."""

import tensorflow as tf

from stylegan_tf import commands
from stylegan_tf.config import tables
from stylegan_tf.training import growing

_REACH = 1024  # how far to look for a batch that fits


def rounds(config, replicas):
    """Slices a replica cuts its batch into, so that each fits.

    Args:
        config: That of the resolution, see `growing.config_at`.
        replicas: How many share its batch.

    Raises:
        ValueError: If the batch can not be divided evenly, with what can.
    """
    count = _count(config, replicas)
    if count is None:
        raise ValueError(_misfit(config, [config], replicas))
    return count


def refuse_misfits(config, replicas):
    """Raises `ValueError` if a batch of the run can not be divided evenly.

    Args:
        config: The run's config, with all its resolutions.
        replicas: How many share a batch.
    """
    configs = [
        growing.config_at(config, start, replicas)
        for start in growing.starts(config).values()
        if start < config.training.total_kimg * 1000
    ]
    misfits = [each for each in configs if _count(each, replicas) is None]
    if misfits:
        raise ValueError(_misfit(config, misfits, replicas))


def accumulate(compute, images_seen, *batch, rounds):
    """Sums of gradients over the slices of a batch, and means of reports.

    Args:
        compute: Callable, the position of a slice's draws and its part of
            every tensor of `batch` to gradients and a dict of scalars.
        images_seen: int64 scalar tensor, where in the run.
        *batch: Tensors `[N, ...]`.
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


def _group(config):
    """Images that a slice holds a multiple of; 0 = whatever it holds."""
    settings = config.discriminator
    return settings.minibatch_group_size if settings.minibatch_channels else 1


def _count(config, replicas, batch=None):
    """Rounds of the config's batch, or of `batch`; None if it does not fit."""
    batch = config.training.batch_size if batch is None else batch
    if batch % replicas:
        return None
    share = batch // replicas
    count = -(-share // (config.training.max_batch_per_replica or share))
    while share % count:
        count += 1
    size = share // count
    return count if size % min(_group(config) or size, share) == 0 else None


def _misfit(config, misfits, replicas):
    """Says what is wrong with the first batch, and what fits in all places."""
    at = misfits[0]
    batch, group = at.training.batch_size, _group(at)
    limit = at.training.max_batch_per_replica
    rule = f"be a multiple of the {replicas} replicas"
    if batch % replicas == 0:
        most = f" of at most {limit} images" if limit else ""
        rule = (
            f"fill every replica's rounds{most} with whole groups of "
            f"`discriminator.minibatch_group_size`, {group} images"
        )
    table = config.growing.batch_sizes
    if config.growing.initial_resolution and table:
        field, sizes = (
            "growing.batch_sizes",
            dict(tables.table(table, replicas)),
        )
        for each in misfits:  # 1 image for each replica fits
            sizes[each.resolution] = _nearest(each, replicas, step=-1)
        text = " ".join(f"{size}:{n:g}" for size, n in sorted(sizes.items()))
        fits = commands.quoted(f"--config.growing.batch_sizes={text}")
    else:
        field = "training.batch_size"
        near = (_nearest(at, replicas, step) for step in (-1, 1))
        hints = [f"batch_size={n}" for n in near if n]
        if 0 < limit < group:
            hints.append(f"max_batch_per_replica={group}")
        fits = " or ".join(hints)
    return (
        f"`{field}` at {at.resolution} pixels must {rule}. Received: "
        f"batch_size={batch}. What fits: {fits}"
    )


def _nearest(config, replicas, step):
    """The next batch down (`step` -1) or up (1) that fits, or None."""
    batch = config.training.batch_size
    near = range(batch + step, max(batch + step * _REACH, 0), step)
    return next((n for n in near if _count(config, replicas, n)), None)
