"""Results as rows of metrics.jsonl, and as a table."""

import dataclasses
import time

from stylegan_tf import columns, environment, run_directory
from stylegan_tf.features import detectors, running


def row(measurement, job, *, images_seen, **provenance):
    """A dict with the numbers, as metrics/NAME, and their protocol.

    Args:
        measurement: A `measure.Measurement` without an error.
        job: The `job.Job` that it is of.
        images_seen: Where the network's run was.
        **provenance: More to remember, such as the network's path.
    """
    values = {
        run_directory.METRICS_PREFIX + name: value
        for name, value in measurement.values.items()
    }
    return {
        "images_seen": images_seen,
        "time": time.time(),
        **values,
        "metric": measurement.evaluator.name + job.label,
        "protocol": protocol(measurement, job),
        "seconds": round(measurement.seconds, 2),
        **provenance,
        "software": environment.software(),
        "machine": environment.machine(),
    }


def protocol(measurement, job):
    """All that a number depends on, but for the network; a dict."""
    settings = dataclasses.asdict(measurement.evaluator)
    settings = {k: v for k, v in settings.items() if v not in (None, ("",))}
    is_mirrored = job.is_mirrored_for(measurement.evaluator)
    reals, config, real = job.reals, job.network.config, measurement.real
    if job.chosen_class is not None:
        settings["class"] = job.class_names[job.chosen_class]
    return {
        **settings,
        "generated": measurement.generated,
        "real": real,
        "real_repeats": real and max(real - reals.count(), 0),
        "detector": detectors.describe(measurement.detector),
        "dataset": reals.path if reals else None,
        "is_mirrored": is_mirrored if real else None,
        "image_shape": list(config.image_shape),
        "truncation_psi": job.truncation_psi,
        "truncation_cutoff": job.truncation_cutoff,
        "noise": "random" if config.generator.use_noise else "none",
        "precision": "float32",
        "seed": job.seed,
        "batch_size": job.network.batch_size,
        "replicas": running.replicas(),
    }


def table(measurements):
    """Aligned lines: name, value, counts, detector, seconds."""
    cells = [("metric", "value", "generated", "real", "by", "seconds")]
    for each in measurements:
        detector = each.detector.name if each.detector else "-"
        real = "-" if each.real is None else f"{each.real:,}"
        cells += [
            (
                name,
                f"{value:.5g}",
                f"{each.generated:,}",
                real,
                detector,
                f"{each.seconds:.1f}",
            )
            for name, value in each.values.items()
        ]
    return columns.aligned(cells, right=(1, 2, 3, 5))
