"""Holds what a file of networks says, in our terms."""

import contextlib
import dataclasses
import math
import pathlib
import re

import numpy as np

from stylegan_tf import config as config_lib
from stylegan_tf.interop import weights
from stylegan_tf.networks import build, growth

# Their code shows real images again where a metric asks for more.
_REPEAT_REALS = ("progan", "stylegan", "stylegan2")
# Filters, which the config has, and the stage of progressive networks.
_SPARE = re.compile(r"(^|\.)resample_filter$|(^|/)lod$")
_MOST_SHOWN = 5


@dataclasses.dataclass
class Imported:
    """Networks of a file.

    Attributes:
        kind: progan, stylegan, stylegan2, stylegan2-ada (on TensorFlow),
            stylegan2-ada-pytorch, stylegan3 (its StyleGAN2 networks) or
            rosinality; npz or keras for our own.
        convention: Names and layouts, as in `weights.assign`.
        config: Resolved, of both networks.
        arrays: By "ema_generator", "generator" and "discriminator", as far
            as the file has them: arrays by official name.
        lod: How far progressive networks are from fully grown, 0.
        augment_p: Strength of the adaptive augmentation, if it is told.
        notes: What the file does not tell, and what was taken instead.
        built: Networks by name that were made while the file was read.
        path: Of the file.
        sha256: Of its bytes.
    """

    kind: str
    convention: str
    config: config_lib.Config
    arrays: dict[str, dict[str, np.ndarray]]
    lod: float = 0.0
    augment_p: float | None = None
    notes: list[str] = dataclasses.field(default_factory=list)
    built: dict[str, object] = dataclasses.field(default_factory=dict)
    path: pathlib.Path | None = None
    sha256: str = ""

    @property
    def stage(self):
        """The `growth.Stage` that `lod` means."""
        if not self.config.is_progressive:
            return growth.Stage()
        faded, below = math.modf(self.lod)
        return growth.Stage(self.config.resolution >> int(below), 1.0 - faded)

    def networks(self):
        """Keras networks with the file's weights, by name as in `arrays`."""
        networks = dict(self.built)
        with naming(self.path):
            for name, arrays in self.arrays.items():
                if name == "discriminator":
                    network = build.discriminator(self.config)
                else:
                    network = build.generator(self.config, name=name)
                weights.assign(network, arrays, self.convention)
                _refuse_unknown(name, network, arrays, self.convention)
                networks[name] = network
        return networks

    def provenance(self):
        """What a snapshot remembers of the file."""
        found = {"kind": self.kind, "sha256": self.sha256}
        if self.augment_p is not None:
            found["augment_p"] = self.augment_p
        if self.notes:
            found["notes"] = self.notes
        return found


@contextlib.contextmanager
def naming(path):
    """Says of which file an error tells, if there is one."""
    try:
        yield
    except ValueError as error:
        if path is None:
            raise
        raise ValueError(f"{path} can not be read. {error}") from error


def make(kind, convention, arrays, *, common, generator, discriminator, **more):
    """An `Imported` with a resolved config.

    Args:
        kind: As in `Imported`, likewise `convention` and `arrays`.
        convention: See there.
        arrays: See there.
        common: resolution, image_channels and label_size.
        generator: A `GeneratorConfig`; None if the file has none.
        discriminator: A `DiscriminatorConfig`, or None.
        **more: Further fields of `Imported`.

    Raises:
        ValueError: If the arrays are too few for the config.
    """
    generator = generator or config_lib.GeneratorConfig(
        **_counterpart(discriminator, "skip")
    )
    discriminator = discriminator or config_lib.DiscriminatorConfig(
        **_counterpart(generator, "resnet")
    )
    config = config_lib.resolve(
        config_lib.Config(
            name=kind,
            generator=generator,
            discriminator=discriminator,
            metrics=config_lib.MetricsConfig(
                repeat_reals=kind in _REPEAT_REALS
            ),
            **common,
        )
    )
    for name, own in arrays.items():
        check_amount(config, name, own)
    return Imported(kind, convention, config, arrays, **more)


def _counterpart(settings, architecture):
    """Fields of the network that a file with the other one lacks."""
    if settings.architecture in config_lib.PROGRESSIVE:
        architecture = settings.architecture
    return {
        "architecture": architecture,
        "channel_base": settings.channel_base,
        "channel_max": settings.channel_max,
        "channel_table": settings.channel_table,
    }


def check_amount(config, name, arrays):
    """Refuses a config that would make networks far larger than the file."""
    is_generator = name != "discriminator"
    settings = config.generator if is_generator else config.discriminator
    maps = [
        config_lib.channels(settings, size)
        for size in config_lib.resolutions(config)
    ]
    needed = sum(9 * count**2 for count in maps)
    needed += (_of_styles if is_generator else _of_labels)(config, maps)
    held = sum(math.prod(np.shape(array)) for array in arrays.values())
    if needed > held:
        raise ValueError(
            f"The {name} of this file should have at least {needed} weights, "
            f"by its settings, but there are {held}."
        )


def _of_styles(config, maps):
    """Weights of a generator that are no convolution's: all large ones."""
    settings = config.generator
    needed = sum(height * width for height, width in config.noise_shapes)
    if settings.use_styles:
        needed += settings.w_size * sum(maps)
    if not settings.const_input:
        needed += settings.w_size * 16 * maps[0]
    widths = {"embed": settings.label_width, "concat": settings.z_size}
    needed += config.label_size * widths.get(settings.label_mode, 0)
    depth = settings.mapping_layers
    if depth:
        width = settings.mapping_width if depth > 1 else settings.w_size
        needed += settings.z_size * width + (depth - 1) * width
        needed += max(depth - 2, 0) * width**2
    return needed


def _of_labels(config, maps):
    """Weights of a discriminator that are no convolution's, likewise."""
    settings, labels = config.discriminator, config.label_size
    if settings.label_mode != "projection":
        return labels * maps[0]
    width = settings.label_width
    depth = settings.mapping_layers if labels else 0
    return depth * width**2 + labels * width


def _refuse_unknown(name, network, arrays, convention):
    """Refuses arrays that no weight takes: another network has them."""
    taken = {entry.name for entry in weights.entries(network, convention)}
    left = sorted(key for key in set(arrays) - taken if not _SPARE.search(key))
    if left:
        shown = ", ".join(f"`{key[:80]}`" for key in left[:_MOST_SHOWN])
        raise ValueError(
            f"The {name.replace('_', ' ')} has {len(left)} arrays that no "
            f"network of the kind {network.config.name} has, such as {shown}: "
            "it computes something else, a fork that is not supported."
        )
