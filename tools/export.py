"""Exports a generator: SavedModel, ONNX, LiteRT, Keras or named arrays.

python -m tools.export --network=networks/ffhq --output=export/ffhq
    --format=saved_model|onnx|litert|keras|npz [--part=full --precision=float16]
"""

from absl import flags

import stylegan_tf
from stylegan_tf import quiet
from stylegan_tf.command_line import outputs, tool
from stylegan_tf.export import output

_NETWORK = flags.DEFINE_string(
    "network", None, "Run directory, snapshot, imported network or .pkl."
)
_OUTPUT = flags.DEFINE_string(
    "output", None, "The SavedModel's folder, or a file."
)
_FORMAT = flags.DEFINE_enum(
    "format", "saved_model", list(output.SUFFIXES), "What to write."
)
_PART = flags.DEFINE_enum(
    "part", "full", ["full", "mapping", "synthesis"], "Of ONNX and LiteRT."
)
_PRECISION = flags.DEFINE_enum(
    "precision", "float32", ["float32", "float16"], "Of ONNX and LiteRT."
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")


def main():
    """Writes one file or folder, checked against the network."""
    tool.require(network=_NETWORK.value, output=_OUTPUT.value)
    path = output.with_suffix(_OUTPUT.value, _FORMAT.value)
    outputs.new("output", path)
    if _FORMAT.value not in ("onnx", "litert"):
        reason = f"is for onnx and litert. Received: --format={_FORMAT.value}"
        tool.refuse_given(reason, _PART, _PRECISION)
    quiet.import_tensorflow()
    snapshot = stylegan_tf.load(_NETWORK.value)
    if _DRY_RUN.value:
        print(f"{_FORMAT.value} of {snapshot.path} to {path}")
        return
    for name, difference in _write(snapshot, path).items():
        print(f"{name}: largest difference from the network: {difference:.2g}")
    print(f"{path} is written.")


def _write(snapshot, path):
    """Dict of differences to the network, by part or signature."""
    from stylegan_tf.export import (
        litert_file,
        onnx_file,
        own_files,
        saved_model,
    )

    if _FORMAT.value == "saved_model":
        return saved_model.write(snapshot, path)
    part, precision = _PART.value, _PRECISION.value
    if _FORMAT.value == "onnx":
        difference = onnx_file.write(snapshot, path, part, precision)
    elif _FORMAT.value == "litert":
        difference = litert_file.write(snapshot, path, part, precision)
    else:
        difference = own_files.write(snapshot, path)
    return {part: difference}


if __name__ == "__main__":
    tool.run(main)
