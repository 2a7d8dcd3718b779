"""Images that mix the styles of several latents, at random layers.

Reference: https://arxiv.org/abs/1812.04948, section 3.1 and table 2
"""

import numpy as np


def crossovers(random, count, layers, latents):
    """Where the next latent takes over, int `[count, latents - 1]`.

    Different layers of 1 to `layers` - 1, ascending; all choices are as
    likely, so two latents meet where they do in training.

    Args:
        random: A `RandomState`; what it draws does not depend on batches.
        count: How many images.
        layers: How many layers have a style.
        latents: How many an image mixes.
    """
    if not 2 <= latents <= layers:
        raise ValueError(
            "Styles of 2 latents or more are mixed by layers, which must be as "
            f"many at least. Received: {latents} latents, {layers} layers with "
            "a style"
        )
    keys = random.uniform(size=(count, layers - 1))
    chosen = np.argsort(keys, axis=1)[:, : latents - 1] + 1
    return np.sort(chosen, axis=1)


def mix(ws, starts):
    """Styles `[N, L, D]`, each layer's of the latent whose turn it is.

    Args:
        ws: Styles of every latent, K arrays `[N, L, D]`.
        starts: From `crossovers`, `[N, K - 1]`.
    """
    mixed = np.array(ws[0])
    layer = np.arange(mixed.shape[1])
    for later, start in zip(ws[1:], np.transpose(starts), strict=True):
        is_later = layer >= start[:, None]  # [N, L]
        mixed[is_later] = later[is_later]
    return mixed
