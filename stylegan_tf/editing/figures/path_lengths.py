"""Path lengths that can be seen: what is broken has a long one.

arXiv 1912.04958, figure 4: images sorted by their own path length. Appendix
A: two networks of about the same FID, of which one has the shorter paths.
"""

import math
import re

import numpy as np

from stylegan_tf import latents, terminal
from stylegan_tf.editing.figures import plate
from stylegan_tf.metrics import path_length

COUNT = 160  # images
WAYS = 4
SHEET = 16  # images of each network
_COLUMNS = 8
_ROWS = 2  # at most, of the lowest and of the highest


def of_images(generator, ws, distance, *, noise="const", ways=WAYS):
    """Path lengths at the images themselves, `[N]`.

    Each is the mean over ways in W that lead from the image's style to those
    of the images after it; both ends of a step have the same noise.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`.
        distance: Of two batches of images, such as LPIPS.
        noise: As of `generators`.
        ways: From every image, less than N.
    """
    count = len(ws)
    found = np.zeros(count)
    for start in range(0, count, generator.batch_size):
        rows = np.arange(start, min(start + generator.batch_size, count))
        for way in range(1, ways + 1):
            found[rows] += path_length.distances(
                lambda ws, labels: ws,
                _of_pairs(generator, noise, rows),
                distance,
                z=np.stack([ws[rows], ws[(rows + way) % count]]),
                t=np.zeros(len(rows)),
            )
    return found / ways


def draw(generator, ws, detector, *, noise="const", ways=WAYS):
    """The lowest and the highest tenth, each with its path length below it.

    Lengths have two digits: over steps of 1e-4 the rounding of float32 is in
    the third, where a run and an export of it differ.

    Args:
        generator: A `generators.Bound`.
        ws: Styles, `[N, L, D]`, N at least 10.
        detector: What sees distances, `Detectors.of("lpips")`.
        noise: As of `generators`.
        ways: See `of_images`.
    """
    refuse_few(len(ws), ways)
    lengths = of_images(
        generator, ws, detector.distance, noise=noise, ways=ways
    )
    cells, captions, groups = [], [], []
    for name, rows in zip(("lowest", "highest"), tenths(lengths), strict=True):
        made = generator.images(ws[rows], latents.noise_rows(noise, rows))
        texts = [number(length, 2) for length in lengths[rows]]
        starts = range(0, len(rows), _COLUMNS)
        cells += [made[start : start + _COLUMNS] for start in starts]
        captions += [texts[start : start + _COLUMNS] for start in starts]
        groups.append((f"{name} 10 %", len(starts)))
    return plate.images(
        cells,
        groups=groups,
        captions=captions,
        title=f"The path lengths of {len(ws)} images, mean "
        f"{number(lengths.mean(), 2)} ({detector.name})",
    )


def compare(sheets, titles, numbers, detectors):
    """Networks side by side, each below its title and what was measured.

    Args:
        sheets: Images of each network, uint8 `[N, H, W, C]`.
        titles: Of the networks.
        numbers: Of each network, by name: `{"fid5k_full": 8.5, ...}`.
        detectors: Names of what looked at the images.
    """
    columns = math.ceil(math.sqrt(len(sheets[0])))
    headings = []
    for title, known in zip(titles, numbers, strict=True):
        told = [f"{_plain(name)} {number(known[name])}" for name in known]
        headings.append((f"{title}\n{', '.join(told)}", columns))
    cells = [
        [image for sheet in sheets for image in _row(sheet, start, columns)]
        for start in range(0, len(sheets[0]), columns)
    ]
    exact = [re.sub("_psi[^_]*", "", name) for each in numbers for name in each]
    by = f" ({', '.join(detectors)})" if detectors else ""
    title = " and ".join(dict.fromkeys(exact)) + by
    return plate.images(cells, headings=headings, title=title)


def tenths(lengths, most=_ROWS * _COLUMNS):
    """Indices of the lowest and of the highest tenth, ascending.

    Args:
        lengths: `[N]`.
        most: How many of each; of more, some that are evenly apart.
    """
    order = np.argsort(lengths, kind="stable")
    size = max(1, round(len(order) / 10))
    chosen = np.linspace(0, size - 1, min(size, most)).round().astype(int)
    return order[:size][chosen], order[-size:][chosen]


def refuse_few(count, ways):
    """Raises `ValueError` where images are too few for a tenth, or the ways."""
    if count < 10 or ways >= count:
        raise ValueError(
            "Sorting by path length takes 10 images, and more of them than "
            f"ways from each. Received: {terminal.counted(count, 'image')}, "
            f"{terminal.counted(ways, 'way')}"
        )


def number(value, digits=3):
    """A positive number in so many digits, such as 0.770 or 234."""
    rounded = float(f"{value:.{digits}g}")
    if rounded >= 10 ** (digits - 1):
        return f"{rounded:.0f}"
    return f"{rounded:#.{digits}g}".rstrip(".")


def _of_pairs(generator, noise, rows):
    """Both images of every step, of `[2 N, L, D]`, with the noise of `rows`."""
    maps = latents.noise_rows(noise, np.concatenate([rows, rows]))
    return lambda ws: generator.full_size(generator.synthesize(ws, maps))


def _row(images, start, columns):
    """Some images; None where there are no more."""
    row = [*images[start : start + columns]]
    return row + [None] * (columns - len(row))


def _plain(name):
    """What a number is, in words."""
    kinds = {"fid": "FID", "ppl": "path length"}
    return next((kinds[k] for k in kinds if name.startswith(k)), name)
