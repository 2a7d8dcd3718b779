"""A visitor's choices to styles, and styles to pictures.

The functions know no page; networks of all kinds pass through them.
"""

import pathlib
import typing

import numpy as np

from stylegan_tf import generators, latents
from stylegan_tf.editing import direction_files, scales, walks

ROUND, SMOOTH, LAYERS = "arcs", "a smooth curve", "layer by layer"


class Network(typing.NamedTuple):
    """A generator as the page needs it.

    Attributes:
        name: Of its configuration.
        one: A `generators.Bound` that makes a picture at a time, quickly.
        many: One that makes a batch, for films.
        directions: `direction_files.Direction`s by name.
        scales: `scales.Scale`s by name; empty where layers share one style.
    """

    name: str
    one: generators.Bound
    many: generators.Bound
    directions: dict
    scales: dict


def network(generator, directions=None):
    """The `Network` of a generator.

    Args:
        generator: A `generators.Bound`.
        directions: `direction_files.Direction`s by name, or None.

    Raises:
        ValueError: If the directions are those of another network.
    """
    known = directions or {}
    for name in known:
        direction_files.find(known, name, generator.ws_shape)
    has_layers = generator.config.num_ws > 1
    found = scales.three(generator) if has_layers else ()
    return Network(
        generator.config.name or pathlib.Path(generator.path).name,
        rebound(generator, 1),
        generator,
        known,
        {f"{each.name} ({each.span})": each for each in found},
    )


def rebound(generator, batch_size):
    """A generator that computes in batches of another size."""
    return generators.Bound(
        generator.network,
        generator.stage,
        path=generator.path,
        images_seen=generator.images_seen,
        batch_size=batch_size,
    )


def styles(network, seed, psi=1.0, chosen_class=0):
    """ws `[1, L, D]` of a seed."""
    return styles_of(network.one, [seed], psi, chosen_class)


def styles_of(generator, seeds, psi, chosen_class):
    """ws `[N, L, D]` of seeds, all of one class."""
    labels = generator.labels([chosen_class] * len(seeds))
    z = generator.latents(seeds)
    return generator.map(z, labels, truncation_psi=psi)


def moved(network, ws, amounts):
    """Styles along directions.

    Args:
        network: A `Network`.
        ws: `[N, L, D]`.
        amounts: How far, in spreads, by name.
    """
    for name, amount in amounts.items():
        if amount:
            ws = direction_files.move(ws, network.directions[name], amount)
    return ws


def mixed(network, ws, others, chosen):
    """Styles `ws` with those of `others` at some scales, named as `scales`."""
    for name in chosen:
        scale = network.scales[name]
        ws = latents.mix(ws, others, scale.first, scale.last)
    return ws


def picture(network, ws, noise="const"):
    """The picture of styles `[1, L, D]`, uint8 `[H, W, C]`."""
    (image,) = network.one.images(ws, noise)
    return image


def ways(network):
    """How this network's walks may go."""
    return [ROUND, SMOOTH] + [LAYERS] * bool(network.scales)


def walk(network, seeds, way, count, *, psi, chosen_class, noise):
    """Yields the frames of a loop through seeds, uint8 `[H, W, C]`.

    Args:
        network: A `Network`.
        seeds: Two or more.
        way: One of `ways`.
        count: How many frames.
        psi: Of the truncation.
        chosen_class: Of conditional networks.
        noise: "const" or "none".
    """
    generator = network.many
    if way == ROUND:
        z = walks.keyframes(generator.latents(seeds), 1)

        def at(t):
            between = walks.slerp(z, t)[:, 0]
            labels = generator.labels([chosen_class] * len(t))
            ws = generator.map(between, labels, truncation_psi=psi)
            return ws[:, None], noise

    else:
        ws = styles_of(generator, seeds, psi, chosen_class)
        keys = walks.keyframes(ws, 1)
        go = walks.spline if way == SMOOTH else walks.mixing

        def at(t):
            return go(keys, t), noise

    return walks.frames(generator, at, count, columns=1)


def largest_side(network):
    """Of the pictures, in pixels."""
    return int(np.max(network.one.image_shape[:2]))
