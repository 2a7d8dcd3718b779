"""Networks of rosinality/stylegan2-pytorch's .pt files.

Its weights are stylegan2-ada-pytorch's under other names, some with axes of
length one more. Sizes are not stored: they follow from the shapes.
"""

import math
import re

import numpy as np

from stylegan_tf import config as config_lib
from stylegan_tf.interop import imported

_NAMES = {
    "generator": "g",
    "discriminator": "d",
    "ema_generator": "g_ema",
}
_LR_MULTIPLIER = 0.01  # of its mapping network
_RULES = (
    (r"^conv1\.", "synthesis.b4.conv1."),
    (r"^to_rgb1\.", "synthesis.b4.torgb."),
    (r"^input\.input$", "synthesis.b4.const"),
    (r"\.conv\.modulation\.", ".affine."),
    (r"\.conv\.weight$", ".weight"),
    (r"\.noise\.weight$", ".noise_strength"),
    (r"\.activate\.bias$", ".bias"),
    (r"^final_conv\.0\.", "b4.conv."),
    (r"^final_conv\.1\.", "b4.conv."),
    (r"^final_linear\.0\.", "b4.fc."),
    (r"^final_linear\.1\.", "b4.out."),
)
_MEAN_SAMPLES = 4096


def is_file(value):
    """Whether `value` looks like one of its files."""
    return type(value) is dict and any(
        type(value.get(name)) is dict for name in ("g_ema", "g")
    )


def read(value):
    """The `Imported` of what `torch_files.read_torch` gave.

    Without `latent_avg` in the file, the mean w is that of 4096 fixed z, as
    its own tools take the mean of some.

    Raises:
        ValueError: If the arrays are not those of its StyleGAN2.
    """
    found = {
        ours: _checked(value[theirs], theirs)
        for ours, theirs in _NAMES.items()
        if type(value.get(theirs)) is dict
    }
    sizes, generator = _generator(
        next(own for name, own in found.items() if name != "discriminator")
    )
    arrays, discriminator = {}, None
    for name, own in found.items():
        if name == "discriminator":
            discriminator = _discriminator(own, sizes)
            arrays[name] = _renamed_discriminator(own, max(sizes))
            continue
        arrays[name] = _renamed_generator(own)
        mean = value.get("latent_avg")
        if not isinstance(mean, np.ndarray):
            mean = _mean_w(arrays[name], generator)
        arrays[name]["mapping.w_avg"] = mean.reshape(-1)
    common = {
        "resolution": max(sizes),
        "image_channels": _image_channels(arrays),
        "label_size": 0,
    }
    return imported.make(
        "rosinality",
        "torch",
        arrays,
        common=common,
        generator=generator,
        discriminator=discriminator,
        augment_p=_augment_p(value.get("ada_aug_p")),
    )


def _checked(own, name):
    for key, array in own.items():
        if not isinstance(key, str) or not isinstance(array, np.ndarray):
            raise ValueError(f"`{name}` must hold arrays by name.")
    wanted = "convs.0.0.weight" if name == "d" else "style.1.weight"
    if wanted not in own:
        raise ValueError(
            f"`{name}` has no `{wanted}`: it is no StyleGAN2 of "
            "rosinality/stylegan2-pytorch (its `swagan` is not supported)."
        )
    return own


def _generator(own):
    """Maps by resolution, and the `GeneratorConfig`."""
    depth = sum(
        bool(re.fullmatch(r"style\.\d{1,2}\.weight", key)) for key in own
    )
    sizes = {4: own["conv1.conv.weight"].shape[1]}
    while (key := f"convs.{2 * len(sizes) - 2}.conv.weight") in own:
        sizes[4 << len(sizes)] = own[key].shape[1]
    w_size, z_size = own["style.1.weight"].shape
    return sizes, config_lib.GeneratorConfig(
        z_size=z_size,
        w_size=w_size,
        mapping_layers=depth,
        mapping_lr_multiplier=_LR_MULTIPLIER,
        resample_filter=_taps(own, "convs.0.conv.blur.kernel"),
        **_channels(sizes),
    )


def _discriminator(own, sizes):
    top = max(sizes)
    maps = {4: own["final_conv.0.weight"].shape[0]}
    levels = round(math.log2(top // 4))
    for level in range(1, levels + 1):
        key = f"convs.{level}.conv1.0.weight"
        if key not in own:
            raise ValueError(f"`d` has no `{key}`; `g` is {top} pixels wide.")
        maps[top >> (level - 1)] = own[key].shape[1]
    return config_lib.DiscriminatorConfig(
        resample_filter=_taps(own, "convs.1.conv2.0.kernel"),
        **_channels(maps),
    )


def _channels(maps):
    """Fields of a config with `maps` by resolution."""
    top = max(maps)
    base, most = maps[top] * top, max(maps.values())
    if all(count == min(base // size, most) for size, count in maps.items()):
        return {"channel_base": base, "channel_max": most}
    table = " ".join(f"{size}:{maps[size]}" for size in sorted(maps))
    return {"channel_base": base, "channel_max": most, "channel_table": table}


def _taps(own, key):
    """Whole taps of a filter that is stored as their outer product."""
    if key not in own:
        return (1, 3, 3, 1)
    taps = own[key].astype(np.float64).sum(axis=0)
    taps = taps / np.min(np.abs(taps))
    whole = np.rint(taps)
    if not np.allclose(taps, whole, atol=1e-3):
        raise ValueError(f"`{key}` is no filter of whole taps.")
    return tuple(int(tap) for tap in whole)


def _renamed_generator(own):
    arrays = {}
    for key, array in own.items():
        name = re.sub(
            r"^style\.(\d{1,2})\.", lambda m: f"mapping.fc{int(m[1]) - 1}.", key
        )
        name = re.sub(
            r"^convs\.(\d{1,2})\.",
            lambda m: f"synthesis.b{8 << int(m[1]) // 2}.conv{int(m[1]) % 2}.",
            name,
        )
        name = re.sub(
            r"^to_rgbs\.(\d)\.",
            lambda m: f"synthesis.b{8 << int(m[1])}.torgb.",
            name,
        )
        name = _substituted(name)
        match = re.fullmatch(r"noises\.noise_(\d{1,2})", key)
        if match:
            size, conv = 4 << (int(match[1]) + 1) // 2, (int(match[1]) + 1) % 2
            name = f"synthesis.b{size}.conv{conv}.noise_const"
        arrays[name] = _without_ones(name, array)
    return arrays


def _renamed_discriminator(own, top):
    arrays = {}
    for key, array in own.items():
        name = re.sub(r"^convs\.0\.[01]\.", f"b{top}.fromrgb.", key)
        name = re.sub(
            r"^convs\.(\d{1,2})\.",
            lambda m: f"b{top >> (int(m[1]) - 1)}.",
            name,
        )
        name = re.sub(r"\.conv1\.[01]\.", ".conv0.", name)
        name = re.sub(r"\.conv2\.[12]\.", ".conv1.", name)
        name = re.sub(r"\.skip\.1\.", ".skip.", name)
        arrays[_substituted(name)] = array
    return arrays


def _substituted(name):
    for pattern, replacement in _RULES:
        name = re.sub(pattern, replacement, name)
    return name


def _without_ones(name, array):
    """Without the axes of length one that the official arrays lack."""
    if name.endswith("noise_strength"):
        return array.reshape(())
    if name.endswith("torgb.bias"):
        return array.reshape(-1)
    if name.endswith("noise_const"):
        return array[0, 0]
    has_batch = name.startswith("synthesis.") and array.ndim in (4, 5)
    return array[0] if has_batch else array


def _mean_w(arrays, settings):
    """The mean w of fixed z, `[w_size]`."""
    shape = (_MEAN_SAMPLES, settings.z_size)
    x = np.random.RandomState(0).standard_normal(shape)
    x /= np.sqrt(np.mean(np.square(x), axis=1, keepdims=True) + 1e-8)
    for depth in range(settings.mapping_layers):
        weight = arrays[f"mapping.fc{depth}.weight"].astype(np.float64)
        bias = arrays[f"mapping.fc{depth}.bias"]
        scale = _LR_MULTIPLIER / math.sqrt(weight.shape[1])
        x = x @ (weight.T * scale) + bias * _LR_MULTIPLIER
        x = np.where(x > 0, x, 0.2 * x) * math.sqrt(2)
    return x.mean(axis=0).astype(np.float32)


def _image_channels(arrays):
    """Image channels of the first generator among `arrays`."""
    name = "ema_generator" if "ema_generator" in arrays else "generator"
    return arrays[name]["synthesis.b4.torgb.weight"].shape[0]


def _augment_p(p):
    return float(p) if isinstance(p, (int, float)) else None
