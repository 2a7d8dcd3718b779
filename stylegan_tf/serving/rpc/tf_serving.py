"""TensorFlow Serving's gRPC: PredictionService and ModelService.

For clients with the stubs of tensorflow-serving-api, whose messages these are.
"""

from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from stylegan_tf.serving import checking, errors, signatures
from stylegan_tf.serving.rpc import tensors

_DEFAULT = "serving_default"
_METADATA = "signature_def"
_UNKNOWN = 2  # of TensorFlow's error_codes.proto
_STATES = get_model_status_pb2.ModelVersionStatus.State
_NO_EXAMPLES = (
    "takes tf.Example, which a generator has no use for; Predict takes tensors"
)


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Predict and GetModelMetadata of one `model.Model`."""

    def __init__(self, model):
        self._model = model

    async def Predict(self, request, context):
        spec = request.model_spec
        version = _version(self._model, spec)
        inputs = {
            name: tensors.of_proto(name, proto)
            for name, proto in request.inputs.items()
        }
        name = spec.signature_name or _DEFAULT
        version, outputs = await self._model.predict(
            name, inputs, version, context.time_remaining()
        )
        outputs = checking.chosen(outputs, request.output_filter)
        response = predict_pb2.PredictResponse()
        _describe(response.model_spec, self._model, version, name)
        for name, array in outputs.items():
            response.outputs[name].CopyFrom(tensors.to_proto(array))
        return response

    async def GetModelMetadata(self, request, context):
        version = _version(self._model, request.model_spec)
        if set(request.metadata_field) != {_METADATA}:
            raise errors.Invalid(
                f"metadata_field must be {_METADATA!r}. Received: "
                f"{[each[:40] for each in request.metadata_field[:4]]}"
            )
        servable = self._model.servable(version)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        _describe(response.model_spec, self._model, servable.version)
        found = signatures.to_map(servable.definitions)
        response.metadata[_METADATA].Pack(found)
        return response

    async def Classify(self, request, context):
        raise errors.NotOffered(f"Classify {_NO_EXAMPLES}")

    async def Regress(self, request, context):
        raise errors.NotOffered(f"Regress {_NO_EXAMPLES}")

    async def MultiInference(self, request, context):
        raise errors.NotOffered(f"MultiInference {_NO_EXAMPLES}")


class ModelService(model_service_pb2_grpc.ModelServiceServicer):
    """The states of one model's versions."""

    def __init__(self, model):
        self._model = model

    async def GetModelStatus(self, request, context):
        version = _version(self._model, request.model_spec)
        statuses = self._model.statuses()
        if version is not None and version not in statuses:
            raise errors.Missing(
                f"no version {version} of {self._model.name!r} is here. "
                f"There: {sorted(statuses)}"
            )
        response = get_model_status_pb2.GetModelStatusResponse()
        failures = self._model.failures()
        for number, state in sorted(statuses.items(), reverse=True):
            if version in (None, number):
                status = response.model_version_status.add(
                    version=number, state=_STATES.Value(state)
                )
                status.status.SetInParent()  # no error
                if number in failures:
                    status.status.error_code = _UNKNOWN
                    status.status.error_message = failures[number]
        return response

    async def HandleReloadConfigRequest(self, request, context):
        raise errors.NotOffered(
            "what is served is said where the server starts; a new version "
            "in the model's folder is taken up by itself"
        )


def _version(model, spec):
    """The asked version's number, None for the newest."""
    if spec.name != model.name:
        raise errors.Missing(
            f"model_spec.name must be {model.name!r}. Received: "
            f"{spec.name[:40]!r}"
        )
    choice = spec.WhichOneof("version_choice")
    if choice == "version_label":
        raise errors.Missing(
            "versions have numbers here, no labels. Received: version_label="
            f"{spec.version_label[:40]!r}"
        )
    return spec.version.value if choice else None


def _describe(spec, model, version, signature=""):
    spec.name, spec.signature_name = model.name, signature
    spec.version.value = version
