"""From a config to networks with all their weights."""

import math

from stylegan_tf.networks import generator as generator_lib
from stylegan_tf.networks import stylegan2_discriminator, stylegan_discriminator


def generator(config, *, precision="float32", name="generator"):
    """A built `Generator`; `config` is resolved."""
    network = generator_lib.Generator(config, precision, name=name)
    network.build(None)
    return network


def discriminator(config, *, precision="float32", name="discriminator"):
    """A built discriminator; `config` is resolved."""
    make = stylegan2_discriminator.Discriminator
    if config.is_progressive:
        make = stylegan_discriminator.ProgressiveDiscriminator
    network = make(config, precision, name=name)
    network.build(None)
    return network


def count_parameters(network):
    """Trainable numbers in `network`."""
    return sum(math.prod(weight.shape) for weight in network.trainable_weights)
