"""The Open Inference Protocol over gRPC, on KServe's messages.

KServe's own servicer answers many malformed requests as its own failures;
this one says what was expected.
"""

from stylegan_tf.serving import checking, errors, kserve_sdk, v2
from stylegan_tf.serving.rpc import tensors

inference = kserve_sdk.grpc_predict_v2_pb2

_SIGNATURE = "signature_name"  # the request's parameter
_NO_REPOSITORY = (
    "models are not loaded or unloaded by clients: a new version in the "
    "model's folder is taken up by itself"
)


class InferenceService(
    kserve_sdk.grpc_predict_v2_pb2_grpc.GRPCInferenceServiceServicer
):
    """One `model.Model` for clients as tritonclient."""

    def __init__(self, model):
        self._model = model

    async def ServerLive(self, request, context):
        return inference.ServerLiveResponse(live=True)

    async def ServerReady(self, request, context):
        return inference.ServerReadyResponse(ready=self._is_ready())

    async def ServerMetadata(self, request, context):
        return inference.ServerMetadataResponse(
            name=v2.SERVER,
            version=v2.software(self._model),
        )

    async def ModelReady(self, request, context):
        version = self._version(request.name, request.version)
        return inference.ModelReadyResponse(ready=self._is_ready(version))

    async def ModelMetadata(self, request, context):
        version = self._version(request.name, request.version)
        described = v2.metadata(self._model, version)
        return inference.ModelMetadataResponse(**described)

    async def ModelInfer(self, request, context):
        version = self._version(request.model_name, request.model_version)
        if len(request.id) > v2.MAX_ID:
            raise errors.Invalid(
                f"id may have {v2.MAX_ID} characters. Received: "
                f"{len(request.id)}"
            )
        version, outputs = await self._model.predict(
            _signature(request.parameters),
            _inputs(request),
            version,
            context.time_remaining(),
        )
        names = [output.name for output in request.outputs]
        outputs = checking.chosen(outputs, names)
        response = inference.ModelInferResponse(
            model_name=self._model.name,
            model_version=str(version),
            id=request.id,
        )
        for name, array in outputs.items():
            tensor, raw = tensors.to_output(name, array)
            response.outputs.append(tensor)
            response.raw_output_contents.append(raw)
        return response

    async def RepositoryModelLoad(self, request, context):
        raise errors.NotOffered(_NO_REPOSITORY)

    async def RepositoryModelUnload(self, request, context):
        raise errors.NotOffered(_NO_REPOSITORY)

    def _is_ready(self, version=None):
        states = self._model.statuses()
        asked = states.values() if version is None else [states.get(version)]
        return "AVAILABLE" in asked and not self._model.is_stopping

    def _version(self, name, version):
        """The asked version's number, None for the newest."""
        if name != self._model.name:
            raise errors.Missing(
                f"the model's name must be {self._model.name!r}. Received: "
                f"{name[:40]!r}"
            )
        return v2.version(version) if version else None


def _signature(parameters):
    """The name of the asked signature."""
    if _SIGNATURE not in parameters:
        return v2.SIGNATURE
    asked = parameters[_SIGNATURE]
    if asked.WhichOneof("parameter_choice") != "string_param":
        raise errors.Invalid(
            f"the parameter {_SIGNATURE} must be a string, in string_param"
        )
    return asked.string_param


def _inputs(request):
    """Dict of arrays, from raw or from typed contents."""
    given, raws = request.inputs, request.raw_input_contents
    if not raws:
        raws = [None] * len(given)
    elif len(raws) != len(given):
        raise errors.Invalid(
            f"raw_input_contents must have one entry for each of the "
            f"{len(given)} inputs. Received: {len(raws)}"
        )
    elif any(tensor.HasField("contents") for tensor in given):
        raise errors.Invalid(
            "inputs must have no contents where raw_input_contents are given"
        )
    inputs = {}
    for tensor, raw in zip(given, raws, strict=True):
        if tensor.name in inputs:
            raise errors.Invalid(f"input {tensor.name[:40]!r} is there twice")
        inputs[tensor.name] = tensors.of_input(tensor, raw)
    return inputs
