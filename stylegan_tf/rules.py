"""Derives fields of a run from its data and its machine, and says why.

Two sets of rules. `ada` is StyleGAN2-ADA's `auto` (arXiv 2006.06676, official
train.py), which is made for GPUs. `small` is for CPUs: networks as narrow as
those of configs/quickstart.py, and what we measured with them.
"""

from typing import NamedTuple

from stylegan_tf import config as config_lib

KINDS = ("ada", "small")
NETWORKS = ("generator", "discriminator")
_STUDY = "docs/quickstart_study.md"  # of small networks
_SMALL_BATCH = 8
_NARROW = 64  # maps, with which that was measured
_FEWEST_MAPS = 16  # of small networks, at the highest resolution
_SMALL_KIMG = 600.0  # bundled drawings at 64 px: docs/networks/faces64
_TRANSFER_KIMG = 5000.0  # StyleGAN3's README, from FFHQ to MetFaces
_RAMP_SHARE = 0.1  # of a run, in which p can go from 0 to 1 ...
_FASTEST_KIMG = 10.0  # ... but never in less
# Every field that is chosen.
FIELDS = (
    # Told by the data:
    *("resolution", "base_shape", "image_channels"),
    # Told by `choices`:
    *("training.batch_size", "discriminator.minibatch_group_size"),
    *("generator.channel_base", "discriminator.channel_base"),
    *("training.generator_lr", "training.discriminator_lr"),
    *("loss.adversarial", "loss.r1_gamma", "loss.r2_gamma"),
    *("training.ema_half_life_kimg", "training.ema_rampup"),
    *("training.total_kimg", "augment.mode", "augment.speed_kimg"),
)


class Choice(NamedTuple):
    """A field, its value, and why it has it."""

    field: str  # dotted, "training.batch_size"
    value: object
    reason: str


def choices(
    kind="ada",
    *,
    resolution,
    replicas=1,
    images=None,
    channel_max=_NARROW,
    is_pretrained=False,
    hours=None,
    images_per_second=None,
    given=None,
):
    """What the rules choose, as a list of `Choice`.

    Args:
        kind: "ada" or "small", see above.
        resolution: Longer side of the images.
        replicas: How many devices share a batch.
        images: How many there are to train on, if that is known.
        channel_max: The most maps that a layer has.
        is_pretrained: Whether networks start from trained ones.
        hours: How long the run may take; needs `images_per_second`.
        images_per_second: How fast it is.
        given: Values by field that stand whatever the rules say; what
            follows from them follows.
    """
    made = _Choices(given or {})
    batch = made.take(
        "training.batch_size", *_batch_size(kind, resolution, replicas)
    )
    made.take(
        "discriminator.minibatch_group_size",
        *_group_size(batch, replicas, made.given),
    )
    for network in NETWORKS:
        field = f"{network}.channel_base"
        made.take(field, *_channel_base(kind, resolution))
    rate = _learning_rate(kind, resolution, channel_max)
    for network in NETWORKS:
        made.take(f"training.{network}_lr", *rate)
    loss = made.take("loss.adversarial", *_adversarial(kind))
    gamma = made.take("loss.r1_gamma", *_r1_gamma(kind, resolution, batch))
    made.take("loss.r2_gamma", *_r2_gamma(loss, gamma))
    made.take(
        "training.ema_half_life_kimg",
        batch * 10 / 32,
        f"10 kimg for each 32 images of the batch of {batch}",
    )
    made.take("training.ema_rampup", *_ema_rampup(is_pretrained))
    total = made.take(
        "training.total_kimg",
        *_total_kimg(kind, is_pretrained, hours, images_per_second),
    )
    made.take("augment.mode", *_augmentation(images))
    made.take("augment.speed_kimg", *_speed_kimg(total, is_pretrained))
    return made.list


def choose(field, value, reason, given):
    """A `Choice`, of the value that is given for the field if one is."""
    if given.get(field, value) == value:
        return Choice(field, value, reason)
    return Choice(
        field, given[field], f"as typed, else {shown(value)}: {reason}"
    )


def shown(value):
    """A value as a user would type it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def typed(config):
    """Values, by field, of what a program changed of what the rules choose.

    What it set to the value of a plain `Config` can not be told from what it
    did not set; `training.settling.settle` takes such fields by name.
    """
    plain = config_lib.flatten(config_lib.Config())
    ours = config_lib.flatten(config)
    return {
        field: ours[field]
        for field in (*FIELDS, "training.max_batch_per_replica")
        if ours[field] != plain[field]
    }


def settled(config, made):
    """The config with the values of choices, and no rules left."""
    values = {each.field: each.value for each in made}
    return config_lib.changed(config, {**values, "rules": "none"})


class _Choices:
    """Collects choices; what is given wins."""

    def __init__(self, given):
        self.given = given
        self.list = []

    def take(self, field, value, reason):
        """The value that holds."""
        self.list.append(choose(field, value, reason, self.given))
        return self.list[-1].value


def _batch_size(kind, resolution, replicas):
    is_small = kind == "small"
    each = min(4096 // resolution, _SMALL_BATCH if is_small else 32)
    batch = max(min(replicas * each, 64), replicas)
    batch -= batch % replicas
    devices = "a device" if replicas == 1 else f"each of {replicas} devices"
    if is_small:
        return batch, f"{each} images {devices}, 64 in all: {_STUDY}"
    return batch, (
        f"4096 // {resolution} images {devices}, at most 32, 64 in all"
    )


def _group_size(batch, replicas, given):
    share = max(batch // replicas, 1)  # what does not fit is refused later
    limit = given.get("training.max_batch_per_replica") or share
    # As `training.accumulation` cuts it.
    fits = [n for n in range(1, share + 1) if n <= limit and share % n == 0]
    at_once = max(fits, default=share)
    where = "of a device" if at_once == share else "at once"
    if at_once == 1:
        return 1, f"one image {where}: minibatch stddev has none to compare"
    for size in (4, 3, 2):
        if at_once % size == 0:
            return size, f"divides the {at_once} images {where}, at most 4"
    return at_once, f"all {at_once} images {where}, which 4, 3, 2 do not divide"


def _channel_base(kind, resolution):
    if kind == "small":
        return max(1024, _FEWEST_MAPS * resolution), (
            f"1/32 of StyleGAN2's, at least {_FEWEST_MAPS} maps at "
            f"{resolution} px: narrow enough for a CPU"
        )
    if resolution >= 512:
        return 32768, "as StyleGAN2's, from 512 px on"
    return 16384, "half of StyleGAN2's, below 512 px"


def _learning_rate(kind, resolution, channel_max):
    if kind == "small" and channel_max <= _NARROW:
        return 0.005, f"of networks of at most {channel_max} maps: {_STUDY}"
    if kind == "small":
        return 0.002, f"StyleGAN2's, of up to {channel_max} maps"
    if resolution >= 1024:
        return 0.002, "from 1024 px on"
    return 0.0025, "below 1024 px"


def _adversarial(kind):
    if kind == "small":
        return "relativistic", f"compares in pairs: {_STUDY}"
    return "logistic", "as published"


def _r1_gamma(kind, resolution, batch):
    if kind == "small":
        # Drawings of 32 px want 0.5, of 64 px 1: 0.1 gave dotted textures.
        return resolution / 64, f"{resolution} / 64: measured on drawings"
    gamma = 0.0002 * resolution**2 / batch
    return round(gamma, 10), f"0.0002 * {resolution}^2 / {batch}"


def _r2_gamma(adversarial, r1_gamma):
    if adversarial == "relativistic":
        return r1_gamma, "as R1, on generated images"
    return 0.0, "only pairs need it"


def _ema_rampup(is_pretrained):
    if is_pretrained:
        return 0.0, "off: the average begins with trained networks"
    return 0.05, "half-life at most 5 % of what was seen"


def _total_kimg(kind, is_pretrained, hours, images_per_second):
    if hours and images_per_second:
        kimg = float(f"{hours * 3.6 * images_per_second:.2g}")
        return max(kimg, 1.0), (
            f"{hours:g} h of {images_per_second:.3g} images a second"
        )
    if kind == "small":
        return _SMALL_KIMG, "as the drawings of docs/networks/faces64"
    if is_pretrained:
        return _TRANSFER_KIMG, "a fifth of a run from the beginning"
    return 25000.0, "as every run of the paper; stop when it is good"


def _augmentation(images):
    if images is None:
        return "adaptive", "grows only as far as D overfits"
    if images < 30000:
        return "adaptive", f"{images:,} images are few: below 30,000 it helps"
    return "adaptive", f"{images:,} images are many: p stays low by itself"


def _speed_kimg(total, is_pretrained):
    usual = 100.0 if is_pretrained else 500.0
    if total * _RAMP_SHARE < usual:
        kimg = max(float(f"{total * _RAMP_SHARE:.2g}"), _FASTEST_KIMG)
        return kimg, f"a tenth of {total:g} kimg, at least 10: p settles early"
    return usual, "from trained networks" if is_pretrained else "as published"
