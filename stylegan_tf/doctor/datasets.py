"""Whether a data set can be trained on as it is."""

from stylegan_tf import commands, terminal
from stylegan_tf.data import shapes, sources
from stylegan_tf.doctor import findings

_FEW_IMAGES = 2000


def examine(path):
    """Rows on the data set at `path`; raises as `open_source` does."""
    source = sources.open_source(path)
    return [
        *unread(source),
        count(source),
        size(source.image_shape, source.prepare_command),
        labels(source),
    ]


def unread(source):
    """A row if there are inputs that can not be read."""
    note = sources.unread_note(source)
    if not note:
        return []
    remedy = "tools.prepare_dataset lists them"
    return [findings.Finding(findings.WARN, "unread", note, remedy)]


def count(source):
    """How many images there are."""
    value = f"{len(source):,} images in {terminal.escaped(source.name)}"
    if len(source) >= _FEW_IMAGES:
        return findings.Finding(findings.OK, "dataset", value)
    remedy = "few: the discriminator will know them by heart; mirror them "
    remedy += "(--config.data.mirror=true) or start from a trained network"
    return findings.Finding(findings.WARN, "dataset", value, remedy)


def size(image_shape, prepare_command):
    """Whether the first image has a size that a network can have."""
    height, width, channels = image_shape
    value = f"{height}x{width}, {channels} channels (height x width)"
    overrides = f"--config.resolution={max(height, width)}"
    if channels != 3:
        overrides += f" --config.image_channels={channels}"
    try:
        base = shapes.base_shape(height, width)
    except ValueError:
        size = shapes.default_resolution(height, width)
        remedy = prepare_command(f"--resolution={size}")
        return findings.Finding(
            findings.FAIL, "image size", f"{value}: no network's", remedy
        )
    if base != (4, 4):
        base_shape_flag = commands.quoted(f"--config.base_shape={base}")
        overrides += f" {base_shape_flag}"
    value = f"{value}; train with {overrides}"
    return findings.Finding(findings.OK, "image size", value)


def labels(source):
    """Labels, and how to use them."""
    value = sources.describe_labels(source)
    note = sources.unused_labels_note(source, use_labels=False)
    if note:
        value += "; used with --config.data.use_labels=true"
    mark = findings.WARN if source.notes else findings.OK
    return findings.Finding(mark, "labels", value, " ".join(source.notes))
