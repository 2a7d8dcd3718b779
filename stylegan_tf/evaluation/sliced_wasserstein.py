"""Sliced Wasserstein distance: swd for ProGAN's 16,384 images, swd4k."""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import sliced_wasserstein


@dataclasses.dataclass(frozen=True, kw_only=True)
class SlicedWasserstein(evaluator.Evaluator):
    """The mean distance of all levels; as many images as there are reals."""

    NAMES = ("swd",)
    COUNT = 16_384

    metric: str = "sliced_wasserstein"
    uses_real: bool = True
    keeps_mirror: bool = True
    may_repeat: bool = True

    @classmethod
    def parse(cls, name, generated):
        """The evaluator of a name, see the base class."""
        return super().parse(name, generated, real=generated)

    def counts(self, job):
        """As many generated images as there are real ones."""
        return (job.real_count(self),) * 2

    def run(self, job):
        count, _ = self.counts(job)
        found = sliced_wasserstein.from_images(
            job.reals.batches(count, job.is_mirrored_for(self)),
            job.images(count),
            random=job.random(job.PATCHES),
        )
        return [found["average"]]
