"""Proposes how to train on a data set: commands, and a reason for each value.

What follows from sizes, devices and numbers of images is for `rules` to say,
and is what configs/ada.py takes. What only a look at the images can tell is
said here: how to prepare them, whether to mirror them or to use their labels.
"""

import os
import pathlib
from typing import NamedTuple

import numpy as np

from stylegan_tf import commands, rules, terminal
from stylegan_tf.data import report, shapes
from stylegan_tf.doctor import costs, datasets
from stylegan_tf.training import devices

VARIANTS = {"small": "small", "ada": "auto"}  # of configs/ada.py, by rules
# Longest sides that are proposed for images that must be prepared anyway.
_SIDES = {"small": 64, "ada": 256}
_ENLARGED = 10  # per cent of the images that may be
_ASYMMETRY = 0.06  # of the mean image, by the spread of images
_FEWEST_IMAGES = 30  # whose mean image tells something
_LONG_HOURS = 72.0
# Published networks by resolution, and what they show.
OFFICIAL = {
    256: {
        "stylegan2-cat-config-f": "cats",
        "stylegan2-church-config-f": "churches",
        "stylegan2-horse-config-f": "horses",
    },
    512: {
        "ada-afhqcat": "cats",
        "ada-afhqdog": "dogs",
        "ada-afhqwild": "wild animals",
        "ada-brecahad": "tissue",
    },
    1024: {"ada-ffhq": "faces", "ada-metfaces": "paintings of faces"},
}


class Target(NamedTuple):
    """What is trained on."""

    path: str
    image_shape: tuple  # (H, W, C)
    prepare: str  # the command that makes it first, "" if it is there


class Proposal(NamedTuple):
    """What to type, what each value comes from, and what it takes."""

    prepare: str  # the command to type first, or ""
    train: str  # the command
    choices: list  # of `rules.Choice`
    costs: costs.Costs
    hours: float
    notes: list  # lines


def make(source, look, config, *, is_ready, replicas=1, hours=None):
    """The `Proposal` for a data set.

    Args:
        source: From `sources.open_source`.
        look: A `scan.Look` at it, of one image at least.
        config: That of configs/ada.py by a variant of `VARIANTS`.
        is_ready: Whether the images can be trained on as they are.
        replicas: How many devices share a batch.
        hours: How long the run may take; None leaves that to the rules.
    """
    kind = config.rules
    goal = target(source, look, kind, is_ready)
    own = [mirror(look), *labels(source)]
    facts = {
        "resolution": max(goal.image_shape[:2]),
        "replicas": replicas,
        "images": len(source) - len(look.bad),
    }
    made = [*own, *_of_data(goal), *rules.choices(kind, **facts)]
    settled = rules.settled(config, made)
    if settled.data.use_labels:
        settled.label_size = source.label_rows.shape[1]
    settled = devices.resolve(settled)
    cost = costs.measure(settled, replicas)
    typed = [each for each in own if each.value]
    speed = cost.images_per_second
    if hours:
        found = rules.choices(
            kind, **facts, hours=hours, images_per_second=speed
        )
        made = [*own, *_of_data(goal), *found]
        typed += [each for each in made if each.field == "training.total_kimg"]
    values = {each.field: each.value for each in made}
    lasting = values["training.total_kimg"] / 3.6 / speed
    return Proposal(
        goal.prepare,
        train_command(goal, kind, source.name, typed),
        [*made, _precision(settled)],
        cost,
        lasting,
        [*_long(goal, source, kind, lasting), *_transfer(goal, kind, facts)],
    )


def target(source, look, kind, is_ready):
    """The `Target`: the data set, or the copy that must be made of it."""
    height, width, channels = look.shapes[0].tolist()
    wanted = _channels(look)
    if is_ready and channels == wanted:
        return Target(source.path, (height, width, channels), "")
    if not is_ready:
        side = np.percentile(look.shapes[:, :2].min(1), _ENLARGED)
        side = shapes.default_resolution(side, side)
        height = width = min(side, _SIDES[kind])
        wanted = wanted if wanted < 3 else 3
    flags = shapes.prepare_flags((height, width, wanted))
    if wanted in (1, 3) and not look.is_opaque.all():
        flags.append("--alpha=white")
    if len(np.unique(look.digests, axis=0)) < len(look):
        flags.append("--drop_copies")
    path = _unused(_beside(source))
    command = source.prepare_command(f"--output={path}", *flags)
    return Target(path, (height, width, wanted), command)


def _channels(look):
    """How many are needed to show all that the images do."""
    colours = 1 if look.is_grey.all() else 3
    return colours if look.is_opaque.all() else colours + 1


def _beside(source):
    """Where a copy goes: beside the source, or here if it can not."""
    path = pathlib.Path(source.prepared_path)
    if os.access(path.parent, os.W_OK):
        return os.fspath(path)
    return path.name


def mirror(look):
    """Whether left and right are alike, so that mirrored images fit in.

    The odd part of the mean image is measured against the spread of images,
    less what chance would give it.
    """
    if len(look) < _FEWEST_IMAGES:
        reason = "too few images to tell whether left and right are alike"
        return rules.Choice("data.mirror", False, reason)
    thumbs = look.thumbs.astype(np.float32)
    mean = thumbs.mean(0)
    odd = np.square((mean - mean[:, ::-1]) / 2).mean()
    total = max(float(np.square(thumbs - mean).mean()), 1e-6)
    share = max(odd / total - 0.5 / len(look), 0.0) ** 0.5
    value = bool(share < _ASYMMETRY)
    if value:
        reason = (
            "twice the images, for left and right are alike on average "
            f"({share:.1%} of their spread differs); not if they show writing"
        )
    else:
        spread = f"{share:.1%} of their spread"
        reason = f"left and right differ on average ({spread})"
    return rules.Choice("data.mirror", value, reason)


def labels(source):
    """Whether to use labels, none if there are none."""
    if source.label_rows is None:
        return []
    field = "data.use_labels"
    if not source.is_classes:
        reason = "vectors: use them if they describe what is to be chosen"
        return [rules.Choice(field, False, reason)]
    counts = datasets.class_counts(source)
    if len(counts) < 2 or datasets.few_of_a_class(source):
        reason = (
            f"the smallest of {len(counts)} classes has "
            f"{terminal.counted(counts.min(), 'image')}: too few to learn one"
        )
        return [rules.Choice(field, False, reason)]
    least = terminal.counted(counts.min(), "image")
    reason = f"{len(counts)} classes of {least} at least"
    return [rules.Choice(field, True, reason)]


def train_command(goal, kind, name, typed):
    """The command that trains, in a run directory that is not there yet."""
    return commands.line(
        "train",
        f"--config=configs/ada.py:{VARIANTS[kind]}",
        f"--config.data.path={goal.path}",
        *(f"--config.{e.field}={spelled(e.value)}" for e in typed),
        f"--workdir={_unused(os.path.join('runs', name))}",
    )


def _of_data(goal):
    """Choices that the images themselves make."""
    height, width, channels = goal.image_shape
    reason = "the prepared copy's" if goal.prepare else "the images'"
    return [
        rules.Choice("resolution", max(height, width), reason),
        rules.Choice("base_shape", shapes.base_shape(height, width), reason),
        rules.Choice("image_channels", channels, reason),
    ]


def _precision(config):
    """What the machine decided."""
    precision = config.training.precision
    reason = "faster here, as was measured"
    if precision == "float32":
        reason = "bfloat16 is no faster on this processor"
    return rules.Choice("training.precision", precision, reason)


def _long(goal, source, kind, hours):
    """A line on a run of days, if a smaller copy would be quicker."""
    side = _SIDES[kind]
    if hours < _LONG_HOURS or max(goal.image_shape[:2]) <= side:
        return []
    path = _unused(_beside(source))
    copy = source.prepare_command(f"--output={path}", f"--resolution={side}")
    return [f"That is long. A smaller copy is quicker to learn: {copy}"]


def _transfer(goal, kind, facts):
    """A line on published networks of this size, if they would help."""
    height, width, channels = goal.image_shape
    known = OFFICIAL.get(height, {}) if height == width else {}
    if kind == "small" or channels != 3 or facts["images"] > report.FEW_IMAGES:
        known = {}
    shown = [f"--init_from={name} ({what})" for name, what in known.items()]
    if not shown:
        return []
    return [
        "With few images a trained network is the better start, the nearer "
        f"its images the better. Add one of: {', '.join(shown)}"
    ]


def spelled(value):
    """A value as a flag of tools.train takes it."""
    return str(value).lower() if isinstance(value, bool) else rules.shown(value)


def _unused(path):
    """The path, or the first of PATH-2, PATH-3, ... that is not there."""
    number, free = 1, path
    while pathlib.Path(free).exists():
        number += 1
        free = f"{path}-{number}"
    return free
