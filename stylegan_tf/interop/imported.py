"""What an official file holds, in our terms."""

import dataclasses
import math
import re

import numpy as np

from stylegan_tf import config as config_lib
from stylegan_tf.interop import weights
from stylegan_tf.networks import build

# Their code shows real images again where a metric asks for more.
_REPEAT_REALS = ("progan", "stylegan", "stylegan2")
# Filters, which the config has, and the stage of progressive networks.
_SPARE = re.compile(r"(^|\.)resample_filter$|(^|/)lod$")
_MOST_SHOWN = 5


@dataclasses.dataclass
class Imported:
    """Networks of an official file.

    Attributes:
        kind: progan, stylegan, stylegan2, stylegan2-ada (on TensorFlow),
            stylegan2-ada-pytorch, stylegan3 (its StyleGAN2 networks) or
            rosinality.
        convention: Names and layouts, as in `weights.assign`.
        config: Resolved, of both networks.
        arrays: By "ema_generator", "generator" and "discriminator", as far
            as the file has them: arrays by official name.
        lod: How far progressive networks are from fully grown, 0.
        augment_p: Strength of the adaptive augmentation, if it is told.
        notes: What the file does not tell, and what was taken instead.
    """

    kind: str
    convention: str
    config: config_lib.Config
    arrays: dict[str, dict[str, np.ndarray]]
    lod: float = 0.0
    augment_p: float | None = None
    notes: list[str] = dataclasses.field(default_factory=list)

    @property
    def stage(self):
        """Resolution and alpha that `lod` means, as networks take them."""
        whole = math.floor(self.lod)
        return self.config.resolution >> whole, 1.0 - (self.lod - whole)


def make(kind, convention, arrays, *, common, generator, discriminator, **more):
    """An `Imported` with a resolved config.

    Args:
        kind: As in `Imported`, likewise `convention` and `arrays`.
        convention: See there.
        arrays: See there.
        common: resolution, image_channels and label_size.
        generator: A `GeneratorConfig`.
        discriminator: A `DiscriminatorConfig`; None if the file has none.
        **more: Further fields of `Imported`.

    Raises:
        ValueError: If the arrays are too few for the config.
    """
    if discriminator is None:
        is_progressive = generator.architecture in config_lib.PROGRESSIVE
        discriminator = config_lib.DiscriminatorConfig(
            architecture=generator.architecture if is_progressive else "resnet",
            channel_base=generator.channel_base,
            channel_max=generator.channel_max,
            channel_table=generator.channel_table,
        )
    config = config_lib.resolve(
        config_lib.Config(
            name=kind,
            generator=generator,
            discriminator=discriminator,
            training=config_lib.TrainingConfig(precision="float32"),
            metrics=config_lib.MetricsConfig(
                repeat_reals=kind in _REPEAT_REALS
            ),
            **common,
        )
    )
    for name, own in arrays.items():
        check_amount(config, name, own)
    return Imported(kind, convention, config, arrays, **more)


def build_networks(imported):
    """Keras networks with the file's weights, by name as in `arrays`."""
    networks = {}
    for name, arrays in imported.arrays.items():
        if name == "discriminator":
            network = build.build_discriminator(imported.config)
        else:
            network = build.build_generator(imported.config, name=name)
        weights.assign(network, arrays, imported.convention)
        _refuse_unknown(name, network, arrays, imported.convention)
        networks[name] = network
    return networks


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


def check_amount(config, name, arrays):
    """Refuses a config that would make networks far larger than the file."""
    counts = _fewest_generator_weights
    if name == "discriminator":
        counts = _fewest_discriminator_weights
    needed = counts(config)
    held = sum(math.prod(np.shape(array)) for array in arrays.values())
    if needed > held:
        raise ValueError(
            f"The {name} of this file should have at least {needed} weights, "
            f"by its settings, but there are {held}."
        )


def _fewest_generator_weights(config):
    """The noise inputs and all large weights, or some of them."""
    settings, labels = config.generator, config.label_size
    maps = _maps(config, settings)
    needed = sum(9 * count**2 for count in maps)
    needed += sum(height * width for height, width in config.noise_shapes)
    if settings.use_styles:
        needed += settings.w_size * sum(maps)
    if not settings.const_input:
        needed += settings.w_size * 16 * maps[0]
    if settings.label_mode == "embed":
        needed += labels * settings.label_width
    elif settings.label_mode == "concat":
        needed += labels * settings.z_size
    depth = settings.mapping_layers
    if depth:
        width = settings.mapping_width if depth > 1 else settings.w_size
        needed += settings.z_size * width + (depth - 1) * width
        needed += max(depth - 2, 0) * width**2
    return needed


def _fewest_discriminator_weights(config):
    settings, labels = config.discriminator, config.label_size
    maps = _maps(config, settings)
    needed = sum(9 * count**2 for count in maps)
    if settings.label_mode == "projection":
        depth = settings.mapping_layers if labels else 0
        needed += depth * settings.label_width**2
        return needed + labels * settings.label_width
    return needed + labels * maps[0]


def _maps(config, settings):
    return [
        config_lib.channels(settings, size)
        for size in config_lib.resolutions(config)
    ]
