"""The Open Inference Protocol, KServe's V2: what both ports say in it.

https://github.com/kserve/open-inference-protocol
"""

import numpy as np
import tensorflow as tf

from stylegan_tf.serving import errors, kserve_sdk

SIGNATURE = "generate"  # of a request that names none
SERVER = "stylegan_tf"
MAX_ID = 256  # characters of a request's id, which its answer repeats


def software(model):
    """The version of the software that wrote what answers."""
    return model.servable().card["software"][SERVER]


def version(text):
    """The number of the version that a request names.

    Raises:
        errors.Invalid: If it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise errors.Invalid(
            "A version is a whole number of at most 18 digits. Received: "
            f"{text[:40]!r}"
        )
    return int(text)


def metadata(model, version=None):
    """What a model takes and gives, a dict; of the default signature.

    Args:
        model: A `serving.Model`.
        version: An int, or None for the one that answers.
    """
    servable = model.servable(version)
    signature = servable.signatures[SIGNATURE]
    return {
        "name": model.name,
        "versions": [str(servable.version)],
        "platform": "tensorflow_savedmodel",
        "inputs": _described(signature.inputs),
        "outputs": _described(signature.outputs),
    }


def datatype(dtype):
    """The protocol's name of a dtype of TensorFlow's or NumPy's."""
    known = np.dtype(tf.as_dtype(dtype).as_numpy_dtype)
    return kserve_sdk.numpy_codec.from_np_dtype(known)


def raw(array):
    """The bytes of an array; of strings, if it holds objects."""
    if array.dtype == np.object_:
        texts = array.ravel()
        return b"".join(len(t).to_bytes(4, "little") + t for t in texts)
    little = array.dtype.newbyteorder("<")
    return array.astype(little, copy=False).tobytes()


def _described(tensors):
    """Names, types and shapes; -1 is any number of rows."""
    return [
        {
            "name": name,
            "datatype": datatype(tensor.dtype),
            "shape": [-1 if size is None else size for size in tensor.shape],
        }
        for name, tensor in tensors.items()
    ]
