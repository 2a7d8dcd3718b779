"""Kernel inception distance: kid50k, kid50k_full, kid50k_mix3."""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import kid


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kid(evaluator.Comparing):
    """KID as stylegan2-ada computes it."""

    NAMES = ("kid50k", "kid50k_full")
    MOST_REAL = 1_000_000

    metric: str = "kid"
    detector: str = "inception"
    subsets: int = kid.SUBSETS
    max_subset_size: int = kid.MAX_SUBSET_SIZE

    def numbers(self, job, real, made):
        return [
            kid.from_features(
                real,
                made,
                subsets=self.subsets,
                max_subset_size=self.max_subset_size,
                random=job.random(job.SUBSETS),
            )
        ]
