"""Experimental: the paper's metrics as terms of the generator's loss.

StyleGAN's authors left them to future work; StyleGAN2's path length penalty
(`loss.pl_weight`) is what became of the first. Feature networks are those of
`config.metrics.features` and `config.metrics.classifiers`. They are part of
what XLA compiles.

Start `experimental_ppl_weight` at 0.3. Measured with the bundled extractor on
configs/stylegan.py:f, as small as in tools.ablate, one seed, growing from 8 to
32 pixels within 4 kimg of bundled faces, against weights of 1e-9: path lengths
were 17 to 38 % shorter in every 0.5 kimg, at the end 4.25 instead of 5.12.
`experimental_ls_weight` 0.5 lowered its term at 8 pixels, 0.40 instead of 0.57,
but not at 32, 0.81 instead of 0.75: no weight of it is known to help. What
either does to FID was not measured.
Reference: https://arxiv.org/abs/1812.04948, section 6
"""

import math
import warnings

import tensorflow as tf

from stylegan_tf import losses
from stylegan_tf.features import detectors
from stylegan_tf.training import accumulation, growing

# A fraction of the way, measured on tests/fixtures/quickstart. Lengths are
# within 4 % of the limit, in bfloat16 too, where rounding doubles those of
# 1e-2. Their gradient jumps where a leaky ReLU changes sides within the step,
# the more the shorter it is: the cosine of one batch's with the mean gradient
# is 0.11 at the metric's 1e-4, 0.32 at 1e-2, 0.52 here.
_EPSILON = 5e-2
_FEWEST = 4  # examples that a regression can leave one out of
_SIDES = (32, 256)  # of what distances look at; VGG16 halves four times


def is_on(config):
    """Whether the config asks for any of it."""
    return bool(_weights(config))


def warn(config):
    """Says so where the config asks for any of it."""
    if is_on(config):
        named = ", ".join(f"{k}={v:g}" for k, v in _weights(config).items())
        warnings.warn(
            f"experimental: {named}. No paper has trained with these terms.",
            stacklevel=2,
        )


def refuse_small_batches(config, replicas):
    """Raises `ValueError` if a stage leaves no regression to a replica.

    Args:
        config: The run's config, with all its stages.
        replicas: How many share a batch.
    """
    if not config.loss.experimental_ls_weight:
        return
    for size, start in growing.stages(config):
        stage = growing.at_stage(config, start, replicas)
        examples = stage.training.batch_size // replicas
        examples //= accumulation.rounds(stage, replicas)
        if examples < _FEWEST and start < config.training.total_kimg * 1000:
            raise ValueError(
                "`loss.experimental_ls_weight` needs batches of at least "
                f"{_FEWEST} images at once on every replica: raise "
                "`training.batch_size` or `max_batch_per_replica`, or their "
                f"tables in `growing`. Received: {examples} at {size} pixels"
            )


def refuse_missing(config):
    """Raises `FileNotFoundError` if feature networks are not where it says."""
    found = detectors.Detectors(
        config.metrics.features, config.metrics.classifiers
    )
    kinds = {
        "lpips": config.loss.experimental_ppl_weight,
        "attribute_classifiers": config.loss.experimental_ls_weight,
    }
    found.refuse_missing(kind for kind, weight in kinds.items() if weight)


class Terms:
    """What is added to the generator's loss.

    Args:
        config: The run's config, or that of its stage.
    """

    def __init__(self, config):
        self._config = config
        found = detectors.Detectors(
            config.metrics.features, config.metrics.classifiers
        )
        if config.loss.experimental_ppl_weight:
            self._distance = found.of("lpips").tensor_distance
        if config.loss.experimental_ls_weight:
            kind = "attribute_classifiers"
            self._logits = found.of(kind).tensor_logits

    def __call__(self, generator, draws, stage):
        """Weighted losses `[N]`, and scalars to report.

        Args:
            generator: The network.
            draws: `draws.Draws` of N examples; path lengths need its `way`.
            stage: What progressive networks are told.
        """
        loss, total, report = self._config.loss, 0.0, {}

        def synthesize(w):
            ws = generator.broadcast(w)
            images = generator.synthesize(ws, noise=draws.noise, **stage)
            return tf.cast(images, tf.float32)

        w = tf.cast(generator.mapping(draws.z, draws.labels), tf.float32)
        if loss.experimental_ppl_weight:
            end = generator.mapping(draws.way.z, draws.labels)
            lengths = losses.perceptual_path_lengths(
                lambda w: _comparable(synthesize(w)),
                self._distance,
                w,
                tf.cast(end, tf.float32),
                t=draws.way.t,
                epsilon=_EPSILON,
            )
            total += loss.experimental_ppl_weight * lengths
            report["experimental/path_length"] = tf.reduce_mean(lengths)
        if loss.experimental_ls_weight:
            open_ = losses.inseparability(w, self._logits(synthesize(w)))
            total += loss.experimental_ls_weight * open_
            report["experimental/separability"] = tf.reduce_mean(open_)
        return total, report


def _comparable(images):
    """`[N, H, W, C]`, averaged or repeated to the size of `_SIDES`."""
    smallest, largest = _SIDES
    side = min(images.shape[1:3])
    if side >= 2 * largest:  # as the metric does
        factor = side // largest
        return tf.nn.avg_pool2d(images, factor, factor, "VALID")
    for axis in (1, 2):
        images = tf.repeat(images, math.ceil(smallest / side), axis=axis)
    return images


def _weights(config):
    """Those that are on, by name."""
    values = {
        f"loss.{name}": getattr(config.loss, name)
        for name in ("experimental_ppl_weight", "experimental_ls_weight")
    }
    return {name: value for name, value in values.items() if value}
