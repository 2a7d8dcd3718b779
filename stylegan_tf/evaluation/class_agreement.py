"""Agreement: agree1k, the share of images that are of the class asked for.

Attribute classifiers judge. What they say of real images stands beside it:
no network is expected to do better.
"""

import dataclasses

import numpy as np

from stylegan_tf import commands, images
from stylegan_tf.evaluation import evaluator, generated
from stylegan_tf.metrics import class_agreement

_MOST_REAL = 10_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Agreement(evaluator.Evaluator):
    """How many images classifiers see as what was asked for.

    Labels are drawn from the data set's, as in every metric; of each class
    alone tools.evaluate --by_class measures.
    """

    NAMES = ("agree1k",)
    COUNT = 1000
    LOWER_IS_BETTER = False

    metric: str = "class_agreement"
    detector: str = "attribute_classifiers"
    results: tuple = ("", "real")
    uses_real: bool = True

    @classmethod
    def parse(cls, name, generated, **groups):
        """The evaluator of a name, see the base class."""
        return super().parse(name, generated, real=_MOST_REAL, **groups)

    def run(self, job):
        config, names = job.network.config, job.class_names
        if not config.label_size:
            raise ValueError(
                f"{self.name} is for networks with classes: this one has none"
            )
        detector = job.detector(self)
        try:
            asked = class_agreement.of_names(
                names,
                detector.attributes,
                are_classes=config.label_kind == "classes",
            )
        except ValueError as error:
            raise ValueError(f"{error} {_advice(job)}") from error
        return [
            np.mean(class_agreement.agrees(asked, labels, logits))
            for labels, logits in (
                self._generated(job, detector),
                self._real(job, detector),
            )
        ]

    def _generated(self, job, detector):
        """Labels `[N, L]`, and logits of images that are made of them."""
        random, draw_labels = job.random(job.LATENTS), job.draw_labels()
        noise = job.random(job.NOISE)
        shape = (job.group, job.network.config.generator.z_size)
        found = []
        for _ in range(0, self.generated, job.group):
            labels = draw_labels(job.group)
            z = random.standard_normal(shape).astype(np.float32)
            ws = job.truncate(job.network.map(z, labels))
            made = generated.synthesize(job.network, ws, noise)
            job.report(len(made))
            found.append((labels, detector.logits(images.to_uint8(made))))
        labels, logits = map(np.concatenate, zip(*found, strict=True))
        return labels[: self.generated], logits[: self.generated]

    def _real(self, job, detector):
        """Labels `[M, L]` of real images and their logits."""
        order = job.random(job.REALS).permutation(job.reals.count())
        order, found = order[: job.real_count(self)], []
        for start in range(0, len(order), job.group):
            rows = order[start : start + job.group]
            shown, labels = job.reals.read(rows)
            found.append((labels, detector.logits(shown)))
        return map(np.concatenate, zip(*found, strict=True))


def _advice(job):
    """How to come by classifiers of the classes."""
    folder, asked = "networks/classifiers", job.network.config.data.attributes
    command = commands.line(
        "train_classifier",
        f"--dataset={job.reals.path}",
        f"--attributes={asked}" if asked else "--classes",
        f"--output={folder}",
    )
    return f"Train them: {command}, then give --classifiers={folder}"
