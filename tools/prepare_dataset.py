"""Prepares any folder, zip or archive of images for training.

python -m tools.prepare_dataset --source=photos --output=data/photos
"""

import os
import signal

import tqdm
from absl import flags

from stylegan_tf import quiet
from stylegan_tf.command_line import outputs, tool, values
from stylegan_tf.data import convert, writers

_SOURCE = flags.DEFINE_string(
    "source", None, "Folder, zip, tar, IDX, CIFAR, TFRecords or tfds:NAME."
)
_OUTPUT = flags.DEFINE_string(
    "output", None, "New directory or FILE.zip, outside --source."
)
_FORMAT = flags.DEFINE_enum(
    "format", None, writers.FORMATS, "Default: by --output, zip or records."
)
_RESOLUTION = flags.DEFINE_integer(
    "resolution",
    0,
    "Width and height; 0 = power of two near the first image.",
    lower_bound=0,
)
_WIDTH = flags.DEFINE_integer(
    "width", 0, "Width, if not square.", lower_bound=0
)
_HEIGHT = flags.DEFINE_integer(
    "height", 0, "Height, if not square.", lower_bound=0
)
_CHANNELS = flags.DEFINE_enum(
    "channels", "3", list("1234"), "1 grey, 3 RGB; 2 and 4: with alpha."
)
_CROP = flags.DEFINE_enum(
    "crop",
    "center",
    convert.CROPS,
    "center: cut the middle; wide: the same, black bars make it square; pad: "
    "keep all on black, never enlarge; none: proportions must be right.",
)
_FILTER = flags.DEFINE_enum(
    "filter", "lanczos", convert.FILTERS, "How sizes are changed."
)
_ALPHA = flags.DEFINE_enum(
    "alpha",
    "refuse",
    convert.ALPHAS,
    "Transparent pixels where no alpha is asked: bad, or put on a colour.",
)
_WHITE_LEVEL = flags.DEFINE_float(
    "white_level",
    0.0,
    "What is white in images of 16 or 32 bits, e.g. 4095 for 12 bits of data "
    "in 16; 0 = 65535, and 32 bits are bad.",
    lower_bound=0.0,
)
_ON_BAD = flags.DEFINE_enum(
    "on_bad", "skip", ["skip", "fail"], "What to do with a bad image."
)
_MAX_IMAGES = flags.DEFINE_integer(
    "max_images", 0, "Keep the first so many; 0 = all.", lower_bound=0
)
_SKIP_IMAGES = flags.DEFINE_integer(
    "skip_images",
    0,
    "Leave out so many first, those that --max_images would keep.",
    lower_bound=0,
)
_DROP_COPIES = flags.DEFINE_bool(
    "drop_copies",
    False,
    "Leave out images of the same pixels as an earlier one.",
)
_SPLIT_CLASSES = flags.DEFINE_integer(
    "split_classes",
    None,
    "Split each class into so many that look alike, by k-means; without "
    "labels, all images.",
    lower_bound=2,
)
_SPLIT_FEATURES = flags.DEFINE_string(
    "split_features",
    "offline",
    "What k-means sees: offline (the extractor that ships), pixels, a feature "
    "network of yours (a SavedModel, .keras or .onnx), a classifier of "
    "tools.train_classifier --classes, or a run, whose discriminator looks.",
)
_SEED = values.define_seed()
_PROCESSES = flags.DEFINE_integer(
    "processes", os.cpu_count(), "Images converted at once.", lower_bound=1
)
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Check all, write nothing.")


def main():
    """Prepares, and prints what became of every image."""
    tool.require(source=_SOURCE.value, output=_OUTPUT.value)
    quiet.import_tensorflow()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = _prepare()
    except KeyboardInterrupt:
        raise KeyboardInterrupt("stopped; nothing was written") from None
    print("\n".join(report.lines(_DRY_RUN.value)))


def _format():
    """The format asked for, or that of --output; refuses what does not fit."""
    is_zip = _OUTPUT.value.lower().endswith(".zip")
    format = _FORMAT.value or ("zip" if is_zip else "records")
    if is_zip != (format == "zip"):
        ending = "must end in .zip" if format == "zip" else "is a folder"
        raise ValueError(
            f"--output of --format={format} {ending}. Received: {_OUTPUT.value}"
        )
    if _CHANNELS.value in "24":
        reason = f"is for images without alpha, not for {_CHANNELS.value}"
        tool.refuse_given(f"{reason} channels, which keep it", _ALPHA)
    if _SPLIT_CLASSES.value is None:
        reason = "is for --split_classes, which is not given"
        tool.refuse_given(reason, _SPLIT_FEATURES, _SEED)
    check = outputs.file if is_zip else outputs.folder
    check("output", _OUTPUT.value)
    return format


def _prepare():
    from stylegan_tf.data import prepare, sources

    format = _format()
    writers.check_apart(_SOURCE.value, _OUTPUT.value)
    writers.check_output(_OUTPUT.value)
    source = sources.open_source(_SOURCE.value)
    target = prepare.choose_target(
        source,
        resolution=_RESOLUTION.value,
        width=_WIDTH.value,
        height=_HEIGHT.value,
        channels=int(_CHANNELS.value),
        crop=_CROP.value,
        filter=_FILTER.value,
        alpha=_ALPHA.value,
        white_level=_WHITE_LEVEL.value,
    )
    chosen = {
        "processes": _PROCESSES.value,
        "skip_images": _SKIP_IMAGES.value,
        "max_images": _MAX_IMAGES.value,
        "drop_copies": _DROP_COPIES.value,
    }
    if _SPLIT_CLASSES.value:
        from stylegan_tf.command_line import splitting

        source = splitting.split(
            source,
            target,
            parts=_SPLIT_CLASSES.value,
            features=_SPLIT_FEATURES.value,
            seed=_SEED.value,
            **chosen,
        )
    count = prepare.how_many(source, _SKIP_IMAGES.value, _MAX_IMAGES.value)
    with tqdm.tqdm(total=count, unit="image", disable=None) as bar:
        return prepare.prepare(
            source,
            _OUTPUT.value,
            target=target,
            format=format,
            on_bad=_ON_BAD.value,
            dry_run=_DRY_RUN.value,
            watch=lambda result: bar.update(),
            **chosen,
        )


if __name__ == "__main__":
    tool.run(main)
