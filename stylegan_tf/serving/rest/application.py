"""The HTTP application: routes of three protocols and of pictures.

Every answer that is no picture is JSON, and a refusal is `{"error": ...}`.
No route reads or writes a file.
"""

import fastapi
from fastapi.middleware import cors
from starlette import exceptions

from stylegan_tf.serving import access_log, errors, v2
from stylegan_tf.serving.rest import (
    guard,
    open_inference,
    openapi,
    origins,
    routes,
)

_JSON = "application/json"


def build(
    model,
    *,
    token=None,
    cors_origins=(),
    max_request_bytes=32_000_000,
    hook=None,
):
    """The ASGI application of a `serving.Model`.

    Args:
        model: Started.
        token: What clients have to send, or None.
        cors_origins: Of the pages that may call it from a browser.
        max_request_bytes: Of a body.
        hook: Called with the `fastapi.FastAPI`, to mount more.
    """
    app = fastapi.FastAPI(
        title=f"stylegan_tf: {model.name}",
        version=v2.software(model),
        docs_url=None,  # its scripts come from another origin
        redoc_url=None,
        redirect_slashes=False,
    )
    handlers = routes.Routes(model)
    for path, method, handler, words in openapi.routes(handlers, model):
        app.add_api_route(path, handler, methods=[method], **words)
    app.add_exception_handler(errors.Refused, _refused)
    app.add_exception_handler(MemoryError, _no_memory)
    app.add_exception_handler(exceptions.HTTPException, _no_route)
    app.add_exception_handler(Exception, _broken)
    if hook:
        hook(app)
    guarded = guard.Guard(
        app,
        token=token,
        max_request_bytes=max_request_bytes,
        timeout_seconds=model.timeout_seconds,
    )
    guarded = origins.Origins(guarded, cors_origins)
    if cors_origins:
        guarded = cors.CORSMiddleware(
            guarded,
            allow_origins=list(cors_origins),
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["*"],
            expose_headers=["ETag", "X-Request-Id", open_inference.HEADER],
        )
    return access_log.AccessLog(guarded)


async def _refused(request, error):
    return _error(error.status, str(error), error.headers)


async def _no_memory(request, error):
    error = errors.TooLarge("There is no memory for that much: send fewer rows")
    return await _refused(request, error)


async def _no_route(request, error):
    method, path = request.method, request.url.path[:120]
    message = {
        404: f"There is no {path} here: GET / lists what there is",
        405: f"{path} takes no {method}",
    }.get(error.status_code, str(error.detail))
    return _error(error.status_code, message, error.headers)


async def _broken(request, error):
    """The traceback is the log's, which has it from the server."""
    name = request.state.request_id
    return _error(500, f"The server's fault. Its log knows request {name}")


def _error(status, message, headers=None):
    body = guard.error_body(message)
    return fastapi.Response(body, status, headers, _JSON)
