"""The one way to a figure: images with labels on their axes, as PNG or PDF.

`images` lays tiles out, `blank` is a page for curves, `save` writes either.
All lengths of the layout are pixels of the PNG, so that every pixel of an
image is a square of whole ones; in a PDF the labels are text.
"""

import pathlib

import numpy as np

from stylegan_tf import files
from stylegan_tf.editing.figures import page as page_lib

SUFFIXES = (".png", ".pdf")
TEXT, TITLE = page_lib.TEXT, page_lib.TITLE
_DPI = 192  # at least; more where the images have more pixels
_WIDTH = 8.0  # inches that a row of tiles is to fill
_SIDES = (0.7, 2.0)  # inches of a tile's longer side, if it has few pixels
# The date, and the version that wrote it: the same figure is the same bytes.
_NO_METADATA = {
    ".png": {"Software": None},
    ".pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}


def images(
    cells,
    *,
    rows=(),
    columns=(),
    groups=(),
    headings=(),
    captions=(),
    corner="",
    title="",
):
    """A matplotlib `Figure` of rows of images.

    Args:
        cells: Rows of images, uint8 `[H, W, C]`, C = 1 to 4; None leaves a
            place empty. All are shown at one size, by the nearest pixels.
        rows: A label for every row, on its left: a text or an image.
        columns: A label for every column, above it; likewise.
        groups: Pairs (text, number of rows): what rows in turn have in
            common, beside a line at the far left.
        headings: Likewise of columns, above a line.
        captions: Rows of texts, one below each image.
        corner: A text where labels of images meet.
        title: A line above all.
    """
    shown = [i for part in (*cells, rows, columns) for i in part]
    shapes = [i.shape[:2] for i in shown if page_lib.is_image(i)]
    height, width = map(max, zip(*shapes, strict=True))
    across = max(map(len, cells)) + any(map(page_lib.is_image, rows))
    longer = max(height, width)
    smallest, largest = _SIDES
    inches = np.clip(_WIDTH / across, smallest, max(largest, longer / _DPI))
    factor = max(1, round(inches * _DPI / longer))
    height, width = height * factor, width * factor
    figure = blank(1, 1, dpi=longer * factor / inches)
    page = page_lib.Page(figure, height, width)
    left, top = page.margins(rows, columns, groups, headings, title)
    pitch = height + page.gap + page.room_below(captions)
    xs = page.places(left, width + page.gap, max(map(len, cells)), headings)
    ys = page.places(top, pitch, len(cells), groups)
    for row, y in zip(cells, ys, strict=True):
        for cell, x in zip(row, xs, strict=False):
            page.tile(cell, x, y)
    page.labels(rows, columns, xs, ys)
    page.group_labels(groups, ys)
    page.heading_labels(headings, xs)
    page.captions(captions, xs, ys)
    if corner:
        page.corner(corner, left, top)
    page.close(xs[-1] + width, ys[-1] + pitch - page.gap, title)
    return figure


def blank(width, height, *, dpi=_DPI, **options):
    """An empty `Figure`, for curves or a layout of one's own.

    Args:
        width: Inches, likewise `height`.
        height: See `width`.
        dpi: Pixels an inch of the PNG.
        **options: Of `matplotlib.figure.Figure`.
    """
    figure, backend_agg = library()
    # Without pyplot: no window, nothing that outlives the figure.
    made = figure.Figure((width, height), dpi=dpi, **options)
    backend_agg.FigureCanvasAgg(made)
    return made


def library():
    """What is needed of matplotlib, imported.

    Raises:
        ImportError: If it is missing.
    """
    try:
        from matplotlib import figure
        from matplotlib.backends import backend_agg
    except ImportError as error:
        raise ImportError(
            "Figures are drawn with matplotlib: "
            "`pip install 'stylegan_tf[figures]'`, or `make venv`."
        ) from error
    return figure, backend_agg


def save(figure, path):
    """Writes a figure whole or not at all, as the suffix of `path` says.

    Args:
        figure: A `Figure`.
        path: Ends in one of `SUFFIXES`.
    """
    path = pathlib.Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(
            f"Figures are written as {' or '.join(SUFFIXES)}. Received: {path}"
        )
    with files.whole(path) as temporary:
        figure.savefig(
            temporary,
            format=suffix[1:],
            dpi=figure.dpi,
            metadata=_NO_METADATA[suffix],
        )
