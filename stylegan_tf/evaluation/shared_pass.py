"""Measures all metrics of features in one pass over the images.

The pass goes on for the others where one metric fails.
"""

import contextlib

from stylegan_tf.evaluation import reals, sinks


def run(job, evaluators):
    """The numbers, or the exception, of each of `evaluators`, by evaluator.

    Args:
        job: A `job.Job`.
        evaluators: `evaluator.OfFeatures` that mix as many `latents`: all look
            at the same images.
    """
    outcomes, made, wanted, real = {}, {}, {}, {}
    for each in evaluators:
        with _failing(outcomes, each):
            job.require_reals(each)
            detector = job.detector(each)
            made[each] = _sink(detector, each)
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
    for each in [each for each in going if each not in outcomes]:
        with _failing(outcomes, each):
            outcomes[each] = each.numbers(
                job, real.get(wanted.get(each)), going[each].result()
            )
    return outcomes


def _sink(detector, evaluator):
    return sinks.Sink(
        detector,
        evaluator.generated,
        evaluator.DTYPE,
        lambda features: evaluator.kept(detector, features),
    )


@contextlib.contextmanager
def _failing(outcomes, *evaluators):
    """What is raised inside becomes the outcome of `evaluators`."""
    try:
        yield
    except Exception as error:  # a metric's failure is its own
        outcomes.update(dict.fromkeys(evaluators, error))
