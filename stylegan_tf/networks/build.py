"""From a config to networks with all their weights."""

import math

from stylegan_tf.networks import (
    discriminator,
    generator,
    progressive_discriminator,
    progressive_generator,
)


def build_generator(config, name="generator"):
    """A built `Generator`; `config` is resolved."""
    if config.is_progressive:
        network = progressive_generator.ProgressiveGenerator(config, name=name)
    else:
        network = generator.Generator(config, name=name)
    network.build(None)
    return network


def build_discriminator(config, name="discriminator"):
    """A built `Discriminator`; `config` is resolved."""
    if config.is_progressive:
        network = progressive_discriminator.ProgressiveDiscriminator(
            config, name=name
        )
    else:
        network = discriminator.Discriminator(config, name=name)
    network.build(None)
    return network


def count_parameters(network):
    """Trainable numbers in `network`."""
    return sum(math.prod(weight.shape) for weight in network.trainable_weights)
