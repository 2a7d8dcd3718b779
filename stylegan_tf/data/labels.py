"""Reads labels: those of a dataset.json, or sub-folders as classes.

The paths in a dataset.json are compared in one spelling, `key`: those of
Windows and of macOS differ from the names in an archive or a folder without
anybody's intent.
"""

import json
import posixpath
import unicodedata

import numpy as np

from stylegan_tf import suggest, terminal

FILE = "dataset.json"
FEW_OF_A_CLASS = 50  # images: with fewer there is little to learn or measure
MOST_CLASSES = 100_000  # numbers of classes, which count from 0
_LARGEST = float(np.finfo(np.float32).max)
_LISTED = 5  # keys
_SHOWN_KEY, _SHOWN = 40, 80  # characters of a key, of a value that is refused


def key(path):
    """One spelling of a path: `a/é.png` of `.\\a\\é.png`."""
    path = unicodedata.normalize("NFC", path.replace("\\", "/"))
    return posixpath.normpath(path)


def find(names, images):
    """The dataset.json among `names` that speaks for all `images`, or None.

    It may be in a folder around all of them, as in an archive of a folder.
    """
    found = [name for name in names if posixpath.basename(name) == FILE]
    for name in sorted(found, key=lambda name: name.count("/")):
        folder = name.removesuffix(FILE)
        if all(image.startswith(folder) for image in images):
            return name
    return None


def dataset_notes(names, found, metadata):
    """Lines on a dataset.json that says less than it seems to.

    Args:
        names: Of all files.
        found: The dataset.json among them that speaks for all images, or None.
        metadata: What it says.
    """
    others = [name for name in names if posixpath.basename(name) == FILE]
    if not found and others:
        return [
            f"{terminal.escaped(others[0])} has no say, for there are images "
            "outside its folder. Labels of all images go into one "
            f"{FILE} at the top of the source."
        ]
    # Attributes alone are enough: the labels may be those of the folders.
    if not found or "labels" in metadata or set(metadata) == {"attributes"}:
        return []
    keys = [terminal.escaped(key)[:_SHOWN_KEY] for key in metadata]
    listed = ", ".join(keys[:_LISTED]) + ", ..." * (len(keys) > _LISTED)
    hint = suggest.closest("labels", [k for k in keys if k != "attributes"])
    hint += " Then call it `labels`." * bool(hint)
    return [f"{FILE} has no `labels`. Its keys: {listed or 'none'}.{hint}"]


def parse(data, where, folder=""):
    """The dict in the bytes of the dataset.json at path `where`.

    Args:
        data: Its bytes.
        where: What to call it.
        folder: `FOLDER/` if it lies in one: its labels' paths get it.
    """
    try:
        metadata = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"{where} is not valid JSON ({error}). Mend it, or remove it to "
            "go without its labels."
        ) from error
    if not isinstance(metadata, dict):
        raise ValueError(
            f'{where} must hold an object like {{"labels": [["a.png", 0], '
            f"...]}}. Received: {type(metadata).__name__}."
        )
    entries = metadata.get("labels")
    if entries is not None:
        try:
            metadata["labels"] = [[folder + p, label] for p, label in entries]
        except (TypeError, ValueError) as error:
            raise ValueError(
                f'"labels" in {where} must be a list of pairs [path, integer '
                "or list of numbers]."
            ) from error
    return metadata


def labels_of(metadata, names, where):
    """Labels of `names`: int `[M]`, float32 `[M, L]`, or None."""
    entries = metadata.get("labels")
    if entries is None or not names:
        return None
    by_key = {}
    for path, label in entries:
        if by_key.setdefault(key(path), label) != label:
            raise ValueError(
                f"{where} has two labels for {terminal.escaped(path)}. "
                "Remove one of them."
            )
    missing = [name for name in names if key(name) not in by_key]
    if missing:
        raise ValueError(
            f"{where} has no label for {len(missing)} of {len(names)} images, "
            f"e.g. {terminal.escaped(missing[0])}"
            f"{_near(missing[0], by_key)}. Add them, or set "
            '"labels" to null.'
        )
    values = [by_key[key(name)] for name in names]
    return as_array(values, names, where)


def attributes_of(metadata, names):
    """Lists in "attributes" of dataset.json, put in the order of `names`."""
    attributes = metadata.get("attributes")
    if not isinstance(attributes, dict):
        return {}
    listed = [path for path, _ in metadata.get("labels") or []] or names
    row = {key(name): i for i, name in enumerate(listed)}
    if any(key(name) not in row for name in names):
        return {}
    rows = [row[key(name)] for name in names]
    return {
        name: [values[i] for i in rows]
        for name, values in attributes.items()
        if isinstance(values, list) and len(values) == len(listed)
    }


def attribute_notes(metadata, names):
    """Lines on attributes that `attributes_of` leaves out."""
    attributes = metadata.get("attributes") or {}
    if not isinstance(attributes, dict):
        return [f'"attributes" of {FILE} is left out, for it is no object.']
    found = attributes_of(metadata, names)
    lost = [name for name in attributes if name not in found]
    if not lost:
        return []
    count = len(metadata.get("labels") or names)
    return [
        f"Attributes of {FILE} are left out that are no list of {count} "
        f"values, one for each label: {terminal.escaped(', '.join(lost[:3]))}"
    ]


def from_folders(names):
    """Classes that sub-folders make of the images called `names`.

    Classes are the folders of the highest level that has several, with every
    image in one of them. Folders that only split a long list, named by five
    digits as in 00000/img00000000.png, are no classes.

    Returns:
        Classes, int `[M]`, and their names, or None twice; and lines on
        classes that may have been meant.
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
        return None, None, []
    if beside:
        example = terminal.escaped(beside[0])
        images, one = ("images", "them") if beside[1:] else ("image", "it")
        note = (
            f"{len(beside)} {images} beside the class folders ({example}), so "
            f"no classes. Move {one} into a class folder, or out of the source."
        )
        return None, None, [note]
    ids = {folder: i for i, folder in enumerate(folders)}
    classes = np.array([ids[path[0]] for path in parts.values()])
    return classes, folders, []


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


def names_of(named, given):
    """Names of the classes, texts, or None; and lines on names of no use.

    Args:
        named: What a data set has for them.
        given: Labels, int `[M]` or float32 `[M, L]`, or None.
    """
    if named is None:
        return None, []
    is_list = isinstance(named, list)
    if not is_list or not all(type(n) in (str, int, float) for n in named):
        return None, [_unused_names("they are no list of texts")]
    texts = [str(name).strip() for name in named]
    twice = [text for text in texts if texts.count(text) > 1][:1]
    if "" in texts or twice:
        called = terminal.escaped(repr(twice[0] if twice else ""))
        why = f"{'two are' if twice else 'one is'} called {called}"
        return None, [_unused_names(why)]
    if given is None or not len(given):
        return texts, []
    count = given.shape[1] if given.ndim == 2 else int(given.max()) + 1
    if len(texts) < count or (given.ndim == 2 and len(texts) > count):
        numbers = f"there are {len(texts)}, and labels of {count}"
        return None, [_unused_names(numbers)]
    return texts, []


def _unused_names(why):
    return f"`class_names` is left out, for {why}: classes have numbers."


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


def empty_classes_notes(labels, size=0):
    """Lines on classes that have no image.

    Args:
        labels: Classes, int `[M]`; others have none.
        size: How many classes there are at least.
    """
    if labels is None or labels.ndim == 2:
        return []
    there = np.unique(labels)
    count = max(size, int(there[-1]) + 1)
    empty = np.setdiff1d(np.arange(count), there)
    if there[0] == 1 and len(empty) == 1:
        return [
            "No image is of class 0. Numbers of classes count from 0: if "
            "yours count from 1, subtract 1 from each in dataset.json."
        ]
    return [
        f"{len(empty):,} of {count:,} classes have no image, the first is "
        f"{first}. Numbers of classes count from 0, without gaps."
        for first in empty[:1]
    ]


def _near(name, by_key):
    """Says in parentheses which image has a label instead."""
    last = posixpath.basename(key(name)).casefold()
    same = [k for k in by_key if k.casefold() == key(name).casefold()]
    alike = [k for k in by_key if posixpath.basename(k).casefold() == last]
    if same:
        difference = ": upper and lower case differ"
    else:
        difference = ", another folder" if alike else ""
    for near in [*same, *alike, *by_key][:1]:
        return f" (it has {terminal.escaped(near)}{difference})"
    return " (it has none)"


def _is_class(value):
    return type(value) is int and 0 <= value < MOST_CLASSES


def _is_vector(value, width):
    return (
        isinstance(value, list)
        and len(value) == width
        and all(type(v) in (int, float) and abs(v) <= _LARGEST for v in value)
    )
