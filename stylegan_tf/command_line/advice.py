"""Looks at a data set for tools.doctor, and says how to train on it."""

from typing import NamedTuple

import numpy as np
import tqdm

from stylegan_tf import columns, quiet, terminal
from stylegan_tf.command_line import configs, tool
from stylegan_tf.data import sources
from stylegan_tf.data.source import Source
from stylegan_tf.doctor import copies, datasets, findings, proposal, scan

_INDENT = "  "


class Seen(NamedTuple):
    """A data set, and what a look at it gave."""

    source: Source
    look: scan.Look
    first: np.ndarray  # as of `copies.exact`
    near: np.ndarray | None  # as of `copies.near`
    rows: list  # of `findings.Finding`, the worst first


def look(path, max_images=0):
    """The `Seen` of the data set at `path`, with bars meanwhile.

    Raises:
        ValueError: If no image can be read; otherwise as `open_source`.
    """
    source = sources.open_source(path)
    total = len(scan.sample(source, max_images))
    with _bar("looking", total) as bar:
        found = scan.look(source, max_images=max_images, watch=bar.update)
    if not len(found):
        index, reason = found.bad[0]
        raise ValueError(
            f"Not one image of {path} can be read. The first: "
            f"{source.file(index)}: {reason}"
        )
    first, near = copies.exact(found), None
    if found.hashes is not None:
        with _bar("comparing", copies.count(first)) as bar:
            near = copies.near(found, first, watch=bar.update)
    rows = datasets.examine(source, found, first, near)
    return Seen(source, found, first, near, rows)


def propose(seen, hours=None):
    """The `proposal.Proposal` for a data set on this machine.

    Args:
        seen: From `look`.
        hours: How long training may take, or None.
    """
    tf = quiet.import_tensorflow()
    gpus = tf.config.list_physical_devices("GPU")
    variant = proposal.VARIANTS["ada" if gpus else "small"]
    tool.note("measures how fast this machine trains, a minute or two")
    return proposal.make(
        seen.source,
        seen.look,
        configs.load(f"configs/ada.py:{variant}"),
        is_ready=findings.is_healthy(seen.rows),
        replicas=max(len(gpus), 1),
        hours=hours,
    )


def text(made, available=None):
    """A `proposal.Proposal` as lines.

    Args:
        made: The proposal.
        available: Bytes of memory that are free, None if unknown.
    """
    lines = []
    if made.prepare:
        lines += ["Make a copy that can be trained on:", f"  {made.prepare}"]
    lines += ["Then train:" if lines else "Train:", f"  {made.train}", ""]
    rows = [
        (each.field, proposal.spelled(each.value), each.reason)
        for each in made.choices
    ]
    lines += [
        _cost(made, available),
        *made.notes,
        "",
        "What the command stands for, and why (--config.FIELD=VALUE changes "
        "any of it):",
        columns.aligned(rows, indent=_INDENT),
    ]
    return "\n".join(lines)


def to_dict(seen, made):
    """All that was seen and proposed, for JSON.

    Args:
        seen: From `look`.
        made: From `propose`.
    """
    source, found = seen.source, seen.look
    sizes, counts = np.unique(found.shapes, axis=0, return_counts=True)
    flat = datasets.is_flat(found)
    facts = {
        "images": len(source),
        "looked_at": len(found) + len(found.bad),
        "shapes": [
            {"height": h, "width": w, "channels": c, "images": n}
            for (h, w, c), n in zip(
                sizes.tolist(), counts.tolist(), strict=True
            )
        ],
        "copies": _pairs(seen, seen.first),
        "near_copies": None if seen.near is None else _pairs(seen, seen.near),
        "one_colour": [source.names[i] for i in found.indices[flat]],
        "unreadable": [
            [source.names[index], reason] for index, reason in found.bad
        ]
        + source.unread,
        "classes": datasets.classes(source),
    }
    proposed = made._asdict() | {
        "choices": [each._asdict() for each in made.choices],
        "costs": made.costs._asdict() | {"memory_gib": made.costs.memory_gib},
    }
    return {"dataset": facts, "proposal": proposed}


def _bar(what, total):
    return tqdm.tqdm(
        desc=what, total=total, unit="image", disable=None, leave=False
    )


def _cost(made, available):
    """Hours and memory in a line or two."""
    cost = made.costs
    line = (
        f"It takes about {_lasting(made.hours)} on this machine "
        f"({cost.images_per_second:.3g} images a second, {cost.how}) and "
        f"{cost.memory_gib:.1f} GiB of memory."
    )
    if available is not None and cost.memory_gib * 2**30 > available:
        half = "--config.training.max_batch_per_replica"
        line += f"\nOnly {available / 2**30:.1f} GiB are free: {half}=4"
    return line


def _lasting(hours):
    if hours < 1:
        return terminal.counted(max(round(60 * hours), 1), "minute")
    if hours < 48:
        return f"{hours:.1f} hours"
    return f"{hours / 24:,.1f} days"


def _pairs(seen, first):
    """Pairs (file, earlier file) of images that are there again."""
    names, indices = seen.source.names, seen.look.indices
    again = np.flatnonzero(first != np.arange(len(first)))
    return [[names[indices[i]], names[indices[first[i]]]] for i in again]
