"""Times training and generation against the machine's own matmul peak.

python -m tools.benchmark --resolution=64 --channel_base=4096
    --channel_max=256 --batch_size=16 --precision=float32
    [--augment=bgc --json=FILE --trace=DIR]
python -m tools.benchmark --start_up
python -m tools.benchmark --export_stablehlo=DIR

The second says how soon training starts. The third writes the losses and
gradients for machines without TensorFlow: python tools/run_stablehlo.py DIR
times them there, with jax alone.
"""

import json
import pathlib
import time

from absl import flags

from stylegan_tf import commands, files, quiet, recipes
from stylegan_tf import config as config_lib
from stylegan_tf.command_line import outputs, tool, values
from stylegan_tf.config import fields

_FRACTIONS = "train_fraction_of_peak", "generate_fraction_of_peak"
_BEGAN = time.perf_counter()
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
    ["float32", "tf32", "bfloat16", "float16", "auto"],
    "Of the four highest resolutions.",
)
_JIT = flags.DEFINE_enum("jit_compile", "auto", ["auto", "on", "off"], "XLA.")
_REMATERIALIZE = flags.DEFINE_bool(
    "rematerialize", False, "Computes blocks twice, to keep less of them."
)
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
_TRACE = flags.DEFINE_string(
    "trace",
    None,
    "Says where the time goes, and leaves a trace for TensorBoard there.",
)
_CEILING = flags.DEFINE_bool(
    "ceiling", False, "Times the convolutions by themselves, too."
)
_DATASET = flags.DEFINE_string(
    "dataset", None, "Times reading these images too, as training does."
)
_START_UP = flags.DEFINE_bool(
    "start_up", False, "Times how soon training starts, and nothing else."
)
_EXPORT = flags.DEFINE_string(
    "export_stablehlo",
    None,
    "Writes the losses and gradients there as StableHLO, and times nothing.",
)


def main():
    """Prints the figures; with --check fails where one fell far."""
    _refuse_what_is_ignored()
    if _JSON.value:
        file = outputs.file("json", _JSON.value, example="figures.json")
    for flag in (_TRACE, _EXPORT):
        if flag.value:
            outputs.folder(flag.name, flag.value)
    stored = _stored() if _CHECK.value else {}
    tf = quiet.import_tensorflow(in_slices=True)
    from stylegan_tf.training import accumulation, devices
    from stylegan_tf.training.planning import (
        benchmark,
        portable,
        profile,
        start_up,
    )

    config, strategy = _config(), tf.distribute.get_strategy()
    accumulation.refuse_misfits(devices.resolve(config), 1)
    if _EXPORT.value:
        portable.write(devices.resolve(config), _EXPORT.value)
        folder = commands.quoted(_EXPORT.value)
        print(f"They are timed by\n  python tools/run_stablehlo.py {folder}")
        return
    if _START_UP.value:
        print(start_up.to_text(start_up.measure(config, strategy, _BEGAN)))
        return
    if _DATASET.value:
        _refuse_other_data(config)
    tool.note(devices.slow_precision(config))
    figures = benchmark.measure(
        config,
        strategy,
        repeats=_REPEATS.value,
        with_ceiling=_CEILING.value,
    )
    if _DATASET.value:
        rate = benchmark.reading(config, strategy)
        figures["read_images_per_second"] = rate
    print(benchmark.to_text(figures))
    if _TRACE.value:
        rows = profile.trace(devices.resolve(config), strategy, _TRACE.value)
        print(profile.to_text(rows))
    if _JSON.value:
        files.write(file, json.dumps(figures, indent=2) + "\n")
    if _CHECK.value:
        print(benchmark.compare(figures, stored))


def _refuse_what_is_ignored():
    """Raises `ValueError` if a flag would do nothing, or compare what differs.

    What is stored is of the default size.
    """
    timing = _JSON, _CHECK, _TRACE, _CEILING, _DATASET, _REPEATS
    if _EXPORT.value:
        reason = "is for timing: leave out --export_stablehlo, which times none"
        tool.refuse_given(reason, *timing, _START_UP)
        reason = "is not in what --export_stablehlo writes"
        tool.refuse_given(reason, _AUGMENT, _MAX_BATCH, _REMATERIALIZE, _JIT)
    if _START_UP.value:
        reason = "is for rates: leave out --start_up, which times nothing else"
        tool.refuse_given(reason, *timing)
    if _CHECK.value:
        reason = "is not what --check has figures of: leave it out"
        sizes = _RESOLUTION, _CHANNEL_BASE, _CHANNEL_MAX, _BATCH_SIZE
        ways = _AUGMENT, _JIT, _REMATERIALIZE, _MAX_BATCH
        tool.refuse_given(reason, *sizes, *ways)


def _stored():
    """The fractions in the file that --check names, by kind of machine.

    Raises:
        ValueError: If it does not hold what `benchmark.compare` takes.
    """
    path = _CHECK.value
    try:
        stored = json.loads(pathlib.Path(path).read_text())
    except ValueError as error:
        raise ValueError(f"--check: {path} is no JSON: {error}") from None
    rows = stored.values() if isinstance(stored, dict) else [stored]
    for row in rows:
        is_known = isinstance(row, dict) and set(row) == set(_FRACTIONS)
        if not is_known or {*map(type, row.values())} != {float}:
            raise ValueError(
                f"--check: {path} must hold {' and '.join(_FRACTIONS)} for "
                "every machine, as tests/benchmark_ratios.json. Received: "
                f"{json.dumps(row)[:80]}"
            )
    return stored


def _refuse_other_data(config):
    """Raises `ValueError` if --dataset can not be read by the networks."""
    from stylegan_tf.data import sources
    from stylegan_tf.training import inputs

    source = sources.open_source(config.data.path, resolution=config.resolution)
    height, width, channels = source.image_shape
    if source.image_shape != config.image_shape:
        raise ValueError(
            f"--dataset={config.data.path} has images of {height}x{width}, "
            f"{channels} channels. Timed are square ones of 3 channels: give "
            f"--resolution={max(height, width)}, or other images"
        )
    inputs.open_data(config)


def _config():
    """What the flags ask for."""
    config = config_lib.Config(resolution=_RESOLUTION.value)
    recipes.both(
        config, channel_base=_CHANNEL_BASE.value, channel_max=_CHANNEL_MAX.value
    )
    config.data.path = _DATASET.value or config.data.path
    training = config.training
    training.batch_size = _BATCH_SIZE.value
    training.max_batch_per_replica = _MAX_BATCH.value
    training.precision = _PRECISION.value
    training.jit_compile = _JIT.value
    training.rematerialize = _REMATERIALIZE.value
    if _AUGMENT.value != "off":
        config.augment.mode, config.augment.p = "fixed", 0.8
        config.augment.preset = _AUGMENT.value
    return config


if __name__ == "__main__":
    tool.run(main)
