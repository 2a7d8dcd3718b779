"""Labels of a data set: dataset.json, or sub-folders as classes."""

import json

import numpy as np


def parse_metadata(data, where):
    """The dict in the bytes of a dataset.json at path `where`."""
    try:
        metadata = json.loads(data)
    except ValueError as error:
        raise ValueError(
            f"{where} is not valid JSON ({error}). Mend it, or remove it to "
            "go without its labels."
        ) from error
    if not isinstance(metadata, dict):
        raise ValueError(
            f'{where} must hold an object like {{"labels": [["a.png", 0], '
            f"...]}}. Received: {type(metadata).__name__}."
        )
    return metadata


def from_metadata(metadata, names, where):
    """Labels of `names`: int `[M]`, float32 `[M, L]`, or None."""
    entries = metadata.get("labels")
    if entries is None or not names:
        return None
    try:
        by_name = {path.replace("\\", "/"): label for path, label in entries}
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(
            f'"labels" in {where} must be a list of pairs [path, integer or '
            "list of numbers]."
        ) from error
    missing = [name for name in names if name not in by_name]
    if missing:
        raise ValueError(
            f"{where} has no label for {len(missing)} of {len(names)} images, "
            f'e.g. {missing[0]}. Add them, or set "labels" to null.'
        )
    return _as_array([by_name[name] for name in names], names, where)


def attributes_of(metadata, names):
    """Lists in "attributes" of dataset.json, put in the order of `names`."""
    attributes = metadata.get("attributes")
    if not isinstance(attributes, dict):
        return {}
    listed = [path for path, *_ in metadata.get("labels") or []]
    row = {name: i for i, name in enumerate(listed or names)}
    if any(name not in row for name in names):
        return {}
    rows = [row[name] for name in names]
    return {
        key: [values[i] for i in rows]
        for key, values in attributes.items()
        if isinstance(values, list) and len(values) == len(row)
    }


def from_folders(names):
    """Class ids `[M]` and class names by top sub-folder, or (None, None).

    Folders that only split a long list, named by five digits as in
    00000/img00000000.png, are no classes.
    """
    parts = [name.split("/") for name in names]
    while parts and all(p[0] == parts[0][0] and len(p) > 1 for p in parts):
        parts = [p[1:] for p in parts]  # one folder around everything
    if not parts or min(len(p) for p in parts) < 2:
        return None, None
    folders = sorted({p[0] for p in parts})
    if len(folders) < 2 or all(f.isdigit() and len(f) == 5 for f in folders):
        return None, None
    ids = {folder: i for i, folder in enumerate(folders)}
    return np.array([ids[p[0]] for p in parts]), folders


def one_hot(labels, size=0):
    """float32 `[M, L]` of int `[M]`; vectors `[M, L]` stay as they are."""
    if labels.ndim == 2:
        return labels
    return np.eye(max(size, labels.max() + 1), dtype=np.float32)[labels]


def _as_array(values, names, where):
    width = len(values[0]) if isinstance(values[0], list) else 0
    for name, value in zip(names, values, strict=True):
        good = _is_vector(value, width) if width else _is_class(value)
        if not good:
            raise ValueError(
                "Labels must be all integers from 0, or all lists of the "
                f"same length. {where} has, for {name}: {value!r}."
            )
    return np.array(values, np.float32 if width else np.int64)


def _is_class(value):
    return type(value) is int and value >= 0


def _is_vector(value, width):
    return (
        isinstance(value, list)
        and len(value) == width
        and all(type(v) in (int, float) for v in value)
    )
