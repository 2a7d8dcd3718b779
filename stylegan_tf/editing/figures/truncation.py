"""Truncation: from an image through the mean face to its antiface.

arXiv 1812.04948, figure 8: w' = w_avg + psi (w - w_avg). At psi 1 it is the
image, at 0 the mean, at -1 the image on the other side of it.
"""

import numpy as np

from stylegan_tf import latents
from stylegan_tf.editing.figures import plate

PSIS = (1.0, 0.7, 0.5, 0.0, -0.5, -1.0)  # the article's


def line(ws, w_avg, psis, cutoff=None):
    """Every style at every psi, `[N, P, L, D]`; see `latents.truncate`.

    Args:
        ws: `[N, L, D]`.
        w_avg: The mean w, `[D]`.
        psis: P numbers.
        cutoff: How many of the first layers move; None for all.
    """
    psis = np.reshape(psis, (-1, 1, 1))
    return latents.truncate(ws[:, None], w_avg, psis, cutoff)


def draw(generator, ws, names, *, psis=PSIS, cutoff=None, noise="const"):
    """The figure, a row a style and a column a psi.

    Args:
        generator: A `generators.Bound`.
        ws: Styles that are not truncated, `[N, L, D]`.
        names: Of the rows.
        psis: Numbers.
        cutoff: How many of the first layers are truncated; None for all.
        noise: As of `generators`; a row has the same in every column.

    Raises:
        ValueError: If the network has no mean w.
    """
    refuse_no_mean(generator)
    ws = line(ws, generator.w_avg, psis, cutoff)
    count = len(ws)
    every_row = np.repeat(np.arange(count), len(psis))
    made = generator.images(
        ws.reshape(-1, *ws.shape[2:]), latents.noise_rows(noise, every_row)
    )
    return plate.images(
        made.reshape(count, len(psis), *made.shape[1:]),
        rows=names,
        columns=[_column(psi, cutoff) for psi in psis],
    )


def refuse_no_mean(generator):
    """Raises `ValueError` where there is no mean w."""
    if not generator.can_truncate:
        raise ValueError(
            "This network has no mean w, which truncation leads to: its z "
            "feeds the first layer, as in ProGAN"
        )


def _column(psi, cutoff):
    """Such as `ψ = −0.5`; of all layers, 0 and -1 have names."""
    text = f"ψ = {psi:g}".replace("-", "−")
    called = {0.0: "mean", -1.0: "antiface"}.get(psi)
    return text if cutoff is not None or not called else f"{called}\n{text}"
