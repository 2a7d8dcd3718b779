"""Constants of a frozen TensorFlow 1 graph; nothing of it is run."""

import pathlib
import tarfile

import tensorflow as tf
from google.protobuf import message

_MEMBER = ".pb"
_NORMALISATION = "BatchNormWithGlobalNormalization"


def read(path):
    """Float constants by name, from a .pb or from the .pb of a tar archive.

    The scale of a batch normalisation that does not scale is left out.
    """
    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(_read_bytes(pathlib.Path(path)))
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


def _read_bytes(path):
    if path.name.endswith(_MEMBER):
        return path.read_bytes()
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(_MEMBER):
                    return archive.extractfile(member).read()
    except tarfile.TarError as error:
        raise ValueError(f"{path} is no tar archive: {error}") from error
    raise ValueError(f"{path} holds no file that ends in {_MEMBER}")
