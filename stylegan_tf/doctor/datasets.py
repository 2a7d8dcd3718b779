"""Checks whether a data set can be trained on as it is."""

from stylegan_tf import commands, terminal
from stylegan_tf.data import shapes, sources
from stylegan_tf.doctor import findings

_FEW_IMAGES = 2000


def examine(path):
    """Rows on the data set at `path`; raises as `open_source` does."""
    source = sources.open_source(path)
    rows = [count(source), size(source), labels(source)]
    if note := sources.unread_note(source):
        remedy = "tools.prepare_dataset lists them"
        rows.insert(0, findings.check("unread", note, remedy))
    return rows


def count(source):
    """How many images there are."""
    value = f"{len(source):,} images in {terminal.escaped(source.name)}"
    remedy = "few: the discriminator will know them by heart; mirror them "
    remedy += "(--config.data.mirror=true) or start from a trained network"
    few = len(source) < _FEW_IMAGES
    return findings.check("dataset", value, remedy if few else "")


def size(source):
    """Whether the first image has a size that a network can have."""
    height, width, channels = source.image_shape
    value = f"{height}x{width}, {channels} channels (height x width)"
    try:
        flags = shapes.train_flags(source.image_shape)
    except ValueError:
        near = shapes.default_resolution(height, width)
        remedy = source.prepare_command(f"--resolution={near}")
        value = f"{value}: no network's"
        return findings.check("image size", value, remedy, mark=findings.FAIL)
    overrides = " ".join(map(commands.quoted, flags))
    return findings.check("image size", f"{value}; train with {overrides}")


def labels(source):
    """Labels, and how to use them."""
    value = sources.describe_labels(source)
    if source.given_labels is not None:
        value += "; used with --config.data.use_labels=true"
    return findings.check("labels", value, " ".join(source.notes))
