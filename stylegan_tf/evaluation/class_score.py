"""Class score: cs50k, an Inception Score by a data set's own classifier.

Its mean and its deviation over ten splits, and the mean of as many real
images: what the best generator would have.
"""

import dataclasses

from stylegan_tf.evaluation import evaluator
from stylegan_tf.metrics import inception_score


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClassScore(evaluator.OfFeatures):
    """exp of the mean divergence of an image's classes from those of all."""

    NAMES = ("cs50k",)
    LOWER_IS_BETTER = False

    metric: str = "class_score"
    detector: str = "class_classifier"  # of `features.detectors`
    results: tuple = ("mean", "std", "real")
    uses_real: bool = True
    splits: int = inception_score.SPLITS

    @classmethod
    def parse(cls, name, generated, **groups):
        return super().parse(name, generated, real=generated, **groups)

    def numbers(self, job, real, made):
        detector = job.detector(self)
        _refuse_other(job, detector.attributes)
        mean, std = self._score(detector, made)
        return mean, std, self._score(detector, real)[0]

    def _score(self, detector, logits):
        return inception_score.from_probabilities(
            detector.probabilities_of(logits), splits=self.splits
        )


def _refuse_other(job, known):
    """Refuses a classifier that knows none of the classes; parts count too."""
    if not job.network.config.label_names:
        return  # they may be its classes under numbers
    names = job.class_names
    if not set(known) & {*names, *(name.rpartition("/")[0] for name in names)}:
        raise ValueError(
            "The classifier must know the classes of the network: "
            f"{', '.join(names[:4])}{', ...' * (len(names) > 4)}. It knows: "
            f"{', '.join(known[:4])}{', ...' * (len(known) > 4)}. Give another "
            "by --classifiers, from tools.train_classifier --classes."
        )
