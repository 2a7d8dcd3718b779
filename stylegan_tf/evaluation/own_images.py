"""The metrics that make images of their own."""

from stylegan_tf.evaluation.job import Purpose
from stylegan_tf.metrics import (
    ms_ssim,
    path_length,
    separability,
    sliced_wasserstein,
)

_LARGEST = 256  # what classifiers look at, at most


def run(job, protocol):
    """Numbers, detector, generated and real counts of a `protocol`.

    Raises:
        Exception: Whatever keeps it from being measured.
    """
    job.require_reals(protocol)
    detector = job.detectors.of(protocol.detector)
    count, real = protocol.generated, None
    if protocol.metric == "path_length":
        numbers = [_path_length(job, protocol, detector)]
    elif protocol.metric == "separability":
        numbers = _separability(job, protocol, detector)
    elif protocol.metric == "ms_ssim":
        numbers = [ms_ssim.from_images(job.images(count))]
    else:
        count = real = job.real_count(protocol)
        found = sliced_wasserstein.from_images(
            job.reals.batches(real, job.is_mirrored_for(protocol)),
            job.images(count),
            random=job.random(Purpose.PATCHES),
        )
        numbers = [found["average"]]
    return numbers, detector, count, real


def _path_length(job, protocol, detector):
    network = job.network

    def distance(first, second):
        job.report(2 * len(first))
        return detector.distance(first, second)

    return path_length.from_network(
        network.map,
        network.pair_synthesis(job.random(Purpose.NOISE)),
        distance,
        space=protocol.space,
        sampling=protocol.sampling,
        is_cropped=protocol.is_cropped,
        epsilon=protocol.epsilon,
        batch_size=job.group // 2,
        **_draws(job, protocol),
    )


def _separability(job, protocol, detector):
    network = job.network

    def classify(images):
        job.report(len(images))
        return detector.logits(path_length.shrink(images, _LARGEST))

    return separability.from_network(
        network.map,
        network.synthesis(job.random(Purpose.NOISE)),
        classify,
        keep=protocol.keep,
        batch_size=job.group,
        **_draws(job, protocol),
    )


def _draws(job, protocol):
    """What is drawn, as arguments of `from_network`."""
    return {
        "latent_size": job.network.config.generator.z_size,
        "count": protocol.generated,
        "draw_labels": job.draw_labels(),
        "random": job.random(Purpose.LATENTS),
    }
