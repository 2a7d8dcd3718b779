"""Measures metrics of one network; those of features share a pass.

A metric that cannot be measured ends in an error of its own, and the others
go on.
"""

import contextlib
import dataclasses
import functools
import time

from stylegan_tf.evaluation import evaluator as evaluator_lib
from stylegan_tf.evaluation import reals, sinks


@dataclasses.dataclass
class Measurement:
    """The result of one metric."""

    evaluator: evaluator_lib.Evaluator
    values: dict  # by result name, with the labels of job and detector
    detector: object = None
    generated: int = 0  # images, or pairs
    real: int | None = None  # images
    seconds: float = 0.0  # of the whole pass, where metrics shared one
    error: Exception | None = None


def measure(job, evaluators):
    """Yields a `Measurement` of every one of `evaluators`.

    Args:
        job: A `job.Job`.
        evaluators: From `names.parse_all`.
    """
    for sharing in _passes(evaluators):
        start = time.perf_counter()
        outcomes = _outcomes(job, sharing)
        seconds = time.perf_counter() - start
        for each in sharing:
            yield _measurement(job, each, outcomes[each], seconds)


def total(evaluators):
    """How many generated images `Job.report` will be told of."""
    return sum(
        max(each.generated * each.SIDE_BY_SIDE for each in sharing)
        for sharing in _passes(evaluators)
    )


def failures(measurements):
    """Names of the metrics that failed, by the reason in words."""
    found = {}
    for each in measurements:
        if each.error:
            found.setdefault(str(each.error), []).append(each.evaluator.name)
    return found


def note(measurements):
    """A line on detectors that are not the papers', or ""."""
    labels = {m.detector.label for m in measurements if m.detector}
    labels = sorted(labels - {""})
    if not labels:
        return ""
    return (
        f"Numbers that end in {' or '.join(f'_{each}' for each in labels)} "
        "are not comparable with published ones.\n"
    )


def _passes(evaluators):
    """Lists of those that look at the same images; each evaluator once."""
    sharing, alone = {}, []
    for each in dict.fromkeys(evaluators):
        if isinstance(each, evaluator_lib.OfFeatures):
            sharing.setdefault(each.latents, []).append(each)
        else:
            alone.append([each])
    return [*sharing.values(), *alone]


def _outcomes(job, evaluators):
    """The numbers, or the exception, of each of one pass, by evaluator."""
    outcomes, made, wanted, real = {}, {}, {}, {}
    for each in evaluators:
        with _failing(outcomes, each):
            job.require_reals(each)
            if not isinstance(each, evaluator_lib.OfFeatures):
                outcomes[each] = each.run(job)
                continue
            detector = job.detector(each)
            made[each] = sinks.Sink(
                detector,
                each.generated,
                each.DTYPE,
                functools.partial(each.kept, detector),
            )
            if each.uses_real:
                wanted[each] = reals.Wanted(
                    detector,
                    job.real_count(each),
                    job.is_mirrored_for(each),
                    each.DTYPE,
                )
    with _failing(outcomes, *wanted):
        real = job.reals.collect(wanted.values()) if wanted else {}
    going = {e: sink for e, sink in made.items() if e not in outcomes}
    with _failing(outcomes, *going):
        count = max((each.generated for each in going), default=0)
        sinks.fill(going.values(), job.images(count, evaluators[0].latents))
        for each, sink in going.items():
            with _failing(outcomes, each):
                outcomes[each] = each.numbers(
                    job, real.get(wanted.get(each)), sink.result()
                )
    return outcomes


@contextlib.contextmanager
def _failing(outcomes, *evaluators):
    """What is raised inside becomes the outcome of `evaluators`."""
    try:
        yield
    except Exception as error:  # a metric's failure is its own
        outcomes.update(dict.fromkeys(evaluators, error))


def _measurement(job, evaluator, outcome, seconds):
    if isinstance(outcome, Exception):
        return Measurement(evaluator, {}, seconds=seconds, error=outcome)
    detector = job.detector(evaluator)
    label = job.label
    if detector and detector.label:
        label += f"_{detector.label}"
    values = {
        f"{name}{label}": float(value)
        for name, value in zip(evaluator.result_names, outcome, strict=True)
    }
    generated, real = evaluator.counts(job)
    return Measurement(evaluator, values, detector, generated, real, seconds)
