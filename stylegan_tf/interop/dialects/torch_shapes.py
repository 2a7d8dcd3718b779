"""Reads configs off the shapes of networks that came as arrays only.

The arrays have stylegan2-ada-pytorch's names. What no shape tells (the
activation, the slope of the mapping's learning rate, the group of minibatch
stddev) is what all of its own training runs have.
"""

import re

import numpy as np

from stylegan_tf import config as config_lib

LR_MULTIPLIER = 0.01  # of the mapping network, whose weights spread by 100
_LEAST_SPREAD = 50.0
_EMBED = "mapping.embed.weight"
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
    network = _Network(arrays, owner)
    sizes = network.sizes(r"synthesis\.b(\d{1,5})\..*")
    _, height, width = network.shape("synthesis.b4.const", 3)
    if (height, width) != (4, 4):
        raise ValueError(
            f"`{owner}` starts from a constant of {height}x{width}: a fork for "
            "images that are not square, which is not supported."
        )
    maps = {
        size: network.shape(f"synthesis.b{size}.conv1.weight", 4)[0]
        for size in sizes
    }
    w_size = network.shape("synthesis.b4.conv1.affine.weight", 2)[1]
    label_width, labels = network.label_shape()
    settings = config_lib.GeneratorConfig(
        architecture=network.architecture(sizes, "torgb"),
        w_size=w_size,
        label_width=label_width,
        mapping_lr_multiplier=LR_MULTIPLIER,
        use_noise=any(name.endswith(".noise_strength") for name in arrays),
        resample_filter=network.taps(),
        conv_clamp=conv_clamp,
        **network.mapping(w_size),
        **_channels(maps),
    )
    settings.z_size -= settings.label_width
    if settings.z_size < 1 or (not labels and settings.z_size > w_size):
        raise ValueError(
            f"The mapping of `{owner}` takes {settings.z_size} numbers and "
            f"gives w of {w_size}: its labels come in by a way that is not "
            "known here."
        )
    top = max(sizes)
    common = {
        "resolution": top,
        "image_channels": network.shape(f"synthesis.b{top}.torgb.weight", 4)[0],
        "label_size": labels,
    }
    return common, settings


def discriminator(arrays, owner, common, conv_clamp=0.0):
    """The `DiscriminatorConfig`; see `generator`."""
    network = _Network(arrays, owner)
    sizes = network.sizes(r"b(\d{1,5})\..*")
    top = max(sizes)
    maps = {
        size: network.shape(f"b{size}.conv0.weight", 4)[1] for size in sizes[1:]
    }
    maps[4], inputs, *_ = network.shape("b4.conv.weight", 4)
    _, labels = network.label_shape()
    found = {
        "resolution": top,
        "image_channels": network.shape(f"b{top}.fromrgb.weight", 4)[1],
        "label_size": labels,
    }
    if found != common:
        raise ValueError(
            f"The discriminator `{owner}` is of another network: "
            f"{_in_words(found)}, the generator {_in_words(common)}."
        )
    scores = network.shape("b4.out.weight", 2)[0]
    if not labels and scores != 1:
        raise ValueError(
            f"`{owner}` gives {scores} scores, but nothing tells how they are "
            "combined with a label: a conditional fork is not supported."
        )
    depth = network.mapping(scores)["mapping_layers"] if labels else 8
    return config_lib.DiscriminatorConfig(
        architecture=network.architecture(sizes, "fromrgb"),
        resample_filter=network.taps(),
        minibatch_channels=inputs - maps[4],
        label_width=scores if labels else 0,
        mapping_layers=depth,
        conv_clamp=conv_clamp,
        **_channels(maps),
    )


class _Network:
    """Looks at the arrays of a network, by official name."""

    def __init__(self, arrays, owner):
        self.arrays, self.owner = arrays, owner

    def shape(self, name, dimensions):
        """The shape of an array, which must have as many axes."""
        if name not in self.arrays:
            raise ValueError(f"`{self.owner}` has no `{name}`.")
        shape = self.arrays[name].shape
        if len(shape) != dimensions or 0 in shape:
            raise ValueError(
                f"`{name}` of `{self.owner}` must have {dimensions} axes. "
                f"Received: {shape}"
            )
        return shape

    def label_shape(self):
        """Width of the label's embedding and number of classes, or zeros."""
        return self.shape(_EMBED, 2) if _EMBED in self.arrays else (0, 0)

    def numbers(self, pattern):
        """The numbers that `pattern` finds in names."""
        matches = (re.fullmatch(pattern, name) for name in self.arrays)
        return sorted({int(match[1]) for match in matches if match})

    def sizes(self, pattern):
        """Resolutions of the blocks, 4, 8 and so on."""
        sizes = self.numbers(pattern)
        if len(sizes) < 2 or sizes != [4 << k for k in range(len(sizes))]:
            raise ValueError(
                f"`{self.owner}` must have blocks of 4, 8, 16... pixels. "
                f"Received: {', '.join(map(str, sizes[:20]))}"
            )
        return sizes

    def architecture(self, sizes, colours):
        """By where images come in or out (`colours`), and what goes around."""
        with_colours, with_skip = (
            self.numbers(rf"(?:synthesis\.)?b(\d+)\.{part}\.weight")
            for part in (colours, "skip")
        )
        if with_colours == sizes and not with_skip:
            return "skip"
        if with_colours == sizes[-1:] and with_skip in ([], sizes[1:]):
            return "resnet" if with_skip else "orig"
        raise ValueError(
            f"`{self.owner}` is neither orig nor skip nor resnet: of its "
            f"blocks {sizes}, {with_colours} have `{colours}` and {with_skip} "
            "`skip`."
        )

    def mapping(self, w_size):
        """Fields of the mapping's size; refuses another learning rate."""
        depths = self.numbers(r"mapping\.fc(\d{1,2})\.weight")
        if depths != list(range(len(depths))):
            raise ValueError(
                f"The mapping of `{self.owner}` has the layers {depths}."
            )
        if not depths:
            return {"mapping_layers": 0, "z_size": w_size}
        names = [f"mapping.fc{depth}.weight" for depth in depths]
        (width, z_size), *_ = [self.shape(name, 2) for name in names]
        spread = min(
            float(np.std(self.arrays[name], dtype=np.float64)) for name in names
        )
        if spread < _LEAST_SPREAD:
            raise ValueError(
                f"The mapping weights of `{self.owner}` spread by {spread:.3g},"
                f" where a learning rate multiplier of {LR_MULTIPLIER} makes "
                "them spread by 100: it was trained with another one, which is "
                "not stored."
            )
        return {
            "mapping_layers": len(depths),
            "mapping_width": width if len(depths) > 1 else 0,
            "z_size": z_size,
        }

    def taps(self):
        """Whole taps of the filters, stored as outer products of any sum."""
        found = {
            self._whole_taps(name, np.asarray(array, np.float64))
            for name, array in self.arrays.items()
            if _USED_FILTER.fullmatch(name)
        }
        if len(found) > 1:
            raise ValueError(
                f"`{self.owner}` has several filters, {sorted(found)}; one is "
                "supported."
            )
        return found.pop() if found else (1, 3, 3, 1)

    def _whole_taps(self, name, kernel):
        total = kernel.sum()
        if kernel.ndim == 2 and 0 < total < np.inf:
            taps = kernel.sum(axis=0) / total
            whole = np.rint(taps / np.min(np.abs(taps[taps != 0])))
            product = np.outer(whole, whole) / max(whole.sum() ** 2, 1e-9)
            if product.shape == kernel.shape and np.max(np.abs(whole)) < 1000:
                if np.allclose(product, kernel / total, atol=1e-4):
                    return tuple(int(tap) for tap in whole)
        raise ValueError(
            f"`{name}` of `{self.owner}` is no filter of whole taps."
        )


def _channels(maps):
    """Fields of a config with `maps` by resolution."""
    top, most = max(maps), max(maps.values())
    base = maps[top] * top
    table = " ".join(f"{size}:{maps[size]}" for size in sorted(maps))
    is_plain = all(n == min(base // size, most) for size, n in maps.items())
    return {
        "channel_base": base,
        "channel_max": most,
        "channel_table": "" if is_plain else table,
    }


def _in_words(common):
    return (
        "{resolution} pixels, {image_channels} channels and {label_size} "
        "classes".format(**common)
    )
