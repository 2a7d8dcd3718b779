"""What state dictionaries of generators lack: the mean w, noise inputs."""

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
        mean = _mean(named, settings.w_size)
        if mean is None:
            mean = _estimate(arrays, settings, common["label_size"])
            notes.append(
                "the file has no mean w: it is that of 4,096 fixed z here"
            )
        arrays[_W_AVG] = mean
    if settings.use_noise and not any(
        name.endswith(".noise_const") for name in arrays
    ):
        arrays.update(_fresh_noise(common["resolution"]))
        notes.append(
            "the file has no noise inputs: they are fixed, freshly drawn ones "
            "here"
        )
    return notes


def _mean(named, w_size):
    """`latent_avg` of the file, `[w_size]`, if there is one."""
    names = [name for name in named if is_mean(name)]
    if not names:
        return None
    name = min(names, key=len)
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


def _fresh_noise(resolution):
    """Unit normal noise inputs by official name, always the same ones."""
    random = np.random.RandomState(0)
    found, size = {}, 4
    while size <= resolution:
        for conv in ("conv1",) if size == 4 else ("conv0", "conv1"):
            noise = random.standard_normal((size, size)).astype(np.float32)
            found[f"synthesis.b{size}.{conv}.noise_const"] = noise
        size *= 2
    return found
