"""Adds what state dictionaries may lack: the mean w, noise inputs."""

import math

import numpy as np

from stylegan_tf.interop.dialects import torch_shapes

_MEAN = "latent_avg"
_W_AVG = "mapping.w_avg"
_MEAN_SAMPLES = 4096


def is_mean(name):
    """Whether a file holds the mean w under this dotted name."""
    return name == _MEAN or name.endswith(f".{_MEAN}")


def complete(arrays, settings, *, common, named):
    """Adds what is missing; returns notes on it.

    Args:
        arrays: A generator's, by official name.
        settings: The `GeneratorConfig` that was read off them.
        common: Fields of the config that both networks share.
        named: All arrays of the file by dotted name.

    Raises:
        ValueError: If it can not be known.
    """
    notes = []
    if _W_AVG not in arrays:
        arrays[_W_AVG] = _mean(named, settings.w_size)
        if arrays[_W_AVG] is None:
            arrays[_W_AVG] = _estimate(arrays, settings, common["label_size"])
            notes.append(
                "the file has no mean w: it is that of 4,096 fixed z here"
            )
    has_noise = any(name.endswith(".noise_const") for name in arrays)
    if settings.use_noise and not has_noise:
        random = np.random.RandomState(0)
        layers = [
            (4 << level, conv)
            for level in range((common["resolution"] // 4).bit_length())
            for conv in ("conv0", "conv1")
        ][1:]  # the first block has one
        for size, conv in layers:
            noise = random.standard_normal((size, size)).astype(np.float32)
            arrays[f"synthesis.b{size}.{conv}.noise_const"] = noise
        notes.append(
            "the file has no noise inputs: they are fixed, freshly drawn ones "
            "here"
        )
    return notes


def _mean(named, w_size):
    """`latent_avg` of the file, `[w_size]`, if there is one."""
    name = min(filter(is_mean, named), key=len, default=None)
    if name is None:
        return None
    mean = named[name]
    if mean.size == 0 or mean.shape[-1:] != (w_size,):
        raise ValueError(
            f"`{name}` must be of {w_size} numbers. Received: "
            f"{list(mean.shape)}"
        )
    rows = mean.reshape(-1, w_size)
    if np.any(rows != rows[0]):  # pSp repeats the one that it started from
        raise ValueError(
            f"`{name}` has different rows, a mean w for every layer, which is "
            "not supported."
        )
    return rows[0]


def _estimate(arrays, settings, label_size):
    """The mean w of fixed z, `[w_size]`."""
    if label_size:
        raise ValueError(f"`{_W_AVG}` is missing.")
    multiplier = torch_shapes.LR_MULTIPLIER
    shape = (_MEAN_SAMPLES, settings.z_size)
    x = np.random.RandomState(0).standard_normal(shape)
    x /= np.sqrt(np.mean(np.square(x), axis=1, keepdims=True) + 1e-8)
    for depth in range(settings.mapping_layers):
        weight = arrays[f"mapping.fc{depth}.weight"].astype(np.float64)
        bias = arrays.get(f"mapping.fc{depth}.bias")
        fits = bias is not None and bias.shape == weight.shape[:1]
        if not fits or weight.shape[1] != x.shape[1]:
            raise ValueError(
                f"Layer {depth} of the mapping does not fit to the one before "
                "it, or has no bias."
            )
        scale = multiplier / math.sqrt(weight.shape[1])
        x = x @ (weight.T * scale) + bias * multiplier
        x = np.where(x > 0, x, 0.2 * x) * math.sqrt(2)
    return x.mean(axis=0).astype(np.float32)
