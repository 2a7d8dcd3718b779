"""What every evaluator says of its metric: names, needs, what is better.

The fields of an instance are the protocol of one metric, as its name asks
for it: `fid5k_full` is `Fid(name="fid5k_full", generated=5000, ...)`. They
are part of every row in metrics.jsonl.
"""

import dataclasses

THOUSANDS = r"(?P<thousands>\d+(?:\.\d+)?)k"  # in names: 50k


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evaluator:
    """Measures a network by images that are made for this metric alone.

    A subclass overrides what is in capitals, adds its settings as fields, and
    defines `run(job)`: the numbers, in the order of `results`.
    """

    NAMES = ()  # with the counts of the papers
    ENDING = f"(?:{THOUSANDS})?"  # pattern of a name, after its letters
    COUNT = 50_000  # generated images, where a name has no number
    LOWER_IS_BETTER = True  # of the first result
    SIDE_BY_SIDE = 1  # images that are generated for one; 2 for a pair

    name: str
    metric: str  # what it computes, as rows name it
    generated: int  # images, or pairs of them in path_length
    detector: str | None = None  # what kind of network looks at images
    results: tuple = ("",)  # suffixes of the numbers that come out
    uses_real: bool = False  # compares with real images
    real: int | None = None  # at most so many real images; None is all
    keeps_mirror: bool = False  # reals flipped if training flipped them
    may_repeat: bool = False  # too few reals: again, as StyleGAN's code
    latents: int | None = None  # mixed in every image, None for one

    @classmethod
    def parse(cls, name, generated, **groups):
        """The evaluator of a name.

        Args:
            name: All of it.
            generated: The count that it says, or `COUNT`.
            **groups: What the other groups of `ENDING` hold, text or None.
        """
        return cls(name=name, generated=generated, **groups)

    def counts(self, job):
        """How many generated images (or pairs), and real ones, it looks at."""
        return self.generated, job.real_count(self)

    @property
    def result_names(self):
        """Names of the numbers, such as `pr50k3_recall`."""
        return tuple(
            f"{self.name}_{each}" if each else self.name
            for each in self.results
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfFeatures(Evaluator):
    """Measures features of images; shares the pass over them with others.

    A subclass defines `numbers(job, real, made)` instead of `run`. Both are
    features `[N, F]`, or `fid.Statistics` of them; `real` is None for a metric
    that compares with nothing.
    """

    DTYPE = "float32"  # of the features that are kept; None: `fid.Statistics`

    def kept(self, detector, features):
        """What to keep of the features `[N, F]` that `detector` gave."""
        return features


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparing(OfFeatures):
    """Compares features with those of real images.

    `fid50k` looks at as many real images as generated ones, flipped if
    training flipped them; `fid50k_full` at all, as they are; `fid50k_mix3`
    mixes styles of three latents in every image, as in StyleGAN's table 2.
    """

    REST = r"(?P<full>_full)?(?:_mix(?P<latents>[2-9]))?"
    ENDING = THOUSANDS + REST
    MOST_REAL = None  # of `_full`
    # Later code than StyleGAN2's, such as that of KID, takes each image once.
    MAY_REPEAT = False

    uses_real: bool = True
    crossovers: str | None = None  # the layers where latents meet

    @classmethod
    def parse(cls, name, generated, *, full, latents, **groups):
        """The evaluator of a name, see the base class."""
        about_mixing = "distinct, uniform, for every image"
        return super().parse(
            name,
            generated,
            real=cls.MOST_REAL if full else generated,
            keeps_mirror=not full,
            may_repeat=cls.MAY_REPEAT and not full,
            latents=int(latents) if latents else None,
            crossovers=about_mixing if latents else None,
            **groups,
        )
