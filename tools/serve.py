"""Serves an exported model: TensorFlow Serving's and KServe's protocols.

python -m tools.serve --model=export/faces [--port=8501 --grpc_port=8500]
    [--token_file=token.txt --studio --directions=directions.npz]
"""

import os
import pathlib

from absl import flags

from stylegan_tf import quiet
from stylegan_tf.command_line import tool

_TOKEN = "STYLEGAN_TOKEN"  # noqa: S105 (a name)

_MODEL = flags.DEFINE_string(
    "model", None, "Folder of tools.export; its name is the model's."
)
_HOST = flags.DEFINE_string(
    "host", "127.0.0.1", "Address; 0.0.0.0 is all of this machine."
)
_PORT = flags.DEFINE_integer(
    "port", 8501, "Of HTTP; 0 takes a free one.", lower_bound=0
)
_GRPC_PORT = flags.DEFINE_integer(
    "grpc_port", 8500, "Of gRPC; 0 takes a free one.", lower_bound=0
)
_MAX_BATCH = flags.DEFINE_integer(
    "max_batch_size", 64, "Images computed at once.", lower_bound=1
)
_MAX_QUEUE = flags.DEFINE_integer(
    "max_queue", 1024, "Images that may wait.", lower_bound=1
)
_MEGABYTES = flags.DEFINE_float(
    "max_request_megabytes", 32.0, "Of a body.", lower_bound=0.001
)
_TIMEOUT = flags.DEFINE_float(
    "timeout_seconds", 30.0, "Of a request.", lower_bound=0.1
)
_TOKEN_FILE = flags.DEFINE_string(
    "token_file", None, f"Of what clients have to send; or ${_TOKEN}."
)
_ORIGINS = flags.DEFINE_list(
    "cors_origins", [], "Pages that may call it, https://example.org,..."
)
_ACCESS_LOG = flags.DEFINE_bool(
    "access_log", True, "A line of JSON a request, on standard error."
)
_STUDIO = flags.DEFINE_bool("studio", False, "Serve the Studio at /studio.")
_DIRECTIONS = flags.DEFINE_string(
    "directions", None, "File of tools.directions, for the Studio."
)


def main():
    """Serves until SIGTERM or Ctrl+C."""
    tool.require(model=_MODEL.value)
    if not _STUDIO.value:
        tool.refuse_given("is for --studio", _DIRECTIONS)
    token = _token()
    if not pathlib.Path(_MODEL.value).is_dir():
        raise ValueError(f"--model={_MODEL.value} is no folder")
    quiet.import_tensorflow()
    try:
        from stylegan_tf.serving import access_log, server
        from stylegan_tf.serving import model as served
    except ModuleNotFoundError as error:
        raise ValueError(
            f"{error.name} is not installed: pip install 'stylegan_tf[serve]'"
        ) from error
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
        application_hook=_mount_studio if _STUDIO.value else None,
        announce=lambda line: print(line, flush=True),
    )


def _token():
    """The token of the file or of the environment, or None."""
    if _TOKEN_FILE.value:
        token = pathlib.Path(_TOKEN_FILE.value).read_text().strip()
        place = f"--token_file={_TOKEN_FILE.value}"
    else:
        token, place = os.environ.get(_TOKEN), f"${_TOKEN}"
    if token is not None and not (token and token.isprintable()):
        raise ValueError(f"{place} must hold one line of text, the token")
    return token


def _mount_studio(app):
    from starlette import responses

    from stylegan_tf import generators, studio
    from stylegan_tf.editing import direction_files

    directions = None
    if _DIRECTIONS.value:
        directions = direction_files.read(_DIRECTIONS.value)
    page = studio.page(generators.open(_MODEL.value), directions)
    import gradio  # after the Studio has set it up

    app.add_route("/studio", lambda _: responses.RedirectResponse("/studio/"))
    gradio.mount_gradio_app(app, page, path="/studio", **studio.options(page))


if __name__ == "__main__":
    tool.run(main)
