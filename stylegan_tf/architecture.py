"""Which fields of two configs make their networks different ones."""

from stylegan_tf import config as config_lib

_FIELDS = (
    "resolution",
    "base_shape",
    "image_channels",
    "label_size",
    "generator",
    "discriminator",
)


def differences(ours, theirs):
    """Rows `(field, ours, theirs)` of what makes networks differ."""
    return [
        row
        for row in all_differences(ours, theirs)
        if row[0].split(".")[0] in _FIELDS
        and not row[0].endswith(("w_avg_decay", "conv_clamp"))
    ]


def all_differences(ours, theirs):
    """Rows `(field, ours, theirs)` of every field that differs."""
    flat_ours, flat_theirs = map(config_lib.flatten, (ours, theirs))
    return [
        (field, flat_ours[field], flat_theirs[field])
        for field in flat_ours
        if flat_ours[field] != flat_theirs[field]
    ]


def refuse_other(path, ours, theirs):
    """Raises `ValueError` with a table if networks differ.

    Args:
        path: Of the snapshot, for the message.
        ours: The run's config.
        theirs: The snapshot's.
    """
    rows = differences(ours, theirs)
    if rows:
        width = max(len(field) for field, _, _ in rows)
        table = "\n".join(
            f"  {field:<{width}}  snapshot {theirs!r:<12} config {ours!r}"
            for field, ours, theirs in rows
        )
        raise ValueError(
            f"The snapshot {path} is of another architecture:\n{table}\n"
            "Train under a new --workdir, or with the snapshot's values: "
            "--init_from without --config takes them."
        )
