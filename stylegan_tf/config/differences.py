"""Names the fields of two configs that make their networks incompatible."""

from stylegan_tf import columns, commands
from stylegan_tf.config import dictionaries

_MOST_OVERRIDES = 5  # that a message asks for
# Groups of fields that networks do not depend on, and fields of networks that
# no weight depends on.
_GROUPS = (
    *("name", "label_kind", "label_names", "rules"),
    *("data", "growing", "loss", "augment", "training", "metrics"),
)
_HARMLESS = ("w_avg_decay", "conv_clamp")
# Groups of fields that what is learned depends on, and fields of them that it
# does not: how far, how fast, and what is written.
_LEARNED = ("data", "growing", "loss", "augment", "training")
_NOT_LEARNED = (
    *("data.path", "training.total_kimg", "training.max_batch_per_replica"),
    *("training.rematerialize", "training.jit_compile"),
    "training.deterministic",
    *("training.log_", "training.sample_", "training.snapshot_"),
    "training.keep_",
)


def differences(ours, theirs):
    """Rows `(field, ours, theirs)` of what makes networks incompatible."""
    return [
        row
        for row in all_differences(ours, theirs)
        if row[0].split(".")[0] not in _GROUPS
        and not row[0].endswith(_HARMLESS)
    ]


def of_settings(ours, theirs):
    """Rows `(field, ours, theirs)` of what else networks learn by.

    What ours leaves to the machine ("auto") is as theirs.
    """
    return [
        (field, new, old)
        for field, new, old in all_differences(ours, theirs)
        if (field.split(".")[0] in _LEARNED or field.endswith(_HARMLESS))
        and not field.startswith(_NOT_LEARNED)
        and new != "auto"
    ]


def all_differences(ours, theirs):
    """Rows `(field, ours, theirs)` of every field that differs."""
    flat_ours, flat_theirs = map(dictionaries.flatten, (ours, theirs))
    return [
        (field, flat_ours[field], flat_theirs[field])
        for field in flat_ours
        if flat_ours[field] != flat_theirs[field]
    ]


def refuse_other(path, ours, theirs, otherwise="Train under a new --workdir"):
    """Raises `ValueError` with a table, and what to type, if networks differ.

    Args:
        path: Of the snapshot, for the message.
        ours: The run's config.
        theirs: The snapshot's.
        otherwise: What to do instead.
    """
    rows = differences(ours, theirs)
    if rows:
        cells = [
            (field, f"snapshot {theirs!r}", f"config {ours!r}")
            for field, ours, theirs in rows
        ]
        advice = _advice({field: theirs for field, _, theirs in rows})
        raise ValueError(
            f"The snapshot {path} is of another architecture:\n"
            f"{columns.aligned(cells, indent='  ')}\n{advice} Or: {otherwise}."
        )


def _advice(values):
    """Sentences on how to come to the snapshot's `values`, by field."""
    if len(values) > _MOST_OVERRIDES:
        return "Take the --config that the snapshot was trained with."
    advice = []
    if size := values.pop("label_size", None):
        advice.append(
            f"Take data with labels of size {size}, and "
            "--config.data.use_labels=true."
        )
    elif size == 0:
        advice.append(
            "Leave out --config.data.use_labels=true and --config.label_size: "
            "the snapshot knows no labels."
        )
    if values:
        given = [f"--config.{name}={value}" for name, value in values.items()]
        advice.append(f"Add {' '.join(map(commands.quoted, given))}.")
    return " ".join(advice)
