"""One line of JSON a request, for whoever watches the server.

Through `logging`, at INFO: `show` is what makes it appear.
"""

import asyncio
import datetime
import logging
import re
import sys
import time
import uuid

import orjson
import prometheus_client

_LOGGER = logging.getLogger("stylegan_tf.serving.access")
_LOGGER.propagate = False
_REQUEST_ID = re.compile(rb"[\w.:+/=-]{1,128}")

_SECONDS = prometheus_client.Histogram(
    "serving_request_seconds",
    "Requests by protocol and by the status of their answer.",
    ["protocol", "status"],
)


def show(stream=None):
    """Writes the lines to `stream`, by default standard error."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOGGER.handlers = [handler]
    _LOGGER.setLevel(logging.INFO)


def write(*, protocol, method, path, status, milliseconds, **more):
    """Counts one request, and logs it if lines are shown.

    Args:
        protocol: "http" or "grpc".
        method: Of HTTP; "POST" of gRPC.
        path: Without the query.
        status: A number, or a name of a gRPC status.
        milliseconds: From its first line to the last byte of the answer.
        **more: rows, bytes, client, request_id, ...; None is left out.
    """
    _SECONDS.labels(protocol, status).observe(milliseconds / 1000)
    if not _LOGGER.isEnabledFor(logging.INFO) or not _LOGGER.handlers:
        return
    now = datetime.datetime.now(datetime.UTC)
    line = {
        "time": now.isoformat(timespec="milliseconds"),
        "protocol": protocol,
        "method": method,
        "path": path,
        "status": status,
        "milliseconds": round(milliseconds, 2),
        **{name: each for name, each in more.items() if each is not None},
    }
    text = orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS, default=str)
    _LOGGER.info(text.decode())


class AccessLog:
    """ASGI: logs what passes, and names it in `X-Request-Id`.

    A client's own name is kept. A route tells its rows in
    `scope["state"]["rows"]`.
    """

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, size = time.perf_counter(), 499, 0  # 499: it left
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        known = _REQUEST_ID.fullmatch(given)
        name = given if known else uuid.uuid4().hex.encode()
        state = scope.setdefault("state", {})
        state["request_id"] = name.decode()
        scope["task"] = asyncio.current_task()  # for when the client leaves

        async def send_named(message):
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", name)]
                message = {**message, "headers": headers}
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        except asyncio.CancelledError:
            pass  # it ends here: the client has left, or the time is up
        finally:
            client = scope.get("client")
            write(
                protocol="http",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=1000 * (time.perf_counter() - start),
                rows=state.get("rows"),
                bytes=size,
                client=client and client[0],
                request_id=state["request_id"],
            )
