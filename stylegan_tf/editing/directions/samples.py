"""Samples of w, and of the scores of their images."""

import numpy as np

_BATCH = 64


def draw(generator, count, *, seed=0, chosen_class=None):
    """Styles `[count, L, D]` of fresh latents, without truncation.

    Args:
        generator: A `generators.Bound`.
        count: How many.
        seed: Of the latents, and of the classes.
        chosen_class: Of all; None draws one for each where there are classes.
    """
    random = np.random.RandomState(seed)
    z = random.standard_normal((count, generator.config.generator.z_size))
    classes = random.randint(generator.config.label_size or 1, size=count)
    if chosen_class is not None:
        classes = [chosen_class] * count
    return generator.map(z, generator.labels(classes))


def scores(generator, score, ws, report=lambda count: None):
    """What `score` says of the images of styles, `[N, A]`.

    Args:
        generator: Makes them, with its own noise.
        score: Of a `scores.Scorer`.
        ws: Styles.
        report: Called with how many images were made.
    """
    found = []
    for start in range(0, len(ws), _BATCH):
        made = generator.full_size(generator.images(ws[start:][:_BATCH]))
        found.append(score(made))
        report(len(made))
    return np.concatenate(found)
