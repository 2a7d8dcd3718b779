"""Filters made of Daubechies' symlets, as matrices that act along one axis.

The image is endless: beside it stands its mirror image, edge pixels not
doubled, and so on. The matrices hold that too, and so need no padding.
"""

import functools

import numpy as np

SYM2 = (-0.12940952255092145, 0.22414386804185735)
SYM2 += (0.836516303737469, 0.48296291314469025)
SYM6 = (0.015404109327027373, 0.0034907120842174702, -0.11799011114819057)
SYM6 += (-0.048311742585633, 0.4910559419267466, 0.787641141030194)
SYM6 += (0.3379294217276218, -0.07263752278646252, -0.021060292512300564)
SYM6 += (0.04472490177066578, 0.0017677118642428036, -0.007800708325034148)


@functools.cache
def upsampler(size):
    """`[4 * size - 3, size]`: an axis, its mirror image, at double density.

    Row X makes the value at pixel X / 2. The pattern repeats after
    4 * size - 4 rows; the last row is the first again.
    """
    taps = _averaging(SYM6)
    matrix = np.zeros((4 * size - 3, size), np.float32)
    for row in range(len(matrix)):
        # The centre of the taps lies between the fifth and the sixth.
        for pixel in range(row // 2 - 3, row // 2 + 4):
            tap = 5 + row - 2 * pixel
            if 0 <= tap < len(taps):
                matrix[row, mirrored(pixel, size)] += 2 * taps[tap]
    return matrix


@functools.cache
def downsampler(size):
    """`[size, 2 * size + 10]`: the way back; column X is at (X - 5) / 2."""
    taps = _averaging(SYM6)
    matrix = np.zeros((size, 2 * size + len(taps) - 2), np.float32)
    for row in range(size):
        matrix[row, 2 * row : 2 * row + len(taps)] = taps
    return matrix


@functools.cache
def band_filters(size):
    """`[4, size, size]`: filters an axis to each of the bands."""
    matrices = np.zeros((4, size, size), np.float32)
    for matrix, taps in zip(matrices, bands(), strict=True):
        reach = len(taps) // 2
        for row in range(size):
            for offset, tap in enumerate(taps, -reach):
                matrix[row, mirrored(row + offset, size)] += tap
    return matrices


def bands():
    """Taps `[4, 43]` of four bands, lowest octave first; they sum to 1.

    The upper half of the frequencies is split off, then the upper half of
    what is left, three times.
    """
    low = _averaging(SYM2)
    high = low * (-1) ** np.arange(len(low))
    split_low, split_high = (np.convolve(f, f[::-1]) for f in (low, high))
    rest, found = np.ones(1), []
    for step in (1, 2, 4):
        found.append(np.convolve(rest, _spread(split_high, step)))
        rest = np.convolve(rest, _spread(split_low, step))
    found.append(rest)
    borders = [(len(rest) - len(taps)) // 2 for taps in found]
    return np.stack(
        [np.pad(f, b) for f, b in zip(found, borders, strict=True)][::-1]
    )


def mirrored(pixel, size):
    """The pixel of an axis of `size` that is seen at `pixel`."""
    period = max(2 * (size - 1), 1)
    return min(pixel % period, -pixel % period)


def _averaging(taps):
    return np.array(taps) / np.sum(taps)


def _spread(taps, step):
    """The taps with `step - 1` zeros between them."""
    spread = np.zeros((len(taps) - 1) * step + 1)
    spread[::step] = taps
    return spread
