"""Directions in W, along which something of the image changes; their files.

An npz of `names` `[K]`, `vectors` `[K, D]` of unit length, `first` and `last`
`[K]` (they move the layers first to last - 1) and `spread` `[K]`, the
standard deviation of w along each. `about_json` says how they were made.
"""

import json
import typing

import numpy as np

from stylegan_tf import files, suggest, terminal
from stylegan_tf.editing import archives

_FIELDS = ("names", "vectors", "first", "last", "spread")


class Direction(typing.NamedTuple):
    """A way to go in W."""

    name: str
    vector: np.ndarray  # [D], of unit length
    first: int  # the first layer that it moves
    last: int  # the first layer after it that stays
    spread: float  # standard deviation of w along it


def move(ws, direction, amount):
    """Styles further along a direction; the other layers stay, bit for bit.

    Args:
        ws: `[..., L, D]`.
        direction: A `Direction`.
        amount: How far, in its spreads; a number, or what broadcasts to
            `[..., L, D]`, such as `[P, 1, 1, 1]` for a line of P points.
    """
    step = np.asarray(amount, np.float32) * np.float32(direction.spread)
    moved = ws + step * np.asarray(direction.vector, np.float32)
    layer = np.arange(ws.shape[-2])[:, None]
    is_moved = (layer >= direction.first) & (layer < direction.last)
    return np.where(is_moved, moved, ws)


def write(path, directions, **about):
    """Writes directions whole or not at all.

    Args:
        path: The file, `*.npz`.
        directions: `Direction`s.
        **about: What JSON can hold, for whoever opens the file later.
    """
    names, vectors, first, last, spread = zip(*directions, strict=True)
    with files.whole(path) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            names=np.array(names),
            vectors=np.asarray(vectors, np.float32),
            first=np.array(first),
            last=np.array(last),
            spread=np.asarray(spread, np.float32),
            about_json=json.dumps(about),
        )


def read(path):
    """`Direction`s of a file by name.

    Raises:
        FileNotFoundError: If it is missing.
        ValueError: If it holds none, or damaged ones.
    """
    arrays = archives.read(path, "directions, as tools.directions writes")
    if missing := [field for field in _FIELDS if field not in arrays]:
        raise ValueError(
            f"{path} holds no directions: {', '.join(missing)} missing. "
            "tools.directions writes such files"
        )
    if wrong := _wrong(*(arrays[field] for field in _FIELDS)):
        raise ValueError(
            f"{path} holds damaged directions: {wrong}. "
            "tools.directions writes such files"
        )
    rows = zip(*(arrays[field] for field in _FIELDS), strict=True)
    return {
        str(name): Direction(
            str(name), vector, int(first), int(last), float(spread)
        )
        for name, vector, first, last, spread in rows
    }


def _wrong(names, vectors, first, last, spread):
    """What is wrong with the arrays of a file; "" if nothing is."""
    if vectors.ndim != 2 or any(
        each.shape != vectors.shape[:1] for each in (names, first, last, spread)
    ):
        shapes = [each.shape for each in (names, vectors, first, last, spread)]
        return f"expected [K], [K, D] and three [K]. Received: {shapes}"
    kinds = (("names", names, "U"), ("first", first, "iu"))
    kinds += (("last", last, "iu"), ("vectors", vectors, "fiu"))
    for field, array, kind in (*kinds, ("spread", spread, "fiu")):
        if array.dtype.kind not in kind:
            return f"{field} are of type {array.dtype}"
    if not (np.isfinite(vectors).all() and np.isfinite(spread).all()):
        return "vectors and spread must be finite"
    if not np.all((first >= 0) & (first < last)):
        return "expected 0 <= first < last"
    words = [str(name) for name in names]
    if not all(words) or len(set(words)) < len(words):
        return "names must differ and none may be empty"
    if any("\ud800" <= letter <= "\udfff" for letter in "".join(words)):
        return "names must be Unicode text"
    return ""


def find(directions, name, ws_shape):
    """One of `directions`, which must fit a network.

    Args:
        directions: `Direction`s by name.
        name: Which.
        ws_shape: Layers and width of the network's styles.

    Raises:
        ValueError: If there is none, with the closest, or it does not fit.
    """
    if name not in directions:
        raise ValueError(
            f"There is no direction {name!r}."
            + suggest.closest(name, list(directions))
            + f" There are: {', '.join(directions)}"
        )
    found, (layers, size) = directions[name], ws_shape
    if len(found.vector) != size or found.last > layers:
        raise ValueError(
            f"The direction {name!r} is not of this network, whose styles "
            f"have {terminal.counted(layers, 'layer')} of {size} numbers. "
            f"Received: {len(found.vector)} numbers, for layers "
            f"{found.first} to {found.last - 1}"
        )
    return found
