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
    """Images of an iteration over all replicas.

    A run that does not grow has the config's at once; others a multiple of
    the replicas.
    """
    batch = config.training.batch_size
    if not config.growing.initial_resolution:
        return batch
    where = config, images_seen, replicas
    batch = by_table("batch_sizes", batch, *where)
    batch -= batch % replicas
    return min(batch, by_table("batch_limits", batch, *where) * replicas)


def learning_rates(config, images_seen, replicas=1):
    """The generator's and the discriminator's, before lazy corrections."""
    growing, training = config.growing, config.training
    rampup = 1.0
    if growing.rampup_kimg > 0:
        rampup = min(images_seen / 1000 / growing.rampup_kimg, 1.0)
    return tuple(
        rampup
        * by_table("learning_rates", usual, config, images_seen, replicas)
        for usual in (training.generator_lr, training.discriminator_lr)
    )


def by_table(field, usual, config, images_seen, replicas=1):
    """What a table of `config.growing` has for the resolution, or `usual`."""
    found = tables.table(getattr(config.growing, field), replicas)
    return found.get(resolution(config, images_seen), usual)


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
    shown, where = copy.deepcopy(config), (config, images_seen, replicas)
    if not config.growing.initial_resolution:
        return shown
    training = shown.training
    shown.resolution = resolution(config, images_seen)
    training.batch_size = batch_size(*where)
    training.max_batch_per_replica = by_table(
        "images_at_once", training.max_batch_per_replica, *where
    )
    training.log_kimg = by_table("tick_kimg", training.log_kimg, *where)
    if not training.batch_size:
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


def iterations(config, images_seen, replicas=1):
    """How many reach `images_seen`, and where the last of them ends."""
    _, *later = starts(config).values()
    position = steps = 0
    for stop in [*later, images_seen]:
        batch = batch_size(config, position, replicas)
        made = max(-(-(min(stop, images_seen) - position) // batch), 0)
        steps, position = steps + made, position + made * batch
    return steps, position


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
