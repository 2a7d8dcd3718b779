"""What a dataset.json says of the images beside and below it.

Its paths are compared in one spelling, `key`: those of Windows and of macOS
differ from the names in an archive or a folder without anybody's intent.
"""

import json
import posixpath
import unicodedata

from stylegan_tf import suggest, terminal
from stylegan_tf.data import labels

FILE = "dataset.json"
_LISTED = 5  # keys
_SHOWN = 40  # characters of each


def key(path):
    """One spelling of a path: `a/é.png` of `.\\a\\é.png`."""
    path = unicodedata.normalize("NFC", path.replace("\\", "/"))
    return posixpath.normpath(path)


def find(names, images):
    """The dataset.json among `names` that speaks for all `images`, or None.

    It may be in a folder around all of them, as in an archive of a folder.
    """
    found = [name for name in names if posixpath.basename(name) == FILE]
    for name in sorted(found, key=lambda name: name.count("/")):
        folder = name.removesuffix(FILE)
        if all(image.startswith(folder) for image in images):
            return name
    return None


def notes(names, found):
    """Lines on files called dataset.json that were not `found`."""
    others = [name for name in names if posixpath.basename(name) == FILE]
    others = [terminal.escaped(name) for name in others if name != found]
    if found or not others:
        return []
    return [
        f"{others[0]} has no say, for there are images outside its folder. "
        f"Labels of all images go into one {FILE} at the top of the source."
    ]


def no_labels_notes(metadata):
    """Lines on what a dataset.json without `labels` has instead.

    Attributes alone are enough: the labels may be those of the folders.
    """
    if "labels" in metadata or set(metadata) == {"attributes"}:
        return []
    keys = [terminal.escaped(key)[:_SHOWN] for key in metadata]
    listed = ", ".join(keys[:_LISTED]) + ", ..." * (len(keys) > _LISTED)
    unread = [key for key in keys if key != "attributes"]
    hint = suggest.closest("labels", unread)
    hint += " Then call it `labels`." * bool(hint)
    return [f"{FILE} has no `labels`. Its keys: {listed or 'none'}.{hint}"]


def parse(data, where, folder=""):
    """The dict in the bytes of the dataset.json at path `where`.

    Args:
        data: Its bytes.
        where: What to call it.
        folder: `FOLDER/` if it lies in one: its labels' paths get it.
    """
    try:
        metadata = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"{where} is not valid JSON ({error}). Mend it, or remove it to "
            "go without its labels."
        ) from error
    if not isinstance(metadata, dict):
        raise ValueError(
            f'{where} must hold an object like {{"labels": [["a.png", 0], '
            f"...]}}. Received: {type(metadata).__name__}."
        )
    entries = metadata.get("labels")
    if entries is not None:
        try:
            metadata["labels"] = [[folder + p, label] for p, label in entries]
        except (TypeError, ValueError) as error:
            raise ValueError(
                f'"labels" in {where} must be a list of pairs [path, integer '
                "or list of numbers]."
            ) from error
    return metadata


def labels_of(metadata, names, where):
    """Labels of `names`: int `[M]`, float32 `[M, L]`, or None."""
    entries = metadata.get("labels")
    if entries is None or not names:
        return None
    by_key = {}
    for path, label in entries:
        if by_key.setdefault(key(path), label) != label:
            raise ValueError(
                f"{where} has two labels for {terminal.escaped(path)}. "
                "Remove one of them."
            )
    missing = [name for name in names if key(name) not in by_key]
    if missing:
        raise ValueError(
            f"{where} has no label for {len(missing)} of {len(names)} images, "
            f"e.g. {terminal.escaped(missing[0])}"
            f"{_near(missing[0], by_key)}. Add them, or set "
            '"labels" to null.'
        )
    values = [by_key[key(name)] for name in names]
    return labels.as_array(values, names, where)


def attributes_of(metadata, names):
    """Lists in "attributes" of dataset.json, put in the order of `names`."""
    attributes = metadata.get("attributes")
    if not isinstance(attributes, dict):
        return {}
    listed = [path for path, _ in metadata.get("labels") or []] or names
    row = {key(name): i for i, name in enumerate(listed)}
    if any(key(name) not in row for name in names):
        return {}
    rows = [row[key(name)] for name in names]
    return {
        name: [values[i] for i in rows]
        for name, values in attributes.items()
        if isinstance(values, list) and len(values) == len(listed)
    }


def attribute_notes(metadata, names):
    """Lines on attributes that `attributes_of` leaves out."""
    attributes = metadata.get("attributes") or {}
    if not isinstance(attributes, dict):
        return [f'"attributes" of {FILE} is left out, for it is no object.']
    found = attributes_of(metadata, names)
    lost = [name for name in attributes if name not in found]
    if not lost:
        return []
    count = len(metadata.get("labels") or names)
    return [
        f"Attributes of {FILE} are left out that are no list of {count} "
        f"values, one for each label: {terminal.escaped(', '.join(lost[:3]))}"
    ]


def _near(name, by_key):
    """What there is a label for instead, in parentheses."""
    last = posixpath.basename(key(name)).casefold()
    same = [k for k in by_key if k.casefold() == key(name).casefold()]
    alike = [k for k in by_key if posixpath.basename(k).casefold() == last]
    if same:
        difference = ": upper and lower case differ"
    else:
        difference = ", another folder" if alike else ""
    for near in [*same, *alike, *by_key][:1]:
        return f" (it has {terminal.escaped(near)}{difference})"
    return " (it has none)"
