"""How a progressive run grows, as pure functions of `images_seen`.

A stage is trained for `stabilise_kimg`; then the next one fades in for
`fade_kimg`, and so on (arXiv 1710.10196, appendix A.1). Batch and learning
rates are those of the resolution shown, from the start of its fade, and of
as many replicas as there are. The official `lod` is how many doublings are
missing; its fraction is the fade's.
"""

import copy
import math

from stylegan_tf import config as config_lib
from stylegan_tf.config import tables
from stylegan_tf.networks import growth


def lod(config, images_seen):
    """Doublings still missing, with what is missing of a fade; 0 = grown."""
    growing = config.growing
    if not growing.initial_resolution:
        return 0.0
    kimg = images_seen / 1000
    period = growing.stabilise_kimg + growing.fade_kimg
    passed = int(kimg // period) if period > 0 else 0
    missing = math.log2(config.resolution / growing.initial_resolution) - passed
    if growing.fade_kimg > 0:
        fading = kimg - passed * period - growing.stabilise_kimg
        missing -= max(fading, 0.0) / growing.fade_kimg
    return max(missing, 0.0)


def resolution(config, images_seen):
    """Longer side of the images shown."""
    return config.resolution >> math.floor(lod(config, images_seen))


def shown(config, images_seen):
    """The `growth.Stage` of the run's networks; alpha is above 0, up to 1."""
    if not config.is_progressive:
        return growth.Stage()
    missing = lod(config, images_seen)
    return growth.Stage(
        resolution(config, images_seen), 1.0 - (missing - math.floor(missing))
    )


def batch_size(config, images_seen, replicas=1):
    """Images of an iteration over all replicas, a multiple of these."""
    where = config, images_seen, replicas
    batch = _by_table("batch_sizes", *where, config.training.batch_size)
    batch -= batch % replicas
    limit = _by_table("batch_limits", *where, batch)
    return min(batch, limit * replicas)


def images_at_once(config, images_seen, replicas=1):
    """Images a replica takes in one round; 0 = its whole batch."""
    usual = config.training.max_batch_per_replica
    return _by_table("images_at_once", config, images_seen, replicas, usual)


def learning_rates(config, images_seen, replicas=1):
    """The generator's and the discriminator's, before lazy corrections."""
    growing, training = config.growing, config.training
    rampup = 1.0
    if growing.rampup_kimg > 0:
        rampup = min(images_seen / 1000 / growing.rampup_kimg, 1.0)
    return tuple(
        rampup
        * _by_table("learning_rates", config, images_seen, replicas, usual)
        for usual in (training.generator_lr, training.discriminator_lr)
    )


def tick_kimg(config, images_seen, replicas=1):
    """Length of a tick of the log."""
    usual = config.training.log_kimg
    return _by_table("tick_kimg", config, images_seen, replicas, usual)


def resets_optimizers(config, before, after):
    """Whether Adam forgets between two positions: a fade begins or ends."""
    old, new = lod(config, before), lod(config, after)
    return any(end(old) != end(new) for end in (math.floor, math.ceil))


def penalty_scale(config, resolution):
    """Factor on the squared gradient norms of a stage's images.

    The official penalties take gradients with respect to images of the full
    size, whose pixels the discriminator averages: a quarter of the square
    for every doubling that is missing.
    """
    return (resolution / config.resolution) ** 2


def fades(config, resolution):
    """Whether the stage fades in: the first one does not."""
    growing = config.growing
    first = growing.initial_resolution or config.resolution
    return resolution > first and growing.fade_kimg > 0


def config_at(config, images_seen, replicas=1):
    """The config of a run that has the resolution shown, and never grows.

    Image shape, noise shapes and style layers (the limit of mixing) are then
    those of the resolution, and so is the batch.

    Raises:
        ValueError: If the replicas leave nothing of the batch.
    """
    shown = copy.deepcopy(config)
    if not config.growing.initial_resolution:
        return shown
    where = config, images_seen, replicas
    shown.resolution = resolution(config, images_seen)
    shown.training.batch_size = batch_size(*where)
    shown.training.max_batch_per_replica = images_at_once(*where)
    shown.training.log_kimg = tick_kimg(*where)
    if not shown.training.batch_size:
        raise ValueError(
            f"The batch at {shown.resolution} pixels must hold an image for "
            f"each of the {replicas} replicas: raise `growing.batch_sizes`, "
            f"{config.growing.batch_sizes!r}, or `training.batch_size`, "
            f"{config.training.batch_size}"
        )
    return shown


def starts(config):
    """Dict of the first `images_seen` that shows each resolution, ascending."""
    first = config.growing.initial_resolution or config.resolution
    sizes = [s for s in config_lib.resolutions(config) if s >= first]
    return {size: _start(config, level) for level, size in enumerate(sizes)}


def step(config, images_seen, replicas=1):
    """Iterations made so far, whose batches follow the resolution."""
    return _walk(config, images_seen, replicas)[0]


def end(config, images, replicas=1):
    """Where the iteration ends that reaches `images`."""
    return _walk(config, images, replicas)[1]


def _walk(config, images_seen, replicas):
    """Iterations that reach `images_seen`, and where they end."""
    _, *later = starts(config).values()
    position = steps = 0
    for stop in [*later, images_seen]:
        batch = batch_size(config, position, replicas)
        made = max(-(-(min(stop, images_seen) - position) // batch), 0)
        steps, position = steps + made, position + made * batch
    return steps, position


def _by_table(field, config, images_seen, replicas, usual):
    """The number of a table of `config.growing`, or the usual one."""
    found = tables.table(getattr(config.growing, field), replicas)
    return found.get(resolution(config, images_seen), usual)


def _start(config, level):
    """First position of the level-th stage, 0 the first."""
    if level == 0:
        return 0
    growing = config.growing
    period = growing.stabilise_kimg + growing.fade_kimg
    kimg = level * period - growing.fade_kimg
    target = resolution(config, 0) << level
    position = max(math.floor(kimg * 1000) - 1, 0)
    while resolution(config, position) < target:
        position += 1
    return position
