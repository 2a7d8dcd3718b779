"""Official files of the StyleGAN family, told apart by what is in them."""

import contextlib

from stylegan_tf.interop.dialects import (
    state_dictionaries,
    tensorflow_pickles,
    torch_pickles,
)
from stylegan_tf.pickles import (
    refusal,
    safetensors_files,
    torch_files,
    unpickler,
)


def read(source):
    """The `imported.Imported` of an official .pkl or .pt file.

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
    with _explaining_damage():
        return _read(unpickler.read_bytes(source))


def read_discriminator(source):
    """The `imported.Imported` of a .pkl of one TensorFlow discriminator.

    The official attribute classifiers are such files.

    Args:
        source: A path, or bytes.

    Raises:
        ValueError: See `read`.
    """
    value = unpickler.load(source)
    if not tensorflow_pickles.is_network(value):
        raise ValueError("This pickle is not one discriminator of TensorFlow.")
    with _explaining_damage():
        return tensorflow_pickles.read_discriminator(value)


@contextlib.contextmanager
def _explaining_damage():
    """Turns what damaged networks raise into a `ValueError`."""
    try:
        yield
    except ValueError:  # says what is wrong
        raise
    except refusal.DAMAGE as error:
        raise ValueError(
            "The networks in this file are incomplete or do not fit together: "
            + refusal.damage(error)
        ) from error


def _read(view):
    if safetensors_files.is_head(view, len(view)):
        value = safetensors_files.read(view)
    elif torch_files.is_torch(view):
        value = torch_files.read_torch(view)
    else:
        value = unpickler.load(view)
    if tensorflow_pickles.is_file(value):
        return tensorflow_pickles.read(value)
    if torch_pickles.is_file(value):
        return torch_pickles.read(value)
    return state_dictionaries.read(value)
