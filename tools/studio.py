"""Shows a trained network in the browser: make, mix, walk, find images.

python -m tools.studio --network=runs/faces [--directions=directions.npz]
python -m tools.studio --network=runs/faces --space=space/faces

The page is at http://127.0.0.1:7860, for this machine alone; --host=0.0.0.0
opens it to others. --space writes a folder for Hugging Face Spaces instead.
"""

from absl import flags

from stylegan_tf import quiet
from stylegan_tf.command_line import outputs, tool

_NETWORK = flags.DEFINE_string(
    "network",
    None,
    "Run directory, snapshot, imported network, official file or its name, "
    "or a SavedModel of tools.export.",
)
_DIRECTIONS = flags.DEFINE_string(
    "directions", None, "What tools.directions wrote, an npz: sliders."
)
_HOST = flags.DEFINE_string("host", "127.0.0.1", "The address to listen at.")
_PORT = flags.DEFINE_integer(
    "port", 7860, "The port to listen at.", lower_bound=1, upper_bound=65535
)
_SHARE = flags.DEFINE_bool(
    "share", False, "Ask Gradio for a public address of 72 hours."
)
_SPACE = flags.DEFINE_string(
    "space", None, "Write a folder for Hugging Face Spaces, and stop."
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")


def main():
    """Serves the page until it is stopped, or writes the folder."""
    tool.require(network=_NETWORK.value)
    if _SPACE.value:
        reason = "is for a page, and --space writes a folder"
        tool.refuse_given(reason, _HOST, _PORT, _SHARE)
        outputs.new("space", _SPACE.value)
    quiet.import_tensorflow()
    from stylegan_tf import generators, studio

    generator, directions = generators.open(_NETWORK.value), None
    if _DIRECTIONS.value:
        directions = _read_directions(generator)
    if _SPACE.value:
        _write_space(generator, directions)
    elif _DRY_RUN.value:
        print(f"Would show the Studio of {generator.path} at {_address()}")
    else:
        _serve(studio.page(generator, directions))


def _read_directions(generator):
    from stylegan_tf.editing import direction_files

    found = direction_files.read(_DIRECTIONS.value)
    for name in found:
        direction_files.find(found, name, generator.ws_shape)
    return found


def _write_space(generator, directions):
    from stylegan_tf.studio import space

    if _DRY_RUN.value:
        print(f"Would write the Studio of {generator.path} to {_SPACE.value}")
        return
    space.write(_NETWORK.value, _SPACE.value, directions)
    print(
        f"{_SPACE.value} is written. Push it to a Space of yours; to see it "
        f"here: python {_SPACE.value}/app.py"
    )


def _serve(page):
    from stylegan_tf import studio

    studio.serve(
        page,
        lambda address: print(f"The Studio is at {address}; Ctrl-C ends it."),
        server_name=_HOST.value,
        server_port=_PORT.value,
        share=_SHARE.value,
    )


def _address():
    return f"http://{_HOST.value}:{_PORT.value}"


if __name__ == "__main__":
    tool.run(main)
