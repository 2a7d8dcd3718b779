"""Multi-scale structural similarity: msssim for 20,000 images, msssim4k."""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import ms_ssim


@dataclasses.dataclass(frozen=True, kw_only=True)
class MsSsim(evaluator.Evaluator):
    """The mean similarity of two random images."""

    NAMES = ("msssim",)
    COUNT = 20_000

    metric: str = "ms_ssim"

    def run(self, job):
        return [ms_ssim.from_images(job.images(self.generated))]
