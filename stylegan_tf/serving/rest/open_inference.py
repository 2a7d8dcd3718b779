"""The Open Inference Protocol over REST, on KServe's data plane.

KServe brings the types, the order of the steps and the metrics. Here is what
it leaves to a model, and to a server that is careful with bodies: versions,
signatures, and bodies checked before they are used.
"""

import math

import pydantic

from stylegan_tf.serving import checking, errors, kserve_sdk, v2
from stylegan_tf.serving.rest import beside, json_text, tensors

HEADER = "inference-header-content-length"
_MOST = 64  # inputs, outputs or parameters of a request, sizes of a shape
_TYPES = kserve_sdk.v2_datamodels


class Input(_TYPES.RequestInput):
    """An input whose data may follow the JSON, as tritonclient sends it."""

    data: list | None = None


class Request(_TYPES.InferenceRequest):
    """The JSON of a request."""

    id: str | None = pydantic.Field(None, max_length=v2.MAX_ID)
    inputs: list[Input]


class Runtime(kserve_sdk.Model):
    """A `serving.Model` as KServe knows models; its metrics are KServe's."""

    def __init__(self, model):
        super().__init__(model.name)
        self._model = model

    async def predict(self, payload, headers=None):
        """An `InferResponse` with arrays as data."""
        servable = self._model.servable(payload.model_version)
        name = _signature(payload.parameters or {})
        signature = servable.signatures.get(name)
        inputs = {}
        if signature:
            inputs = await beside.call(
                sum(map(_size, payload.inputs)),
                _inputs,
                payload.inputs,
                signature.inputs,
                servable.max_batch,
            )
        version, outputs = await self._model.predict(
            name, inputs, payload.model_version
        )
        asked = payload.request_outputs
        outputs = checking.chosen(outputs, [each.name for each in asked or ()])
        made = [
            kserve_sdk.infer_type.InferOutput(
                name,
                list(array.shape),
                v2.datatype(array.dtype),
                array,
            )
            for name, array in outputs.items()
        ]
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

    def decode_inference_request(self, body, headers, model_name):
        """An `InferRequest` of a body's JSON, and of what follows it.

        Raises:
            errors.Invalid: Whatever is wrong with it.
        """
        size = _json_size(body, headers)
        try:
            found = json_text.read(body[:size])
            _check(found)
            read = Request.model_validate(found, strict=True)
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
        tensors.attach_binary(read.inputs, inputs, body[size:])
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
            fields, data = tensors.to_output(each, is_binary)
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


def _size(given):
    """Bytes of an `InferInput`, about; nothing longer than told is read."""
    return 8 * abs(math.prod(given.shape)) + len(given._raw_data or b"")


def _inputs(given, known, max_rows):
    """Arrays by name, of `InferInput`s."""
    checking.check_known(known, [each.name for each in given])
    return {
        each.name: tensors.of_input(each, known[each.name], max_rows)
        for each in given
    }


def _signature(parameters):
    """The name of the asked signature."""
    name = parameters.get("signature_name", v2.SIGNATURE)
    if not isinstance(name, str):
        raise errors.Invalid(
            'The parameter "signature_name" must be text. Received: '
            f"{json_text.kind(name)}"
        )
    return name


def _check(body):
    """Before pydantic, which keeps what is wrong with each of millions.

    And no tensor may be there twice: one of both would be lost.
    """
    _check_length(body, "inputs", "outputs", "parameters")
    if isinstance(body.get("parameters"), dict):
        _signature(body["parameters"])  # of null, pydantic says four things
    for key in ("inputs", "outputs"):
        listed = body.get(key)
        if not isinstance(listed, list):
            continue  # pydantic says so
        tensors = [each for each in listed if isinstance(each, dict)]
        for each in tensors:
            _check_length(each, "shape", "parameters")
        names = [str(each.get("name")) for each in tensors]
        if twice := [name for name in names if names.count(name) > 1]:
            raise errors.Invalid(f"{key}: `{twice[0][:60]}` is there twice")


def _check_length(fields, *names):
    for name in names:
        found = fields.get(name)
        if isinstance(found, list | dict) and len(found) > _MOST:
            raise errors.Invalid(
                f"{name} may have {_MOST} elements. Received: {len(found)}"
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
