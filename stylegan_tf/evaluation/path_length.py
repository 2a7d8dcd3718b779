"""Perceptual path length: ppl_wend, ppl5k_zfull, ppl2_wend.

The papers' numbers of StyleGAN are of 100,000 pairs of images; later ones of
50,000. ppl2 looks at whole images, as StyleGAN2's code, ppl at the face.
"""

import dataclasses

import numpy as np

from stylegan_tf.evaluation import evaluator, generated
from stylegan_tf.metrics import path_length

_WALKS = ("zfull", "wfull", "zend", "wend")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PathLength(evaluator.Evaluator):
    """How far a short step in z or w moves the image."""

    NAMES = (
        *(f"ppl_{each}" for each in _WALKS),
        "ppl2_wend",
        *(f"ppl100k_{each}" for each in _WALKS),
    )
    ENDING = (
        rf"(?P<is_second>2(?=_))?(?:_?{evaluator.THOUSANDS})?"
        "_(?P<space>[zw])(?P<sampling>full|end)"
    )

    SIDE_BY_SIDE = 2

    metric: str = "path_length"
    detector: str = "lpips"
    space: str  # z or w
    sampling: str  # full: from anywhere on the way; end: from its begin
    is_cropped: bool  # to the face
    epsilon: float = path_length.EPSILON  # length of a step

    @classmethod
    def parse(cls, name, generated, *, is_second, **groups):
        """The evaluator of a name, see the base class."""
        return super().parse(
            name, generated, is_cropped=not is_second, **groups
        )

    def run(self, job):
        network, detector = job.network, job.detector(self)
        random, draw_labels = job.random(job.LATENTS), job.draw_labels()
        # A stream of its own: batches of any size draw the same ways.
        random_t = np.random.RandomState(random.randint(2**31))
        noise = job.random(job.NOISE)
        count, found = job.group // 2, []
        shape = (count, 2, network.config.generator.z_size)
        for _ in range(0, self.generated, count):
            z = random.standard_normal(shape)
            t = random_t.uniform(size=count)
            distances = path_length.distances(
                lambda z, labels: job.truncate(network.map(z, labels)),
                lambda ws: generated.synthesize_pairs(network, ws, noise),
                detector.distance,
                z=z.swapaxes(0, 1),
                t=t if self.sampling == "full" else np.zeros_like(t),
                labels=draw_labels(count),
                space=self.space,
                is_cropped=self.is_cropped,
                epsilon=self.epsilon,
            )
            found.append(distances)
            job.report(2 * count)
        return [
            path_length.trimmed_mean(np.concatenate(found)[: self.generated])
        ]
