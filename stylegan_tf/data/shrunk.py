"""A source's images at a smaller size, kept in memory once they are made."""

import numpy as np

from stylegan_tf.data import decode, shapes, sources

_KEPT_BYTES = 1 << 30  # larger sets are shrunk again every time


def shrink(image, factor):
    """uint8 `[H, W, C]` as means of boxes, `[H // factor, W // factor, C]`.

    Rounded as the levels of the official multi-resolution TFRecords are.
    """
    height, width, channels = image.shape
    boxes = image.reshape(
        height // factor, factor, width // factor, factor, channels
    )
    return np.rint(boxes.mean((1, 3), dtype=np.float32)).astype(np.uint8)


def at_resolution(source, resolution):
    """The `Source` with a longer side of `resolution` pixels.

    Args:
        source: A `sources.Source`; official TFRecords give their own level.
        resolution: What the source's is, or a half of it, or a third...

    Raises:
        ValueError: If it is not, with the command that prepares the images.
    """
    height, width, channels = source.image_shape
    if max(height, width) == resolution:
        return source
    if getattr(source.store, "sizes", None):  # official levels
        small = sources.open_source(source.path, resolution)
        small.wanted_shape = source.wanted_shape or source.image_shape
        return small
    factor = max(height, width) // resolution
    if max(height, width) % resolution or height % factor or width % factor:
        expected = resolution, resolution, channels
        raise ValueError(shapes.other_size(source, expected))
    store = ShrunkStore(source, factor)
    small = sources.Source(store, name=source.name, path=source.path)
    small.wanted_shape = source.wanted_shape or source.image_shape
    return small


class ShrunkStore:
    """What a `sources.Source` reads small images from."""

    def __init__(self, source, factor):
        store = source.store
        self.random_access = store.random_access
        self.names, self.labels = store.names, store.labels
        self.class_names, self.metadata = store.class_names, store.metadata
        self.others, self.unread = store.others, store.unread
        self._source, self._factor = source, factor
        height, width, channels = source.image_shape
        shape = (height // factor, width // factor, channels)
        self._kept = None
        if len(source) * np.prod(shape) <= _KEPT_BYTES:
            self._kept = np.zeros((len(source), *shape), np.uint8)
            self._is_kept = np.zeros(len(source), bool)

    def read(self, index):
        """uint8 pixels `[H, W, C]` of image `index`; thread safe."""
        if self._kept is not None and self._is_kept[index]:
            return self._kept[index]
        image = decode.pixels(self._source.read(index))
        if image.shape != self._source.image_shape:
            raise ValueError(
                shapes.mismatch(self._source, index, self._source.image_shape)
            )
        small = shrink(image, self._factor)
        if self._kept is not None:
            self._kept[index] = small
            self._is_kept[index] = True
        return small
