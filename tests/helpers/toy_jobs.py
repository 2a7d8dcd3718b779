"""Evaluations of networks that are formulas."""

import types

from stylegan_tf.evaluation import job, names


def numbers(name, network, detector, *, z_size, label_size=0, **options):
    """What the evaluator of `name` finds.

    Args:
        name: Of the metric.
        network: Has `map` and what else the metric takes of a network.
        detector: What looks at images.
        z_size: Length of z.
        label_size: Length of a label.
        **options: Of `job.Job`.
    """
    network.config = types.SimpleNamespace(
        generator=types.SimpleNamespace(z_size=z_size), label_size=label_size
    )
    detectors = types.SimpleNamespace(of=lambda kind: detector)
    return names.parse(name).run(job.Job(network, detectors, **options))
