"""The Open Inference Protocol over REST, on KServe's data plane.

KServe brings the routes' handlers, types and metrics. Here is what it leaves
to a model, and to a server that is careful with bodies: versions, signatures,
and bodies checked before they are used; large arrays as JSON without a Python
object a number. https://github.com/kserve/open-inference-protocol
"""

import math
import struct

import numpy as np
import pydantic

from stylegan_tf.serving import errors, kserve_sdk
from stylegan_tf.serving.rest import json_text

HEADER = "inference-header-content-length"
_DEFAULT = "generate"
_TYPES = kserve_sdk.v2_datamodels


class Input(_TYPES.RequestInput):
    """An input whose data may follow the JSON, as tritonclient sends it."""

    data: list | None = None


class Request(_TYPES.InferenceRequest):
    """The JSON of a request."""

    inputs: list[Input]


class Runtime(kserve_sdk.Model):
    """A `serving.Model` as KServe knows models; its metrics are KServe's."""

    def __init__(self, model):
        super().__init__(model.name)
        self._model = model

    async def healthy(self):
        """Whether a version answers."""
        return "AVAILABLE" in self._model.statuses().values()

    async def predict(self, payload, headers=None):
        """An `InferResponse` with arrays as data."""
        servable = self._model.servable(payload.model_version)
        name = (payload.parameters or {}).get("signature_name", _DEFAULT)
        signature = servable.signatures.get(str(name))
        inputs = {
            each.name: _array(each, signature and signature.inputs)
            for each in payload.inputs
        }
        version, outputs = await self._model.predict(
            str(name), inputs, payload.model_version
        )
        asked = payload.request_outputs
        wanted = [each.name for each in asked] if asked else list(outputs)
        if unknown := [each for each in wanted if each not in outputs]:
            raise errors.Invalid(
                f"There is no output `{unknown[0]}`. Outputs of `{name}`: "
                f"{', '.join(outputs)}"
            )
        made = []
        for name in wanted:
            array = outputs[name]
            kind = kserve_sdk.numpy_codec.from_np_dtype(array.dtype)
            shape = list(array.shape)
            made.append(
                kserve_sdk.infer_type.InferOutput(name, shape, kind, array)
            )
        return kserve_sdk.infer_type.InferResponse(
            payload.id or "",
            payload.model_name,
            made,
            model_version=str(version),
            use_binary_outputs=payload.use_binary_outputs,
            requested_outputs=asked,
        )


class DataPlane(kserve_sdk.dataplane.DataPlane):
    """KServe's, over one model with versions.

    Args:
        model: A `serving.Model`.
    """

    def __init__(self, model):
        registry = kserve_sdk.ModelRepository(models_dir="")
        registry.update(Runtime(model))
        super().__init__(registry)
        self._model = model

    def metadata(self):
        """Of the server, a dict."""
        return {
            "name": "stylegan_tf",
            "version": self._model.servable().card["software"]["stylegan_tf"],
            "extensions": ["binary_tensor_data"],
        }

    async def model_metadata(self, model_name, model_version=None):
        """Of `generate`, which is what a request gets that names none."""
        servable = self._model.servable(model_version)
        signature = servable.signatures[_DEFAULT]
        return {
            "name": model_name,
            "versions": [str(each) for each in self._model.statuses()],
            "platform": "tensorflow_savedmodel",
            "inputs": _described(signature.inputs),
            "outputs": _described(signature.outputs),
        }

    def decode_inference_request(self, body, headers, model_name):
        """An `InferRequest` of a body's JSON, and of what follows it.

        Raises:
            errors.Invalid: Whatever is wrong with it.
        """
        size = _json_size(body, headers)
        try:
            read = Request.model_validate(
                json_text.read(body[:size]), strict=True
            )
        except pydantic.ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise errors.Invalid(f"{place}: {first['msg']}") from None
        inputs = [
            kserve_sdk.infer_type.InferInput(
                each.name, each.shape, each.datatype, each.data
            )
            for each in read.inputs
        ]
        _attach_binary(read.inputs, inputs, body[size:])
        asked = [
            kserve_sdk.infer_type.RequestedOutput(each.name, each.parameters)
            for each in read.outputs or ()
        ]
        return kserve_sdk.infer_type.InferRequest(
            model_name,
            inputs,
            request_id=read.id,
            parameters=read.parameters,
            request_outputs=asked or None,
        )

    def encode(self, model_name, response, headers, req_attributes):
        """Bytes of an answer, and its headers."""
        chosen = {
            each.name: each.binary_data
            for each in response._requested_outputs or ()
        }
        outputs, binary = [], []
        for each in response.outputs:
            is_binary = chosen.get(each.name)
            if is_binary is None:
                is_binary = response._use_binary_outputs
            fields, data = _encoded(each, is_binary)
            outputs.append(fields)
            binary.append(data)
        body = json_text.write(
            {
                "model_name": response.model_name,
                "model_version": response.model_version,
                "id": response.id,
                "outputs": outputs,
            }
        )
        if not any(data is not None for data in binary):
            return body, {"content-type": "application/json"}
        found = {
            "content-type": "application/octet-stream",
            HEADER: str(len(body)),
        }
        return b"".join([body, *(each or b"" for each in binary)]), found


def _output(name, array):
    datatype = kserve_sdk.numpy_codec.from_np_dtype(array.dtype)
    return kserve_sdk.infer_type.InferOutput(
        name, list(array.shape), datatype, array
    )


def _json_size(body, headers):
    """Bytes of JSON at the start of a body."""
    text = headers.get(HEADER)
    if text is None:
        return len(body)
    size = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= size <= len(body):
        raise errors.Invalid(
            "Inference-Header-Content-Length must say how many of the body's "
            f"{len(body)} bytes are JSON. Received: {text[:40]}"
        )
    return size


def _attach_binary(described, inputs, data):
    """Gives every input without data its bytes, in their order."""
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


def _array(given, tensors):
    """The array of an `InferInput`, of its shape."""
    name, shape = given.name, given.shape
    if tensors and name in tensors:
        expected = _datatype(tensors[name])
        if given.datatype != expected:
            raise errors.Invalid(
                f"`{name}` must be of datatype {expected}. Received: "
                f"{given.datatype[:20]}"
            )
    dtype = kserve_sdk.numpy_codec.to_np_dtype(given.datatype)
    if dtype is None:
        raise errors.Invalid(f"`{name}` has no datatype that there is")
    try:
        array = _flat(given, dtype)
    except (ValueError, TypeError, OverflowError, struct.error):
        raise errors.Invalid(
            f"The data of `{name}` is not of datatype {given.datatype}"
        ) from None
    if min(shape, default=0) < 0 or math.prod(shape) != array.size:
        raise errors.Invalid(
            f"`{name}` must have as many values as its shape says, "
            f"{shape[:8]}. Received: {array.size}"
        )
    return array.reshape(shape)


def _flat(given, dtype):
    if given._raw_data is None:
        array = np.asarray(given.data, object if dtype is np.object_ else None)
        return array.ravel()
    if dtype is np.object_:
        return kserve_sdk.infer_type.deserialize_bytes_tensor(given._raw_data)
    return np.frombuffer(given._raw_data, np.dtype(dtype).newbyteorder("<"))


def _encoded(output, is_binary):
    """An output's fields, and its bytes if they follow the JSON."""
    array, fields = (
        output.data,
        {
            "name": output.name,
            "datatype": output.datatype,
            "shape": output.shape,
        },
    )
    if is_binary:
        if output.datatype == "BYTES":
            texts = array.ravel()
            data = b"".join(struct.pack("<I", len(t)) + t for t in texts)
        else:
            data = array.astype(array.dtype.newbyteorder("<")).tobytes()
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


def _datatype(tensor):
    """The protocol's name of a tensor's dtype."""
    if tensor.dtype == "string":
        return "BYTES"
    return kserve_sdk.numpy_codec.from_np_dtype(np.dtype(tensor.dtype))


def _described(tensors):
    """Tensors as a model's metadata has them; -1 is any number of rows."""
    return [
        {
            "name": name,
            "datatype": _datatype(tensor),
            "shape": [-1 if size is None else size for size in tensor.shape],
        }
        for name, tensor in tensors.items()
    ]
