"""`GET /image`: the picture of a seed, as tools.generate makes it.

Its address says all about it, so its ETag is known before it is computed.
"""

import dataclasses
import hashlib
import json
import math

import numpy as np

from stylegan_tf import images
from stylegan_tf.serving import errors

LARGEST_SEED = 2**32 - 1  # of `numpy.random.RandomState`
_NAMES = ("seed", "psi", "cutoff", "class", "noise")
LARGEST_PSI = 100.0
NOISES = {"const": "const", "none": "none", "0": "none"}  # 0: of the page


@dataclasses.dataclass(frozen=True)
class Picture:
    """What picture it is; the fields are those of the query."""

    seed: int
    psi: float = 1.0
    cutoff: int | None = None
    chosen_class: int | None = None
    noise: str = "const"


def parse(pairs, card):
    """The `Picture` of a query.

    Args:
        pairs: Names and values, as they came.
        card: Of the model.

    Raises:
        errors.Invalid: If it is none of this model.
    """
    query = {}
    for name, value in pairs:
        if name not in _NAMES or name in query:
            raise errors.Invalid(
                f"A picture has {', '.join(_NAMES)}, each once at most. "
                f"Received: {name[:40]}"
            )
        query[name] = value
    if "seed" not in query:
        raise errors.Invalid("seed is needed, such as /image?seed=5")
    if not card["can_truncate"]:
        for name in ("psi", "cutoff"):
            if name in query:
                raise errors.Invalid(
                    f"{name} is not for this network: it has no mean w"
                )
    noise = query.get("noise", "const")
    noises = list(NOISES) if card["noise_shapes"] else ["const"]
    if noise not in noises:
        raise errors.Invalid(
            f"noise must be {' or '.join(noises[:2])} for this network. "
            f"Received: {noise[:40]}"
        )
    cutoff = query.get("cutoff")
    return Picture(
        seed=_whole("seed", query["seed"], LARGEST_SEED),
        psi=_psi(query.get("psi", "1")),
        cutoff=None
        if cutoff is None
        else _whole("cutoff", cutoff, card["num_ws"]),
        chosen_class=_class(query.get("class"), card),
        noise=NOISES[noise],
    )


def example(card):
    """The address of a picture."""
    return "/image?seed=0" + "&class=0" * bool(card["label_size"])


def etag(picture, servable):
    """The validator of a picture of this model's version, with its quotes.

    A weak one: what else is computed at the same time can change a level.
    """
    version = [servable.version, servable.fingerprint, servable.card]
    fields = [*version, dataclasses.astuple(picture)]
    text = json.dumps(fields, sort_keys=True).encode()
    return f'W/"{hashlib.sha256(text).hexdigest()[:32]}"'


def is_known(header, tag):
    """Whether `If-None-Match` names the picture."""
    tags = [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag.removeprefix("W/") in tags or tags == ["*"]


async def compute(model, picture, servable):
    """uint8 `[H, W, C]`, computed beside what else is asked for.

    Args:
        model: A `serving.Model`.
        picture: Of `parse`.
        servable: The version that answers.
    """
    card, version = servable.card, servable.version
    random = np.random.RandomState(picture.seed)
    inputs = {"z": random.randn(1, card["z_size"]).astype(np.float32)}
    if card["label_size"]:
        label = np.zeros((1, card["label_size"]), np.float32)
        label[0, picture.chosen_class] = 1.0
        inputs["label"] = label
    if picture.psi != 1.0:
        inputs["truncation_psi"] = np.float32([picture.psi])
        if picture.cutoff is not None:
            inputs["truncation_cutoff"] = np.int32([picture.cutoff])
    if picture.noise == "const":
        _, made = await model.predict("generate", inputs, version)
        return made["images"][0]
    _, made = await model.predict("map", inputs, version)
    styles = {"ws": made["ws"], "noise": np.array([b"none"], object)}
    _, made = await model.predict("synthesize", styles, version)
    return images.to_uint8(made["images"][0])


def _whole(name, text, largest):
    is_number = text.isascii() and text.isdigit() and len(text) <= 10
    if not is_number or int(text) > largest:
        raise errors.Invalid(
            f"{name} must be a whole number from 0 to {largest}. "
            f"Received: {text[:40] or 'nothing'}"
        )
    return int(text)


def _psi(text):
    try:
        psi = float(text)
    except ValueError:
        psi = math.nan
    if not abs(psi) <= LARGEST_PSI or "_" in text or not text.isascii():
        raise errors.Invalid(
            f"psi must be a number from -{LARGEST_PSI:g} to "
            f"{LARGEST_PSI:g}, such as 0.7. Received: {text[:40]}"
        )
    return psi


def _class(text, card):
    count, names = card["label_size"], card.get("label_names", ())
    # In a query a plus is a space, unless it is escaped.
    called = {n.replace("+", " "): i for i, n in enumerate(names)}
    called |= {name: number for number, name in enumerate(names)}
    if text in called and not text.isdecimal():
        return called[text]
    if not count and text is not None:
        raise errors.Invalid("class: this network has no classes")
    if count and text is None:
        raise errors.Invalid(
            f"class is needed: this network has {count} classes, 0 to "
            f"{count - 1}"
        )
    return None if text is None else _whole("class", text, count - 1)
