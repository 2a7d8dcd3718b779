"""Tensors of the Open Inference Protocol in JSON, or in bytes behind it."""

import math
import struct

import numpy as np

from stylegan_tf.serving import checking, errors, kserve_sdk, nested, v2


def attach_binary(described, inputs, data):
    """Gives every input without data its bytes, in their order.

    Args:
        described: Inputs as the JSON has them.
        inputs: `InferInput`s of the same.
        data: Bytes that follow the JSON.

    Raises:
        errors.Invalid: If they do not belong together.
    """
    position = 0
    for fields, each in zip(described, inputs, strict=True):
        size = (fields.parameters or {}).get("binary_data_size")
        if (fields.data is None) == (size is None):
            raise errors.Invalid(
                f"`{each.name}` must have either data or the parameter "
                "binary_data_size"
            )
        if size is None:
            continue
        if type(size) is not int or not 0 <= size <= len(data) - position:
            raise errors.Invalid(
                f"binary_data_size of `{each.name}` must be a number of bytes "
                f"that follow the JSON, {len(data) - position} at most. "
                f"Received: {size}"
            )
        each._raw_data = data[position : position + size]
        position += size
    if position != len(data):
        raise errors.Invalid(
            f"{len(data) - position} bytes follow the JSON that no "
            "binary_data_size tells of"
        )


def of_input(given, tensor, max_rows):
    """The array of an `InferInput`, of its shape.

    Args:
        given: The input, with its data or its bytes.
        tensor: The signature's.
        max_rows: Of a request.

    Raises:
        errors.Invalid: If its type, shape and values do not belong together.
    """
    name, shape = given.name, given.shape
    expected = v2.datatype(tensor.dtype)
    if given.datatype != expected:
        raise errors.Invalid(
            f"`{name}` must be of datatype {expected}. Received: "
            f"{given.datatype[:20]}"
        )
    checking.check_shape(name, tensor, shape, max_rows)
    if given._raw_data is None:
        _check_count(name, shape, math.prod(nested.shape(given.data)))
        array = nested.array(name, tensor.dtype, given.data)
    else:
        array = _of_bytes(given, tensor.dtype)
    _check_count(name, shape, array.size)
    return array.reshape(shape)


def to_output(output, is_binary):
    """Fields of an `InferOutput`, and its bytes if they follow the JSON.

    Numbers of JSON stay an array: orjson writes it without a Python object
    each.

    Raises:
        errors.Invalid: If its strings are no text, and so not for JSON.
    """
    array = output.data
    fields = {
        "name": output.name,
        "datatype": output.datatype,
        "shape": output.shape,
    }
    if is_binary:
        data = v2.raw(array)
        return {**fields, "parameters": {"binary_data_size": len(data)}}, data
    if output.datatype != "BYTES":
        return {**fields, "data": np.ascontiguousarray(array).ravel()}, None
    try:
        texts = [each.decode() for each in array.ravel()]
    except UnicodeDecodeError:
        raise errors.Invalid(
            f"`{output.name}` is no text, and so not for JSON: ask for it "
            'with the parameter "binary_data": true'
        ) from None
    return {**fields, "data": texts}, None


def _check_count(name, shape, count):
    if math.prod(shape) != count:
        raise errors.Invalid(
            f"`{name}` must have as many values as its shape says, "
            f"{shape[:8]}. Received: {count}"
        )


def _of_bytes(given, dtype):
    try:
        if dtype == "string":
            return kserve_sdk.infer_type.deserialize_bytes_tensor(
                given._raw_data
            )
        return np.frombuffer(given._raw_data, np.dtype(dtype).newbyteorder("<"))
    except (ValueError, struct.error):
        raise errors.Invalid(
            f"The data of `{given.name}` is not of datatype {given.datatype}"
        ) from None
