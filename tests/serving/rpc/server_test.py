"""The gRPC port over a model of a few lines; clients_test.py has a real one."""

import asyncio
import collections
import contextlib
import types

import grpc
import numpy as np
import tensorflow as tf
from absl.testing import parameterized
from google.protobuf import wrappers_pb2
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from stylegan_tf.serving import errors, kserve_sdk
from stylegan_tf.serving.rpc import server, tensors

inference = kserve_sdk.grpc_predict_v2_pb2

_Tensor = collections.namedtuple("_Tensor", "dtype shape has_default")
_Signature = collections.namedtuple("_Signature", "inputs outputs")
_PREDICT = "/tensorflow.serving.PredictionService/Predict"
_INFER = "/inference.GRPCInferenceService/ModelInfer"
_Z = np.float32([[1, 2], [3, 4]])
_CODE = grpc.StatusCode


class _Doubling:
    """A model whose images are z twice."""

    name, failure, is_stopping = "faces", None, False

    def __init__(self):
        signature = _Signature(
            {"z": _Tensor("float32", (None, 2), False)},
            {"images": _Tensor("uint8", (None, 2), False)},
        )
        definition = meta_graph_pb2.SignatureDef(method_name="predict")
        self.found = types.SimpleNamespace(
            version=3,
            card={"software": {"stylegan_tf": "0.1.0"}},
            definitions={"generate": definition},
            signatures={"serving_default": signature, "generate": signature},
        )
        self.timeouts = []

    def statuses(self):
        return {2: "UNLOADING", 3: "AVAILABLE"}

    def failures(self):
        return {2: "it broke"}

    def servable(self, version=None):
        if version not in (None, 3):
            raise errors.Missing(f"no version {version}")
        return self.found

    async def predict(self, signature, inputs, version=None, timeout=None):
        self.servable(version)
        self.timeouts.append(timeout)
        if self.failure:
            raise self.failure
        if [*inputs] != ["z"]:
            raise errors.Invalid(f"z is expected, not {[*inputs]}")
        return 3, {"images": np.uint8(inputs["z"] * 2)}


class RpcServerTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.model = _Doubling()

    def call(self, method, request, *, token=None, metadata=(), timeout=9):
        """The answer of a stub's method, or the error."""

        async def ask():
            async with _channel(self.model, token) as channel:
                stub = _STUBS[method](channel)
                return await getattr(stub, method)(
                    request, metadata=metadata, timeout=timeout
                )

        return _result(ask())

    def refused(self, code, words, method, request, **options):
        error = self.call(method, request, **options)
        self.assertIsInstance(error, grpc.aio.AioRpcError)
        self.assertEqual(error.code(), code, error.details())
        self.assertIn(words, error.details())
        return error

    def test_predict_answers_and_passes_the_deadline_on(self):
        answer = self.call("Predict", _predict())
        images = tf.make_ndarray(answer.outputs["images"])
        self.assertAllEqual(images, [[2, 4], [6, 8]])
        spec = answer.model_spec
        self.assertEqual((spec.name, spec.version.value), ("faces", 3))
        self.assertEqual(spec.signature_name, "serving_default")
        self.assertBetween(self.model.timeouts[0], 5, 9.5)
        self.call("Predict", _predict(), timeout=None)
        self.assertIsNone(self.model.timeouts[1])

    def test_metadata_is_a_map_of_signatures(self):
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            metadata_field=["signature_def"]
        )
        request.model_spec.name = "faces"
        answer = self.call("GetModelMetadata", request)
        found = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(found)
        self.assertEqual(
            dict(found.signature_def), self.model.found.definitions
        )
        del request.metadata_field[:]
        self.refused(
            _CODE.INVALID_ARGUMENT,
            "must be 'signature_def'",
            "GetModelMetadata",
            request,
        )

    def test_status_is_of_all_versions_or_one(self):
        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = "faces"
        answer = self.call("GetModelStatus", request).model_version_status
        self.assertEqual(
            [(s.version, s.state) for s in answer], [(3, 30), (2, 40)]
        )
        self.assertEqual(
            [(s.status.error_code, s.status.error_message) for s in answer],
            [(0, ""), (2, "it broke")],
        )
        request.model_spec.version.value = 2
        (answer,) = self.call("GetModelStatus", request).model_version_status
        self.assertEqual(answer.version, 2)
        request.model_spec.version.value = 9
        self.refused(_CODE.NOT_FOUND, "no version 9", "GetModelStatus", request)

    def test_infer_answers_raw_and_typed_contents(self):
        for raw in (True, False):
            answer = self.call("ModelInfer", _infer(raw=raw, id="a"))
            self.assertEqual(answer.raw_output_contents, [b"\2\4\6\10"])
            (output,) = answer.outputs
            self.assertEqual(list(output.shape), [2, 2])
            self.assertEqual(answer.model_version, "3")
            self.assertEqual(answer.id, "a")

    def test_open_inference_says_what_is_there(self):
        self.assertTrue(
            self.call("ServerLive", inference.ServerLiveRequest()).live
        )
        self.assertTrue(
            self.call("ServerReady", inference.ServerReadyRequest()).ready
        )
        for version, expected in (("", True), ("3", True), ("2", False)):
            request = inference.ModelReadyRequest(name="faces", version=version)
            answer = self.call("ModelReady", request)
            self.assertEqual(answer.ready, expected)
        answer = self.call("ServerMetadata", inference.ServerMetadataRequest())
        self.assertEqual(
            (answer.name, answer.version), ("stylegan_tf", "0.1.0")
        )
        answer = self.call(
            "ModelMetadata", inference.ModelMetadataRequest(name="faces")
        )
        self.assertEqual(answer.versions, ["3"])
        (z,) = answer.inputs
        self.assertEqual((z.name, z.datatype), ("z", "FP32"))
        self.assertEqual(list(z.shape), [-1, 2])

    def test_what_a_generator_has_no_use_for_is_unimplemented(self):
        for method, request in (
            ("Classify", classification_pb2.ClassificationRequest()),
            (
                "HandleReloadConfigRequest",
                model_management_pb2.ReloadConfigRequest(),
            ),
            ("RepositoryModelLoad", inference.RepositoryModelLoadRequest()),
        ):
            self.refused(_CODE.UNIMPLEMENTED, " ", method, request)

    def test_another_name_version_or_label_is_not_found(self):
        for spec, words in (
            (dict(name="cats"), "must be 'faces'. Received: 'cats'"),
            (dict(), "Received: ''"),
            (dict(name="faces", version_label="best"), "no labels"),
            (dict(name="faces", version=_int(9)), "no version 9"),
            (dict(name="faces", version=_int(-1)), "no version -1"),
        ):
            request = _predict()
            request.model_spec.Clear()
            for key, value in spec.items():
                if key == "version":
                    request.model_spec.version.CopyFrom(value)
                else:
                    setattr(request.model_spec, key, value)
            self.refused(_CODE.NOT_FOUND, words, "Predict", request)

    def test_a_version_that_is_no_number_is_invalid_and_another_missing(self):
        for version in ("x", "-1", "1.0", "٣", "9" * 30):
            self.refused(
                _CODE.INVALID_ARGUMENT,
                f"Received: {version!r}",
                "ModelInfer",
                _infer(model_version=version),
            )
        self.refused(
            _CODE.NOT_FOUND,
            "version 9",
            "ModelInfer",
            _infer(model_version="9"),
        )

    def test_outputs_can_be_chosen(self):
        request = _predict()
        request.output_filter.append("images")
        self.assertEqual([*self.call("Predict", request).outputs], ["images"])
        request.output_filter.append("styles")
        self.refused(
            _CODE.INVALID_ARGUMENT, "no output `styles`", "Predict", request
        )

    def test_inputs_that_contradict_themselves_are_invalid(self):
        twice, both, none, number = (_infer() for _ in range(4))
        twice.inputs.append(twice.inputs[0])
        twice.raw_input_contents.append(twice.raw_input_contents[0])
        both.inputs[0].contents.fp32_contents.append(1)
        none.raw_input_contents.append(b"")
        number.parameters["signature_name"].int64_param = 3
        for request, words in (
            (twice, "there twice"),
            (both, "no contents"),
            (none, "one entry for each"),
            (number, "must be a string"),
        ):
            self.refused(_CODE.INVALID_ARGUMENT, words, "ModelInfer", request)

    @parameterized.parameters(_PREDICT, _INFER)
    def test_bytes_that_are_no_message_are_invalid(self, path):
        async def ask():
            async with _channel(self.model) as channel:
                return await channel.unary_unary(path)(b"\xff\xff\xff")

        error = _result(ask())
        self.assertEqual(error.code(), _CODE.INVALID_ARGUMENT)
        self.assertIn("the 3 bytes that came are no", error.details())

    def test_without_the_token_nothing_is_answered(self):
        def with_token(text):
            return dict(token="secret", metadata=[("authorization", text)])

        answer = self.call("Predict", _predict(), **with_token("Bearer secret"))
        self.assertIn("images", answer.outputs)
        for options in (
            dict(token="secret"),
            with_token("Bearer secret2"),
            with_token("secret"),
        ):
            self.refused(
                _CODE.UNAUTHENTICATED,
                "Bearer TOKEN",
                "Predict",
                _predict(),
                **options,
            )

    def test_larger_messages_are_refused(self):
        request = _predict(np.zeros([40_000, 2], np.float32))
        self.refused(_CODE.RESOURCE_EXHAUSTED, "", "Predict", request)

    def test_a_full_queue_says_when_to_come_back(self):
        self.model.failure = errors.Busy("1024 requests wait", 7)
        error = self.refused(
            _CODE.RESOURCE_EXHAUSTED, "1024 requests", "Predict", _predict()
        )
        self.assertEqual(dict(error.trailing_metadata())["retry-after"], "7")

    def test_long_words_keep_the_code(self):
        for letter in "x\u00fc\U0001d49b":
            self.model.failure = errors.Invalid(letter * 10**5)
            self.refused(
                _CODE.INVALID_ARGUMENT, letter * 300, "Predict", _predict()
            )

    def test_an_id_has_a_length(self):
        self.refused(
            _CODE.INVALID_ARGUMENT,
            "id may have 256 characters. Received: 257",
            "ModelInfer",
            _infer(id="7" * 257),
        )

    def test_a_fault_of_ours_shows_no_traceback(self):
        self.model.failure = KeyError("a secret")
        with self.assertLogs(level="ERROR") as logged:
            error = self.refused(
                _CODE.INTERNAL, "see its log", "Predict", _predict()
            )
        self.assertNotIn("secret", error.details())
        self.assertIn("a secret", logged.output[0])

    def test_a_port_in_use_is_one_line(self):
        async def twice():
            server, port = await _started(self.model)
            try:
                await _started(self.model, port=port)
            finally:
                await server.stop(0)

        with self.assertRaisesRegex(ValueError, "is the port taken?"):
            asyncio.run(twice())

    def test_a_stop_answers_what_was_accepted(self):
        async def stop_amid():
            server, port = await _started(self.model)
            entered, go_on = asyncio.Event(), asyncio.Event()
            predict = self.model.predict

            async def slow(*arguments):
                entered.set()
                await go_on.wait()
                return await predict(*arguments)

            self.model.predict = slow
            async with grpc.aio.insecure_channel(
                f"127.0.0.1:{port}"
            ) as channel:
                stub = _STUBS["Predict"](channel)
                accepted = asyncio.ensure_future(stub.Predict(_predict()))
                await entered.wait()
                stopping = asyncio.ensure_future(server.stop(9))
                await asyncio.sleep(0.1)
                go_on.set()
                answer = await accepted
                await stopping
            return answer

        self.assertIn("images", asyncio.run(stop_amid()).outputs)


def _predict(z=_Z):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "faces"
    request.inputs["z"].CopyFrom(tensors.to_proto(z))
    return request


def _infer(*, raw=True, **fields):
    request = inference.ModelInferRequest(model_name="faces", **fields)
    tensor = request.inputs.add(name="z", datatype="FP32", shape=_Z.shape)
    if raw:
        request.raw_input_contents.append(_Z.tobytes())
    else:
        tensor.contents.fp32_contents.extend(_Z.ravel())
    return request


def _int(value):
    return wrappers_pb2.Int64Value(value=value)


def _methods(module, name):
    stub = getattr(module, f"{name}Stub")
    servicer = getattr(module, f"{name}Servicer")
    return {key: stub for key in vars(servicer) if key[0].isupper()}


_STUBS = {
    **_methods(prediction_service_pb2_grpc, "PredictionService"),
    **_methods(model_service_pb2_grpc, "ModelService"),
    **_methods(kserve_sdk.grpc_predict_v2_pb2_grpc, "GRPCInferenceService"),
}


async def _started(model, token=None, port=0):
    return await server.start(
        model,
        host="127.0.0.1",
        port=port,
        token=token,
        max_request_bytes=100_000,
    )


@contextlib.asynccontextmanager
async def _channel(model, token=None):
    server, port = await _started(model, token)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield channel
    finally:
        await server.stop(0)


def _result(coroutine):
    try:
        return asyncio.run(coroutine)
    except grpc.aio.AioRpcError as error:
        return error


if __name__ == "__main__":
    tf.test.main()
