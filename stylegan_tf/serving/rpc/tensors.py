"""Tensors of both gRPC protocols, as arrays and back.

What a message declares costs no memory before it is compared with what came:
a value that stands for a whole tensor is a view, never a copy.
"""

import math
import struct

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, types_pb2

from stylegan_tf.serving import errors, kserve_sdk, v2

inference = kserve_sdk.grpc_predict_v2_pb2

_MAX_RANK = 8
_MAX_ELEMENTS = 2**31
# By their names: NumPy's type and where loose values are.
_TENSOR_PROTO = {
    "DT_FLOAT": (np.float32, "float_val"),
    "DT_DOUBLE": (np.float64, "double_val"),
    "DT_INT32": (np.int32, "int_val"),
    "DT_INT64": (np.int64, "int64_val"),
    "DT_STRING": (np.object_, "string_val"),
}
_OPEN_INFERENCE = {
    "FP32": (np.float32, "fp32_contents"),
    "FP64": (np.float64, "fp64_contents"),
    "INT32": (np.int32, "int_contents"),
    "INT64": (np.int64, "int64_contents"),
    "BYTES": (np.object_, "bytes_contents"),
}


def of_proto(name, proto):
    """The array of a TensorProto.

    As in TensorFlow, one loose value stands for all, and none for zeros.

    Raises:
        errors.Invalid: If its type, shape and values do not belong together.
    """
    kind = types_pb2.DataType.Name(proto.dtype) if _is_type(proto) else "?"
    dtype, field = _known(name, "dtype", kind, _TENSOR_PROTO)
    if proto.tensor_shape.unknown_rank:
        raise errors.Invalid(f"`{name}` has no shape: unknown_rank is set")
    shape = [dimension.size for dimension in proto.tensor_shape.dim]
    count = _elements(name, shape)
    if proto.tensor_content:
        if dtype is np.object_:
            raise errors.Invalid(
                f"`{name}`: strings are expected in string_val. Received: "
                "tensor_content"
            )
        return _of_bytes(name, proto.tensor_content, dtype, shape)
    values = _array(getattr(proto, field), dtype)
    if values.size == count:
        return values.reshape(shape)
    if values.size > 1:
        raise _wrong_size(name, f"{values.size} values in {field}", shape)
    if not values.size:
        values = _array([b"" if dtype is np.object_ else 0], dtype)
    return np.broadcast_to(values.reshape(()), shape)


def to_proto(array):
    """The TensorProto of an array; of strings if it holds objects."""
    proto = tensor_pb2.TensorProto(
        dtype=tf.as_dtype(array.dtype).as_datatype_enum
    )
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    if array.dtype == np.object_:
        proto.string_val.extend(array.ravel())
    else:
        proto.tensor_content = array.tobytes()
    return proto


def of_input(tensor, raw):
    """The array of an `InferInputTensor`, from `raw` bytes unless None.

    Raises:
        errors.Invalid: If its type, shape and values do not belong together.
    """
    name, shape = tensor.name, list(tensor.shape)
    dtype, field = _known(name, "datatype", tensor.datatype, _OPEN_INFERENCE)
    count = _elements(name, shape)
    if raw is not None:
        if dtype is np.object_:
            return _reshaped(name, _strings(name, raw), shape)
        return _of_bytes(name, raw, dtype, shape)
    values = getattr(tensor.contents, field)
    if len(values) != count:
        raise _wrong_size(name, f"{len(values)} values in {field}", shape)
    return _array(values, dtype).reshape(shape)


def to_output(name, array):
    """Pair of an `InferOutputTensor` and its raw bytes."""
    tensor = inference.ModelInferResponse.InferOutputTensor(
        name=name,
        datatype=v2.datatype(array.dtype),
        shape=array.shape,
    )
    return tensor, v2.raw(array)


def _is_type(proto):
    return proto.dtype in types_pb2.DataType.values()


def _known(name, what, kind, table):
    if kind not in table:
        raise errors.Invalid(
            f"`{name}`: its {what} must be one of {', '.join(table)}. "
            f"Received: {kind[:40]!r}"
        )
    return table[kind]


def _elements(name, shape):
    """How many values a declared shape has."""
    if len(shape) > _MAX_RANK or min(shape, default=0) < 0:
        raise errors.Invalid(
            f"`{name}`: a shape has at most {_MAX_RANK} axes and no negative "
            f"one. Received: {_in_words(shape)}"
        )
    if math.prod(max(size, 1) for size in shape) > _MAX_ELEMENTS:
        raise errors.Invalid(
            f"`{name}`: the shape {_in_words(shape)} is too large"
        )
    return math.prod(shape)


def _of_bytes(name, data, dtype, shape):
    dtype = np.dtype(dtype).newbyteorder("<")
    if len(data) % dtype.itemsize:
        raise _wrong_size(name, f"{len(data)} bytes", shape)
    return _reshaped(name, np.frombuffer(data, dtype), shape)


def _reshaped(name, values, shape):
    if values.size != math.prod(shape):
        raise _wrong_size(name, f"{values.size} values", shape)
    return values.reshape(shape)


def _array(values, dtype):
    array = np.empty(len(values), dtype)
    array[:] = values
    return array


def _strings(name, raw):
    """The BYTES of raw contents: each behind its length, 4 bytes."""
    try:
        return kserve_sdk.infer_type.deserialize_bytes_tensor(raw)
    except struct.error:
        raise errors.Invalid(
            f"`{name}`: the raw BYTES end amid an element. Expected: 4 "
            "bytes of length, then as many bytes, for each"
        ) from None


def _wrong_size(name, found, shape):
    return errors.Invalid(
        f"`{name}`: its shape {_in_words(shape)} has {math.prod(shape)} "
        f"values. Received: {found}"
    )


def _in_words(shape):
    return f"{shape[:_MAX_RANK]}" + " ..." * (len(shape) > _MAX_RANK)
