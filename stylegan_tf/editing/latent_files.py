"""Files of styles and noise, such as those of a projected image.

An npz of `ws` `[N, L, D]` and, where the noise belongs to them, `noise_00`,
`noise_01`, ... `[N, H, W, 1]`, one a layer. `about_json` says how they were
made. The official projectors' files are read too: `w`, or `dlatents`.
"""

import json
import typing

import numpy as np

from stylegan_tf import files
from stylegan_tf.editing import archives

_NAMES = ("ws", "w", "dlatents")
_NOISE = "noise_"


class Latents(typing.NamedTuple):
    """What a picture is made of."""

    ws: np.ndarray  # [N, L, D]
    noise: typing.Any = "const"  # or a list of [N, H, W, 1]


def write(path, ws, noise=None, **about):
    """Writes styles whole or not at all.

    Args:
        path: The file, `*.npz`.
        ws: `[N, L, D]`.
        noise: A list of `[N, H, W, 1]`; None: the network's own.
        **about: What JSON can hold, for whoever opens the file later.
    """
    arrays = {"ws": np.asarray(ws, np.float32)}
    for layer, maps in enumerate(noise or ()):
        arrays[f"{_NOISE}{layer:02}"] = np.asarray(maps, np.float32)
    with files.whole(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays, about_json=json.dumps(about))


def read(path):
    """The `Latents` of a file.

    Raises:
        FileNotFoundError: If it is missing.
        ValueError: If it holds no styles.
    """
    arrays = archives.read(path, "styles, as tools.project writes")
    ws = next((arrays[name] for name in _NAMES if name in arrays), None)
    if ws is None:
        raise ValueError(
            f"{path} holds no styles: expected one of {', '.join(_NAMES)}. "
            f"Received: {', '.join(arrays) or 'nothing'}"
        )
    noise = [arrays[n] for n in sorted(arrays) if n.startswith(_NOISE)]
    return Latents(ws, noise or "const")


def fitting(path, generator):
    """The `Latents` of a file, for a network.

    A row of w for all layers, `[N, D]` or `[N, 1, D]`, becomes one a layer.

    Args:
        path: The file.
        generator: A `generators.Bound`.

    Raises:
        ValueError: If they are those of another network, or not finite.
    """
    ws, noise = read(path)
    layers, size = generator.ws_shape
    if ws.ndim == 2:
        ws = ws[:, None]
    if ws.ndim == 3 and ws.shape[1] == 1:
        ws = np.repeat(ws, layers, axis=1)
    if ws.shape[1:] != (layers, size):
        raise ValueError(
            f"The styles in {path} are not of this network: expected shape "
            f"[N, {layers}, {size}]. Received: {list(ws.shape)}"
        )
    expected = [(len(ws), *each, 1) for each in generator.noise_shapes]
    if noise != "const" and [each.shape for each in noise] != expected:
        raise ValueError(
            f"The noise in {path} is not of this network: expected maps of "
            f"{expected}. Received: {[each.shape for each in noise]}"
        )
    maps = [] if noise == "const" else noise
    if not all(np.isfinite(each).all() for each in (ws, *maps)):
        raise ValueError(f"{path} holds NaN or infinite values")
    return Latents(ws.astype(np.float32), noise)
