"""Configs of networks that came as arrays only, read off their shapes.

The arrays have stylegan2-ada-pytorch's names. What no shape tells (the
activation, the slope of the mapping's learning rate, the group of minibatch
stddev) is what all of its own training runs have.
"""

import re

import numpy as np

from stylegan_tf import config as config_lib

LR_MULTIPLIER = 0.01  # of the mapping network, whose weights spread by 100
_LEAST_SPREAD = 50.0
# Of layers that change the resolution; the others' filters are not looked at.
_USED_FILTER = re.compile(
    r"synthesis\.b(?!4\.)\d+\.((conv0|skip|torgb)\.)?resample_filter|"
    r"b\d+\.((conv1|skip)\.)?resample_filter"
)


def generator(arrays, owner, conv_clamp=0.0):
    """Common fields of a config, and the `GeneratorConfig`.

    Args:
        arrays: By official name.
        owner: What the file calls the network, for messages.
        conv_clamp: Of all its layers.

    Raises:
        ValueError: If there are no such networks, and why.
    """
    sizes = _sizes(arrays, r"synthesis\.b(\d{1,5})\.", owner)
    const = _need(arrays, "synthesis.b4.const", 3, owner)
    if const.shape[1:] != (4, 4):
        raise ValueError(
            f"`{owner}` starts from a constant of {const.shape[1]}x"
            f"{const.shape[2]}: a fork for images that are not square, which "
            "is not supported."
        )
    maps = {
        size: _need(arrays, f"synthesis.b{size}.conv1.weight", 4, owner).shape[
            0
        ]
        for size in sizes
    }
    w_size = _need(arrays, "synthesis.b4.conv1.affine.weight", 2, owner).shape[
        1
    ]
    embed = arrays.get("mapping.embed.weight")
    labels = 0 if embed is None else _two(embed, "mapping.embed.weight", owner)
    settings = config_lib.GeneratorConfig(
        architecture=_architecture(arrays, sizes, "torgb", owner),
        w_size=w_size,
        label_width=embed.shape[0] if labels else 0,
        mapping_lr_multiplier=LR_MULTIPLIER,
        use_noise=any(name.endswith(".noise_strength") for name in arrays),
        resample_filter=_taps(arrays, owner),
        conv_clamp=conv_clamp,
        **_mapping(arrays, w_size, owner),
        **_channels(maps),
    )
    settings.z_size -= settings.label_width
    if settings.z_size < 1 or (not labels and settings.z_size > w_size):
        raise ValueError(
            f"The mapping of `{owner}` takes {settings.z_size} numbers and "
            f"gives w of {w_size}: its labels come in by a way that is not "
            "known here."
        )
    colours = _need(arrays, f"synthesis.b{max(sizes)}.torgb.weight", 4, owner)
    common = {
        "resolution": max(sizes),
        "image_channels": colours.shape[0],
        "label_size": labels,
    }
    return common, settings


def discriminator(arrays, owner, common, conv_clamp=0.0):
    """The `DiscriminatorConfig`; see `generator`."""
    sizes = _sizes(arrays, r"b(\d{1,5})\.", owner)
    top = max(sizes)
    maps = {
        size: _need(arrays, f"b{size}.conv0.weight", 4, owner).shape[1]
        for size in sizes[1:]
    }
    last = _need(arrays, "b4.conv.weight", 4, owner)
    maps[4] = last.shape[0]
    embed = arrays.get("mapping.embed.weight")
    found = {
        "resolution": top,
        "image_channels": _need(
            arrays, f"b{top}.fromrgb.weight", 4, owner
        ).shape[1],
        "label_size": 0
        if embed is None
        else _two(embed, "mapping.embed.weight", owner),
    }
    if found != common:
        raise ValueError(
            f"The discriminator `{owner}` is of another network: "
            f"{_in_words(found)}, the generator {_in_words(common)}."
        )
    scores = _need(arrays, "b4.out.weight", 2, owner).shape[0]
    if embed is None and scores != 1:
        raise ValueError(
            f"`{owner}` gives {scores} scores, but nothing tells how they are "
            "combined with a label: a conditional fork is not supported."
        )
    depth = 8
    if embed is not None:
        depth = _mapping(arrays, scores, owner)["mapping_layers"]
    return config_lib.DiscriminatorConfig(
        architecture=_architecture(arrays, sizes, "fromrgb", owner),
        resample_filter=_taps(arrays, owner),
        minibatch_channels=last.shape[1] - maps[4],
        label_width=0 if embed is None else scores,
        mapping_layers=depth,
        conv_clamp=conv_clamp,
        **_channels(maps),
    )


def _sizes(arrays, pattern, owner):
    """Resolutions of the blocks, 4, 8 and so on."""
    found = {
        int(match[1]) for name in arrays if (match := re.match(pattern, name))
    }
    sizes = sorted(found)
    if len(sizes) < 2 or sizes != [4 << k for k in range(len(sizes))]:
        raise ValueError(
            f"`{owner}` must have blocks of 4, 8, 16... pixels. Received: "
            f"{', '.join(map(str, sizes[:20]))}"
        )
    return sizes


def _architecture(arrays, sizes, colours, owner):
    """By where images come in or out (`colours`), and what goes around."""

    def having(part):
        pattern = rf"(?:synthesis\.)?b(\d+)\.{part}\.weight"
        return sorted(
            int(match[1])
            for name in arrays
            if (match := re.fullmatch(pattern, name))
        )

    with_colours, with_skip = having(colours), having("skip")
    if with_colours == sizes and not with_skip:
        return "skip"
    if with_colours == sizes[-1:] and with_skip in ([], sizes[1:]):
        return "resnet" if with_skip else "orig"
    raise ValueError(
        f"`{owner}` is neither orig nor skip nor resnet: of its blocks "
        f"{sizes}, {with_colours} have `{colours}` and {with_skip} `skip`."
    )


def _mapping(arrays, w_size, owner):
    """Fields of the mapping network's size; refuses another learning rate."""
    depths = sorted(
        int(match[1])
        for name in arrays
        if (match := re.fullmatch(r"mapping\.fc(\d{1,2})\.weight", name))
    )
    if depths != list(range(len(depths))):
        raise ValueError(f"The mapping of `{owner}` has the layers {depths}.")
    if not depths:
        return {"mapping_layers": 0, "z_size": w_size}
    weights = [
        _need(arrays, f"mapping.fc{depth}.weight", 2, owner) for depth in depths
    ]
    spread = min(float(np.std(weight, dtype=np.float64)) for weight in weights)
    if spread < _LEAST_SPREAD:
        raise ValueError(
            f"The mapping weights of `{owner}` spread by {spread:.3g}, where "
            f"a learning rate multiplier of {LR_MULTIPLIER} makes them spread "
            "by 100: it was trained with another one, which is not stored."
        )
    return {
        "mapping_layers": len(depths),
        "mapping_width": weights[0].shape[0] if len(depths) > 1 else 0,
        "z_size": weights[0].shape[1],
    }


def _channels(maps):
    """Fields of a config with `maps` by resolution."""
    top = max(maps)
    base, most = maps[top] * top, max(maps.values())
    if all(count == min(base // size, most) for size, count in maps.items()):
        return {"channel_base": base, "channel_max": most}
    table = " ".join(f"{size}:{maps[size]}" for size in sorted(maps))
    return {"channel_base": base, "channel_max": most, "channel_table": table}


def _taps(arrays, owner):
    """Whole taps of the filters, stored as outer products of any sum."""
    found = set()
    for name, array in arrays.items():
        if _USED_FILTER.fullmatch(name):
            found.add(_whole_taps(name, np.asarray(array, np.float64), owner))
    if len(found) > 1:
        raise ValueError(
            f"`{owner}` has several filters, {sorted(found)}; one is supported."
        )
    return found.pop() if found else (1, 3, 3, 1)


def _whole_taps(name, kernel, owner):
    total = kernel.sum()
    if kernel.ndim == 2 and kernel.size and np.isfinite(total) and total > 0:
        taps = kernel.sum(axis=0) / total
        whole = np.rint(taps / np.min(np.abs(taps[taps != 0])))
        product = np.outer(whole, whole) / max(whole.sum() ** 2, 1e-9)
        if product.shape == kernel.shape and np.max(np.abs(whole)) < 1000:
            if np.allclose(product, kernel / total, atol=1e-4):
                return tuple(int(tap) for tap in whole)
    raise ValueError(f"`{name}` of `{owner}` is no filter of whole taps.")


def _need(arrays, name, dimensions, owner):
    """An array of as many dimensions."""
    if name not in arrays:
        raise ValueError(f"`{owner}` has no `{name}`.")
    array = arrays[name]
    if array.ndim != dimensions or 0 in array.shape:
        raise ValueError(
            f"`{name}` of `{owner}` must have {dimensions} axes. Received: "
            f"{array.shape}"
        )
    return array


def _two(array, name, owner):
    """The second side of a matrix."""
    return _need({name: array}, name, 2, owner).shape[1]


def _in_words(common):
    return (
        "{resolution} pixels, {image_channels} channels and {label_size} "
        "classes".format(**common)
    )
