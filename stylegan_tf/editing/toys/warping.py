"""A network of two numbers that shows why W is straighter than Z.

Of two factors of variation one combination never occurs. Latents come from a
disc, which has no such corner, so that whatever makes factors of them must
bend. A mapping network can do the bending, and leave W its own shape.

All of it is trained as StyleGAN is, on "images" of one pixel whose two
channels are the factors.

Reference: https://arxiv.org/abs/1812.04948, section 4 and figure 6
"""

import keras
import numpy as np
import tensorflow as tf

from stylegan_tf import losses
from stylegan_tf.layers import equalized

STEPS, BATCH_SIZE = 2000, 256
CORNER = 0.3  # how far beyond the middle the empty corner reaches
_WIDTH = 64  # of every hidden layer
# Hidden layers. StyleGAN's mapping has 8, and its factor is 0.01: it has 512
# numbers to bend, not 2, and a thousand times as long.
_MAPPING, _SYNTHESIS, _DISCRIMINATOR = 3, 1, 3
_MAPPING_LR_MULTIPLIER = 0.1
_LEARNING_RATE = 2e-3
_R1_GAMMA = 0.1
_EMA_DECAY = 0.99
_PAIRS = 2000  # of points, to measure detours between


def factors(random, count):
    """Training data, float32 `[count, 2]` in [-1, 1].

    A low first factor never meets a high second one.
    """
    found = random.uniform(-1.0, 1.0, size=(3 * count + 100, 2))
    return found[~is_missing(found)][:count].astype(np.float32)


def is_missing(factors):
    """Which of `[N, 2]` are a combination that the training set lacks."""
    return (factors[:, 0] < CORNER) & (factors[:, 1] > -CORNER)


def latents(random, count):
    """z, float32 `[count, 2]`, as many wherever in the unit disc."""
    radius = np.sqrt(random.uniform(size=count))
    angle = random.uniform(0.0, 2 * np.pi, size=count)
    found = radius * (np.cos(angle), np.sin(angle))
    return found.T.astype(np.float32)


def train_both(**options):
    """What `train` gives without a mapping network, and with one."""
    return [train(use_mapping=each, **options) for each in (False, True)]


def train(*, use_mapping, steps=STEPS, seed=0, report=None):
    """The mapping and the synthesis of a GAN, two models `[N, 2]` -> `[N, 2]`.

    Without a mapping network the first is the identity, and the second has as
    many layers as otherwise the two.

    Args:
        use_mapping: Whether w is learned, or z.
        steps: Batches.
        seed: Of weights, latents and data.
        report: Called after every step, or None.
    """
    keras.utils.set_random_seed(seed)
    random = np.random.RandomState(seed)
    narrow, wide = [2], [_WIDTH]
    if use_mapping:
        mapping = _layers(wide * _MAPPING + narrow, _MAPPING_LR_MULTIPLIER)
        synthesis = _layers(wide * _SYNTHESIS + narrow)
    else:
        mapping = keras.Sequential([keras.Input((2,)), keras.layers.Identity()])
        synthesis = _layers(wide * (_MAPPING + 1 + _SYNTHESIS) + narrow)
    discriminator = _layers([2 * _WIDTH] * _DISCRIMINATOR + [1])
    generator = keras.Sequential([mapping, synthesis])
    step, averaged = _make_step(generator, discriminator, steps)
    for _ in range(steps):
        step(latents(random, BATCH_SIZE), factors(random, BATCH_SIZE))
        if report:
            report()
    for ours, average in zip(generator.weights, averaged, strict=True):
        ours.assign(average)
    return mapping, synthesis


def measure(trained, *, seed=0):
    """How straight Z of one network is, Z of the other, and its W.

    Args:
        trained: What `train_both` gave.
        seed: Of the latents that are looked at.

    Returns:
        Three dicts of what `detour` and `explained` say.
    """
    (_, alone), (mapping, synthesis) = trained
    both = keras.Sequential([mapping, synthesis])
    z = latents(np.random.RandomState(seed), 2 * _PAIRS)
    w = np.asarray(mapping(z))

    return [
        {
            "detour": detour(network, *np.split(points, 2)),
            "explained": explained(points, np.asarray(network(points))),
        }
        for points, network in ((z, alone), (z, both), (w, synthesis))
    ]


def explained(points, factors):
    """How much of the factors' variance a linear function of points tells.

    Args:
        points: z or w, `[N, 2]`.
        factors: `[N, 2]`.

    Returns:
        1 where factor lines are straight and evenly spaced, 0 for nothing.
    """
    inputs = np.concatenate([points, np.ones((len(points), 1))], axis=1)
    weights, *_ = np.linalg.lstsq(inputs, factors, rcond=None)
    left = np.var(factors - inputs @ weights, axis=0).sum()
    return float(1 - left / np.var(factors, axis=0).sum())


def detour(synthesis, starts, ends, *, pieces=64):
    """How much longer than straight the way is that factors take.

    The perceptual path length of the toy: the way of the factors while their
    point goes straight, over the distance of its ends. 1 is straight.

    Args:
        synthesis: Points `[M, 2]` to factors `[M, 2]`.
        starts: z or w, `[N, 2]`.
        ends: `[N, 2]`.
        pieces: Of each way.
    """
    t = np.linspace(0.0, 1.0, pieces + 1, dtype=np.float32)[:, None, None]
    way = starts + t * (ends - starts)
    made = np.asarray(synthesis(way.reshape(-1, 2))).reshape(way.shape)
    lengths = np.linalg.norm(np.diff(made, axis=0), axis=2).sum()
    return float(lengths / np.linalg.norm(made[-1] - made[0], axis=1).sum())


def _layers(widths, lr_multiplier=1.0):
    *hidden, last = widths
    layers = [
        equalized.EqualizedDense(
            width, activation="lrelu", lr_multiplier=lr_multiplier
        )
        for width in hidden
    ]
    layers.append(equalized.EqualizedDense(last, lr_multiplier=lr_multiplier))
    return keras.Sequential([keras.Input((2,)), *layers])


def _make_step(generator, discriminator, steps):
    """`step(z, real)` of both networks, and G's averaged weights."""
    ours, theirs = generator.weights, discriminator.weights
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps)
    ours_by, theirs_by = (
        keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99) for _ in range(2)
    )
    ours_by.build(ours)
    theirs_by.build(theirs)
    averaged = [tf.Variable(weight) for weight in ours]

    def scores(pixels):
        return discriminator(tf.reshape(pixels, (-1, 2)))

    @tf.function
    def step(z, real):
        fake = generator(z)
        with tf.GradientTape() as tape:
            loss = losses.discriminator_loss(
                scores(real), scores(fake), "logistic"
            )
            pixels = real[:, None, None]
            penalty = losses.squared_gradient_norm(scores, pixels)
            loss = tf.reduce_mean(loss + _R1_GAMMA / 2 * penalty)
        theirs_by.apply(tape.gradient(loss, theirs), theirs)
        with tf.GradientTape() as tape:
            loss = losses.generator_loss(scores(generator(z)), "logistic")
            loss = tf.reduce_mean(loss)
        ours_by.apply(tape.gradient(loss, ours), ours)
        for average, weight in zip(averaged, ours, strict=True):
            average.assign_sub((1 - _EMA_DECAY) * (average - weight))

    return step, averaged
