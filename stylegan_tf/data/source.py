"""Defines `Source`: images and labels of a data set, whatever holds them."""

import collections.abc
import dataclasses
import functools
import os
import pathlib
import re

import numpy as np

from stylegan_tf import commands, terminal
from stylegan_tf.data import decode, labels, shapes

TFDS = "tfds:"
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


@dataclasses.dataclass(eq=False)
class Source:
    """Images and labels of a data set, whatever holds them.

    Attributes:
        path: What the user called it.
        names: Of the images.
        fetch: `fetch(index)` gives the encoded bytes of an image, or its
            uint8 pixels `[H, W, C]`; thread safe.
        given_labels: Classes, int `[M]`, or vectors, float32 `[M, L]`.
        class_names: Of the classes, if they have names.
        metadata: What a dataset.json says, as a dict.
        others: Names of files beside the images that are no images.
        unread: Pairs (file, reason) of what is there and could not be read.
        label_notes: Lines on labels that may have been meant otherwise.
        random_access: Whether images can be read in any order.
        levels: Sizes of which there are images, of official TFRecords.
        wanted_shape: (H, W, C) of the network's images if it is known: what
            the advice on a bad image says to prepare.
        held_out: `Source` of images that training is not shown, or None.
        whole: `Source` that this is a part of, or None; see `holdout`.
        indices: Of its images in the whole.
    """

    path: str
    names: list
    fetch: collections.abc.Callable
    given_labels: np.ndarray | None = None
    class_names: list | None = None
    metadata: dict = dataclasses.field(default_factory=dict)
    others: list = dataclasses.field(default_factory=list)
    unread: list = dataclasses.field(default_factory=list)
    label_notes: list = dataclasses.field(default_factory=list)
    random_access: bool = True
    levels: tuple = ()
    wanted_shape: tuple | None = None
    held_out: "Source | None" = None
    whole: "Source | None" = None
    indices: np.ndarray | None = None

    def __post_init__(self):
        named = self.class_names or self.metadata.get("class_names")
        self.class_names, self._name_notes = labels.names_of(
            named, self.given_labels
        )

    def __len__(self):
        return len(self.names)

    @property
    def name(self):
        """Short name, of the path's last part."""
        name = pathlib.Path(self.path.removeprefix(TFDS)).name
        ends = "|".join(map(re.escape, (".zip", *TAR_SUFFIXES, ".gz")))
        return re.sub(rf"(?i)({ends})\Z", "", name) or "data"

    @functools.cached_property
    def image_shape(self):
        """(H, W, C) of the first image."""
        return self.image(0).shape

    @functools.cached_property
    def labels(self):
        """float32 `[M, L]`, one-hot or the vectors given, or None.

        All at once: of many images, take rows of `label_rows`.
        """
        return None if self.label_rows is None else self.label_rows[:]

    @functools.cached_property
    def label_rows(self):
        """Rows and shape as of `labels`; they need little memory."""
        if self.given_labels is None or self.given_labels.ndim == 2:
            return self.given_labels
        size = self.whole.label_rows.shape[1] if self.whole else 0
        size = max(size, len(self.class_names or ()))
        return labels.OneHot(self.given_labels, size)

    @functools.cached_property
    def is_classes(self):
        """Whether the labels are one-hot."""
        found = self.given_labels
        if found is None or found.ndim == 1:
            return found is not None
        is_bit = ((found == 0) | (found == 1)).all()
        return bool(is_bit and (found.sum(1) == 1).all())

    @functools.cached_property
    def classes(self):
        """Numbers of the images' classes, int `[M]`; None of other labels."""
        if not self.is_classes:
            return None
        given = self.given_labels
        return given if given.ndim == 1 else given.argmax(1)

    @functools.cached_property
    def attributes(self):
        """Lists by name, one value per image; {} where there are none."""
        return labels.attributes_of(self.metadata, self.names)

    @functools.cached_property
    def notes(self):
        """Lines on labels that may have been meant otherwise."""
        size = len(self.class_names or ())
        return [
            *self.label_notes,
            *self._name_notes,
            *labels.attribute_notes(self.metadata, self.names),
            *labels.empty_classes_notes(self.given_labels, size),
        ]

    def read(self, index):
        """Encoded bytes, or uint8 pixels, of image `index`; thread safe.

        Raises:
            decode.BadImage: With the reason, whatever it is.
        """
        try:
            return self.fetch(index)
        except Exception as error:  # disk, network, archive
            raise decode.BadImage(decode.reason_of(error)) from error

    def image(self, index):
        """uint8 `[H, W, C]` of image `index`; thread safe."""
        try:
            return decode.pixels(self.read(index))
        except decode.BadImage as error:
            wanted = self.wanted_shape
            size = shapes.prepare_flags(wanted) if wanted else []
            raise ValueError(
                f"{self.file(index)} cannot be used: {error}. Remove it, or "
                f"skip it with: {self.prepare_command(*size)}"
            ) from error

    def file(self, index):
        """How to call image `index` in a message."""
        return terminal.escaped(f"{self.path}/{self.names[index]}")

    @property
    def prepared_path(self):
        """Where that copy goes: beside this source."""
        folder = os.path.dirname(self.path.rstrip("/"))
        return os.path.join(folder, f"{self.name}-prepared")

    def prepare_command(self, *arguments):
        """The command that makes a trainable copy of this source."""
        return commands.line(
            "prepare_dataset",
            f"--source={self.path}",
            f"--output={self.prepared_path}",
            *arguments,
        )


def of_arrays(path, images, **fields):
    """`Source` of uint8 images `[M, H, W, C]` that are in memory.

    Args:
        path: What to call it.
        images: The images.
        **fields: Of the `Source`.
    """
    names = [f"{index:08d}" for index in range(len(images))]
    return Source(path, names, images.__getitem__, **fields)
