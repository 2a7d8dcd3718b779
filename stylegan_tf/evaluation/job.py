"""What all metrics of one evaluation share."""

import dataclasses

import numpy as np

from stylegan_tf import generators, latents
from stylegan_tf.evaluation import generated
from stylegan_tf.evaluation import reals as reals_lib
from stylegan_tf.features import detectors as detectors_lib
from stylegan_tf.features import running

_GROUP = 64  # images that detectors see at once; a multiple of their batches


def truncation_label(psi, cutoff=None):
    """What the names of numbers of truncated images carry; "" of others.

    So that none is taken for one of the papers' protocol.
    """
    if psi == 1:
        return ""
    reached = "" if cutoff is None else f"_cutoff{cutoff}"
    return f"_psi{psi:g}{reached}"


@dataclasses.dataclass(eq=False)
class Job:
    """A network, what looks at its images, and what they compare with."""

    network: generators.Bound
    detectors: detectors_lib.Detectors
    reals: reals_lib.Reals | None = None  # None without a data set
    is_mirrored: bool = False  # whether training flipped its images
    # Whether too few real images are shown again until there are enough, as
    # StyleGAN's and StyleGAN2's code does.
    repeats_reals: bool = False
    seed: int = 0  # of latents, noise and all else that is drawn
    truncation_psi: float = 1.0  # of the generated images; the papers' is 1
    truncation_cutoff: int | None = None  # first layers it reaches; None: all
    chosen_class: int | None = None  # of all images, real ones too; see `of`

    # What random numbers are for; each has a stream of its own. Patches and
    # directions are of the sliced Wasserstein distance, subsets of KID.
    LATENTS, LABELS, PATCHES, NOISE, SUBSETS, REALS = range(6)

    @staticmethod
    def report(images):
        """Is told how many generated images were done, for a progress bar."""

    @property
    def group(self):
        """Images to make, and to look at, between two reports."""
        return _GROUP * running.replicas()

    def random(self, purpose):
        """A `RandomState`, the same for the same seed and purpose."""
        return np.random.RandomState([self.seed % 2**32, purpose])

    @property
    def label(self):
        """What follows the names of its metrics and numbers."""
        label = truncation_label(self.truncation_psi, self.truncation_cutoff)
        if self.chosen_class is None:
            return label
        return f"{label}_class_{self.class_names[self.chosen_class]}"

    @property
    def class_names(self):
        """A name for each class, as far as network or data tell; else `2`."""
        size = self.network.config.label_size
        source = self.reals.source if self.reals else None
        names = self.network.config.label_names
        names = names or (source and source.class_names) or ()
        return tuple(map(str, names if len(names) == size else range(size)))

    def of(self, number):
        """The `Job` of one class alone, and of the real images of it."""
        reals = self.reals and self.reals.of_class(number)
        return dataclasses.replace(self, chosen_class=number, reals=reals)

    def truncate(self, ws):
        """Styles as those of this job's images are; w is what mapping gave."""
        return self.network.truncate(
            ws, self.truncation_psi, self.truncation_cutoff
        )

    def draw_labels(self):
        """`draw_labels(count)`, of the data set's if there is one."""
        size = self.network.config.label_size
        if not size:
            return lambda count: None
        if self.chosen_class is not None:
            chosen = self.chosen_class
            return lambda count: latents.one_hot([chosen] * count, size)
        random = self.random(self.LABELS)
        rows = latents.one_hot(range(size), size)
        if self.reals is not None:
            rows = self.reals.source.label_rows
        return lambda count: rows[random.randint(len(rows), size=count)]

    def images(self, count, mixed=None):
        """Yields `count` generated uint8 images, batch by batch.

        Every batch is made in full, so that a traced generator has one shape.

        Args:
            count: How many images.
            mixed: How many latents to mix in every image, None for one.
        """
        make = generated.image_maker(
            self.network,
            self.random(self.LATENTS),
            self.draw_labels(),
            mixed,
            self.truncate,
        )
        for start in range(0, count, self.group):
            batch = make(self.group)[: count - start]
            yield batch
            self.report(len(batch))

    def is_mirrored_for(self, evaluator):
        """Whether `evaluator` looks at flipped real images."""
        return self.is_mirrored and evaluator.keeps_mirror

    def real_count(self, evaluator):
        """How many real images `evaluator` looks at, None for none."""
        if not evaluator.uses_real:
            return None
        if self.repeats_reals and evaluator.may_repeat:
            return evaluator.real
        return self.reals.count(evaluator.real)

    def detector(self, evaluator):
        """What looks at images for `evaluator`; None where nothing does."""
        return self.detectors.of(evaluator.detector)

    def require_reals(self, evaluator):
        """Raises `ValueError` where a data set is needed and not there."""
        if evaluator.uses_real and self.reals is None:
            raise ValueError(
                f"{evaluator.name} compares with real images: name their data "
                "set with --dataset"
            )
