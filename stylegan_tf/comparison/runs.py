"""Trained variants of one family: their figures and samples."""

import dataclasses
import gc
import math
import pathlib
import statistics

from stylegan_tf import checkpoint, generators, run_directory
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build

NOT_TRAINED = "is not trained yet"
_RATE = "timing/images_per_second"


@dataclasses.dataclass
class Run:
    """A variant and its figures; None is what is not known."""

    variant: str
    problem: str = ""  # why there are no figures, or not the last ones
    generator_parameters: int | None = None
    discriminator_parameters: int | None = None
    kimg: float | None = None  # thousands of real images shown
    images_per_second: float | None = None  # median over the log's rows
    seconds: float | None = None  # of training, samples and snapshots apart
    metrics: dict = dataclasses.field(default_factory=dict)  # without prefix
    published: dict = dataclasses.field(default_factory=dict)  # the paper's
    config: dict | None = None


def collect(workdirs, problems, *, seeds, truncation_psi=1.0):
    """Figures and samples of every variant, read one after the other.

    Args:
        workdirs: Run directories by variant.
        problems: What went wrong, by variant; such a run is not read.
        seeds: Of the samples.
        truncation_psi: Of the samples.

    Returns:
        A `Run` of every variant, and samples by variant, uint8
        `[N, H, W, C]`, of those that have a snapshot.
    """
    rows, samples = [], {}
    for variant, workdir in workdirs.items():
        problem = problems.get(variant)
        if problem is None and not checkpoint.snapshots(workdir):
            problem = NOT_TRAINED
        run = Run(variant, problem)
        if problem is None:
            try:
                snapshot = checkpoint.load(workdir)
                run = describe(variant, workdir, snapshot)
                generator = generators.of_snapshot(snapshot)
                samples[variant] = generator.samples(seeds, truncation_psi)
            except (OSError, ValueError) as error:
                run = Run(variant, f"can not be read: {error}")
            snapshot = generator = None
            gc.collect()  # Keras models hold themselves
        rows.append(run)
    return rows, samples


def describe(variant, workdir, snapshot):
    """The `Run` of a variant.

    Args:
        variant: Its name.
        workdir: The run directory.
        snapshot: Its newest, loaded.
    """
    discriminator = snapshot.discriminator
    if discriminator is None:
        discriminator = build.discriminator(snapshot.config)
    config = snapshot.config
    kimg, total = snapshot.images_seen / 1000, config.training.total_kimg
    return Run(
        variant,
        f"is at {kimg:g} of {total:g} kimg" if kimg < total else "",
        generator_parameters=build.count_parameters(snapshot.ema_generator),
        discriminator_parameters=build.count_parameters(discriminator),
        kimg=kimg,
        config=config_lib.to_dict(config),
        **logged(workdir, snapshot.images_seen),
    )


def logged(workdir, images_seen):
    """What metrics.jsonl tells up to `images_seen`.

    Returns:
        Dict of images_per_second, seconds (None without rows) and metrics.
    """
    found = run_directory.read(pathlib.Path(workdir) / run_directory.METRICS)
    rows = [row for row in found if row["images_seen"] <= images_seen]
    rates, seconds, before = [], 0.0, 0
    for row in rows:
        if row.get(_RATE):  # rows of other tools have none
            rates.append(row[_RATE])
            seconds += (row["images_seen"] - before) / row[_RATE]
            before = row["images_seen"]
    return {
        "images_per_second": statistics.median(rates) if rates else None,
        "seconds": seconds if rates else None,
        "metrics": _metrics(rows),
    }


def _metrics(rows):
    """What was measured last, by name; what is not finite is None."""
    numbers = [(row["images_seen"], run_directory.numbers(row)) for row in rows]
    last = max((place for place, of_row in numbers if of_row), default=0)
    return {
        name: value if math.isfinite(value) else None
        for place, of_row in numbers
        if place == last
        for name, value in of_row.items()
    }
