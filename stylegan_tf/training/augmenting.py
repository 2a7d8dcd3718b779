"""Moves the strength of augmentation, p, as far as D overfits.

All that changes is one vector, `TrainState.augment`, so that a snapshot holds
it and a run resumes exactly: p; since p last moved, how many real images were
judged, and the sum of their signs, see `losses.real_margin`; and what the
first D since then made of reals, fakes and held-out images. All is done on the
device; the host does not wait for it.

Reference: https://arxiv.org/abs/2006.06676, section 3.1
"""

import pathlib

import tensorflow as tf

from stylegan_tf import run_directory
from stylegan_tf.training import progress

_ZERO = {"sign": 0.6, "validation": 0.5}  # what a target of 0 means
_PATIENCE = 0.2  # of the time from 0 to 1, before a note
_ROUNDING = 1e-6
# p, images, the sum of the reals' sign, mean scores of reals, of fakes and of
# held-out images.
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


def _measure(config):
    """What p moves by, in words."""
    if is_validated(config):
        return "(D(train) - D(held out)) / (D(train) - D(fake))"
    if config.loss.adversarial == "relativistic":
        return "the mean sign of D(real) - D(fake)"
    return "the mean sign of D's scores of reals"


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
    p, images, signs, real, fake, held_out = tf.unstack(vector)
    # D's scores swing from step to step, all together: held-out images were
    # scored by the first D since p last moved, and so must the others be.
    is_first = images == 0.0
    real = tf.where(is_first, report["scores/real"], real)
    fake = tf.where(is_first, report["scores/fake"], fake)
    images += batch_size
    signs += batch_size * report["scores/real_sign"]
    return tf.stack([p, images, signs, real, fake, held_out])


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
    p, images, signs, real, fake, held_out = tf.unstack(vector)
    heuristic = real_sign = signs / images
    if is_validated(config):
        # Where D takes fakes for reals it has learned nothing by heart.
        spread = tf.maximum(real - fake, 0.0)
        heuristic = tf.math.divide_no_nan(real - held_out, spread)
    step = images / (settings.speed_kimg * 1000)
    p += step * tf.sign(heuristic - target(config))
    p = tf.clip_by_value(p, 0.0, settings.max_p)
    report = {"augment/heuristic": heuristic, "augment/real_sign": real_sign}
    return tf.stack([p, 0.0, 0.0, real, fake, held_out]), report


def scalars(vector):
    """What to report of where p is, as a float; nothing without."""
    return {} if vector is None else {"augment/p": float(strength(vector))}


def unused(config, typed):
    """One line if fields of augmentation were typed and it is off, else "".

    Args:
        config: The run's.
        typed: Names of fields that the user gave.
    """
    fields = [name for name in typed if name.startswith("augment.")]
    names = [each for each in fields if each != "augment.mode"]
    if config.augment.mode != "off" or not names:
        return ""
    given = ", ".join(f"--config.{each}" for each in names)
    return (
        f"{given} changes nothing: augment.mode is off. To augment: "
        "--config.augment.mode=adaptive, or fixed"
    )


def describe(config, images_seen=0):
    """One line on what augmentation does, at the start or on going on."""
    settings = config.augment
    if settings.mode == "off":
        return "off"
    if settings.mode == "fixed":
        return f"fixed {settings.preset} with p={settings.p:g}"
    where = f"starts at {settings.p:g}"
    if images_seen:
        where = "goes on where it was"
    return (
        f"adaptive {settings.preset}: p {where} and moves, by "
        f"1 in {settings.speed_kimg:g} kimg and up to {settings.max_p:g}, to "
        f"keep {_measure(config)} at {target(config):g}"
    )


def stronger_penalty(config):
    """The options that double what holds D back from knowing its images."""
    loss = config.loss
    if loss.wgan_gp_weight and not loss.r1_gamma:
        return f"--config.loss.wgan_gp_weight={2 * loss.wgan_gp_weight:g}"
    options = f"--config.loss.r1_gamma={2 * loss.r1_gamma or 1.0:g}"
    if loss.r2_gamma:
        options += f" --config.loss.r2_gamma={2 * loss.r2_gamma:g}"
    return options


class Notes:
    """An action that says what it means when p stays at one of its ends.

    Args:
        config: The run's config.
        workdir: The run directory.
        images_seen: Where the run goes on, as if it had never stopped.
    """

    name = "augmentation"

    def __init__(self, config, workdir, images_seen):
        self.period_kimg = config.training.log_kimg
        self._config = config
        self._end, self._since, self._is_told = None, 0, False
        self._heuristic = float("nan")
        path = pathlib.Path(workdir) / run_directory.METRICS
        for row in run_directory.read(path, images_seen):
            if "augment/p" in row:
                self._see(row, row["images_seen"])

    def __call__(self, state, scalars):
        if line := self._see(scalars, state.images_seen):
            progress.say(line)
            tf.summary.text("augment", line, step=state.images_seen)

    def _see(self, scalars, images_seen):
        """A line if p has been at an end for long since just now, else ""."""
        settings = self._config.augment
        self._heuristic = scalars.get("augment/heuristic", self._heuristic)
        p, end = scalars["augment/p"], None
        if p < _ROUNDING or p > settings.max_p - _ROUNDING:
            end = 0.0 if p < _ROUNDING else settings.max_p
        if end != self._end:
            self._end, self._since = end, images_seen
            self._is_told = False
        kimg = (images_seen - self._since) / 1000
        is_long = kimg >= _PATIENCE * settings.speed_kimg
        if end is None or not is_long or self._is_told:
            return ""
        self._is_told = True
        return f"At {images_seen / 1000:.0f} kimg: {self._meaning(kimg)}"

    def _meaning(self, kimg):
        where = f"{self._heuristic:.2f}, target {target(self._config):g}"
        if not self._end:
            return (
                f"p has been 0 for {kimg:.0f} kimg, since D does not know its "
                f"images by heart ({where}). Nothing is augmented."
            )
        options = [stronger_penalty(self._config)]
        if not self._config.data.mirror:
            options.insert(0, "--config.data.mirror=true")
        return (
            f"p has been at its cap {self._end:g} for {kimg:.0f} kimg, and D "
            f"still knows its images ({where}). More images help most; else "
            f"stop with Ctrl-C, and run the same command with "
            f"{' or '.join(options)}, or begin anew with narrower networks."
        )
