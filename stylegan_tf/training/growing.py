"""How a progressive run grows, as pure functions of `images_seen`.

A stage is trained for `stabilise_kimg`; then the next one fades in for
`fade_kimg`, and so on (arXiv 1710.10196, appendix A.1). Batch and learning
rates are those of the resolution shown, from the start of its fade. The
official `lod` is how many doublings are missing; its fraction is the fade's.
"""

import math

from stylegan_tf import config as config_lib
from stylegan_tf import validation


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
    """The stage that is shown, by its longer side."""
    return config.resolution >> math.floor(lod(config, images_seen))


def alpha(config, images_seen):
    """How far the stage has faded in, above 0 and up to 1."""
    missing = lod(config, images_seen)
    return 1.0 - (missing - math.floor(missing))


def batch_size(config, images_seen, replicas=1):
    """Images of an iteration over all replicas, a multiple of these."""
    growing, size = config.growing, resolution(config, images_seen)
    batch = _at(growing, "batch_sizes", size, config.training.batch_size)
    batch -= batch % replicas
    limit = _at(growing, "batch_limits", size, batch)
    return int(min(batch, limit * replicas))


def images_at_once(config, images_seen):
    """Images a replica takes in one round; 0 = its whole batch."""
    default = config.training.max_batch_per_replica
    size = resolution(config, images_seen)
    return int(_at(config.growing, "images_at_once", size, default))


def learning_rates(config, images_seen):
    """The generator's and the discriminator's, before lazy corrections."""
    growing, training = config.growing, config.training
    rampup = 1.0
    if growing.rampup_kimg > 0:
        rampup = min(images_seen / 1000 / growing.rampup_kimg, 1.0)
    size = resolution(config, images_seen)
    return tuple(
        rampup * _at(growing, "learning_rates", size, default)
        for default in (training.generator_lr, training.discriminator_lr)
    )


def tick_kimg(config, images_seen):
    """Length of a tick of the log."""
    size = resolution(config, images_seen)
    return _at(config.growing, "tick_kimg", size, config.training.log_kimg)


def resets_optimizers(config, before, after):
    """Whether Adam forgets between two positions: a fade begins or ends."""
    old, new = lod(config, before), lod(config, after)
    floors = math.floor(old), math.floor(new)
    return floors[0] != floors[1] or math.ceil(old) != math.ceil(new)


def penalty_scale(config, images_seen):
    """Factor on the squared gradient norms of a stage's images.

    The official penalties take gradients with respect to images of the full
    size, whose pixels the discriminator averages: a quarter of the square
    for every doubling that is missing.
    """
    return 0.25 ** math.floor(lod(config, images_seen))


def num_ws(config, images_seen):
    """Style layers of the stage, the limit of style mixing."""
    missing = 2 * math.floor(lod(config, images_seen))
    return max(config.num_ws - missing, 1)


def stages(config):
    """Pairs (resolution, first `images_seen` that shows it), ascending."""
    first = config.growing.initial_resolution or config.resolution
    sizes = [s for s in config_lib.resolutions(config) if s >= first]
    return [(size, _start(config, level)) for level, size in enumerate(sizes)]


def step(config, images_seen, replicas=1):
    """Iterations made so far, whose batches follow the resolution."""
    starts = [start for _, start in stages(config)]
    position = steps = 0
    for end in [*starts[1:], images_seen]:
        batch = batch_size(config, position, replicas)
        made = max(-(-(min(end, images_seen) - position) // batch), 0)
        steps, position = steps + made, position + made * batch
    return steps


def _at(growing, field, size, default):
    table = validation.table(f"growing.{field}", getattr(growing, field))
    return table.get(size, default)


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
