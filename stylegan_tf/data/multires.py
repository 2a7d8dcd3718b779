"""The official multi-resolution TFRecords: NAME-rXX.tfrecords, read only."""

import pathlib
import re

import numpy as np

from stylegan_tf.data import decode, records

_LEVEL = re.compile(r"(?P<name>.+)-r(?P<log2>\d\d)\.tfrecords")


def find_levels(folder):
    """`{(name, log2 of the size): path}` of the level files in `folder`."""
    matches = {p: _LEVEL.fullmatch(p.name) for p in folder.iterdir()}
    return {
        (match["name"], int(match["log2"])): path
        for path, match in matches.items()
        if match and not match["name"].startswith("validation-")
    }


class MultiResolutionStore:
    """Raw images of one level; the highest unless `resolution` names one."""

    random_access = True
    class_names = None
    metadata = {}
    others = ()

    def __init__(self, path, resolution=None):
        self.path = path
        name, levels = _one_data_set(pathlib.Path(path))
        sizes = {1 << log2: file for log2, file in levels.items()}
        size = resolution or max(sizes)
        if size not in sizes:
            raise ValueError(
                f"{path} has no level of resolution {size}. It has "
                f"{', '.join(map(str, sorted(sizes)))}."
            )
        self._file = records.RecordFile(sizes[size])
        stem = sizes[size].name
        self.names = [f"{stem}: record {i}" for i in range(len(self._file))]
        self.labels = self._read_labels(
            pathlib.Path(path, f"{name}-rxx.labels")
        )

    def read(self, index):
        """uint8 pixels `[H, W, C]` of image `index`; thread safe."""
        feature = self._file.example(index).features.feature
        shape = list(feature["shape"].int64_list.value)
        data = b"".join(feature["data"].bytes_list.value)
        if len(shape) != 3 or np.prod(shape) != len(data):
            raise decode.BadImage(
                "expected a shape (C, H, W) and as many bytes. Received: "
                f"shape={shape}, {len(data)} bytes"
            )
        return np.frombuffer(data, np.uint8).reshape(shape).transpose(1, 2, 0)

    def _read_labels(self, path):
        if not path.exists():
            return None
        try:
            labels = np.load(path, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise ValueError(
                f"{path} is no plain .npy array ({error})."
            ) from error
        if labels.ndim != 2 or len(labels) != len(self.names):
            raise ValueError(
                f"{path} must be an array [{len(self.names)}, L]. Received: "
                f"shape {labels.shape}."
            )
        return labels.astype(np.float32) if labels.shape[1] else None


def _one_data_set(folder):
    levels = find_levels(folder)
    names = sorted({name for name, _ in levels})
    if len(names) != 1:
        raise ValueError(
            f"{folder} must hold the levels of one data set. It holds: "
            f"{', '.join(names)}. Move the others away."
        )
    return names[0], {log2: path for (_, log2), path in levels.items()}
