"""Serves an exported model: TensorFlow Serving's and KServe's protocols.

python -m tools.serve --model=export/faces [--port=8501 --grpc_port=8500]
    [--token_file=token.txt --studio --directions=directions.npz]
"""

import functools
import gc
import logging
import os
import pathlib
import sys

from absl import flags

from stylegan_tf import quiet
from stylegan_tf.command_line import tool

_TOKEN = "STYLEGAN_TOKEN"  # noqa: S105 (a name)

_OWN = ("127.0.0.1", "localhost", "::1")  # reached from this machine alone

_MODEL = flags.DEFINE_string(
    "model",
    None,
    "Folder of tools.export: its newest version is served under its name.",
)
_HOST = flags.DEFINE_string(
    "host",
    "127.0.0.1",
    "The address to listen on; 0.0.0.0 is all of this machine.",
)
_PORT = flags.DEFINE_integer(
    "port",
    8501,
    "The port of HTTP; 0 takes a free one.",
    lower_bound=0,
    upper_bound=65535,
)
_GRPC_PORT = flags.DEFINE_integer(
    "grpc_port",
    8500,
    "The port of gRPC; 0 takes a free one.",
    lower_bound=0,
    upper_bound=65535,
)
_MAX_BATCH = flags.DEFINE_integer(
    "max_batch_size",
    64,
    "Most images of a request, and computed at once.",
    lower_bound=1,
)
_MAX_QUEUE = flags.DEFINE_integer(
    "max_queue",
    1024,
    "Most images that wait; whoever comes then is told when to come back.",
    lower_bound=1,
)
_MEGABYTES = flags.DEFINE_float(
    "max_request_megabytes",
    32.0,
    "Largest body of a request, in megabytes.",
    lower_bound=0.001,
)
_TIMEOUT = flags.DEFINE_float(
    "timeout_seconds",
    30.0,
    "Longest time of a request, in seconds.",
    lower_bound=0.1,
)
_TOKEN_FILE = flags.DEFINE_string(
    "token_file",
    None,
    f"File with the token that clients must send; else ${_TOKEN}.",
)
_ORIGINS = flags.DEFINE_list(
    "cors_origins",
    [],
    "Sites whose pages may call it, such as https://example.org,...",
)
_ACCESS_LOG = flags.DEFINE_bool(
    "access_log", True, "Write a line of JSON a request to standard error."
)
_STUDIO = flags.DEFINE_bool("studio", False, "Serve the Studio at /studio.")
_DIRECTIONS = flags.DEFINE_string(
    "directions",
    None,
    "What tools.directions wrote, an npz: sliders of the Studio.",
)
_DRY_RUN = flags.DEFINE_bool(
    "dry_run", False, "Check all but the weights, and start nothing."
)


def main():
    """Serves until SIGTERM or Ctrl+C."""
    _refuse_odd()
    token = _token()
    quiet.import_tensorflow()
    try:
        from stylegan_tf.serving import access_log, server, versions
        from stylegan_tf.serving import model as served
    except ModuleNotFoundError as error:
        raise ValueError(
            f"{error.name} is not installed: pip install 'stylegan_tf[serve]'"
        ) from error
    number, path = versions.newest(_MODEL.value)
    directions = _directions(path)
    if _DRY_RUN.value:
        server.listener(_HOST.value, _PORT.value).close()
        server.listener(_HOST.value, _GRPC_PORT.value, "grpc_port").close()
        print(f"Would serve version {number}, {path}, at {_addresses()}")
        return
    if token is None and _HOST.value not in _OWN:
        tool.note(
            f"whoever reaches {_HOST.value} may ask: there is no --token_file"
        )
    _show_progress()
    if _ACCESS_LOG.value:
        access_log.show()
    server.run(
        served.Model(
            _MODEL.value,
            max_batch=_MAX_BATCH.value,
            max_queue=_MAX_QUEUE.value,
            timeout_seconds=_TIMEOUT.value,
        ),
        host=_HOST.value,
        port=_PORT.value,
        grpc_port=_GRPC_PORT.value,
        token=token,
        cors_origins=_ORIGINS.value,
        max_request_bytes=int(1e6 * _MEGABYTES.value),
        application_hook=functools.partial(_mount_studio, directions)
        if _STUDIO.value
        else None,
    )
    gc.freeze()  # else Python's end takes seconds to tidy TensorFlow's graphs


def _refuse_odd():
    tool.require(model=_MODEL.value)
    if not _STUDIO.value:
        tool.refuse_given("is for --studio", _DIRECTIONS)
    if not pathlib.Path(_MODEL.value).is_dir():
        raise ValueError(f"--model={_MODEL.value} is not a folder")
    if _PORT.value == _GRPC_PORT.value != 0:
        raise ValueError(
            f"--port and --grpc_port must differ. Received: {_PORT.value} twice"
        )


def _token():
    """The token of the file or of the environment, or None."""
    if _TOKEN_FILE.value:
        held = pathlib.Path(_TOKEN_FILE.value).read_bytes()
        token = held.decode("ascii", "replace").strip()
        place = f"--token_file={_TOKEN_FILE.value}"
    else:
        token, place = os.environ.get(_TOKEN), f"${_TOKEN}"
    is_text = token and token.isascii() and token.isprintable()
    if token is not None and not is_text:
        raise ValueError(
            f"{place} must hold one line of text, the token, in ASCII: "
            "headers have no more"
        )
    return token


def _directions(path):
    """Those of the file, which must be of the model; None without one."""
    from stylegan_tf import model_card
    from stylegan_tf.editing import direction_files

    card = model_card.read(path)
    if not _DIRECTIONS.value:
        return None
    found = direction_files.read(_DIRECTIONS.value)
    for name in found:
        direction_files.find(found, name, (card["num_ws"], card["w_size"]))
    return found


def _addresses():
    host, ports = _HOST.value, (_PORT.value, _GRPC_PORT.value)
    host = f"[{host}]" if ":" in host else host
    http, grpc = (f"{host}:{port or '(a free port)'}" for port in ports)
    return f"http://{http} grpc://{grpc}"


def _show_progress():
    """Prints what the server says of itself; requests have their own log."""
    log = logging.getLogger("stylegan_tf.serving")
    log.addHandler(logging.StreamHandler(sys.stdout))
    log.setLevel(logging.INFO)
    log.propagate = False


def _mount_studio(directions, app):
    from starlette import responses

    from stylegan_tf import generators, studio

    page = studio.page(generators.open(_MODEL.value), directions)
    import gradio  # after the Studio has set it up

    app.add_route("/studio", lambda _: responses.RedirectResponse("/studio/"))
    gradio.mount_gradio_app(app, page, path="/studio", **studio.options(page))


if __name__ == "__main__":
    tool.run(main)
