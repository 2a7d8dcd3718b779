"""Moves the strength of augmentation, p, as far as D overfits.

All that changes is one vector, `TrainState.augment`, so that a snapshot holds
it and a run resumes exactly: p; since p last moved, how many real images were
judged, and sums over them; and the last score of held-out images. All is done
on the device; the host does not wait for it.

Reference: https://arxiv.org/abs/2006.06676, section 3.1
"""

import tensorflow as tf

_ZERO = {"sign": 0.6, "validation": 0.5}  # what a target of 0 means
# p, images, the sums of the reals' sign, of their and of the fakes' scores,
# the held-out images' mean score.
_FIELDS = 6


def is_adaptive(config):
    """Whether p moves."""
    return config.augment.mode == "adaptive"


def is_validated(config):
    """Whether p moves by the scores of held-out images."""
    return is_adaptive(config) and config.augment.heuristic == "validation"


def is_due(config, steps):
    """Whether p moves after so many iterations."""
    return is_adaptive(config) and steps % config.augment.interval_steps == 0


def target(config):
    """Where the heuristic is kept: the official value if the config has 0."""
    settings = config.augment
    return settings.target or _ZERO[settings.heuristic]


def start(config):
    """The vector of a new run."""
    return tf.constant([config.augment.p] + [0.0] * (_FIELDS - 1))


def variable(config):
    """What holds the vector, or None without augmentation."""
    if config.augment.mode == "off":
        return None
    return tf.Variable(
        start(config),
        trainable=False,
        name="augment_p",
        aggregation=tf.VariableAggregation.MEAN,
    )


def strength(vector):
    """p, a scalar tensor."""
    return tf.convert_to_tensor(vector)[0]


def observed(vector, report, batch_size):
    """The vector after an update of D.

    Args:
        vector: `[6]`.
        report: Of `gradients.discriminator_loss`, means over a batch.
        batch_size: Of all replicas.
    """
    sums = [
        1.0,
        report["scores/real_sign"],
        report["scores/real"],
        report["scores/fake"],
    ]
    return vector + batch_size * tf.stack([0.0, *sums, 0.0])


def observed_held_out(vector, report, batch_size):
    """The vector after a batch of held-out images was scored."""
    del batch_size
    return tf.stack([*tf.unstack(vector)[:-1], report["scores/held_out"]])


def moved(vector, config):
    """The vector after a move of p, and what to report.

    Args:
        vector: `[6]`, of at least one update of D.
        config: The run's.
    """
    settings = config.augment
    p, images, *sums, held_out = tf.unstack(vector)
    real_sign, real, fake = (total / images for total in sums)
    heuristic = real_sign
    if is_validated(config):
        # Where D takes fakes for reals it has learned nothing by heart.
        spread = tf.maximum(real - fake, 0.0)
        heuristic = tf.math.divide_no_nan(real - held_out, spread)
    step = images / (settings.speed_kimg * 1000)
    p += step * tf.sign(heuristic - target(config))
    p = tf.clip_by_value(p, 0.0, settings.max_p)
    report = {"augment/heuristic": heuristic, "augment/real_sign": real_sign}
    return tf.stack([p, 0.0, 0.0, 0.0, 0.0, held_out]), report


def scalars(vector):
    """What to report of where p is, as a float; nothing without."""
    return {} if vector is None else {"augment/p": float(strength(vector))}


def describe(config):
    """One line on what augmentation does."""
    settings = config.augment
    if settings.mode == "off":
        return "off"
    if settings.mode == "fixed":
        return f"fixed {settings.preset}, p={settings.p:g}"
    measure = {
        "sign": "the mean sign of D's scores of reals",
        "validation": "(D(train) - D(held out)) / (D(train) - D(fake))",
    }[settings.heuristic]
    return (
        f"adaptive {settings.preset}, p from {settings.p:g} to at most "
        f"{settings.max_p:g} by 1 in {settings.speed_kimg:g} kimg, so that "
        f"{measure} stays at {target(config):g}"
    )
