"""Agreement: agree1k, the share of images that are of the class asked for.

Attribute classifiers judge. What they say of real images stands beside it:
no network is expected to do better.
"""

import dataclasses

import numpy as np

from stylegan_tf import commands, images, latents
from stylegan_tf.data import pipeline
from stylegan_tf.evaluation import evaluator, generated
from stylegan_tf.metrics import class_agreement


@dataclasses.dataclass(frozen=True, kw_only=True)
class Agreement(evaluator.Evaluator):
    """How many images classifiers see as what was asked for.

    Classes come in turn, each as often; labels that are vectors are drawn
    from the data set's.
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
        return super().parse(name, generated, real=generated, **groups)

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
            train = commands.line(
                "train_classifier",
                f"--dataset={job.reals.path}",
                "--output=networks/classifiers",
            )
            raise ValueError(
                f"{error} Train some with: {train} (--attributes, if labels "
                "are of attributes), then give "
                "--classifiers=networks/classifiers"
            ) from error
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
        noise, size = job.random(job.NOISE), job.network.config.label_size
        shape = (job.group, job.network.config.generator.z_size)
        found = []
        for start in range(0, self.generated, job.group):
            labels = draw_labels(job.group)
            if job.chosen_class is None and job.reals.source.is_classes:
                labels = latents.one_hot(start + np.arange(job.group), size)
            z = random.standard_normal(shape).astype(np.float32)
            ws = job.truncate(job.network.map(z, labels))
            made = generated.synthesize(job.network, ws, noise)
            job.report(len(made))
            found.append((labels, detector.logits(images.to_uint8(made))))
        labels, logits = map(np.concatenate, zip(*found, strict=True))
        return labels[: self.generated], logits[: self.generated]

    def _real(self, job, detector):
        """Labels `[M, L]` of real images and their logits."""
        source, config = job.reals.source, job.network.config
        order = job.random(job.REALS).permutation(len(source))
        if source.is_classes:  # as often as the others, as far as there are
            kinds = source.classes[order]
            ranks = np.zeros(len(order), int)
            for kind in np.unique(kinds):
                ranks[kinds == kind] = np.arange((kinds == kind).sum())
            order = order[np.argsort(ranks, kind="stable")]
        found = []
        for start in range(0, job.real_count(self), job.group):
            rows = order[start : start + job.group]
            shown, labels = pipeline.read(
                source, rows, config.image_shape, config.label_size
            )
            found.append((labels, detector.logits(shown)))
        labels, logits = map(np.concatenate, zip(*found, strict=True))
        count = job.real_count(self)
        return labels[:count], logits[:count]
