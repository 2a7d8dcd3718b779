"""Linear separability: ls for 200,000 images, ls20k; in z and in w."""

import dataclasses

import numpy as np

from stylegan_tf.evaluation import evaluator, generated
from stylegan_tf.metrics import path_length, separability

_LARGEST = 256  # what classifiers look at, at most


@dataclasses.dataclass(frozen=True, kw_only=True)
class Separability(evaluator.Evaluator):
    """How well planes in z, and in w, tell the attributes of images."""

    NAMES = ("ls",)
    COUNT = 200_000

    metric: str = "separability"
    detector: str = "attribute_classifiers"
    results: tuple = ("z", "w")
    keep: float = 0.5  # most confident fraction of the images

    def run(self, job):
        network, detector = job.network, job.detector(self)
        random, draw_labels = job.random(job.LATENTS), job.draw_labels()
        noise = job.random(job.NOISE)
        shape = (job.group, network.config.generator.z_size)
        found = []
        for _ in range(0, self.generated, job.group):
            z = random.standard_normal(shape).astype(np.float32)
            ws = network.map(z, draw_labels(job.group))
            # Planes are sought in the w that mapping gave, truncated or not.
            images = generated.synthesize(network, job.truncate(ws), noise)
            images = path_length.shrink(images, _LARGEST)
            job.report(len(images))
            found.append((z, ws[:, -1], detector.logits(images)))
        z, w, logits = (
            np.concatenate(each)[: self.generated]
            for each in zip(*found, strict=True)
        )
        return [
            separability.from_logits(each, logits, keep=self.keep)
            for each in (z, w)
        ]
