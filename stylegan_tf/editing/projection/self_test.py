"""How well generated images are found again, of which w is known."""

import numpy as np

_RANDOM = 8  # others to compare with
_FIRST_SEED = 10_000_000  # of them


def measure(projector, targets, ws, found_ws, labels, batch_size):
    """Distances of random w to generated targets, and of w to w; `[N]` each.

    Args:
        projector: A `projector.Projector`.
        targets: The generated images, uint8 `[N, H, W, C]`.
        ws: What they were made of, `[N, L, D]`.
        found_ws: What was found, `[N, L, D]`.
        labels: Of the targets, or None.
        batch_size: How many to look at at once.

    Returns:
        A dict: `random_distance`, the mean over the images of 8 random w, in
        the network's own noise; `w_distance` of what was found, and
        `random_w_distance`, means over layers.
    """
    generator = projector.generator
    distances, of_w = [], []
    for index in range(_RANDOM):
        seeds = [_FIRST_SEED + index] * len(ws)
        others = generator.map(generator.latents(seeds), labels)
        made = generator.synthesize(others)
        distances.append(projector.distances(made, targets, batch_size))
        of_w.append(_between(others, ws))
    return {
        "random_distance": np.mean(distances, axis=0),
        "w_distance": _between(found_ws, ws),
        "random_w_distance": np.mean(of_w, axis=0),
    }


def _between(one, other):
    return np.linalg.norm(one - other, axis=2).mean(axis=1)
