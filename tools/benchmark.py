"""Times training and generation against the machine's own matmul peak.

python -m tools.benchmark --resolution=64 --channel_base=4096
    --channel_max=256 --batch_size=16 --precision=float32
    [--augment=bgc --json=FILE]
"""

import json
import pathlib

from absl import flags

from stylegan_tf import config as config_lib
from stylegan_tf import files, quiet, recipes
from stylegan_tf.command_line import outputs, tool, values
from stylegan_tf.config import fields

_RESOLUTION = flags.DEFINE_integer(
    "resolution", 64, "Pixels of an image's side.", lower_bound=8
)
_CHANNEL_BASE, _CHANNEL_MAX = values.define_width(4096, 256)
_BATCH_SIZE = flags.DEFINE_integer(
    "batch_size", 16, "Images of a training step.", lower_bound=1
)
_MAX_BATCH = flags.DEFINE_integer(
    "max_batch_per_replica",
    0,
    "Accumulates gradients above; 0: at once.",
    lower_bound=0,
)
_PRECISION = flags.DEFINE_enum(
    "precision",
    "float32",
    ["float32", "bfloat16", "float16"],
    "Of the four highest resolutions.",
)
_JIT = flags.DEFINE_enum("jit_compile", "auto", ["auto", "on", "off"], "XLA.")
_AUGMENT = flags.DEFINE_enum(
    "augment",
    "off",
    ["off", *fields.PRESETS],
    "Augments what D judges by this preset, and says what it costs.",
)
_REPEATS = flags.DEFINE_integer(
    "repeats", 5, "Rounds of every phase.", lower_bound=1
)
_JSON = flags.DEFINE_string("json", None, "Writes the figures to this file.")
_CHECK = flags.DEFINE_string(
    "check", None, "Compares with the fractions stored in this file."
)


def main():
    """Prints the figures; with --check fails where one fell far."""
    if _JSON.value:
        file = outputs.file("json", _JSON.value, example="figures.json")
        file.parent.mkdir(parents=True, exist_ok=True)
    if _CHECK.value:
        stored = json.loads(pathlib.Path(_CHECK.value).read_text())
    tf = quiet.import_tensorflow()
    from stylegan_tf import cores
    from stylegan_tf.training import devices
    from stylegan_tf.training.planning import benchmark

    cores.take_slices()

    config = config_lib.Config(resolution=_RESOLUTION.value)
    recipes.both(
        config, channel_base=_CHANNEL_BASE.value, channel_max=_CHANNEL_MAX.value
    )
    config.training.batch_size = _BATCH_SIZE.value
    config.training.max_batch_per_replica = _MAX_BATCH.value
    config.training.precision = _PRECISION.value
    config.training.jit_compile = _JIT.value
    if _AUGMENT.value != "off":
        config.augment.mode, config.augment.p = "fixed", 0.8
        config.augment.preset = _AUGMENT.value
    tool.note(devices.slow_precision(config))
    figures = benchmark.measure(
        config, tf.distribute.get_strategy(), repeats=_REPEATS.value
    )
    print(benchmark.to_text(figures))
    if _JSON.value:
        files.write(file, json.dumps(figures, indent=2) + "\n")
    if _CHECK.value:
        print(benchmark.compare(figures, stored))


if __name__ == "__main__":
    tool.run(main)
