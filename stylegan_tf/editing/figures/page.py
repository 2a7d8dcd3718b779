"""The page of a figure of images: where tiles and labels are, in pixels."""

import numpy as np

from stylegan_tf import pictures

TEXT, TITLE = 9, 11  # points


class Page:
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
            has_images = any(map(is_image, rows))
            wide = self.width if has_images else self.extent(rows, TEXT)[0]
            left += wide + self.edge
        if len(columns):
            has_images = any(map(is_image, columns))
            high = self.extent(columns, self.column_size)[1] + 2 * self.gap
            top += self.height + self.edge if has_images else high
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
            if is_image(label):
                self.tile(label, self.rows_at, y)
            else:
                x = xs[0] - self.edge
                self.text(x, y + self.height / 2, label, ha="right")
        for label, x in zip(columns, xs, strict=False):
            if is_image(label):
                self.tile(label, x, self.columns_at)
            else:
                x, y = x + self.width / 2, ys[0] - 2 * self.gap
                self.text(x, y, label, size=self.column_size, va="bottom")

    def group_labels(self, groups, ys):
        """The texts of the groups, upright, each beside a line."""
        first, x = 0, self.rows_at - 2 * self.gap
        for text, count in groups:
            start, end = ys[first], ys[first + count - 1] + self.height
            size = self.fitting([text], end - start)
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


def is_image(label):
    """Whether it is neither a text nor an empty place."""
    return not (label is None or isinstance(label, str))


def _pauses(groups, count):
    """How many groups end before each place."""
    ends = np.cumsum([size for _, size in groups])
    return [int(np.sum(ends <= row)) for row in range(count)]
