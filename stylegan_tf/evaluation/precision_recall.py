"""Precision and recall, pr50k3; density and coverage, dc50k5.

The number after the k is how many neighbours bound a neighbourhood.
"""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import precision_recall


@dataclasses.dataclass(frozen=True, kw_only=True)
class PrecisionRecall(evaluator.Comparing):
    """Precision and recall as stylegan2-ada-pytorch computes them."""

    NAMES = ("pr50k3", "pr50k3_full")
    ENDING = (
        evaluator.THOUSANDS
        + r"(?P<neighbourhood>[1-9]\d*)"
        + evaluator.Comparing.REST
    )
    MOST_REAL = 200_000
    MAY_REPEAT = True
    LOWER_IS_BETTER = False

    metric: str = "precision_recall"
    detector: str = "vgg16"
    results: tuple = ("precision", "recall")
    neighbourhood: int  # k of the k nearest neighbours
    rounding: str | None = "float16"  # of distances, see neighbours.blocks

    # The official code keeps the features of rounded distances so, too.
    DTYPE = "float16"

    @classmethod
    def parse(cls, name, generated, *, neighbourhood, **groups):
        """The evaluator of a name, see the base class."""
        return super().parse(
            name, generated, neighbourhood=int(neighbourhood), **groups
        )

    def numbers(self, job, real, made):
        return precision_recall.from_features(
            real, made, self.neighbourhood, rounding=self.rounding
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class DensityCoverage(PrecisionRecall):
    """Density and coverage, of distances that are not rounded."""

    NAMES = ("dc50k5", "dc50k5_full")
    MAY_REPEAT = False

    metric: str = "density_coverage"
    results: tuple = ("density", "coverage")
    rounding: str | None = None

    DTYPE = "float32"

    def numbers(self, job, real, made):
        return precision_recall.density_coverage(real, made, self.neighbourhood)
