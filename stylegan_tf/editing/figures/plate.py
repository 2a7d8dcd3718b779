"""The one way to a figure: images with labels on their axes, as PNG or PDF.

`images` lays tiles out, `blank` is a page for curves, `save` writes either.
All lengths of the layout are pixels of the PNG, so that every pixel of an
image is a square of whole ones; in a PDF the labels are text.
"""

import pathlib

import numpy as np

from stylegan_tf import files, pictures

SUFFIXES = (".png", ".pdf")
TEXT, TITLE = 9, 11  # points

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
    shapes = [i.shape[:2] for i in shown if _is_image(i)]
    height, width = map(max, zip(*shapes, strict=True))
    across = max(map(len, cells)) + any(map(_is_image, rows))
    longer = max(height, width)
    smallest, largest = _SIDES
    inches = np.clip(_WIDTH / across, smallest, max(largest, longer / _DPI))
    factor = max(1, round(inches * _DPI / longer))
    height, width = height * factor, width * factor
    figure = blank(1, 1, dpi=longer * factor / inches)
    page = _Page(figure, height, width)
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


class _Page:
    """One axes over all of a figure, in pixels, that tiles are put on."""

    def __init__(self, figure, height, width):
        self.figure, self.height, self.width = figure, height, width
        self.axes = figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.gap = max(1, round(figure.dpi / 48))
        self.edge = 4 * self.gap  # around all, and between labels and tiles

    def margins(self, rows, columns, groups, headings, title):
        """Where the first tile is; chooses the sizes of the texts."""
        self.column_size = self.fitting(columns, self.width)
        self.group_size = TEXT
        left = top = self.edge
        if groups:
            texts = [text for text, _ in groups]
            _, high = self.extent(texts, TEXT)
            left += high + 2 * self.gap
        if title:
            top += self.extent([title], TITLE)[1] + self.edge
        if headings:
            texts = [text for text, _ in headings]
            self.headings_at = top + self.extent(texts, TEXT)[1] + self.gap
            top = self.headings_at + 3 * self.gap
        self.rows_at, self.columns_at = left, top
        if len(rows):
            is_image = any(map(_is_image, rows))
            wide = self.width if is_image else self.extent(rows, TEXT)[0]
            left += wide + self.edge
        if len(columns):
            is_image = any(map(_is_image, columns))
            high = self.extent(columns, self.column_size)[1]
            top += self.height + self.edge if is_image else high + 2 * self.gap
        return left, top

    def room_below(self, captions):
        """What captions need below each row, in pixels; chooses their size."""
        texts = [text for row in captions for text in row]
        self.caption_size = self.fitting(texts, self.width)
        high = self.extent(texts, self.caption_size)[1]
        return high + 4 * self.gap if texts else 0

    def places(self, first, pitch, count, groups):
        """Where tiles begin along one axis; groups stand apart."""
        pauses = np.array(_pauses(groups, count))
        return first + pitch * np.arange(count) + 4 * self.gap * pauses

    def extent(self, labels, size):
        """Largest width and height of the texts among `labels`, in pixels."""
        renderer, sizes = self.figure.canvas.get_renderer(), [(0, 0)]
        for label in labels:
            if isinstance(label, str):
                text = self.axes.text(0, 0, label, fontsize=size)
                box = text.get_window_extent(renderer)
                sizes.append((box.width, box.height))
                text.remove()
        return [int(np.ceil(max(each))) for each in zip(*sizes, strict=True)]

    def fitting(self, labels, width):
        """Points at which no text is wider than `width`, at most `TEXT`."""
        return TEXT * min(1.0, width / max(1, self.extent(labels, TEXT)[0]))

    def tile(self, image, x, y):
        """Puts an image in the middle of the tile at `x`, `y`."""
        if image is None:
            return
        height, width = image.shape[:2]
        scale = min(self.height / height, self.width / width)
        high, wide = round(height * scale), round(width * scale)
        image = image[np.arange(high) * height // high]
        image = image[:, np.arange(wide) * width // wide]
        x, y = x + (self.width - wide) // 2, y + (self.height - high) // 2
        self.axes.imshow(
            pictures.to_rgb(image),
            extent=(x, x + wide, y + high, y),
            interpolation="none",  # as it is, in PDFs also
        )

    def labels(self, rows, columns, xs, ys):
        for label, y in zip(rows, ys, strict=False):
            if _is_image(label):
                self.tile(label, self.rows_at, y)
            else:
                x = xs[0] - self.edge
                self.text(x, y + self.height / 2, label, ha="right")
        for label, x in zip(columns, xs, strict=False):
            if _is_image(label):
                self.tile(label, x, self.columns_at)
            else:
                x, y = x + self.width / 2, ys[0] - 2 * self.gap
                self.text(x, y, label, size=self.column_size, va="bottom")

    def group_labels(self, groups, ys):
        """The texts of the groups, upright, each beside a line."""
        first, x = 0, self.rows_at - 2 * self.gap
        for text, count in groups:
            start, end = ys[first], ys[first + count - 1] + self.height
            size = TEXT * min(
                1.0, (end - start) / max(1, self.extent([text], TEXT)[0])
            )
            self.text(
                x - self.gap,
                (start + end) / 2,
                text,
                size=size,
                ha="right",
                rotation=90,
                multialignment="center",
            )
            self.axes.plot([x, x], [start, end], color="black", linewidth=0.8)
            first += count

    def heading_labels(self, headings, xs):
        """The texts of groups of columns, each above a line."""
        first = 0
        for text, count in headings:
            y = self.headings_at
            start, end = xs[first], xs[first + count - 1] + self.width
            size = self.fitting([text], end - start)
            middle = (start + end) / 2
            self.text(middle, y - self.gap, text, size=size, va="bottom")
            self.axes.plot([start, end], [y, y], color="black", linewidth=0.8)
            first += count

    def captions(self, captions, xs, ys):
        for row, y in zip(captions, ys, strict=False):
            for text, x in zip(row, xs, strict=False):
                x, below = x + self.width / 2, y + self.height + 2 * self.gap
                self.text(x, below, text, size=self.caption_size, va="top")

    def corner(self, text, left, top):
        x, y = left - self.edge - self.width / 2, top - self.edge
        size = self.fitting([text], 0.9 * self.width)
        self.text(x, y - self.height / 2, text, size=size)

    def text(self, x, y, text, size=TEXT, **options):
        options = {"ha": "center", "va": "center", **options}
        self.axes.text(x, y, text, fontsize=size, **options)

    def close(self, right, bottom, title):
        """Sets the title and the size of the figure."""
        wide, high = right + self.edge, bottom + self.edge
        start = 0
        if title:
            needed = self.extent([title], TITLE)[0] + 2 * self.edge
            start = min(0, (wide - needed) // 2)
            wide -= 2 * start
            middle = start + wide / 2
            self.text(middle, self.edge, title, size=TITLE, va="top")
        self.axes.set(xlim=(start, start + wide), ylim=(high, 0), aspect="auto")
        # A hair more: pixels are counted by rounding down.
        size = (np.array([wide, high]) + 1e-6) / self.figure.dpi
        self.figure.set_size_inches(*size)


def _is_image(label):
    return not (label is None or isinstance(label, str))


def _pauses(groups, count):
    """How many groups end before each row."""
    ends = np.cumsum([size for _, size in groups])
    return [int(np.sum(ends <= row)) for row in range(count)]
