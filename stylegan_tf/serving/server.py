"""The process: HTTP and gRPC in one loop, until a signal asks it to end.

The first signal drains: nothing new is accepted, all that was is answered.
The second stops at once.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket

import uvicorn

from stylegan_tf.serving.rest import application, http_protocol
from stylegan_tf.serving.rpc import server as rpc_server

_LOG = logging.getLogger(__name__)
_LAST_CALL_SECONDS = 0.5  # for requests on their way as the signal comes
_IDLE_SECONDS = 75.0  # that a connection is kept for a next request
_BACKLOG = 1024  # connections not accepted yet


class _Server(uvicorn.Server):
    """uvicorn without signals of its own, and a drain that loses nothing."""

    @contextlib.contextmanager
    def capture_signals(self):
        yield

    async def shutdown(self, sockets=None):
        for server in self.servers:
            server.close()
        # Whoever asks again on an open connection is answered, and told that
        # this was the last time.
        close = (b"connection", b"close")
        self.server_state.default_headers = [
            *self.server_state.default_headers,
            close,
        ]
        for connection in list(self.server_state.connections):
            if connection.is_streaming():  # the Studio's, which never end
                connection.transport.close()
            elif connection.is_busy():
                connection.shutdown()
        await asyncio.sleep(_LAST_CALL_SECONDS)
        await super().shutdown(sockets)


def run(
    model,
    *,
    host="127.0.0.1",
    port=8501,
    grpc_port=8500,
    token=None,
    cors_origins=(),
    max_request_bytes=32_000_000,
    application_hook=None,
):
    """Serves a model until SIGTERM or SIGINT.

    What it does is logged at INFO: where it answers, and that it stops.

    Args:
        model: A `serving.Model`, not started.
        host: An address of this machine.
        port: Of HTTP; 0 takes a free one.
        grpc_port: Of gRPC; 0 takes a free one.
        token: What clients have to send, or None.
        cors_origins: Of the pages that may call it from a browser.
        max_request_bytes: Of a body.
        application_hook: Called with the `fastapi.FastAPI`, to mount more.

    Raises:
        ValueError: If a port is taken, or the model cannot be loaded.
    """
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    both = {"token": token, "max_request_bytes": max_request_bytes}
    with listener(host, port) as http:
        listener(host, grpc_port, "grpc_port").close()  # a model loads long
        model.start()
        app = application.build(
            model, cors_origins=cors_origins, hook=application_hook, **both
        )
        server = _Server(_config(app, model.timeout_seconds))
        grpc = {"host": host, "port": grpc_port, **both}
        loop = server.config.get_loop_factory()
        with asyncio.Runner(loop_factory=loop) as runner:
            try:
                runner.run(_serve(model, server, http, grpc))
            except BaseException:
                model.close()
                raise


def _config(app, timeout_seconds):
    return uvicorn.Config(
        app,
        http=http_protocol.Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=timeout_seconds + 1,
        backlog=_BACKLOG,
    )


def listener(host, port, flag="port"):
    """A socket at an address, which is taken from now on.

    Raises:
        ValueError: If it cannot be had; names the flag that gave the port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise _taken(host, port, flag, error) from error
    return made


def _taken(host, port, flag, error):
    reason = getattr(error, "strerror", None) or error
    return ValueError(
        f"cannot listen on {host}:{port}: {reason}; give another --{flag} "
        "or --host"
    )


async def _serve(model, server, http, grpc):
    """Until `server` is asked to end."""
    rpc, grpc_port = await rpc_server.start(model, **grpc)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, server)
    host, port = http.getsockname()[:2]
    try:
        http.listen(_BACKLOG)
    except OSError as error:  # another server had bound it, and was faster
        raise _taken(host, port, "port", error) from error
    host = f"[{host}]" if ":" in host else host
    serving = asyncio.create_task(server.serve([http]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    address = f"http://{host}:{port} grpc://{host}:{grpc_port}"
    _LOG.info("%s: %s", model.name, address)
    while not server.should_exit and not serving.done():
        await asyncio.sleep(0.05)
    _LOG.info("%s: stopping; what was accepted is answered", model.name)
    await asyncio.gather(serving, rpc.stop(model.timeout_seconds + 1))
    await model.drain()


def _end(server):
    if server.should_exit:
        os._exit(1)  # a second signal: now, whatever threads there are
    server.should_exit = True
