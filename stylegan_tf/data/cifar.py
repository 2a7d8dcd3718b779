"""CIFAR-10 and CIFAR-100: Python pickles, read without trusting them."""

import os
import pathlib
import re

import numpy as np

from stylegan_tf.data import arrays, files, regular
from stylegan_tf.pickles import unpickler

_TRAIN = re.compile(r"data_batch_\d+|train")
_META = ("batches.meta", "meta")


def is_here(names):
    """Whether these file names are CIFAR-10's or CIFAR-100's pickles."""
    bases = {name.split("/")[-1] for name in names}
    return {"data_batch_1", "batches.meta"} <= bases or {
        "train",
        "test",
        "meta",
    } <= bases


def open_folder(path):
    """Store of CIFAR's training pickles in a folder."""
    found = {
        name: regular.read(pathlib.Path(path, name))
        for name in sorted(os.listdir(path))
        if _is_wanted(name)
    }
    return _open(path, found, files.beside(path, found))


def open_archive(path, store):
    """Store of CIFAR's training pickles in a `files.FileStore`."""
    if store.unread:
        name, reason = store.unread[0]
        raise ValueError(
            f"{path} should be CIFAR's, and not all of it can be read. "
            f"{name or 'It'} is {reason}."
        )
    names = {name.split("/")[-1]: name for name in store.others}
    found = {
        base: store.read_file(name)
        for base, name in names.items()
        if _is_wanted(base)
    }
    return _open(path, found, sorted(set(names) - set(found)))


def _is_wanted(name):
    return name in _META or _TRAIN.fullmatch(name)


def _open(path, found, others):
    """Store of what is in `found`, `{name: bytes}`."""
    batches = [
        _unpickle(data, f"{path}: {name}")
        for name, data in sorted(found.items())
        if name not in _META
    ]
    (meta,) = (name for name in _META if name in found)
    meta = _unpickle(found[meta], f"{path}: {meta}")
    try:
        key = "labels" if "labels" in batches[0] else "fine_labels"
        pixels = np.concatenate([batch["data"] for batch in batches])
        labels = np.concatenate([batch[key] for batch in batches])
        class_names = meta.get("label_names") or meta["fine_label_names"]
        images = pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        if len(images) != len(labels) or pixels.dtype != np.uint8:
            raise ValueError(
                f"{len(labels)} labels, {len(images)} images of {pixels.dtype}"
            )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} does not hold CIFAR's batches as expected ({error!r})."
        ) from error
    return arrays.ArrayStore(
        path,
        images,
        labels=labels.astype(np.int64),
        class_names=[
            name if isinstance(name, str) else bytes(name).decode()
            for name in class_names
        ],
        others=others,
    )


def _unpickle(data, where):
    try:
        batch = unpickler.load(data)
    except ValueError as error:
        raise ValueError(f"{where} is refused. {error}") from error
    if not isinstance(batch, dict):
        raise ValueError(f"{where} should hold a dict.")
    return batch
