"""Yes-or-no questions about the images of a labelled data set."""

import numpy as np

from stylegan_tf import suggest

UNKNOWN = -1


def answers(source, text=""):
    """Answers by attribute, int `[M]`: 1, 0 or `UNKNOWN`.

    Args:
        source: A `data.sources.Source` with attributes, or with classes.
        text: Which, with commas between: `glasses`; `hair=hair_length:2|3`,
            which is there where the field has one of the values. "": all.
            A field of more than two values becomes a question for each.

    Raises:
        ValueError: If the data set lacks one, or has none at all.
    """
    fields = _fields(source)
    found = {}
    for item in text.split(",") if text else fields:
        name, _, rule = item.strip().partition("=")
        field, _, chosen = (rule or name).partition(":")
        if field not in fields:
            raise ValueError(
                f"{source.path} has no attribute `{field}`."
                + suggest.closest(field, list(fields))
                + f" It has: {', '.join(fields)}"
            )
        values = fields[field]
        is_known = values >= 0
        kinds = np.unique(values[is_known])
        if chosen:
            wanted = {name: _numbers(item, chosen, kinds)}
        elif len(kinds) <= 2:
            wanted = {name: kinds[-1:]}
        else:
            wanted = {f"{name}_{kind}": [kind] for kind in kinds}
        for each, numbers in wanted.items():
            is_there = np.isin(values, numbers).astype(np.int32)
            found[each] = np.where(is_known, is_there, UNKNOWN)
    return found


def _fields(source):
    """Integer arrays `[M]` by name; negative values are unknown.

    Where all values are 1 and -1, as in CelebA, -1 is no instead.
    """
    fields = {name: np.asarray(v) for name, v in source.attributes.items()}
    if not fields and source.labels is not None and source.is_classes:
        names = source.class_names or range(source.labels.shape[1])
        columns = source.labels.T.astype(np.int32)
        fields = dict(zip(map(str, names), columns, strict=True))
    fields = {
        name: values
        for name, values in fields.items()
        if values.dtype.kind in "biu" and len(np.unique(values)) > 1
    }
    if not fields:
        raise ValueError(
            f"{source.path} has neither attributes nor classes. Put "
            '{"labels": ..., "attributes": {"glasses": [0, 1, ...]}} into its '
            "dataset.json, or the images of each class into a folder."
        )
    for name, values in fields.items():
        is_signed = set(np.unique(values)) == {-1, 1}
        fields[name] = (values == 1 if is_signed else values).astype(np.int64)
    return fields


def _numbers(item, chosen, kinds):
    """The values of `2|3`."""
    known = {str(kind): kind for kind in kinds}
    names = [each.strip() for each in chosen.split("|")]
    if not known.keys() >= set(names):
        raise ValueError(
            f"An attribute must look like hair=hair_length:2|3, with values of "
            f"{', '.join(known)}. Received: {item.strip()}"
        )
    return [known[each] for each in names]
