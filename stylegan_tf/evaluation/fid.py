"""Fréchet inception distance: fid50k, fid50k_full, fid50k_mix3."""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import fid


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fid(evaluator.Comparing):
    """FID as the TensorFlow repositories compute it."""

    NAMES = ("fid50k", "fid50k_full")
    MAY_REPEAT = True

    metric: str = "fid"
    detector: str = "inception"
    ddof: int = 1  # of the covariances

    DTYPE = None

    def numbers(self, job, real, made):
        return [fid.from_statistics(real, made, ddof=self.ddof)]
