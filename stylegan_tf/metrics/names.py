"""What the name of a metric says: counts, detector, protocol.

`fid50k_full` is FID of 50,000 generated images against all real ones;
`fid5k_full` the same with 5,000; `fid50k_mix3` styles of three latents in
every image, as StyleGAN's table 2. Published figures hold for the papers'
counts only, those of `NAMES`: StyleGAN's path lengths are of 100,000 pairs
(`ppl100k_wfull`), later ones of 50,000.
"""

import dataclasses
import re

from stylegan_tf import commands, suggest

NAMES = (
    "fid50k",
    "fid50k_full",
    "kid50k",
    "kid50k_full",
    "is50k",
    "pr50k3",
    "pr50k3_full",
    "dc50k5",
    "dc50k5_full",
    "ppl_zfull",
    "ppl_wfull",
    "ppl_zend",
    "ppl_wend",
    "ppl2_wend",
    "ppl100k_zfull",
    "ppl100k_wfull",
    "ppl100k_zend",
    "ppl100k_wend",
    "ls",
    "swd",
    "msssim",
)
_COUNT = r"(?P<thousands>\d+(?:\.\d+)?)k"
_NEEDS_REAL = re.compile(
    rf"(?P<kind>fid|kid|pr|dc){_COUNT}(?P<neighbourhood>[1-9]\d*)?"
    r"(?P<full>_full)?(?:_mix(?P<latents>[2-9]))?"
)
_PATH_LENGTH = re.compile(
    rf"(?P<kind>ppl2(?=_)|ppl)(?:_?{_COUNT})?_(?P<space>[zw])(?P<sampling>full|end)"
)
_PLAIN = re.compile(rf"(?P<kind>is|ls|swd|msssim)(?:{_COUNT})?")
_COUNT_WITHOUT_K = re.compile(
    r"((?:fid|kid|is|ls|swd|msssim|ppl2?_?)(?=\d))([1-9]\d*)((?:_\w+)?)"
)
_METRICS = {
    "fid": "fid",
    "kid": "kid",
    "is": "inception_score",
    "pr": "precision_recall",
    "dc": "density_coverage",
    "ppl": "path_length",
    "ppl2": "path_length",
    "ls": "separability",
    "swd": "sliced_wasserstein",
    "msssim": "ms_ssim",
}
_DETECTORS = {
    "fid": "inception",
    "kid": "inception",
    "is": "inception_softmax",
    "pr": "vgg16",
    "dc": "vgg16",
    "ppl": "lpips",
    "ppl2": "lpips",
    "ls": "attribute_classifiers",
}
_RESULTS = {
    "is": ("mean", "std"),
    "pr": ("precision", "recall"),
    "dc": ("density", "coverage"),
    "ls": ("z", "w"),
}
_COUNTS = {"ls": 200_000, "swd": 16_384, "msssim": 20_000}  # others 50,000
_MAX_REAL = {"kid": 1_000_000, "pr": 200_000, "dc": 200_000}  # of `_full`


@dataclasses.dataclass(frozen=True)
class Protocol:
    """How a metric is measured; what does not apply to it is None."""

    name: str
    metric: str  # the module of stylegan_tf.metrics
    generated: int  # images, or pairs of them in path_length
    detector: str | None = None  # what kind of network looks at images
    results: tuple = ("",)  # suffixes of the numbers that come out
    uses_real: bool = False  # compares with real images
    real: int | None = None  # at most so many real images; None is all
    keeps_mirror: bool = False  # reals flipped if training flipped them
    may_repeat: bool = False  # too few reals: again, as StyleGAN's code
    latents: int | None = None  # mixed in every image, see style_mixing
    crossovers: str | None = None  # the layers where they meet
    ddof: int | None = None  # of the covariances
    subsets: int | None = None  # of KID
    max_subset_size: int | None = None
    splits: int | None = None  # of the inception score
    neighbourhood: int | None = None  # k of the k nearest neighbours
    rounding: str | None = None  # of distances, see neighbours.blocks
    space: str | None = None  # z or w
    sampling: str | None = None  # full or end
    is_cropped: bool | None = None  # to the face
    epsilon: float | None = None  # length of a step
    keep: float | None = None  # most confident fraction of the images

    @property
    def lower_is_better(self):
        """Whether the first of its numbers is better the lower it is."""
        higher = ("inception_score", "precision_recall", "density_coverage")
        return self.metric not in higher

    @property
    def result_names(self):
        """Names of the numbers, such as `pr50k3_recall`."""
        return tuple(
            f"{self.name}_{each}" if each else self.name
            for each in self.results
        )


def parse(name):
    """The `Protocol` of a metric's name.

    Raises:
        ValueError: If there is no such metric, with the closest one.
    """
    for pattern in (_NEEDS_REAL, _PATH_LENGTH, _PLAIN):
        match = pattern.fullmatch(name)
        if match:
            return _protocol(name, match.groupdict())
    raise ValueError(_unknown(name))


def parse_all(text):
    """The `Protocol`s of names with commas between, each once.

    Raises:
        ValueError: If there is no such metric, or none at all.
    """
    names = [each.strip() for each in text.split(",") if each.strip()]
    if not names:
        raise ValueError(_unknown(text))
    return tuple(parse(name) for name in dict.fromkeys(names))


def _protocol(name, parts):
    kind = parts["kind"]
    count = _COUNTS.get(kind, 50_000)
    if parts["thousands"]:
        count = round(1000 * float(parts["thousands"]))
    has_neighbours = kind in ("pr", "dc")
    if has_neighbours != bool(parts.get("neighbourhood")) or count < 2:
        raise ValueError(_unknown(name))
    fields = {"results": _RESULTS.get(kind, ("",))}
    if kind in ("fid", "kid", "pr", "dc"):
        is_full = bool(parts["full"])
        fields["uses_real"] = True
        fields["keeps_mirror"] = not is_full
        # KID and density are of later code, which takes every image once.
        fields["may_repeat"] = not is_full and kind in ("fid", "pr")
        if parts["latents"]:
            fields["latents"] = int(parts["latents"])
            fields["crossovers"] = "distinct, uniform, for every image"
        fields["real"] = _MAX_REAL.get(kind) if is_full else count
    if has_neighbours:
        fields["neighbourhood"] = int(parts["neighbourhood"])
    return Protocol(
        name=name,
        metric=_METRICS[kind],
        generated=count,
        detector=_DETECTORS.get(kind),
        **fields,
        **_settings(kind, count, parts),
    )


def _settings(kind, count, parts):
    """The papers' settings that no name says."""
    if kind == "fid":
        return {"ddof": 1}
    if kind == "kid":
        return {"subsets": 100, "max_subset_size": 1000}
    if kind == "is":
        return {"splits": 10}
    if kind == "pr":
        return {"rounding": "float16"}
    if kind in ("ppl", "ppl2"):
        return {
            "space": parts["space"],
            "sampling": parts["sampling"],
            "is_cropped": kind == "ppl",
            "epsilon": 1e-4,
        }
    if kind == "ls":
        return {"keep": 0.5}
    if kind == "swd":
        return {
            "uses_real": True,
            "real": count,
            "keeps_mirror": True,
            "may_repeat": True,
        }
    return {}


def _unknown(name):
    plain = re.sub(r"\d+(\.\d+)?k", "50k", name)
    hint = suggest.closest(plain, NAMES)
    if found := _COUNT_WITHOUT_K.fullmatch(name):
        start, count, end = found.groups()
        meant = f"{start}{int(count) / 1000:g}k{end}"
        hint = (
            f"{hint} Counts are in thousands, with a k: {meant} for "
            f"{int(count):,}."
        )
    return (
        f"{name!r}: there is no such metric.{hint} Any count is taken, as in "
        "fid5k_full or ls20k. All names: "
        f"{commands.program('evaluate')} --help"
    )
