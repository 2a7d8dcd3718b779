"""The generated images that metrics look at, by the protocol of the papers.

No truncation, and noise drawn afresh for every batch. `generator` is a
`generators.Bound`; images of a stage are enlarged to full size.
"""

import dataclasses

import numpy as np

from stylegan_tf import images, latents


def synthesis(generator, random):
    """`synthesize(ws)`: images `[N, H, W, C]`, float, about `[-1, 1]`.

    Args:
        generator: Makes them.
        random: A `RandomState` to draw noise from.
    """
    return lambda ws: generator.full_size(
        generator.synthesize_afresh(ws, random)
    )


def pair_synthesis(generator, random):
    """`synthesize(ws)` of pairs that share their noise.

    Entry i and entry N / 2 + i are a pair, as of `path_length.distances`.
    Args are those of `synthesis`.
    """

    def synthesize(ws):
        # Pairs side by side, so that no batch or replica gets half of one.
        order = np.arange(len(ws)).reshape(2, -1).T.ravel()
        made = generator.synthesize_afresh(ws[order], random, shares_noise=True)
        return generator.full_size(made[np.argsort(order)])

    return synthesize


def image_maker(generator, random, draw_labels=lambda count: None, mixed=None):
    """`make_images(count)`: uint8 images of fresh latents and noise.

    Args:
        generator: Makes them.
        random: A `RandomState`.
        draw_labels: Number of images to their labels.
        mixed: How many latents to mix in every image, see
            `latents.crossovers`; None: one is all there is.
    """
    # Streams of their own: batches of any size draw the same latents.
    synthesize = synthesis(generator, _stream(random))
    mix = _mixing(generator, random, mixed) if mixed else None

    def make_images(count):
        z = random.standard_normal((count, generator.config.generator.z_size))
        labels = draw_labels(count)
        ws = generator.map(z, labels)
        ws = mix(ws, labels) if mix else ws
        return images.to_uint8(synthesize(ws))

    return make_images


def _mixing(generator, random, mixed):
    """`mix(ws, labels)`: later layers have styles of other latents."""
    config = generator.config
    size = generator.stage.resolution or config.resolution
    layers = dataclasses.replace(config, resolution=size).num_ws
    random_layers, random_z = _stream(random), _stream(random)

    def mix(ws, labels):
        starts = latents.crossovers(random_layers, len(ws), layers, mixed)
        z = random_z.standard_normal(
            (len(ws), mixed - 1, config.generator.z_size)
        )
        for start, each in zip(starts.T, z.swapaxes(0, 1), strict=True):
            ws = latents.mix(ws, generator.map(each, labels), start)
        return ws

    return mix


def _stream(random):
    return np.random.RandomState(random.randint(2**31))
