"""The gRPC port: both protocols behind one door."""

import asyncio
import logging
import time

import grpc
from google.protobuf import message
from tensorflow_serving.apis import (
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)

from stylegan_tf.serving import access_log, errors, kserve_sdk, tokens
from stylegan_tf.serving.rpc import open_inference, tf_serving

_MAX_CALLS = 2048  # at a time; the model's own queue is shorter
_LAST_CALL_SECONDS = 0.5
# Bytes of a status, which travels as a header: percent-encoded, three each;
# over 8 KB the client would see RESOURCE_EXHAUSTED instead.
_MAX_DETAILS = 1300


async def start(
    model, *, host: str, port: int, token: str | None, max_request_bytes: int
):
    """Starts in the running loop; returns the `Server` and its port.

    Args:
        model: A `model.Model` that has started.
        host: To listen on.
        port: To listen on, 0 for a free one.
        token: What `authorization` must carry, None to let all in.
        max_request_bytes: Larger messages are refused unread.

    Raises:
        ValueError: If the port cannot be had.
    """
    door = _Door(token)
    server = grpc.aio.server(
        interceptors=[door],
        maximum_concurrent_rpcs=_MAX_CALLS,
        options=[
            ("grpc.max_receive_message_length", max_request_bytes),
            ("grpc.max_send_message_length", -1),  # as large as max_batch
            ("grpc.so_reuseport", 0),  # else a second server shares the port
        ],
    )
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        tf_serving.PredictionService(model), server
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(
        tf_serving.ModelService(model), server
    )
    kserve_sdk.grpc_predict_v2_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(
        open_inference.InferenceService(model), server
    )
    try:
        port = server.add_insecure_port(_address(host, port))
    except RuntimeError:
        raise ValueError(
            f"gRPC cannot listen on {_address(host, port)}: is the port taken?"
        ) from None
    await server.start()
    return Server(server, door), port


class Server:
    """What has started, to be stopped."""

    def __init__(self, server, door):
        self._server, self._door = server, door

    async def stop(self, grace_seconds: float):
        """Takes no new call and returns when those accepted are answered.

        gRPC calls it CANCELLED when one reaches a server that stops; so for a
        moment all are told before that the server is UNAVAILABLE, on which
        clients ask another one.
        """
        self._door.is_closed = True
        await asyncio.sleep(min(_LAST_CALL_SECONDS, grace_seconds))
        await self._server.stop(grace_seconds)


class _Door(grpc.aio.ServerInterceptor):
    """Checks the token and the message; says why a call is refused."""

    is_closed = False

    def __init__(self, token):
        self._token = token

    async def intercept_service(self, continuation, call):
        handler = await continuation(call)
        if handler is None:  # no such method: UNIMPLEMENTED
            return None

        async def answer(data, context):
            start = time.perf_counter()
            try:
                self._let_in(call)
                request = _parsed(handler.request_deserializer, data)
                response = await handler.unary_unary(request, context)
            except errors.Refused as refused:
                _log(call, context, refused.code, start)
                await _refuse(context, refused)
            except asyncio.CancelledError:  # the client left, or its deadline
                _log(call, context, "CANCELLED", start)
                raise
            except Exception:
                logging.exception("%s failed", call.method)
                _log(call, context, "INTERNAL", start)
                await context.abort(
                    grpc.StatusCode.INTERNAL, "the server failed; see its log"
                )
            _log(call, context, "OK", start)
            return response

        return grpc.unary_unary_rpc_method_handler(
            answer, None, handler.response_serializer
        )

    def _let_in(self, call):
        if self.is_closed:
            raise errors.Stopping("the server is stopping")
        header = dict(call.invocation_metadata).get("authorization")
        if not tokens.is_allowed(header, self._token):
            raise errors.Unauthenticated(
                "metadata `authorization: Bearer TOKEN` is expected, with the "
                "server's token"
            )


async def _refuse(context, refused):
    await context.abort(
        grpc.StatusCode[refused.code],
        str(refused)
        .encode(errors="replace")[:_MAX_DETAILS]
        .decode(errors="ignore"),
        tuple((name.lower(), text) for name, text in refused.headers.items()),
    )


def _parsed(parse, data):
    """The request; gRPC itself would call a malformed one UNKNOWN."""
    try:
        return parse(data)
    except message.DecodeError:
        expected = parse.__self__.DESCRIPTOR.full_name
        raise errors.Invalid(
            f"the {len(data)} bytes that came are no {expected}"
        ) from None


def _log(call, context, status, start):
    access_log.write(
        protocol="grpc",
        method="POST",
        path=call.method,
        status=status,
        milliseconds=1000 * (time.perf_counter() - start),
        client=context.peer(),
    )


def _address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
