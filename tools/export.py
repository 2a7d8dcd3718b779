"""Exports a generator: SavedModel, ONNX, LiteRT, Keras, arrays or a page.

python -m tools.export --network=networks/ffhq --output=export/ffhq
    --format=saved_model|onnx|litert|keras|npz [--part=full --precision=float16]
python -m tools.export --network=networks/ffhq --output=site --format=web
    [--directions=smile.npz --precision=float16]
"""

import re

from absl import flags

import stylegan_tf
from stylegan_tf import commands, quiet
from stylegan_tf.command_line import outputs, tool
from stylegan_tf.export import output

_NETWORK = flags.DEFINE_string(
    "network", None, "Run directory, snapshot, imported network or .pkl."
)
_OUTPUT = flags.DEFINE_string(
    "output",
    None,
    "A model's folder, which gets its next version; a page's folder; a file.",
)
_FORMAT = flags.DEFINE_enum(
    "format", "saved_model", list(output.SUFFIXES), "What to write."
)
_PART = flags.DEFINE_enum(
    "part",
    "full",
    ["full", "mapping", "synthesis"],
    "What of the network; for ONNX and LiteRT.",
)
_PRECISION = flags.DEFINE_enum(
    "precision",
    "float32",
    ["float32", "float16"],
    "Of the numbers; for ONNX, LiteRT and the page.",
)
_DIRECTIONS = flags.DEFINE_string(
    "directions",
    None,
    "The page's sliders: what tools.directions wrote, an npz.",
)
_RUNTIME = flags.DEFINE_string(
    "runtime",
    None,
    "The page's onnxruntime-web, a .tgz or a folder; by default npm's.",
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")


def main():
    """Writes one file or folder, checked against the network."""
    tool.require(network=_NETWORK.value, output=_OUTPUT.value)
    path = _path()
    _refuse_others("onnx and litert", _PART)
    _refuse_others("onnx, litert and web", _PRECISION)
    _refuse_others("web", _DIRECTIONS, _RUNTIME)
    quiet.import_tensorflow()
    snapshot = stylegan_tf.load(_NETWORK.value)
    directions = _directions(snapshot)
    if _DRY_RUN.value:
        if _RUNTIME.value:
            _runtime_files()
        print(f"Would write {_FORMAT.value} of {snapshot.path} to {path}")
        return
    path, differences = _write(snapshot, path, directions)
    for name, difference in differences.items():
        print(f"{name}: largest difference from the network: {difference:.2g}")
    print(f"{path} is written.")
    if _FORMAT.value == "web":
        folder = commands.quoted(f"{path}")
        local = "--bind 127.0.0.1"  # else whoever is near sees it too
        print(f"See it: {commands.python()} -m http.server {local} -d {folder}")
        print("Then open http://127.0.0.1:8000")
    elif _FORMAT.value == "saved_model":
        serve = commands.line("serve", f"--model={path.parent}")
        print(f"Serve it: {serve}")


def _path():
    """Where the file, or a model's next version, is to be; refuses others."""
    path = output.with_suffix(_OUTPUT.value, _FORMAT.value)
    if _FORMAT.value == "saved_model":
        return output.next_version(outputs.folder("output", path))
    return outputs.new("output", path)


def _refuse_others(formats, *held):
    """Refuses flags that were given and are for other formats."""
    if _FORMAT.value not in re.findall(r"\w+", formats):
        reason = f"is for {formats}. Received: --format={_FORMAT.value}"
        tool.refuse_given(reason, *held)


def _directions(snapshot):
    """Those of --directions, which must be of the network; a list."""
    from stylegan_tf import generators
    from stylegan_tf.editing import direction_files

    if not _DIRECTIONS.value:
        return []
    known = direction_files.read(_DIRECTIONS.value)
    shape = generators.of_snapshot(snapshot).ws_shape
    return [direction_files.find(known, name, shape) for name in known]


def _runtime_files():
    """Those of --runtime, or npm's."""
    from stylegan_tf.export.web import runtime

    return runtime.read(_RUNTIME.value)


def _write(snapshot, path, directions):
    """What was written, and its differences to the network by part."""
    from stylegan_tf.export import (
        litert_file,
        onnx_file,
        own_files,
        saved_model,
    )

    if _FORMAT.value == "saved_model":
        return saved_model.write(snapshot, path.parent)
    part, precision = _PART.value, _PRECISION.value
    if _FORMAT.value == "web":
        from stylegan_tf.export.web import site

        files = _runtime_files()
        return path, site.write(
            snapshot, path, directions, files, precision=precision
        )
    if _FORMAT.value == "onnx":
        difference = onnx_file.write(snapshot, path, part, precision)
    elif _FORMAT.value == "litert":
        difference = litert_file.write(snapshot, path, part, precision)
    else:
        difference = own_files.write(snapshot, path)
    return path, {part: difference}


if __name__ == "__main__":
    tool.run(main)
