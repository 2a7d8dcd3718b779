"""Draws a figure of the papers, of any trained network, as PNG or PDF.

python -m tools.figures --figure=mixing --network=runs/faces
    --truncation_psi=0.7 --output=mixing.png

uncurated   a sheet in tiles of several sizes [--lods=0,1,2,2,3,3]
grid        rows of images, a row a class where there are labels
            [--grid=4x8, --classes=0,2-4,NAME]
mixing      styles of sources B copied to sources A: coarse, middle, fine
            [--rows=0-5 --columns=6-10, --layers=0-3; --ws=FILE gives the
            sources A in place of --rows]
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

Of a network, or of several beside each other: --networks=runs/a,runs/b
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

from absl import flags

from stylegan_tf import suggest
from stylegan_tf.command_line import outputs, points, tool, values
from stylegan_tf.command_line.figures import (
    films,
    of_one,
    of_runs,
    of_several,
    starting,
    toys,
)
from stylegan_tf.editing import video

_FIGURE = flags.DEFINE_string("figure", None, "Its name, as above.")
_POINTS = points.define(seeds="0-3")
flags.DEFINE_string(
    "lods", "0,1,2,2,3,3", "uncurated: how often a column's tiles are halved."
)
flags.DEFINE_string(
    "grid", None, "grid: ROWSxCOLUMNS, by default rows of eight."
)
flags.DEFINE_string(
    "classes", None, "grid: those of the rows, by default the first ten."
)
flags.DEFINE_string(
    "rows", "0-5", "mixing: seeds of sources A; --ws=FILE gives others."
)
flags.DEFINE_string("columns", "6-10", "mixing: seeds of sources B.")
flags.DEFINE_string(
    "layers", None, "mixing: what all copy; noise: what has noise. E.g. 0-3."
)
flags.DEFINE_integer(
    "draws", 100, "stochastic: images of fresh noise.", lower_bound=5
)
flags.DEFINE_string(
    "psis", "1,0.7,0.5,0,-0.5,-1", "truncation: psi of each column."
)
flags.DEFINE_string(
    "runs", None, "training: run directories, or folders of them."
)
flags.DEFINE_string(
    "curves", None, "training: parts of the names of what is drawn."
)
flags.DEFINE_integer(
    "times", 8, "training: how often samples are shown.", lower_bound=1
)
_FPS = flags.DEFINE_float(
    "fps", None, "Of films: frames a second; training: 4, phase: 30."
)
flags.DEFINE_string(
    "networks",
    None,
    "droplets, phase: several, where --network is one; path-lengths: two; "
    "commas between.",
)
flags.DEFINE_float(
    "seconds", 8.0, "phase: how long the walk is.", lower_bound=0.1
)
flags.DEFINE_float(
    "at",
    0.5,
    "phase: where the column is, 0 left to 1 right.",
    lower_bound=0,
    upper_bound=1,
)
flags.DEFINE_integer(
    "steps", None, "warping, normalisation: of a training.", lower_bound=1
)
flags.DEFINE_string("content", None, "normalisation: an image.")
flags.DEFINE_string("style", None, "normalisation: another.")
flags.DEFINE_bool("compare", True, "normalisation: train networks with either.")
flags.DEFINE_integer(
    "ways", 4, "path-lengths: from each image, to others.", lower_bound=1
)
flags.DEFINE_string(
    "metrics", "fid5k_full,ppl2_5k_wend", "path-lengths: of --networks."
)
flags.DEFINE_string(
    "features", "auto", "path-lengths: what sees distances, see tools.evaluate."
)
values.define_seed()
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "Say what would be written.")
_OUTPUT = flags.DEFINE_string(
    "output", None, "File: .png or .pdf; films: .mp4, .webp, .gif."
)

_SEVERAL = tuple(
    flag
    for flag in (*starting.TRUNCATED, "networks")
    if flag not in ("ws", "direction", "directions")
)
_NO_SEEDS = tuple(flag for flag in starting.TRUNCATED if flag != "seeds")

# What prepares a figure, and the flags that it heeds.
_FIGURES = {
    "uncurated": (of_one.uncurated, (*starting.TRUNCATED, "lods")),
    "grid": (of_one.grid, (*starting.TRUNCATED, "grid", "classes")),
    "mixing": (of_one.mixing, (*_NO_SEEDS, "rows", "columns", "layers")),
    "stochastic": (of_one.stochastic, (*starting.TRUNCATED, "draws", "seed")),
    "noise": (of_one.noise, (*starting.TRUNCATED, "layers")),
    "truncation": (
        of_one.truncation,
        (*starting.START, "truncation_cutoff", "psis"),
    ),
    "droplets": (of_several.droplets, _SEVERAL),
    "phase": (of_several.phase, (*_SEVERAL, "seconds", "at", "fps")),
    "training": (of_runs.training, ("runs", "curves", "times", "fps")),
    "warping": (toys.warping, ("steps", "seed")),
    "path-lengths": (
        of_several.path_lengths,
        (*starting.TRUNCATED, "ways", "networks", "metrics", "features"),
    ),
    "normalisation": (
        toys.normalisation,
        (*starting.TRUNCATED, "content", "style", "compare", "steps", "seed"),
    ),
}


def main():
    """Draws one figure."""
    given = flags.FLAGS
    tool.require(figure=_FIGURE.value, output=_OUTPUT.value)
    prepare = _chosen(_FIGURE.value)
    output = outputs.file(
        "output",
        _OUTPUT.value,
        suffix=(".png", ".pdf", *_films()),
        example="figure.png",
    )
    from stylegan_tf.editing.figures import plate

    if films.is_one(given):
        video.refuse(output, films.fps(given))
    else:
        tool.refuse_given("is for --output=*.mp4, *.webp and *.gif", _FPS)
        plate.library()
    draw = prepare(_POINTS, given)
    if _DRY_RUN.value:
        print(f"figure {_FIGURE.value} to {output}")
        return
    if films.is_one(given):
        video.write(output, draw(), fps=films.fps(given))
    else:
        plate.save(draw(), output)
    print(f"figure {_FIGURE.value} in {output}")


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


if __name__ == "__main__":
    tool.run(main)
