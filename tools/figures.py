"""Draws a figure of the papers, of any trained network, as PNG or PDF.

python -m tools.figures --figure=mixing --network=runs/faces
    --truncation_psi=0.7 --output=mixing.png

uncurated   a sheet in tiles of several sizes [--lods=0,1,2,2,3,3]
grid        rows of images, a row a class where there are labels
            [--grid=4x8, --classes=0,2-4]
mixing      styles of sources B copied to sources A: coarse, middle, fine
            [--rows=0-5 --columns=6-10, --layers=0-3]
stochastic  zooms of fresh noise, and how much it moves each pixel
            [--draws=100 --seed=0]
noise       noise in all layers, none, the fine, the coarse [--layers=0-3]
truncation  through the mean face to the antiface [--psis=1,0.5,0,-1
            --truncation_cutoff=8]
path-lengths
            images sorted by their own path length, the lowest and the highest
            tenth [--ways=4 --features=auto]; or sheets of two networks
            with their FID and path length, measured where they were not yet
            [--networks=runs/a,runs/b@0.7, where 0.7 is psi, --metrics=
            fid5k_full,ppl2_5k_wend]

Of several networks beside each other, --networks=runs/a,runs/b:
droplets    feature maps of every resolution, normalised one by one
phase       one column of pixels over a walk, which shows what sticks to them;
            as MP4, WebP or GIF the walk itself [--seconds=8 --at=0.5]

Of runs, not of a network:
training    samples over time and curves of one run, or of several beside each
            other [--runs=runs/a,runs/b or the folder of tools.ablate,
            --curves=fid,loss, --times=8]; as MP4, WebP or GIF the samples of
            one run, one after the other [--fps=4]

Of small networks that are trained for it, in a minute:
warping     why W is straighter than Z [--steps=2000 --seed=0]
normalisation
            batch and instance normalisation and AdaIN of two images, and how
            fast networks learn with the first two [--content=a.png
            --style=b.png, or --network=... --seeds=0,1; --compare=false]
"""

import functools
import pathlib

import tqdm
from absl import flags

from stylegan_tf import quiet, suggest
from stylegan_tf.command_line import outputs, points, tool, values
from stylegan_tf.data import decode
from stylegan_tf.editing import video

_FIGURE = flags.DEFINE_string("figure", None, "Its name, as above.")
_POINTS = points.define(seeds="0-3")
_LODS = flags.DEFINE_string(
    "lods", "0,1,2,2,3,3", "uncurated: how often a column's tiles are halved."
)
_GRID = flags.DEFINE_string(
    "grid", None, "grid: ROWSxCOLUMNS, by default rows of eight."
)
_CLASSES = flags.DEFINE_string(
    "classes", None, "grid: those of the rows, by default the first ten."
)
_ROWS = flags.DEFINE_string("rows", "0-5", "mixing: seeds of sources A.")
_COLUMNS = flags.DEFINE_string("columns", "6-10", "mixing: seeds of sources B.")
_LAYERS = flags.DEFINE_string(
    "layers", None, "mixing: what all copy; noise: what has noise. E.g. 0-3."
)
_DRAWS = flags.DEFINE_integer(
    "draws", 100, "stochastic: images of fresh noise.", lower_bound=5
)
_PSIS = flags.DEFINE_string(
    "psis", "1,0.7,0.5,0,-0.5,-1", "truncation: psi of each column."
)
_RUNS = flags.DEFINE_string(
    "runs", None, "training: run directories, or folders of them."
)
_CURVES = flags.DEFINE_string(
    "curves", None, "training: parts of the names of what is drawn."
)
_TIMES = flags.DEFINE_integer(
    "times", 8, "training: how often samples are shown.", lower_bound=1
)
_FPS = flags.DEFINE_float(
    "fps", None, "Of films: frames a second; training: 4, phase: 30."
)
_NETWORKS = flags.DEFINE_string(
    "networks",
    None,
    "droplets, phase: several, path-lengths: two; with commas between.",
)
_SECONDS = flags.DEFINE_float(
    "seconds", 8.0, "phase: how long the walk is.", lower_bound=0.1
)
_AT = flags.DEFINE_float(
    "at",
    0.5,
    "phase: where the column is, 0 left to 1 right.",
    lower_bound=0,
    upper_bound=1,
)
_STEPS = flags.DEFINE_integer(
    "steps", None, "warping, normalisation: of a training.", lower_bound=1
)
_CONTENT = flags.DEFINE_string("content", None, "normalisation: an image.")
_STYLE = flags.DEFINE_string("style", None, "normalisation: another.")
_COMPARE = flags.DEFINE_bool(
    "compare", True, "normalisation: train networks with either."
)
_WAYS = flags.DEFINE_integer(
    "ways", 4, "path-lengths: from each image, to others.", lower_bound=1
)
_METRICS = flags.DEFINE_string(
    "metrics", "fid5k_full,ppl2_5k_wend", "path-lengths: of --networks."
)
_FEATURES = flags.DEFINE_string(
    "features", "auto", "path-lengths: what sees distances, see tools.evaluate."
)
_SEED = values.define_seed()
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")
_OUTPUT = flags.DEFINE_string(
    "output", None, "File: *.png, *.pdf; of films *.mp4, .."
)


def main():
    """Draws one figure."""
    tool.require(figure=_FIGURE.value, output=_OUTPUT.value)
    prepare = _chosen(_FIGURE.value)
    output = outputs.file(
        "output",
        _OUTPUT.value,
        suffix=(".png", ".pdf", *_films()),
        example="figure.png",
    )
    from stylegan_tf.editing.figures import plate

    if _is_film():
        video.refuse(output, _fps())
    else:
        tool.refuse_given("is for --output=*.mp4, *.webp and *.gif", _FPS)
        plate.library()
    draw = prepare()
    if _DRY_RUN.value:
        print(f"figure {_FIGURE.value} to {output}")
        return
    if _is_film():
        video.write(output, draw(), fps=_fps())
    else:
        plate.save(draw(), output)
    print(f"figure {_FIGURE.value} in {output}")


def _is_film():
    return pathlib.Path(_OUTPUT.value).suffix.lower() in video.SUFFIXES


def _fps():
    return _FPS.value or {"training": 4, "phase": 30}[_FIGURE.value]


def _films():
    """The suffixes of films, if the chosen figure may be one."""
    return video.SUFFIXES if "fps" in _FIGURES[_FIGURE.value][1] else ()


def _chosen(name):
    """What prepares a figure; refuses flags that it does not heed."""
    if name not in _FIGURES:
        raise ValueError(
            f"--figure={name} is unknown.{suggest.closest(name, _FIGURES)} "
            f"Figures: {', '.join(_FIGURES)}"
        )
    prepare, heeded = _FIGURES[name]
    every = {flag for _, some in _FIGURES.values() for flag in some}
    for flag in sorted(every - {*heeded}):
        if flags.FLAGS[flag].present:
            others = [n for n, (_, some) in _FIGURES.items() if flag in some]
            raise ValueError(
                f"--{flag} is not for --figure={name}. It is for "
                f"{', '.join(others)}"
            )
    return prepare


def _opened(refuse=None, *, takes_all_classes=False):
    """The network; refuses flags before TensorFlow is imported.

    Args:
        refuse: What raises `ValueError` for a network without the figure,
            before a class is asked for in vain.
        takes_all_classes: Whether --class may be missing.
    """
    _POINTS.refuse_odd(truncates=_FIGURE.value == "truncation")
    quiet.import_tensorflow()
    generator = _POINTS.open(takes_all_classes=True)
    if refuse:
        refuse(generator)
    if not (_POINTS.ws.value or takes_all_classes):
        chosen = _POINTS.chosen_class.value
        points.refuse_class(chosen, generator.config.label_size)
    return generator


def _seeds(default):
    """Those of --seeds, if it was given."""
    return _POINTS.seeds_given() if _POINTS.seeds.present else default


def _starting(generator, seeds):
    """Styles, noise and names of --ws, of --seeds or else of `seeds`."""
    if _POINTS.ws.value:
        ws, noise = _POINTS.styles(generator)
        return ws, noise, [f"ws {index}" for index in range(len(ws))]
    seeds = _seeds(seeds)
    ws, noise = _POINTS.styles(generator, seeds)
    return ws, noise, [f"seed {seed}" for seed in seeds]


# Each prepares a figure: what it returns draws it. What can be refused is
# refused before.


def _uncurated():
    from stylegan_tf.editing.figures import uncurated

    lods = values.numbers(_LODS.value, "lods", int)
    generator = _opened(takes_all_classes=True)
    ws, noise, _ = _starting(generator, range(uncurated.count(lods)))
    uncurated.refuse_count(len(ws), lods)
    return functools.partial(
        uncurated.draw, generator, ws, lods=lods, noise=noise
    )


def _grid():
    from stylegan_tf.editing.figures import grid

    room = _GRID.value and values.grid(_GRID.value)
    classes = _CLASSES.value and values.seeds(_CLASSES.value, "classes")
    generator = _opened(takes_all_classes=True)
    is_one = _POINTS.chosen_class.present or _POINTS.ws.value
    if generator.config.label_size and not is_one:
        return _grid_of_classes(generator, classes)
    tool.refuse_given(
        "is for networks with labels, without --class and --ws", _CLASSES
    )
    rows, columns = room or grid.SHAPE
    ws, noise, names = _starting(generator, range(rows * columns))
    if room:
        values.grid(_GRID.value, len(ws))
    rows = grid.spans(names, columns)
    return functools.partial(grid.draw, generator, ws, rows, noise=noise)


def _grid_of_classes(generator, classes):
    from stylegan_tf.editing.figures import grid

    tool.refuse_given(
        "is not for networks with labels, whose rows are --classes and whose "
        "columns are --seeds",
        _GRID,
    )
    count = generator.config.label_size
    classes = classes or range(min(count, grid.CLASSES))
    if max(classes) >= count:
        raise ValueError(
            f"--classes must be 0 to {count - 1}: this network has {count} "
            f"classes. Received: {_CLASSES.value}"
        )
    seeds = _seeds(range(grid.SHAPE[1]))
    every_seed = [*seeds] * len(classes)
    every_class = [each for each in classes for _ in seeds]
    ws, noise = _POINTS.styles(generator, every_seed, every_class)
    rows = [f"class {each}" for each in classes]
    columns = [f"seed {each}" for each in seeds]
    return functools.partial(
        grid.draw, generator, ws, rows, columns, noise=noise
    )


def _mixing():
    from stylegan_tf.editing import scales
    from stylegan_tf.editing.figures import mixing

    rows = values.seeds(_ROWS.value, "rows")
    columns = values.seeds(_COLUMNS.value, "columns")
    chosen = _LAYERS.value and values.seeds(_LAYERS.value, "layers")
    if _POINTS.ws.value:
        tool.refuse_given("is not for --ws, which are the sources A", _ROWS)
        rows = None
    generator = _opened(scales.refuse_one_style)
    ws_a, noise = _POINTS.styles(generator, rows)
    ws_b, _ = _POINTS.styles(generator, columns)
    if chosen:
        parts = mixing.free_parts(generator, len(ws_a), chosen)
    else:
        parts = mixing.parts(generator, len(ws_a))
    return functools.partial(
        mixing.draw, generator, ws_a, ws_b, parts, noise=noise
    )


def _stochastic():
    from stylegan_tf.editing.figures import noise, stochastic

    generator = _opened(noise.refuse_none)
    ws, _, names = _starting(generator, range(3))
    return functools.partial(
        stochastic.draw,
        generator,
        ws,
        names,
        draws=_DRAWS.value,
        seed=_SEED.value,
    )


def _noise():
    from stylegan_tf import latents
    from stylegan_tf.editing.figures import noise

    layers = _LAYERS.value and values.seeds(_LAYERS.value, "layers")
    generator = _opened(noise.refuse_none)
    ws, maps, names = _starting(generator, range(2))
    if maps == "const":
        seeds = range(len(ws)) if _POINTS.ws.value else _seeds(range(2))
        z_size = generator.config.generator.z_size
        maps = latents.noise_of_seeds(seeds, generator.noise_shapes, z_size)
    if layers:
        parts = noise.free_parts(generator, layers)
    else:
        parts = noise.parts(generator)
    return functools.partial(noise.draw, generator, ws, maps, names, parts)


def _truncation():
    from stylegan_tf.editing.figures import truncation

    psis = values.numbers(_PSIS.value, "psis")
    generator = _opened(truncation.refuse_no_mean)
    ws, noise, names = _starting(generator, range(4))
    return functools.partial(
        truncation.draw,
        generator,
        ws,
        names,
        psis=psis,
        cutoff=_POINTS.cutoff.value,
        noise=noise,
    )


def _training():
    from stylegan_tf.editing import histories
    from stylegan_tf.editing.figures import training

    tool.require(runs=_RUNS.value)
    runs = histories.find(_RUNS.value.split(","))
    if not _is_film():
        names = _CURVES.value.split(",") if _CURVES.value else ()
        panels = training.panels(runs, names)
        return functools.partial(
            training.draw, runs, panels, times=_TIMES.value
        )
    tool.refuse_given("is for a picture, not a film", _CURVES, _TIMES)
    if len(runs) > 1:
        raise ValueError(
            f"A film is of one run. --runs are {len(runs)}: {', '.join(runs)}"
        )
    (run,) = runs.values()
    return functools.partial(histories.frames, run, histories.samples(run))


def _several():
    """Pairs of a title and a network, of --networks or --network."""
    several = _NETWORKS.value
    if several:
        tool.refuse_given("and --networks are one too many", _POINTS.network)
    _POINTS.refuse_odd(has_network=not several)
    quiet.import_tensorflow()
    sources = several.split(",") if several else [_POINTS.network.value]
    opened = [_POINTS.open(source.strip()) for source in sources]
    return [(each.config.name, each) for each in opened]


def _droplets():
    from stylegan_tf.editing.figures import droplets

    seeds = _seeds(range(2))
    networks = []
    for title, generator in _several():
        ws, _ = _POINTS.styles(generator, seeds)
        networks.append((title, generator, ws))
    names = [f"seed {seed}" for seed in seeds]
    return functools.partial(droplets.draw, networks, names=names)


def _phase():
    from stylegan_tf.editing.figures import phase

    networks = _several()
    if len(_POINTS.seeds_given()) < 2:
        raise ValueError("--figure=phase walks between two --seeds or more")
    count = max(round(_SECONDS.value * _fps()), 1)
    films = [(title, _walk(network, count)) for title, network in networks]
    if _is_film():
        frames = phase.side_by_side(films, at=_AT.value)
        return lambda: tqdm.tqdm(frames, total=count, unit="frame")
    films = [(title, _watched(title, each, count)) for title, each in films]
    return functools.partial(phase.draw, films, at=_AT.value, fps=_fps())


def _walk(generator, count):
    """The frames of a walk through the seeds."""
    from stylegan_tf.editing import walks

    z = generator.latents(_POINTS.seeds_given())[:, None]

    def styles(t):
        return _POINTS.styles_of(walks.slerp(z, t), generator), "const"

    return walks.frames(generator, styles, count, columns=1)


def _watched(title, frames, count):
    """The frames; a bar shows how many there were, once they begin."""
    yield from tqdm.tqdm(frames, title, total=count, unit="frame")


def _warping():
    quiet.import_tensorflow()
    from stylegan_tf.editing import warping as trained
    from stylegan_tf.editing.figures import warping

    def draw():
        steps = _STEPS.value or trained.STEPS
        with tqdm.tqdm(total=2 * steps, unit="step") as progress:
            found = trained.train_both(
                steps=steps, seed=_SEED.value, report=progress.update
            )
        return warping.draw(found, seed=_SEED.value)

    return draw


def _path_lengths():
    from stylegan_tf.editing.figures import path_lengths

    if _NETWORKS.value:
        return _two_networks()
    tool.refuse_given("is for --networks", _METRICS)
    generator = _opened()
    from stylegan_tf.features import detectors

    detector = detectors.Detectors(_FEATURES.value).of("lpips")
    ws, noise, _ = _starting(generator, range(path_lengths.COUNT))
    path_lengths.refuse_few(len(ws), _WAYS.value)
    return functools.partial(
        path_lengths.draw,
        generator,
        ws,
        detector,
        noise=noise,
        ways=_WAYS.value,
    )


def _two_networks():
    from stylegan_tf.editing.figures import path_lengths
    from stylegan_tf.evaluation import names

    others = [flags.FLAGS[name] for name in (*_TRUNCATED, "ways")]
    others = [flag for flag in others if flag.name != "seeds"]
    tool.refuse_given("is not for --networks", *others)
    names.parse_all(_METRICS.value)
    seeds = _seeds(range(path_lengths.SHEET))
    quiet.import_tensorflow()
    from stylegan_tf.command_line import compared

    networks = compared.open(_NETWORKS.value)

    def draw():
        numbers = compared.measured(networks, _METRICS.value, _FEATURES.value)
        return path_lengths.compare(
            [each.generator.samples(seeds, each.psi) for each in networks],
            [each.title for each in networks],
            numbers,
        )

    return draw


def _normalisation():
    data = _content_and_style()
    quiet.import_tensorflow()
    from stylegan_tf.editing import contrast, style_transfer
    from stylegan_tf.editing.figures import normalisation

    maps = style_transfer.load()
    pair = [style_transfer.fitted(each, maps.side) for each in data]
    small = [style_transfer.fitted(each, contrast.SIDE) for each in data]
    steps = _STEPS.value or contrast.STEPS

    def draw():
        total = style_transfer.STEPS + _COMPARE.value * 4 * steps
        with tqdm.tqdm(total=total, unit="step") as progress:
            report = progress.update
            found = style_transfer.transfer(maps, *pair, report=report)
            compared = None
            if _COMPARE.value:
                compared = contrast.compare(
                    *small, steps=steps, seed=_SEED.value, report=report
                )
        return normalisation.draw(maps, *pair, found, compared)

    return draw


def _content_and_style():
    """uint8 `[H, W, C]` of two files, or of two seeds."""
    if not (_CONTENT.value or _STYLE.value or _POINTS.network.value):
        raise ValueError(
            "--figure=normalisation is of two images: give --content and "
            "--style, or a --network that makes them"
        )
    if _CONTENT.value or _STYLE.value:
        tool.require(content=_CONTENT.value, style=_STYLE.value)
        for name in _TRUNCATED:
            tool.refuse_given(
                "is not for --content and --style", flags.FLAGS[name]
            )
        return [_image(_CONTENT), _image(_STYLE)]
    generator = _opened()
    ws, noise, _ = _starting(generator, range(2))
    if len(ws) != 2:
        raise ValueError(
            "--figure=normalisation is of two images, such as --seeds=0,1. "
            f"Received: {len(ws)}"
        )
    return generator.images(ws, noise)


def _image(flag):
    """uint8 `[H, W, C]` of the file that a flag names."""
    try:
        return decode.pixels(pathlib.Path(flag.value).read_bytes())
    except (OSError, decode.BadImage) as error:
        reason = decode.reason_of(error)
        raise ValueError(f"--{flag.name}={flag.value}: {reason}") from error


# The flags that say where a figure starts.
_START = (
    "network",
    "seeds",
    "class",
    "ws",
    "direction",
    "directions",
    "raw",
)
_TRUNCATED = (*_START, "truncation_psi", "truncation_cutoff")
_SEVERAL = tuple(
    flag
    for flag in (*_TRUNCATED, "networks")
    if flag not in ("ws", "direction", "directions")
)
_NO_SEEDS = tuple(flag for flag in _TRUNCATED if flag != "seeds")

# What prepares a figure, and the flags that it heeds.
_FIGURES = {
    "uncurated": (_uncurated, (*_TRUNCATED, "lods")),
    "grid": (_grid, (*_TRUNCATED, "grid", "classes")),
    "mixing": (_mixing, (*_NO_SEEDS, "rows", "columns", "layers")),
    "stochastic": (_stochastic, (*_TRUNCATED, "draws", "seed")),
    "noise": (_noise, (*_TRUNCATED, "layers")),
    "truncation": (_truncation, (*_START, "truncation_cutoff", "psis")),
    "droplets": (_droplets, _SEVERAL),
    "phase": (_phase, (*_SEVERAL, "seconds", "at", "fps")),
    "training": (_training, ("runs", "curves", "times", "fps")),
    "warping": (_warping, ("steps", "seed")),
    "path-lengths": (
        _path_lengths,
        (*_TRUNCATED, "ways", "networks", "metrics", "features"),
    ),
    "normalisation": (
        _normalisation,
        (*_TRUNCATED, "content", "style", "compare", "steps", "seed"),
    ),
}

if __name__ == "__main__":
    tool.run(main)
