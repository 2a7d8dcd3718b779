"""Styles of source B in some layers, those of source A in the rest.

arXiv 1812.04948, figure 3. Rows are of one source A each, columns of one
source B; what is copied from B is said at the left.
"""

import numpy as np

from stylegan_tf import latents
from stylegan_tf.editing import scales
from stylegan_tf.editing.figures import plate


def parts(generator, sources):
    """What `draw` copies: coarse, middle, fine styles, the first most often.

    Six rows are three, two and one of them, as in the article. Of fewer
    sources A than groups, each has a row in all of them.

    Args:
        generator: A `generators.Bound`.
        sources: How many sources A there are.
    """
    groups, rest, found = scales.three(generator), sources, []
    for left, group in zip(range(len(groups), 0, -1), groups, strict=True):
        rows = rest * left // sum(range(left + 1))
        rest -= rows
        if sources < len(groups):
            rows = sources
        text = f"{group.name} styles of B\n{group.span}"
        found.append((text, rows, (group.first, group.last)))
    return found


def free_parts(generator, rows, layers):
    """The part of all rows that copy the same layers.

    Args:
        generator: A `generators.Bound`.
        rows: How many sources A there are.
        layers: Neighbouring layers, in their order.
    """
    scales.refuse_one_style(generator)
    scales.refuse_layers(layers, scales.layers(generator), "style")
    first, last = layers[0], layers[-1]
    if layers != list(range(first, last + 1)):
        raise ValueError(
            "Layers that are copied must be neighbours, such as 0-3. "
            f"Received: {', '.join(map(str, layers))}"
        )
    text = f"layers {first} – {last}" if last > first else f"layer {first}"
    return [(f"{text} of B", rows, (first, last + 1))]


def mixed(ws_a, ws_b, first, last):
    """Every source A with layers of every source B, `[A * B, L, D]`.

    Args:
        ws_a: `[A, L, D]`.
        ws_b: `[B, L, D]`.
        first: The first layer that is copied from B, a number or `[A]`.
        last: The layer after the last one; likewise.
    """
    first, last = (
        np.repeat(np.broadcast_to(end, len(ws_a)), len(ws_b))
        for end in (first, last)
    )
    every_a = np.repeat(ws_a, len(ws_b), axis=0)
    return latents.mix(every_a, np.tile(ws_b, (len(ws_a), 1, 1)), first, last)


def draw(generator, ws_a, ws_b, parts, *, noise="const"):
    """The figure.

    Args:
        generator: A `generators.Bound`.
        ws_a: Styles of sources A, `[A, L, D]`.
        ws_b: Likewise of sources B.
        parts: Triples (text, number of rows, (first, last)): which layers the
            rows in turn take from B, up to `last` - 1; see `parts`. Of more
            rows than sources A, these come in turn again.
        noise: Of sources A, as of `generators`; what is mixed has it too.
    """
    scales.refuse_one_style(generator)
    ranges = [ends for _, rows, ends in parts for _ in range(rows)]
    rows = np.arange(len(ranges)) % len(ws_a)
    ws_a, noise = ws_a[rows], latents.noise_rows(noise, rows)
    every_row = np.repeat(np.arange(len(rows)), len(ws_b))
    made = generator.images(
        mixed(ws_a, ws_b, *np.transpose(ranges)),
        latents.noise_rows(noise, every_row),
    )
    return plate.images(
        made.reshape(len(ws_a), len(ws_b), *made.shape[1:]),
        rows=generator.images(ws_a, noise),
        columns=generator.images(ws_b),
        groups=[(text, rows) for text, rows, _ in parts],
        corner="source B →\n\nsource A ↓",
    )
