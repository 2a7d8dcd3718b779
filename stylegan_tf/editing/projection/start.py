"""Where projection starts: the mean of w, and how far w spreads about it.

Reference: https://arxiv.org/abs/1912.04958, appendix D
"""

import numpy as np

_SAMPLES = 10_000
_AT_ONCE = 1000
_SEED = 123


def statistics(generator, class_index=None):
    """Mean `[D]` and standard deviation, a float, of 10,000 samples of w.

    The deviation is that of the whole vector: the root of the mean squared
    distance to the mean. ProGAN's w is its latent, normalised.

    Args:
        generator: A `generators.Bound`.
        class_index: Of conditional networks; None for all classes in turn.
    """
    size = generator.config.generator.z_size
    z = np.random.RandomState(_SEED).randn(_SAMPLES, size).astype(np.float32)
    numbers = np.arange(_SAMPLES)
    if class_index is not None:
        numbers = [class_index] * _SAMPLES
    labels = generator.labels(numbers)
    samples = []
    for first in range(0, _SAMPLES, _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        ws = generator.map(z[rows], None if labels is None else labels[rows])
        samples.append(ws[:, 0].astype(np.float64))
    w = np.concatenate(samples)
    mean = w.mean(axis=0)
    spread = np.sqrt(np.square(w - mean).sum(axis=1).mean())
    return mean.astype(np.float32), float(spread)
