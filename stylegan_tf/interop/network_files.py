"""Reads a file of networks, an official one or ours, as an `Imported`."""

import hashlib
import pathlib

from stylegan_tf.interop import fine_tuning, imported
from stylegan_tf.interop.dialects import (
    keras_files,
    npz_files,
    state_dictionaries,
    tensorflow_pickles,
    torch_pickles,
)
from stylegan_tf.pickles import (
    foreign_files,
    refusal,
    safetensors_files,
    torch_files,
    unpickler,
)


def read(path):
    """The `Imported` of a file, with a config that training can go on with.

    Its suffix tells our own files from others.

    Raises:
        ValueError: If it is damaged, or of a kind that is not known.
    """
    path = pathlib.Path(path)
    with imported.naming(path):
        foreign_files.refuse_file(path)
        content = path.read_bytes()
        if path.suffix in (".keras", ".h5"):
            file = keras_files.read(path)
        elif path.suffix == ".npz":
            file = npz_files.read(content)
        else:
            file = read_official(content)
            file.config = fine_tuning.settle(file.config, file.kind)
    file.path, file.sha256 = path, hashlib.sha256(content).hexdigest()
    return file


def read_official(source):
    """The `Imported` of an official .pkl or .pt file.

    Knows the pickles of ProGAN, StyleGAN, StyleGAN2 and StyleGAN2-ADA on
    TensorFlow, those of stylegan2-ada-pytorch and stylegan3 (StyleGAN2
    networks), and state dictionaries with the names of these two or of
    rosinality/stylegan2-pytorch. Nothing in the file is run.

    Args:
        source: A path, or bytes.

    Raises:
        ValueError: If the file is of none of these kinds, is damaged, or
            asks for anything that reading arrays does not need.
    """
    view = unpickler.read_bytes(source)
    with _explaining():
        if safetensors_files.is_head(view, len(view)):
            value = safetensors_files.read(view)
        elif torch_files.is_torch(view):
            value = torch_files.read_torch(view)
        else:
            value = unpickler.load(view)
        for dialect in (tensorflow_pickles, torch_pickles):
            if dialect.is_file(value):
                return dialect.read(value)
        return state_dictionaries.read(value)


def read_discriminator(source):
    """The `Imported` of a .pkl of one TensorFlow discriminator.

    The official attribute classifiers are such files.

    Args:
        source: A path, or bytes.

    Raises:
        ValueError: See `read_official`.
    """
    value = unpickler.load(source)
    if not tensorflow_pickles.is_network(value):
        raise ValueError("This pickle is not one discriminator of TensorFlow.")
    with _explaining():
        return tensorflow_pickles.read_discriminator(value)


def _explaining():
    return refusal.explaining(
        "The networks in this file are incomplete or do not fit together: "
        "damaged",
        passing=ValueError,
    )
