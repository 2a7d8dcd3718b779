"""An image to styles and noise, step by step, for whoever watches.

One projection runs at a time; what is compiled for the first serves the next.
"""

import copy
import pathlib
import re
import time
import typing

import numpy as np
from PIL import Image

from stylegan_tf import images
from stylegan_tf.data import convert, decode
from stylegan_tf.editing import latent_files
from stylegan_tf.editing.projection import projector
from stylegan_tf.features import detectors
from stylegan_tf.studio import making, typed

_SECONDS = 0.4  # between two looks at it
_ROWS = 1000  # of w that its mean is computed by, at once
_PIXELS = 1.0  # weight of theirs: colours drift without, mostly in W+
_MOST_PIXELS = 50_000_000


class Moment(typing.NamedTuple):
    """Where a projection is."""

    step: int
    steps: int
    distances: list  # of all looks until now
    image: np.ndarray  # uint8 [H, W, C]
    found: latent_files.Latents


class Projecting:
    """Projects images into a network.

    Args:
        network: A `making.Network`.
    """

    def __init__(self, network):
        self._generator = making.rebound(network.one, _ROWS)
        self._detector, self._compiled = None, {}

    def run(self, target, *, steps, space, class_index=None):
        """Yields a `Moment` every now and then, and at the end.

        Args:
            target: uint8 `[H, W, C]` of the network's size.
            steps: How many.
            space: "w" or "w+".
            class_index: Of conditional networks.
        """
        moving = self._projector(steps, space, class_index)
        goal, state = moving.goal(target[None]), moving.begin(1)
        distances, next_look = [], 0.0
        while state.step < steps:
            state, _ = moving.advance(state, goal)
            if time.monotonic() < next_look and state.step < steps:
                continue
            made, distance = moving.show(state, goal)
            distances.append(float(distance[0]))
            ws, noise, _ = moving.found(state, goal)
            yield Moment(
                state.step,
                steps,
                list(distances),
                images.to_uint8(made)[0],
                latent_files.Latents(ws, noise or "const"),
            )
            next_look = time.monotonic() + _SECONDS

    def _projector(self, steps, space, class_index):
        """One that has been compiled, with another number of steps."""
        key = space, class_index
        if key not in self._compiled:
            if self._detector is None:
                self._detector = detectors.Detectors().of("lpips")
            self._compiled[key] = projector.Projector(
                self._generator,
                self._detector,
                space=space,
                class_index=class_index,
                pixel_weight=_PIXELS,
            )
        found = copy.copy(self._compiled[key])
        found.steps = steps
        return found


def target(path, image_shape):
    """An uploaded image in a network's size, uint8 `[H, W, C]`.

    The largest middle part of its proportions; transparent pixels are laid
    over white where the network knows none.

    Raises:
        typed.Mistake: If it is no usable image; says why.
    """
    height, width, channels = image_shape
    wanted = convert.Target(height, width, channels, alpha="white")
    try:
        data = pathlib.Path(path).read_bytes()
    except OSError as error:
        raise typed.Mistake("Give an image first.") from error
    try:
        _refuse_large(path)
        made = decode.pixels(convert.convert(data, wanted).data)
    except decode.BadImage as error:
        # Neither options nor bytes are for visitors.
        said = re.sub(r" \(--.*?\)|: it starts with .*", "", str(error))
        raise typed.Mistake(f"This image cannot be used: {said}.") from error
    return made.reshape(image_shape)


def _refuse_large(path):
    """Refuses by its header what would fill the memory."""
    try:
        with Image.open(path) as opened:
            width, height = opened.size
    except Exception:  # whatever Pillow's readers meet: `convert` says what
        return
    if width * height > _MOST_PIXELS:
        raise decode.BadImage(
            f"it has {width}x{height} pixels, and {_MOST_PIXELS:,} are the most"
        )
