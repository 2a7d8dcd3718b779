"""Labels of a data set: sub-folders as classes, or those of dataset.json."""

import dataclasses

import numpy as np

from stylegan_tf import terminal

MOST_CLASSES = 100_000  # numbers of classes, which count from 0
_LARGEST = float(np.finfo(np.float32).max)
_SHOWN = 80  # characters of a value that is refused


@dataclasses.dataclass
class Folders:
    """What sub-folders say of their images.

    Attributes:
        classes: Class ids `[M]`; None if they are no classes.
        names: Of the classes, or None.
        beside: Images beside folders that were classes without them.
    """

    classes: np.ndarray | None = None
    names: list | None = None
    beside: tuple = ()

    @property
    def notes(self):
        """Lines on labels that may have been meant and are not there."""
        if not self.beside:
            return []
        count, example = len(self.beside), terminal.escaped(self.beside[0])
        images, one = ("image", "it") if count == 1 else ("images", "them")
        return [
            f"{count} {images} beside the class folders ({example}), so no "
            f"classes. Move {one} into a class folder, or out of the source."
        ]


def from_folders(names):
    """`Folders` of the images called `names`.

    Classes are the folders of the highest level that has several, with every
    image in one of them. Folders that only split a long list, named by five
    digits as in 00000/img00000000.png, are no classes.
    """
    parts = {name: name.split("/") for name in names}
    beside = []
    while True:
        beside += [name for name, path in parts.items() if len(path) == 1]
        parts = {name: p for name, p in parts.items() if len(p) > 1}
        folders = sorted({path[0] for path in parts.values()})
        if len(folders) != 1:
            break
        # One folder around everything.
        parts = {name: path[1:] for name, path in parts.items()}
    if not folders or all(f.isdigit() and len(f) == 5 for f in folders):
        return Folders()
    if beside:
        return Folders(beside=tuple(beside))
    ids = {folder: i for i, folder in enumerate(folders)}
    classes = np.array([ids[path[0]] for path in parts.values()])
    return Folders(classes, folders)


def as_array(values, names, where):
    """int `[M]` of classes, or float32 `[M, L]` of lists of numbers.

    Args:
        values: Of the labels, as JSON gives them.
        names: Of their images.
        where: They were found, for the error.
    """
    width = len(values[0]) if isinstance(values[0], list) else 0
    for name, value in zip(names, values, strict=True):
        if not (_is_vector(value, width) if width else _is_class(value)):
            raise ValueError(
                f"Labels must be all integers from 0 to {MOST_CLASSES - 1:,}, "
                "or all lists of the same length, of finite numbers. "
                f"{where} has, for {terminal.escaped(name)}: "
                f"{terminal.escaped(repr(value)[:_SHOWN])}"
            )
    return np.array(values, np.float32 if width else np.int64)


class OneHot:
    """Classes, int `[M]`, as rows of float32 `[M, L]`, made as asked for.

    The whole table can be of many GiB: 5 of ImageNet's.
    """

    def __init__(self, classes, size=0):
        self._classes = np.asarray(classes)
        self.shape = len(classes), max(size, int(self._classes.max()) + 1)

    def __len__(self):
        return len(self._classes)

    def __getitem__(self, rows):
        classes = self._classes[rows]
        one_hot = np.zeros((*np.shape(classes), self.shape[1]), np.float32)
        np.put_along_axis(one_hot, np.asarray(classes)[..., None], 1, -1)
        return one_hot


def empty_classes_note(labels, size=0):
    """One line on classes of int `[M]` that have no image, or None."""
    if labels is None or labels.ndim == 2:
        return None
    there = np.unique(labels)
    count = max(size, int(there[-1]) + 1)
    empty = np.setdiff1d(np.arange(count), there)
    if not len(empty):
        return None
    if there[0] == 1 and len(empty) == 1:
        return (
            "No image is of class 0. Numbers of classes count from 0: if "
            "yours count from 1, subtract 1 from each in dataset.json."
        )
    return (
        f"{len(empty):,} of {count:,} classes have no image, the first is "
        f"{empty[0]}. Numbers of classes count from 0, without gaps."
    )


def _is_class(value):
    return type(value) is int and 0 <= value < MOST_CLASSES


def _is_vector(value, width):
    return (
        isinstance(value, list)
        and len(value) == width
        and all(type(v) in (int, float) and abs(v) <= _LARGEST for v in value)
    )
