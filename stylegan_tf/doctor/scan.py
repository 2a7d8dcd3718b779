"""Looks once at every image of a source, or at a sample of a large one."""

import collections
import concurrent.futures
import dataclasses
import hashlib
import os

import numpy as np
from PIL import Image

from stylegan_tf.data import decode, workers

THUMB = 16  # pixels, the side of the small copies
_MOST_IMAGES, _MOST_PIXELS = 100_000, 4e9  # a minute or two on two cores


@dataclasses.dataclass
class Look:
    """What was seen of the images that can be read, a row each.

    Attributes:
        indices: Of the images in the source, rising, int `[M]`.
        shapes: Heights, widths and channels, int `[M, 3]`.
        digests: Of the pixels, two uint64 an image, `[M, 2]`.
        means: Of the brightness, 0 to 255, `[M]`.
        deviations: Its standard deviation, `[M]`.
        is_grey: Whether red, green and blue are the same, `[M]`.
        is_opaque: Whether no pixel is transparent, `[M]`.
        thumbs: Small copies, uint8 `[M, 16, 16, 3]`.
        hashes: Perceptual hashes of rows and of columns, uint64 `[M, 2]`;
            None without ImageHash.
        bad: Pairs (index, reason) of what can not be read.
        is_all: Whether these are all images of the source.
    """

    indices: np.ndarray
    shapes: np.ndarray
    digests: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    is_grey: np.ndarray
    is_opaque: np.ndarray
    thumbs: np.ndarray
    hashes: np.ndarray | None
    bad: list
    is_all: bool

    def __len__(self):
        return len(self.indices)


def look(source, *, max_images=0, watch=lambda count: None):
    """The `Look` at a source.

    Args:
        source: From `sources.open_source`.
        max_images: Look at so many, spread evenly; 0 means as many as a
            minute or two allows.
        watch: Called with the number of images that were just looked at.
    """
    chosen = sample(source, max_images)
    rows, bad = [], []
    for found in _results(source, chosen):
        watch(len(found))
        for index, facts in found:
            if isinstance(facts, str):
                bad.append((index, facts))
            else:
                rows.append((index, *facts))
    columns = list(zip(*rows, strict=True)) or [()] * 9
    arrays = [np.array(column) for column in columns[:8]]
    has_hashes = bool(rows) and rows[0][8] is not None
    return Look(
        *arrays,
        hashes=np.array(columns[8]) if has_hashes else None,
        bad=bad,
        is_all=len(chosen) == len(source),
    )


def sample(source, max_images=0):
    """Indices to look at, rising, int `[M]`."""
    count = len(source)
    limit = max_images or min(_MOST_IMAGES, _MOST_PIXELS // _pixels(source))
    limit = int(max(1, min(limit, count)))
    return np.arange(limit) * count // limit


def _pixels(source):
    """Of the first image that can be read."""
    for index in range(min(len(source), 100)):
        try:
            image = decode.still(source.read(index)).image
            return image.width * image.height
        except decode.BadImage:
            continue
    return 1


def _results(source, chosen):
    """Lists of (index, facts or the reason for none), in order.

    Reading is done here, front to back, as tar archives need; decoding on
    all cores.
    """
    ahead = 2 * (os.cpu_count() or 1)
    pool = concurrent.futures.ThreadPoolExecutor(ahead // 2)
    waiting = collections.deque()
    try:
        for chunk in workers.chunks_of(source, chosen):
            waiting.append(pool.submit(_facts_of_chunk, chunk))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _facts_of_chunk(chunk):
    found = []
    for index, data in chunk:
        facts = data
        if not isinstance(data, str):
            try:
                facts = _facts(decode.still(data).image)
            except decode.BadImage as error:
                facts = str(error)
        found.append((index, facts))
    return found


def _facts(image):
    """A row of `Look`, from its shapes to its hashes, of a PIL image."""
    pixels = np.atleast_3d(image)
    channels = pixels.shape[2]
    digest = hashlib.blake2b(pixels.tobytes(), digest_size=16)
    digest.update(str(pixels.shape).encode())
    grey = image.convert("L")
    counts = np.array(grey.histogram())
    levels = np.arange(256)
    mean = (counts * levels).sum() / counts.sum()
    variance = (counts * (levels - mean) ** 2).sum() / counts.sum()
    colours = pixels[..., : 3 if channels > 2 else 1]
    small = image.convert("RGB").resize((THUMB, THUMB), Image.BILINEAR)
    return (
        pixels.shape,
        np.frombuffer(digest.digest(), np.uint64),
        mean,
        variance**0.5,
        bool((colours == colours[..., :1]).all()),
        channels in (1, 3) or bool((pixels[..., -1] == 255).all()),
        np.asarray(small),
        _hashes(grey),
    )


def _hashes(grey):
    """Two uint64: where brightness rises along rows, and along columns."""
    try:
        import imagehash
    except ImportError:
        return None
    hashes = imagehash.dhash(grey), imagehash.dhash_vertical(grey)
    return np.packbits([each.hash.ravel() for each in hashes]).view(np.uint64)
