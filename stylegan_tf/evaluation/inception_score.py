"""Inception Score: is50k, its mean and its deviation over ten splits."""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import inception_score


@dataclasses.dataclass(frozen=True, kw_only=True)
class InceptionScore(evaluator.OfFeatures):
    """The Inception Score, of class probabilities."""

    NAMES = ("is50k",)
    LOWER_IS_BETTER = False

    metric: str = "inception_score"
    detector: str = "inception_softmax"
    results: tuple = ("mean", "std")
    splits: int = inception_score.SPLITS

    def kept(self, detector, features):
        return detector.probabilities_of(features)

    def numbers(self, job, real, made):
        return inception_score.from_probabilities(made, splits=self.splits)
