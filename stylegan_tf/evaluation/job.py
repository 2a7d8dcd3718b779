"""What all metrics of one evaluation have in common."""

import enum

import numpy as np

from stylegan_tf.features import running
from stylegan_tf.metrics import batches

_GROUP = 64  # images that detectors see at once; a multiple of their batches


class Purpose(enum.IntEnum):
    """What is drawn for; a new number is a new stream."""

    LATENTS = 0
    LABELS = 1
    PATCHES = 2  # and directions, of the sliced Wasserstein distance
    NOISE = 3
    SUBSETS = 4  # of KID


class Job:
    """A network, what looks at its images, and what they compare with.

    Args:
        network: A `metrics.network.Network`.
        detectors: A `detectors.Detectors`.
        reals: A `reals.Reals`, or None without a data set.
        is_mirrored: Whether training flipped its images.
        repeats_reals: Whether too few real images are shown again until
            there are enough, as StyleGAN's and StyleGAN2's code does.
        seed: Of latents, noise and all else that is drawn.
        report: Called with how many generated images were done, for a
            progress bar.
    """

    def __init__(
        self,
        network,
        detectors,
        reals=None,
        *,
        is_mirrored=False,
        repeats_reals=False,
        seed=0,
        report=lambda images: None,
    ):
        self.network, self.detectors, self.reals = network, detectors, reals
        self.is_mirrored, self.repeats_reals = is_mirrored, repeats_reals
        self.seed, self.report = seed, report

    @property
    def group(self):
        """Images to make, and to look at, between two reports."""
        return _GROUP * running.replicas()

    def random(self, purpose):
        """A `RandomState`, the same for the same seed and purpose."""
        return np.random.RandomState([self.seed % 2**32, int(purpose)])

    def draw_labels(self):
        """`draw_labels(count)`, of the data set's if there is one."""
        size = self.network.config.label_size
        if not size:
            return None
        random = self.random(Purpose.LABELS)
        if self.reals is not None:
            return self.reals.labels(random)
        eye = np.eye(size, dtype=np.float32)
        return lambda count: eye[random.randint(size, size=count)]

    def images(self, count, latents=None):
        """Yields `count` generated uint8 images, batch by batch.

        Args:
            count: How many images.
            latents: How many to mix in every image, None for one.
        """
        make = self.network.image_maker(
            self.random(Purpose.LATENTS), self.draw_labels(), latents
        )
        for batch in batches.generated(make, count, self.group):
            yield batch
            self.report(len(batch))

    def is_mirrored_for(self, protocol):
        """Whether `protocol` looks at flipped real images."""
        return self.is_mirrored and protocol.keeps_mirror

    def real_count(self, protocol):
        """How many real images `protocol` looks at."""
        if self.repeats_reals and protocol.may_repeat:
            return protocol.real
        return self.reals.count(protocol.real)

    def require_reals(self, protocol):
        """Raises `ValueError` where a data set is needed and not there."""
        if protocol.uses_real and self.reals is None:
            raise ValueError(
                f"{protocol.name} compares with real images: name their data "
                "set with --dataset"
            )
