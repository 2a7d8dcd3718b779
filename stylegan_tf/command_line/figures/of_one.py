"""Figures of one network.

Each function takes `start`, the flags of `points.define`, and `flags`, which
are absl's `flags.FLAGS`; refuses what can be refused, and returns what draws
the figure.
"""

import functools
import re

from stylegan_tf import classes as classes_lib
from stylegan_tf.command_line import tool, values
from stylegan_tf.command_line.figures import starting


def uncurated(start, flags):
    from stylegan_tf.editing.figures import uncurated

    lods = values.numbers(flags.lods, "lods", int)
    generator = starting.network(start, takes_all_classes=True)
    uncurated.refuse_small(lods, generator.image_shape)
    seeds = range(uncurated.count(lods))
    ws, noise, _ = starting.styles(start, generator, seeds)
    uncurated.refuse_count(len(ws), lods)
    return functools.partial(
        uncurated.draw, generator, ws, lods=lods, noise=noise
    )


def grid(start, flags):
    from stylegan_tf.editing.figures import grid

    room = flags.grid and values.grid(flags.grid)
    generator = starting.network(start, takes_all_classes=True)
    is_one = flags["class"].present or flags.ws
    if generator.config.label_size and not is_one:
        return _grid_of_classes(start, flags, generator)
    tool.refuse_given(
        "is for networks with labels, without --class and --ws",
        flags["classes"],
    )
    rows, columns = room or grid.SHAPE
    ws, noise, names = starting.styles(start, generator, range(rows * columns))
    if room:
        values.grid(flags.grid, len(ws))
    rows = grid.spans(names, columns)
    return functools.partial(grid.draw, generator, ws, rows, noise=noise)


def mixing(start, flags):
    from stylegan_tf.editing import scales
    from stylegan_tf.editing.figures import mixing

    rows = values.seeds(flags.rows, "rows")
    columns = values.seeds(flags.columns, "columns")
    chosen = flags.layers and values.seeds(flags.layers, "layers")
    if flags.ws:
        tool.refuse_given(
            "is not for --ws, which are the sources A", flags["rows"]
        )
        rows = None
    generator = starting.network(start, scales.refuse_one_style)
    ws_a, noise = start.styles(generator, rows)
    ws_b, _ = start.styles(generator, columns)
    if chosen:
        parts = mixing.free_parts(generator, len(ws_a), chosen)
    else:
        parts = mixing.parts(generator, len(ws_a))
    return functools.partial(
        mixing.draw, generator, ws_a, ws_b, parts, noise=noise
    )


def stochastic(start, flags):
    from stylegan_tf.editing.figures import noise, stochastic

    generator = starting.network(start, noise.refuse_none)
    ws, _, names = starting.styles(start, generator, range(3))
    return functools.partial(
        stochastic.draw,
        generator,
        ws,
        names,
        draws=flags.draws,
        seed=flags.seed,
    )


def noise(start, flags):
    from stylegan_tf import latents
    from stylegan_tf.editing.figures import noise

    layers = flags.layers and values.seeds(flags.layers, "layers")
    generator = starting.network(start, noise.refuse_none)
    ws, maps, names = starting.styles(start, generator, range(2))
    if maps == "const":
        seeds = range(len(ws)) if flags.ws else starting.seeds(start, range(2))
        z_size = generator.config.generator.z_size
        maps = latents.noise_of_seeds(seeds, generator.noise_shapes, z_size)
    if layers:
        parts = noise.free_parts(generator, layers)
    else:
        parts = noise.parts(generator)
    return functools.partial(noise.draw, generator, ws, maps, names, parts)


def truncation(start, flags):
    from stylegan_tf.editing.figures import truncation

    psis = values.numbers(flags.psis, "psis")
    generator = starting.network(
        start, truncation.refuse_no_mean, truncates=True
    )
    ws, noise, names = starting.styles(start, generator, range(4))
    return functools.partial(
        truncation.draw,
        generator,
        ws,
        names,
        psis=psis,
        cutoff=flags.truncation_cutoff,
        noise=noise,
    )


def _grid_of_classes(start, flags, generator):
    from stylegan_tf.editing.figures import grid

    tool.refuse_given(
        "is not for networks with labels, whose rows are --classes and whose "
        "columns are --seeds",
        flags["grid"],
    )
    classes = range(min(generator.config.label_size, grid.CLASSES))
    if flags.classes:
        classes = _numbers(flags.classes, generator.config)
    seeds = starting.seeds(start, range(grid.SHAPE[1]))
    every_seed = [*seeds] * len(classes)
    every_class = [each for each in classes for _ in seeds]
    ws, noise = start.styles(generator, every_seed, every_class)
    names = classes_lib.names(generator.config)
    rows = [names[each] for each in classes]
    columns = [f"seed {each}" for each in seeds]
    return functools.partial(
        grid.draw, generator, ws, rows, columns, noise=noise
    )


def _numbers(text, config):
    """The classes of `0,2-3,glasses`, each once."""
    parts = []
    for part in text.split(","):
        is_range = re.fullmatch(r"\s*\d+-\d+\s*", part)
        parts += values.seeds(part, "classes") if is_range else [part.strip()]
    return list(
        dict.fromkeys(
            classes_lib.chosen(str(part), config, "--classes") for part in parts
        )
    )
