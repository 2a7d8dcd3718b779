"""CIFAR-10 and CIFAR-100: Python pickles, read without trusting them."""

import io
import os
import pathlib
import pickle
import re

import numpy as np

from stylegan_tf.data import arrays, files, regular

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
        key = b"labels" if b"labels" in batches[0] else b"fine_labels"
        pixels = np.concatenate([batch[b"data"] for batch in batches])
        labels = np.concatenate([batch[key] for batch in batches])
        class_names = meta.get(b"label_names") or meta[b"fine_label_names"]
        images = pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        if len(images) != len(labels):
            raise ValueError(f"{len(labels)} labels, {len(images)} images")
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} does not hold CIFAR's batches as expected ({error!r})."
        ) from error
    return arrays.ArrayStore(
        path,
        images,
        labels=labels.astype(np.int64),
        class_names=[name.decode() for name in class_names],
        others=others,
    )


class _Array:
    """Stands in for a pickled `numpy.ndarray`; holds bytes only."""

    def __setstate__(self, state):
        _, shape, kind, fortran, data = state
        if kind != "u1" or fortran or not isinstance(data, bytes | str):
            raise pickle.UnpicklingError("only C-ordered uint8 arrays")
        raw = data.encode("latin1") if isinstance(data, str) else data
        self.pixels = np.frombuffer(raw, np.uint8).reshape(shape)


class _Dtype(str):
    """Stands in for a pickled `numpy.dtype`: its name."""

    def __setstate__(self, state):
        pass


class _PlainUnpickler(pickle.Unpickler):
    """Dicts, lists, numbers, text and uint8 arrays; nothing that can act."""

    _ALLOWED = {
        "_reconstruct": lambda *_: _Array(),
        "ndarray": _Array,
        "dtype": lambda name, *_: _Dtype(
            name.decode() if isinstance(name, bytes) else name
        ),
        "encode": lambda text, *_: text.encode("latin1"),
    }
    _MODULES = ("numpy", "numpy.core.multiarray", "numpy._core.multiarray")

    def find_class(self, module, name):
        codecs = (module, name) == ("_codecs", "encode")
        if codecs or (module in self._MODULES and name in self._ALLOWED):
            return self._ALLOWED[name]
        raise pickle.UnpicklingError(f"it wants to load {module}.{name}")


def _unpickle(data, where):
    try:
        batch = _PlainUnpickler(io.BytesIO(data), encoding="bytes").load()
    except Exception as error:  # damaged pickles raise almost anything
        raise ValueError(
            f"{where} is refused: not a plain pickle of arrays ({error})."
        ) from error
    if not isinstance(batch, dict):
        raise ValueError(f"{where} should hold a dict.")
    plain = {}
    for key, value in batch.items():
        key = key.encode() if isinstance(key, str) else key
        plain[key] = value.pixels if isinstance(value, _Array) else value
    return plain
