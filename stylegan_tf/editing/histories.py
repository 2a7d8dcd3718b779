"""What runs left behind on their way: samples and curves.

It is read from run directories, so that a run may still be training.
"""

import collections
import json
import math
import pathlib
import re

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from stylegan_tf import config as config_lib
from stylegan_tf import images, pictures, run_directory
from stylegan_tf.data import decode

_SAMPLE = re.compile(r"fakes-(\d+)\.png")
_REALS = "reals.png"
_TILE, _BAND = 128, 48  # pixels of a film's images, at least; of its label


def find(paths):
    """Run directories by name, a dict.

    Args:
        paths: Run directories, and folders of them such as an ablation's.

    Raises:
        ValueError: If there is no run, or two have one name.
    """
    found = {}
    for path in map(pathlib.Path, paths):
        inside = [path] if _is_run(path) else _inside(path)
        if not inside:
            raise ValueError(
                f"{path} is no run directory and holds none: there is no "
                f"{run_directory.METRICS} beside a {run_directory.CONFIG}"
            )
        for each in inside:
            name = each.resolve().name
            if name in found:
                raise ValueError(
                    f"Two runs are called {name}: {found[name]} and {each}"
                )
            found[name] = each
    return found


def curves(workdir):
    """What metrics.jsonl says, by name: kimg `[N]` and values `[N]`.

    Measured metrics keep their prefix `metrics/`. Of two rows of one place
    the later counts; what is not finite is left out.
    """
    points = collections.defaultdict(dict)
    for row in run_directory.read(
        pathlib.Path(workdir) / run_directory.METRICS
    ):
        for name, value in row.items():
            is_number = type(value) in (int, float)
            if "/" in name and is_number and math.isfinite(value):
                points[name][row["images_seen"]] = value
    found = {}
    for name, values in points.items():
        places = sorted(values)
        kimg = np.array(places) / 1000
        found[name] = kimg, np.array([values[each] for each in places], float)
    return found


def samples(workdir):
    """Pairs of images_seen and the path of a grid of samples, in order.

    Raises:
        ValueError: If there is none.
    """
    found = any_samples(workdir)
    if not found:
        raise ValueError(
            f"{workdir} has no samples yet: they are in "
            f"{run_directory.SAMPLES}/ every `training.sample_kimg`"
        )
    return found


def any_samples(workdir):
    """As `samples`; there may be none."""
    folder = pathlib.Path(workdir) / run_directory.SAMPLES
    matches = [
        (_SAMPLE.fullmatch(path.name), path) for path in folder.glob("*.png")
    ]
    return sorted((int(match[1]), path) for match, path in matches if match)


def chosen(found, count):
    """At most `count` of a list, evenly spaced, with both of its ends."""
    places = np.linspace(0, len(found) - 1, min(count, len(found)))
    return [found[place] for place in np.unique(places.round().astype(int))]


def tiles(workdir, path, count):
    """The first images of a grid of a run, uint8 `[N, H, W, C]`.

    Of classes, a row each, one after the other: the columns from the left.

    Args:
        workdir: The run directory.
        path: The grid's PNG.
        count: How many, at most.
    """
    config = _config(workdir)
    height, width, _ = config.image_shape
    grid = decode.pixels(path.read_bytes())
    rows, columns = grid.shape[0] // height, grid.shape[1] // width
    if not rows * columns:
        raise ValueError(
            f"{path} is smaller than one image of {workdir}, which is "
            f"{width}x{height}"
        )
    cells = grid[: rows * height, : columns * width]
    cells = cells.reshape(rows, height, columns, width, -1).swapaxes(1, 2)
    if config.label_size and config.label_kind == "classes":
        cells = cells.swapaxes(0, 1)
    return cells.reshape(-1, height, width, cells.shape[-1])[:count]


def reals(workdir):
    """The grid of training images of a run, None if it has none; its data."""
    path = pathlib.Path(workdir) / run_directory.SAMPLES / _REALS
    return path if path.exists() else None, _config(workdir).data.path


def frames(workdir, found, *, count=16):
    """Yields a picture of every time that a run made samples, uint8.

    Args:
        workdir: The run directory.
        found: Of `samples`.
        count: How many images each shows.
    """
    columns = math.ceil(math.sqrt(count))
    for seen, path in found:
        shown = tiles(workdir, path, count)
        shown = images.enlarge(shown, max(1, _TILE // shown.shape[1]))
        shown = pictures.to_rgb(pictures.grid(shown, columns))
        yield np.concatenate([_band(shown.shape[1], seen), shown])


def _band(width, images_seen):
    """A white band that says when, uint8 `[H, width, 3]`."""
    band = Image.new("RGB", (width, _BAND), "white")
    ImageDraw.Draw(band).text(
        (_BAND // 4, _BAND // 2),
        f"{images_seen / 1000:.4g} kimg",
        fill="black",
        font=ImageFont.load_default(size=_BAND // 2),
        anchor="lm",
    )
    return np.asarray(band)


def _config(workdir):
    path = pathlib.Path(workdir) / run_directory.CONFIG
    return config_lib.from_file(path, json.loads(path.read_text()))


def _is_run(path):
    return (path / run_directory.CONFIG).is_file() and (
        path / run_directory.METRICS
    ).is_file()


def _inside(path):
    return sorted(each for each in path.glob("*") if _is_run(each))
