"""Sees a run collapse, says so in one line, and what to try.

Three ways to fail, each with a number in metrics.jsonl and TensorBoard:

    collapse/memorisation: D scores the images it trains on above held-out
        ones: r_v of arXiv 2006.06676, section 3; 0 is no such difference, at
        1 D holds held-out images for generated. Needs `data.holdout`.
    collapse/diversity: G makes few different images: how far each is from
        the one most like it, as a share of that distance of real images.
        Few modes show as a birthday shared by two of a small group does
        (arXiv 1706.08224); a mean over all pairs misses them: half of it is
        left with two modes.
    loss/discriminator: D is never wrong, and G learns from it no more.
"""

import collections
import dataclasses
import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf import run_directory
from stylegan_tf.config import validate
from stylegan_tf.data import shrunk
from stylegan_tf.training import augmenting, progress

_SIDE = 16  # pixels: what makes two images different to the eye
_FEWEST_IMAGES = 16  # whose distances say something
_LEAST_MARGIN = 0.1  # D tells real from generated at all


def memorisation(reports):
    """Dict with "collapse/memorisation" of iterations, if it can be told.

    Only those that score held-out images count, which D then scores with the
    same weights as the others: its scores swing within a round.

    Args:
        reports: Dicts of scalars, one an iteration.
    """
    names = "scores/real", "scores/held_out", "scores/fake"
    scores = [
        [float(report[name]) for name in names]
        for report in reports
        if "scores/held_out" in report
    ]
    if not scores:
        return {}
    real, held_out, fake = np.mean(scores, axis=0)
    if real - fake < _LEAST_MARGIN:
        return {}
    return {"collapse/memorisation": float((real - held_out) / (real - fake))}


def diversity(fakes, sheet, resolution=None):
    """Dict with "collapse/diversity" of generated images, if it can be told.

    Args:
        fakes: uint8 `[N, H, W, C]`, of N latents or of a few for each class.
        sheet: The `sample_sheet.Sheet` that they stand on.
        resolution: What the fakes were before they were enlarged.
    """
    side = min(_SIDE, resolution or _SIDE)
    reals, fakes = _small(sheet.reals, side), _small(fakes, side)
    groups = np.zeros(len(reals), int)
    if len(set(sheet.seeds)) < len(reals):  # classes share latents
        groups = np.arange(len(reals)) // sheet.columns
    _, kept = np.unique(reals, axis=0, return_index=True)  # some come twice
    near = [_to_nearest(each[kept], groups[kept]) for each in (fakes, reals)]
    if len(near[0]) < _FEWEST_IMAGES:
        return {}
    return {"collapse/diversity": float(near[0].mean() / near[1].mean())}


def _to_nearest(x, groups):
    """Distances of vectors `[N, P]` to the nearest other of their group.

    Those that are alone in theirs are left out.
    """
    squares = np.square(x).sum(1)
    distances = (squares[:, None] + squares - 2 * x @ x.T).clip(0)
    distances[groups[:, None] != groups] = np.inf
    np.fill_diagonal(distances, np.inf)
    nearest = distances.min(1)
    return np.sqrt(nearest[np.isfinite(nearest)])


def _small(images, side):
    """Images of at most `side` pixels as vectors, `[N, P]`."""
    height, width = images.shape[1:3]
    factor = 1
    while max(height, width) > side * factor and not (
        height % (2 * factor) or width % (2 * factor)
    ):
        factor *= 2
    small = [shrunk.shrink(image, factor).ravel() for image in images]
    return np.array(small, np.float64)


@dataclasses.dataclass
class Gauge:
    """Whether a number of the last rounds is bad, slow to change its mind.

    Attributes:
        scalar: Name of the number.
        rounds: How many of its last values are averaged.
        ill: The mean from which on it is bad; below `well` less is worse.
        well: The mean from which on it is good again.
        is_ill: Whether it is bad now.
    """

    scalar: str
    rounds: int
    ill: float
    well: float
    is_ill: bool = False

    def __post_init__(self):
        self._values = collections.deque(maxlen=self.rounds)

    @property
    def mean(self):
        """Of the last values."""
        return float(np.mean(self._values))

    def changes(self, scalars):
        """Whether its state changes with the scalars of another round."""
        if self.scalar not in scalars:
            return False
        self._values.append(scalars[self.scalar])
        worse = 1 if self.ill > self.well else -1
        is_full = len(self._values) == self.rounds
        limit = self.well if self.is_ill else self.ill
        is_ill = is_full and worse * self.mean >= worse * limit
        changed, self.is_ill = is_ill != self.is_ill, is_ill
        return changed


class Watch:
    """Says above the progress bar when a run begins to fail, and when it ends.

    Args:
        config: The run's config.
        workdir: The run directory.
        images_seen: Where the run goes on, as if it had never stopped.
    """

    name = "collapse"

    def __init__(self, config, workdir, images_seen):
        self.period_kimg = config.training.log_kimg
        self._config = config
        self._gauges = gauges(config)
        path = pathlib.Path(workdir) / run_directory.METRICS
        for row in run_directory.read(path, images_seen):
            self._see(row)

    def __call__(self, state, scalars):
        for name in self._see(scalars):
            line = describe(
                name, self._gauges[name], self._config, state.images_seen
            )
            progress.say(line)
            tf.summary.text("collapse", line, step=state.images_seen)

    def _see(self, scalars):
        """Names of the gauges that change with the scalars of a round."""
        return [
            name
            for name, gauge in self._gauges.items()
            if gauge.changes(scalars)
        ]


def gauges(config):
    """Dict of the `Gauge`s of a run, by what each is about.

    Measured, see tests/training/collapse_test.py. Runs on faces kept a
    diversity of 0.6 and more from the first kimg on; one that came to make
    one face (no penalty, rates five times as high) fell to 0.33, and D's loss,
    elsewhere 0.25 and more, to 0.05; that of pairs, one comparison in place of
    two, stayed above 0.13. Memorisation stayed below 0.1 on 500 faces and rose
    to 0.3 on 80; augmentation steers for 0.5 by default.
    """
    level = 0.4
    if augmenting.is_validated(config):
        level = augmenting.target(config)
    found = {
        "memorises": Gauge(
            "collapse/memorisation", 8, ill=level + 0.1, well=level
        ),
        "repeats": Gauge("collapse/diversity", 2, ill=0.5, well=0.55),
    }
    if config.loss.adversarial != "wgan":  # whose losses have no bottom
        never_wrong = 0.03 if config.loss.adversarial == "relativistic" else 0.1
        found["wins"] = Gauge(
            "loss/discriminator", 4, ill=never_wrong, well=2 * never_wrong
        )
    return found


def describe(name, gauge, config, images_seen):
    """One line on a gauge that changed, with what to try if it is ill."""
    kimg = f"At {images_seen / 1000:.0f} kimg"
    side = "below" if gauge.ill > gauge.well else "above"
    number = f"{gauge.scalar} {gauge.mean:.2f}, good {side} {gauge.well:g}"
    ill, well = {
        "memorises": (
            "D learns its images by heart",
            "D tells its images from held-out ones less",
        ),
        "repeats": ("G makes the same few images", "G's images differ again"),
        "wins": (
            "D is never wrong, and G learns nothing from it",
            "D is wrong again, and G learns from it",
        ),
    }[name]
    if not gauge.is_ill:
        return f"{kimg}: {well} ({number})."
    options = " or ".join(advice(name, config))
    again = " If that is too late, begin anew with them."
    return (
        f"{kimg}: {ill} ({number}). Stop with Ctrl-C, and run the same "
        f"command with {options}.{again * (name == 'repeats')}"
    )


def advice(name, config):
    """Options to try, the most promising first; a run may go on with them."""
    training, found = config.training, []
    if name != "repeats":
        found += _augmentation(config)
    if not config.data.mirror and name == "memorises":
        found.append("--config.data.mirror=true")
    found.append(augmenting.stronger_penalty(config))
    if not config.growing.learning_rates and name != "memorises":
        rate = training.discriminator_lr / 2
        found.append(f"--config.training.discriminator_lr={rate:g}")
    return found


def _augmentation(config):
    """The options that turn adaptive augmentation on, where that can be."""
    settings = config.augment
    is_msg = config.discriminator.architecture == "msg"
    if settings.mode == "adaptive" or is_msg or settings.p > settings.max_p:
        return []
    option = "--config.augment.mode=adaptive"
    if not validate.has_zero(config.loss):
        option += " --config.augment.heuristic=validation"
        return [option] if config.data.holdout else []
    return [option]
