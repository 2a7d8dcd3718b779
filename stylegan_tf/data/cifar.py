"""Reads CIFAR-10 and CIFAR-100: Python pickles that nobody has to trust."""

import re

import numpy as np

from stylegan_tf.data import source
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


def open_source(files):
    """`Source` of CIFAR's training pickles among `image_files.Files`."""
    if files.unread:
        name, reason = files.unread[0]
        raise ValueError(
            f"{files.path} should be CIFAR's, and not all of it can be read. "
            f"{name or 'It'} is {reason}."
        )
    names = {name.split("/")[-1]: name for name in sorted(files.names)}
    found = {
        base: _unpickle(files.read(name), f"{files.path}: {base}")
        for base, name in names.items()
        if base in _META or _TRAIN.fullmatch(base)
    }
    batches = [found[name] for name in sorted(found) if name not in _META]
    (meta,) = (found[name] for name in _META if name in found)
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
            f"{files.path} does not hold CIFAR's batches as expected "
            f"({error!r})."
        ) from error
    return source.of_arrays(
        str(files.path),
        images,
        given_labels=labels.astype(np.int64),
        class_names=[
            name if isinstance(name, str) else bytes(name).decode()
            for name in class_names
        ],
        others=sorted(set(names) - set(found)),
    )


def _unpickle(data, where):
    try:
        batch = unpickler.load(data)
    except ValueError as error:
        raise ValueError(f"{where} is refused. {error}") from error
    if not isinstance(batch, dict):
        raise ValueError(f"{where} should hold a dict.")
    return batch
