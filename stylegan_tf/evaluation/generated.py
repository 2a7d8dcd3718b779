"""The generated images that metrics look at, by the protocol of the papers.

No truncation but where a job asks for it, and noise drawn afresh for every
batch. `generator` is a `generators.Bound`; images of a stage are enlarged to
full size.
"""

import dataclasses

import numpy as np

from stylegan_tf import images, latents


def synthesize(generator, ws, random):
    """Images `[N, H, W, C]` of styles, float, about `[-1, 1]`.

    Args:
        generator: Makes them.
        ws: Styles.
        random: A `RandomState` to draw noise from.
    """
    return generator.full_size(generator.synthesize_afresh(ws, random))


def synthesize_pairs(generator, ws, random):
    """As `synthesize`, but entry i and entry N / 2 + i share their noise."""
    # Pairs side by side, so that no batch or replica gets half of one.
    order = np.arange(len(ws)).reshape(2, -1).T.ravel()
    made = generator.synthesize_afresh(ws[order], random, shares_noise=True)
    return generator.full_size(made[np.argsort(order)])


def image_maker(
    generator,
    random,
    draw_labels=lambda count: None,
    mixed=0,
    truncate=lambda ws: ws,
):
    """`make_images(count)`: uint8 images of fresh latents and noise.

    Args:
        generator: Makes them.
        random: A `RandomState`.
        draw_labels: Number of images to their labels.
        mixed: How many latents to mix in every image, see
            `latents.crossovers`; 0: one is all there is.
        truncate: Styles to truncated ones.
    """

    def stream():
        return np.random.RandomState(random.randint(2**31))

    # Streams of their own: batches of any size draw the same latents.
    random_noise = stream()
    if mixed:
        random_layers, random_others = stream(), stream()
    config = generator.config
    size = generator.stage.resolution or config.resolution
    layers = dataclasses.replace(config, resolution=size).num_ws
    z_size = config.generator.z_size

    def make_images(count):
        z, labels = random.standard_normal((count, z_size)), draw_labels(count)
        ws = generator.map(z, labels)
        if mixed:
            starts = latents.crossovers(random_layers, count, layers, mixed)
            others = random_others.standard_normal((count, mixed - 1, z_size))
            for start, other in zip(
                starts.T, others.swapaxes(0, 1), strict=True
            ):
                ws = latents.mix(ws, generator.map(other, labels), start)
        made = synthesize(generator, truncate(ws), random_noise)
        return images.to_uint8(made)

    return make_images
