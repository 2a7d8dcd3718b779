"""Files of weights as arrays by name."""

import pathlib

import numpy as np

from stylegan_tf.features import frozen_graph
from stylegan_tf.pickles import foreign_files, torch_files

_GRAPHS = (".pb", ".tgz", ".tar.gz")
_TORCH = (".pt", ".pth")


def read_arrays(path):
    """Arrays by name of a frozen graph, a file of PyTorch or an .npz.

    Args:
        path: A .pb, .tgz, .pt (TorchScript or not), .pth or .npz.
    Raises:
        ValueError: If it is something else, or damaged.
    """
    path = pathlib.Path(path)
    if path.suffix in (*_TORCH, ".npz"):
        _refuse_foreign(path)
    if path.name.endswith(_GRAPHS):
        return frozen_graph.read(path)
    if path.suffix in _TORCH:
        return _read_torch(path)
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    if path.suffix == ".pkl":
        raise ValueError(
            f"{path}: the names inside NVIDIA's TensorFlow pickles of feature "
            "networks are not known here. The same weights are in "
            "inception-2015-12-05.pt and vgg16.pt (with LPIPS), which are read."
        )
    raise ValueError(
        f"{path} is of no known kind. Expected a file that ends in "
        f"{', '.join((*_GRAPHS, *_TORCH))} or .npz."
    )


def _refuse_foreign(path):
    try:
        foreign_files.refuse_file(path)
    except ValueError as error:
        raise ValueError(f"{path} can not be read. {error}") from error


def _read_torch(path):
    try:
        return torch_files.arrays_by_name(torch_files.read_torch(path))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
