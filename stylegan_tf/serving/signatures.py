"""What a SavedModel takes and gives, read from its SignatureDefs."""

import dataclasses
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow_serving.apis import get_model_metadata_pb2


@dataclasses.dataclass(frozen=True)
class Tensor:
    """An input or an output of a signature.

    Attributes:
        dtype: TensorFlow's name of it: "float32", "int32", "uint8", "string".
        shape: A tuple; None where the number of rows is.
        default: The array that stands for an input that is left out, or None.
    """

    dtype: str
    shape: tuple
    default: np.ndarray | None = None

    @property
    def has_default(self):
        """Whether it may be left out."""
        return self.default is not None


@dataclasses.dataclass(frozen=True)
class Signature:
    """Tensors by name; inputs that may not be left out come first."""

    inputs: dict
    outputs: dict


def definitions(path):
    """SignatureDefs of a SavedModel by name, as TensorFlow Serving has them."""
    data = pathlib.Path(path, "saved_model.pb").read_bytes()
    (graph,) = saved_model_pb2.SavedModel.FromString(data).meta_graphs
    return {
        name: definition
        for name, definition in sorted(graph.signature_def.items())
        if not name.startswith("__")  # TensorFlow's own
    }


def to_map(definitions):
    """The message in which TensorFlow Serving tells SignatureDefs."""
    made = get_model_metadata_pb2.SignatureDefMap()
    for name, definition in definitions.items():
        made.signature_def[name].CopyFrom(definition)
    return made


def of_definition(definition):
    """The `Signature` of a SignatureDef."""
    defaults = {
        name: tf.make_ndarray(proto)
        for name, proto in definition.defaults.items()
    }
    inputs = {
        name: _tensor(info, defaults.get(name))
        for name, info in definition.inputs.items()
    }
    outputs = {name: _tensor(info) for name, info in definition.outputs.items()}

    def needed_first(name):
        return name in defaults, name

    return Signature(
        {name: inputs[name] for name in sorted(inputs, key=needed_first)},
        {name: outputs[name] for name in sorted(outputs)},
    )


def _tensor(info, default=None):
    shape = [dim.size for dim in info.tensor_shape.dim]
    return Tensor(
        tf.as_dtype(info.dtype).name,
        tuple(None if size < 0 else size for size in shape),
        default,
    )
