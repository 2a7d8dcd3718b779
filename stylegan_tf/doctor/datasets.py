"""Says what is wrong with a data set, of what was seen of its images."""

import collections

import numpy as np

from stylegan_tf import commands, terminal
from stylegan_tf.data import labels as labels_lib
from stylegan_tf.data import shapes, sources
from stylegan_tf.doctor import findings

_FEWEST_IMAGES, _FEW_IMAGES = 100, 2000
_FLAT = 2.0  # grey levels of standard deviation, of images of one colour
_FAR = 3.0  # quartile distances: what lies further out is odd
_NARROW = 4.0  # grey levels, the least distance of quartiles
_MANY_COPIES = 0.01  # of all images, that look alike
_NAMED = 3


def examine(source, look, first, near):
    """Rows on a data set, what is wrong with it first.

    Args:
        source: From `sources.open_source`.
        look: A `scan.Look` at it.
        first: As of `copies.exact`.
        near: As of `copies.near`, None if it was not looked for.
    """
    rows = [
        count(source, look),
        *unreadable(source, look),
        *order(source),
        size(source, look),
        colours(source, look),
        *alpha(source, look),
        copies(source, look, first),
        near_copies(source, look, near),
        *flat(source, look),
        *odd(source, look, "brightness", look.means),
        *odd(source, look, "contrast", look.deviations),
        *labels(source),
    ]
    marks = findings.FAIL, findings.WARN, findings.OK
    return sorted(rows, key=lambda row: marks.index(row.mark))


def count(source, look):
    """How many images there are, and how many were looked at."""
    value = terminal.counted(len(source), "image")
    value += f" in {terminal.escaped(source.name)}"
    if not look.is_all:
        value += (
            f"; {len(look) + len(look.bad):,} were looked at, spread evenly: "
            "copies of the others are not seen (--max_images looks at more)"
        )
    few = "few: the discriminator may learn them by heart without augmentation"
    if len(source) < _FEWEST_IMAGES:
        few = "too few for anything new: expect these again; collect hundreds"
    return findings.check(
        "images", value, few if len(source) < _FEW_IMAGES else ""
    )


def unreadable(source, look):
    """A row on files that are no usable images, or none."""
    bad = [(source.file(index), reason) for index, reason in look.bad]
    bad += source.unread
    if not bad:
        return []
    file, reason = bad[0]
    value = (
        f"{terminal.counted(len(bad), 'file')} can not be read, the first: "
        f"{terminal.escaped(file)}: {terminal.escaped(reason)}"
    )
    # What is unread was left out when the source was opened.
    mark = findings.FAIL if look.bad else findings.WARN
    remedy = "tools.prepare_dataset leaves them out, and lists them"
    return [findings.check("broken", value, remedy, mark=mark)]


def order(source):
    """A row on archives that can not be read in any order, or none."""
    if source.random_access:
        return []
    value = "an archive that is read front to back; training needs any order"
    remedy = "prepare it"
    return [findings.check("archive", value, remedy, mark=findings.FAIL)]


def size(source, look):
    """Whether all images have one size, which a network can have."""
    sizes = collections.Counter(map(tuple, look.shapes[:, 1::-1].tolist()))
    (width, height), most = sizes.most_common(1)[0]
    if len(sizes) > 1:
        odd = (look.shapes[:, :2] != (height, width)).any(1)
        of_these = terminal.counted(most, "image")
        value = (
            f"{len(sizes):,} sizes: {width}x{height} ({of_these}), "
            f"others ({odd.sum():,}), such as {_named(source, look, odd)}"
        )
        remedy = "a network has one size: prepare them"
        if (look.shapes[:, 0] != look.shapes[:, 1]).any():
            remedy += ", which cuts out the middle (--crop=pad keeps all)"
        return findings.check("size", value, remedy, mark=findings.FAIL)
    value = f"all are {width}x{height} (width x height)"
    try:
        shapes.base_shape(height, width)
    except ValueError:
        remedy = "no network has this size: prepare them"
        return findings.check("size", value, remedy, mark=findings.FAIL)
    return findings.check("size", value)


def colours(source, look):
    """Whether all images have the same channels, and use them."""
    channels = collections.Counter(look.shapes[:, 2].tolist())
    is_rgb = look.shapes[:, 2] >= 3
    grey = look.is_grey & is_rgb & ~is_flat(look)
    if len(channels) > 1:
        most, _ = channels.most_common(1)[0]
        value = ", ".join(f"{k} channels ({n:,})" for k, n in channels.items())
        odd = look.shapes[:, 2] != most
        value += f", such as {_named(source, look, odd)}"
        remedy = "a network has one number of channels: prepare them"
        return findings.check("colours", value, remedy, mark=findings.FAIL)
    if not is_rgb.any():
        return findings.check("colours", "grey")
    if look.is_grey.all():
        value = "all are grey, saved as colour"
        remedy = "a third of the data and less to learn: prepare them"
        return findings.check("colours", value, remedy)
    value = "colour"
    if grey.any():
        value += f", but {grey.sum():,} grey: {_named(source, look, grey)}"
    few = grey.any() and grey.sum() < len(look) / 5
    remedy = "remove these unless grey ones are wanted"
    return findings.check("colours", value, remedy if few else "")


def alpha(source, look):
    """A row on transparency, or none."""
    has_alpha = look.shapes[:, 2] % 2 == 0
    if not has_alpha.any():
        return []
    clear = has_alpha & ~look.is_opaque
    if not clear.any():
        value = "a channel of transparency in which all is opaque"
        remedy = "nothing to learn there: prepare them without"
        return [findings.check("alpha", value, remedy)]
    value = _are(int(clear.sum()), "is", "are") + " transparent in places"
    return [findings.check("alpha", value)]


def copies(source, look, first):
    """Images with the same pixels as an earlier one."""
    again = first != np.arange(len(look))
    if not again.any():
        return findings.check("copies", "no image is there twice")
    count = int(again.sum())
    value = f"{_are(count, 'is a copy', 'are copies')}: "
    value += _pairs(source, look, first)
    remedy = (
        "they count double (--json lists all): tools.prepare_dataset "
        "--drop_copies leaves them out"
    )
    if source.is_classes:
        kinds = source.classes[look.indices]
        several = int((kinds != kinds[first]).sum())
        value += f"; {several:,} in another class" * (several > 0)
    return findings.check("copies", value, remedy)


def near_copies(source, look, near):
    """Images that look the same as an earlier one."""
    if near is None:
        value = "not looked for: pip install 'stylegan_tf[data]'"
        return findings.check("near copies", value)
    again = near != np.arange(len(look))
    if not again.any():
        return findings.check("near copies", "no two look the same")
    count = int(again.sum())
    value = f"{_are(count, 'looks', 'look')} the same as an earlier one: "
    value += _pairs(source, look, near)
    remedy = (
        "remove what was only resized, saved again or lit anew (--json lists "
        "all)"
    )
    is_many = count > _MANY_COPIES * len(look)
    return findings.check("near copies", value, remedy if is_many else "")


def is_flat(look):
    """Which images are of one colour, bool `[M]`."""
    return look.deviations < _FLAT


def flat(source, look):
    """A row on images of one colour, or none."""
    plain = is_flat(look)
    if not plain.any():
        return []
    black = (plain & (look.means < 8)).sum()
    white = (plain & (look.means > 247)).sum()
    value = (
        f"{_are(int(plain.sum()), 'is', 'are')} of one colour ({black:,} "
        f"black, {white:,} white): {_named(source, look, plain)}"
    )
    return [findings.check("one colour", value, "remove them")]


def odd(source, look, name, values):
    """A row on images that are far from all others, by `values`, or none."""
    usual = ~is_flat(look)
    if not usual.any():
        return []
    low, middle, high = np.percentile(values[usual], (25, 50, 75))
    reach = _FAR * max(high - low, _NARROW)
    far = usual & ((values < low - reach) | (values > high + reach))
    value = f"{middle:.0f} of 255 is usual, {low:.0f} to {high:.0f} the half"
    if not far.any():
        return [findings.check(name, value)]
    value += f"; far off {far.sum():,}: {_named(source, look, far, values)}"
    return [findings.check(name, value, "look at them")]


def labels(source):
    """Rows on labels: how many there are of each class."""
    value = sources.describe_labels(source)
    notes = " ".join(source.notes)
    if not source.is_classes:
        return [findings.check("labels", value, notes)]
    names, counts = list(classes(source)), class_counts(source)
    there = np.flatnonzero(counts)
    least, most = there[counts[there].argmin()], counts.argmax()
    largest = f"{terminal.escaped(names[most])} ({counts[most]:,})"
    smallest = f"{terminal.escaped(names[least])} ({counts[least]:,})"
    if counts[most] == counts[least]:
        value += f"; {terminal.counted(counts[most], 'image')} each"
    else:
        value += f"; the largest {largest}, the smallest {smallest}"
    few = int((counts[there] < labels_lib.FEW_OF_A_CLASS).sum())
    if few:
        classes_have = "1 class has" if few == 1 else f"{few:,} classes have"
        notes = (
            f"{classes_have} under {labels_lib.FEW_OF_A_CLASS} images, too few "
            f"to learn: merge or remove. {notes}"
        )
    return [findings.check("labels", value, notes.strip())]


def classes(source):
    """Images by class, {} without classes."""
    if source.label_rows is None or not source.is_classes:
        return {}
    counts = class_counts(source).tolist()
    names = source.class_names or map(str, range(len(counts)))
    return dict(zip(names, counts, strict=False))


def class_counts(source):
    """Images of each class, int `[L]`."""
    rows = source.label_rows
    size = rows.shape[1]
    if source.given_labels.ndim == 1:
        return np.bincount(source.given_labels, minlength=size)
    return source.given_labels.sum(0).astype(int)


def few_of_a_class(source):
    """How many classes have too few images to be learnt."""
    return int((class_counts(source) < labels_lib.FEW_OF_A_CLASS).sum())


def _are(count, one, several):
    """`1 image is`, or `12 images are`."""
    return (
        f"{terminal.counted(count, 'image')} {one if count == 1 else several}"
    )


def _file(source, look, row):
    return commands.quoted(source.names[look.indices[row]])


def _named(source, look, which, values=None):
    """A few of the images, at the ends of `values` if they are given."""
    rows = np.flatnonzero(which)
    if values is not None:
        distance = np.abs(values[rows] - np.median(values))
        rows = rows[np.argsort(-distance, kind="stable")]
    names = []
    for row in rows[:_NAMED]:
        name = _file(source, look, row)
        names.append(name if values is None else f"{name} ({values[row]:.0f})")
    return ", ".join(names) + ", ..." * (len(rows) > _NAMED)


def _pairs(source, look, first):
    rows = np.flatnonzero(first != np.arange(len(first)))
    texts = [
        f"{_file(source, look, row)} = {_file(source, look, first[row])}"
        for row in rows[:_NAMED]
    ]
    return ", ".join(texts) + ", ..." * (len(rows) > _NAMED)
