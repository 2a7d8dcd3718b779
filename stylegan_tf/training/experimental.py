"""Experimental: the paper's metrics as terms of the generator's loss.

StyleGAN's authors left them to future work; StyleGAN2's path length penalty
(`loss.pl_weight`) is what became of the first. Feature networks are those of
`config.metrics.features` and `config.metrics.classifiers`.
Reference: https://arxiv.org/abs/1812.04948, section 6
"""

import tensorflow as tf

from stylegan_tf import losses
from stylegan_tf.features import detectors

# Far more than the metric's 1e-4: in float32 the difference of two images
# that near is mostly rounding, and its gradient more so.
_EPSILON = 1e-2
_FEWEST = 4  # examples that a regression can leave one out of


def is_on(config):
    """Whether the config asks for any of it."""
    loss = config.loss
    return bool(loss.experimental_ppl_weight or loss.experimental_ls_weight)


class Terms:
    """What is added to the generator's loss.

    Args:
        config: The run's config.
        examples: How many a replica has at once.
    Raises:
        ValueError: If they are too few.
    """

    def __init__(self, config, examples):
        self._config = config
        found = detectors.Detectors(
            config.metrics.features, config.metrics.classifiers
        )
        if config.loss.experimental_ppl_weight:
            self._distance = found.of("lpips").tensor_distance
        if config.loss.experimental_ls_weight:
            self._logits = found.of("attribute_classifiers").tensor_logits
            if examples < _FEWEST:
                raise ValueError(
                    "`loss.experimental_ls_weight` needs batches of at least "
                    f"{_FEWEST} images on every replica. Received: {examples}"
                )

    def __call__(self, generator, draws, stage):
        """Weighted losses `[N]`, and scalars to report.

        Args:
            generator: The network.
            draws: `draws.Draws` of N examples.
            stage: What progressive networks are told.
        """
        loss, total, report = self._config.loss, 0.0, {}

        def synthesize(w):
            ws = generator.broadcast(w)
            images = generator.synthesize(ws, noise=draws.noise, **stage)
            return tf.cast(images, tf.float32)

        w = tf.cast(generator.mapping(draws.z, draws.labels), tf.float32)
        if loss.experimental_ppl_weight:
            # The other end of a way is the next example's z, mapped with this
            # one's label.
            z = tf.roll(draws.z, 1, axis=0)
            end = tf.cast(generator.mapping(z, draws.labels), tf.float32)
            lengths = perceptual_path_lengths(
                synthesize, self._distance, w, end
            )
            total += loss.experimental_ppl_weight * lengths
            report["experimental/path_length"] = tf.reduce_mean(lengths)
        if loss.experimental_ls_weight:
            open_ = losses.inseparability(w, self._logits(synthesize(w)))
            total += loss.experimental_ls_weight * open_
            report["experimental/inseparability"] = tf.reduce_mean(open_)
        return total, report


def perceptual_path_lengths(synthesize, distance, w, end, epsilon=_EPSILON):
    """Distances of images a step apart over the step squared, `[N]`.

    Steps lie evenly on the ways from `w` to `end`, one on each.

    Args:
        synthesize: w `[N, D]` to images, the same noise every time.
        distance: Two batches of images to `[N]`; has gradients.
        w: `[N, D]`.
        end: `[N, D]`.
        epsilon: Length of a step, a fraction of the way.
    """
    count = w.shape[0]
    t = (tf.range(count, dtype=tf.float32)[:, None] + 0.5) / count
    first, second = (
        synthesize(w + (end - w) * step) for step in (t, t + epsilon)
    )
    return distance(first, second) / epsilon**2
