"""Finds sizes that networks can have, and the commands that lead there."""

import math

from stylegan_tf import commands

_SMALLEST_BASE, _LARGEST_BASE = 4, 8  # longer sides of constants
_ENLARGE_AT_MOST = 1.15
_LARGEST_DEFAULT = 1024


def base_shape(height, width):
    """(h, w) of the constant that doubles to (height, width).

    Its longer side is the smallest of 4 to 8 that there is: (4, 4) for
    256x256, (3, 4) for 384x512 and (6, 6) for 384x384.

    Raises:
        ValueError: If there is none.
    """
    base = height, width
    while max(base) >= 2 * _SMALLEST_BASE and base[0] % 2 == base[1] % 2 == 0:
        base = base[0] // 2, base[1] // 2
    is_base = _SMALLEST_BASE <= max(base) <= _LARGEST_BASE
    if not is_base or base == (height, width):
        near = 2 ** max(3, round(math.log2(max(height, width))))
        raise ValueError(
            "Sizes must be a small base doubled, like 256x256 = 4x4 * 64 or "
            f"512x384 = 4x3 * 128. Received: {width}x{height}. Try "
            f"--resolution={near}."
        )
    return base


def default_resolution(height, width):
    """Power of two for images like this one, enlarged by at most 15%."""
    side = min(height, width) * _ENLARGE_AT_MOST
    return int(min(max(8, 2 ** math.floor(math.log2(side))), _LARGEST_DEFAULT))


def prepare_flags(image_shape):
    """Arguments of tools.prepare_dataset for images of this (H, W, C)."""
    height, width, channels = image_shape
    size = [f"--resolution={width}"]
    if height != width:
        size = [f"--width={width}", f"--height={height}"]
    return [*size, f"--channels={channels}"]


def train_flags(image_shape):
    """Arguments of tools.train for images of this (H, W, C).

    Raises:
        ValueError: If no network has this size, see `base_shape`.
    """
    height, width, channels = image_shape
    base = base_shape(height, width)
    flags = [f"--config.resolution={max(height, width)}"]
    if base != (4, 4):
        flags.append(f"--config.base_shape={base}")
    if channels != 3:
        flags.append(f"--config.image_channels={channels}")
    return flags


def mismatch(source, index, expected):
    """What to say when image `index` has not the `expected` (H, W, C)."""
    found = source.image(index).shape
    loses_alpha = found[2] in (2, 4) and expected[2] in (1, 3)
    alpha = ["--alpha=white"] if loses_alpha else []
    command = source.prepare_command(*prepare_flags(expected), *alpha)
    return (
        f"{source.file(index)} is {_text(found)}; expected {_text(expected)} "
        f"(width x height x channels). Prepare the images with: {command}"
    )


def other_size(source, expected):
    """What to say before training if all images have another size."""
    said = mismatch(source, 0, expected)
    try:
        flags = train_flags((*source.image_shape[:2], 3))
    except ValueError:
        return said
    if source.image_shape[2] != expected[2]:
        flags.append(f"--config.image_channels={source.image_shape[2]}")
    flags = " ".join(map(commands.quoted, flags))
    advice = f"Train networks of their shape with {flags}"
    return said.replace(" Prepare the", f" {advice}. Or: Prepare the")


def _text(shape):
    height, width, channels = shape
    return f"{width}x{height}x{channels}"
