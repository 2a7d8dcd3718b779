"""Weights of published networks, as arrays by name."""

import pathlib
import tarfile

import numpy as np
import tensorflow as tf
from google.protobuf import message

from stylegan_tf.features import finding
from stylegan_tf.interop import imported
from stylegan_tf.pickles import foreign_files, torch_files

_GRAPH = ".pb"
_ARCHIVES = (".tgz", ".tar.gz")
_TORCH = (".pt", ".pth")
_NORMALISATION = "BatchNormWithGlobalNormalization"


def load(network, path=None):
    """Arrays by name, and SHA-256, of the file that `finding.find` finds."""
    path, sha256 = finding.find(network, path)
    return read_arrays(path), sha256


def get(arrays, name, network, size=None):
    """The array of a name, float32.

    Args:
        arrays: Arrays by name.
        name: Which one.
        network: What they are the weights of, for messages.
        size: How many values it must have.
    Raises:
        ValueError: If it is missing, or has another number of values.
    """
    if name not in arrays:
        raise ValueError(
            f"The weights of {network} lack `{name}`. Received: "
            f"{', '.join(list(arrays)[:3])}, ..."
        )
    array = np.asarray(arrays[name], np.float32)
    if size not in (None, array.size):
        raise ValueError(
            f"`{name}` of {network} must have {size} values. Received: "
            f"{array.shape}"
        )
    return array


def read_arrays(path):
    """Arrays by name of a frozen graph, a file of PyTorch or an .npz.

    Args:
        path: A .pb, .tgz, .pt (TorchScript or not), .pth or .npz.
    Raises:
        ValueError: If it is something else, or damaged.
    """
    path = pathlib.Path(path)
    if path.name.endswith((_GRAPH, *_ARCHIVES)):
        return _read_graph(path)
    if path.suffix in (*_TORCH, ".npz"):
        with imported.naming(path):
            foreign_files.refuse_file(path)
            if path.suffix == ".npz":
                with np.load(path, allow_pickle=False) as file:
                    return dict(file)
            return torch_files.arrays_by_name(torch_files.read_torch(path))
    if path.suffix == ".pkl":
        raise ValueError(
            f"{path}: the names inside NVIDIA's TensorFlow pickles of feature "
            "networks are not known here. The same weights are in "
            "inception-2015-12-05.pt and vgg16.pt (with LPIPS), which are read."
        )
    raise ValueError(
        f"{path} is of no known kind. Expected a file that ends in "
        f"{', '.join((_GRAPH, *_ARCHIVES, *_TORCH))} or .npz."
    )


def _read_graph(path):
    """Float constants of a frozen TensorFlow 1 graph; nothing of it is run.

    The scale of a batch normalisation that does not scale is left out.
    """
    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(_graph_bytes(path))
    except message.DecodeError as error:
        raise ValueError(
            f"{path} is no frozen TensorFlow graph, or is damaged: {error}"
        ) from error
    unused = {
        node.input[4]
        for node in graph.node
        if node.op == _NORMALISATION
        and not node.attr["scale_after_normalization"].b
    }
    return {
        node.name: tf.make_ndarray(node.attr["value"].tensor)
        for node in graph.node
        if node.op == "Const"
        and node.attr["dtype"].type == tf.float32.as_datatype_enum
        and node.name not in unused
    }


def _graph_bytes(path):
    """The bytes of a .pb, or of the first .pb in a tar archive."""
    if path.suffix == _GRAPH:
        return path.read_bytes()
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(_GRAPH):
                    return archive.extractfile(member).read()
    except tarfile.TarError as error:
        raise ValueError(f"{path} is no tar archive: {error}") from error
    raise ValueError(f"{path} holds no file that ends in {_GRAPH}")
