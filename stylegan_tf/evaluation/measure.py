"""Metrics of one network; those that compare features share a pass.

A metric that cannot be measured ends in an error of its own, and the others
go on.
"""

import dataclasses
import time

from stylegan_tf.evaluation import own_images, shared_pass
from stylegan_tf.metrics import names


@dataclasses.dataclass
class Measurement:
    """What came out of one metric."""

    protocol: names.Protocol
    values: dict  # by result name, with the detector's label; {} if failed
    detector: object = None
    generated: int = 0  # images, or pairs
    real: int | None = None  # images
    seconds: float = 0.0  # of the whole pass, where metrics shared one
    error: Exception | None = None


def measure(job, protocols):
    """Yields a `Measurement` of every one of `protocols`.

    Args:
        job: A `job.Job`.
        protocols: `names.Protocol`s.
    """
    passes, alone = _parted(protocols)
    for sharing in passes:
        start = time.perf_counter()
        outcomes = shared_pass.run(job, sharing)
        seconds = time.perf_counter() - start
        for protocol in sharing:
            yield _measurement(protocol, outcomes[protocol], seconds)
    for protocol in alone:
        start = time.perf_counter()
        try:
            outcome = own_images.run(job, protocol)
        except Exception as error:  # a metric's failure is its own
            outcome = error
        seconds = time.perf_counter() - start
        yield _measurement(protocol, outcome, seconds)


def total(protocols):
    """How many generated images `Job.report` will be told of."""
    passes, alone = _parted(protocols)
    counts = [_images_of(each) for each in alone]
    counts += [max(each.generated for each in sharing) for sharing in passes]
    return sum(counts)


def failures(measurements):
    """Names of the metrics that failed, by the reason in words."""
    found = {}
    for each in measurements:
        if each.error:
            found.setdefault(str(each.error), []).append(each.protocol.name)
    return found


def note(measurements):
    """What to know of detectors that are not the papers', a line or ""."""
    labels = {m.detector.label for m in measurements if m.detector}
    labels = sorted(labels - {""})
    if not labels:
        return ""
    return (
        f"Numbers that end in {' or '.join(f'_{each}' for each in labels)} "
        "are not comparable with published ones.\n"
    )


def _parted(protocols):
    """Lists of those that share a pass, and the others; each once."""
    passes, alone = {}, []
    for each in dict.fromkeys(protocols):
        if each.metric in shared_pass.METRICS:
            passes.setdefault(each.latents, []).append(each)
        else:
            alone.append(each)
    return list(passes.values()), alone


def _measurement(protocol, outcome, seconds):
    if isinstance(outcome, Exception):
        return Measurement(protocol, {}, seconds=seconds, error=outcome)
    numbers, detector, generated, real = outcome
    label = f"_{detector.label}" if detector and detector.label else ""
    values = {
        f"{name}{label}": float(value)
        for name, value in zip(protocol.result_names, numbers, strict=True)
    }
    return Measurement(protocol, values, detector, generated, real, seconds)


def _images_of(protocol):
    is_pairs = protocol.metric == "path_length"
    return protocol.generated * (2 if is_pairs else 1)
