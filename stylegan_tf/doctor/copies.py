"""Finds images that are there twice, exactly or nearly.

Nearly alike are two whose perceptual hashes (ImageHash's dhash, of rows and
of columns) differ in few bits, and whose small copies differ nowhere by more
than a few grey levels once brightness and contrast are matched. Both limits
were set by hand on drawings and on Fashion-MNIST: most copies that were
enlarged, shrunk, brightened or saved as JPEG are found, and of all different
pairs some tens (18 of 12,000 drawings, 36 of 60,000 clothes) fall below.
"""

import numpy as np

from stylegan_tf.doctor import scan

_BITS = 12  # of 128, in which hashes may differ
_LEVELS = 14.0  # of 255, by which small copies may differ
_ROWS = 256  # compared with all others at once


def exact(look):
    """Row of the first image with the same pixels, its own if it is that."""
    _, first, group = np.unique(
        look.digests, axis=0, return_index=True, return_inverse=True
    )
    return first[group.ravel()]


def count(first):
    """How many different images there are, by what `exact` gave."""
    return int((first == np.arange(len(first))).sum())


def near(look, first, watch=lambda count: None):
    """Row of the earliest image that is nearly alike, its own if none is.

    Exact copies are left out: each row of them is its own.

    Args:
        look: A `scan.Look` with hashes.
        first: As of `exact`.
        watch: Called with the number of rows that were just compared.
    """
    found = np.arange(len(look))
    rows = np.flatnonzero(first == found)
    hashes = np.ascontiguousarray(look.hashes[rows].T)
    for start in range(0, len(rows), _ROWS):
        mine = rows[start : start + _ROWS]
        open_ = start + np.flatnonzero(found[rows[start:]] == rows[start:])
        earlier, later = _candidates(hashes, start, len(mine), open_)
        alike = _are_alike(look, rows[earlier], rows[later])
        for a, b in zip(rows[earlier[alike]], rows[later[alike]], strict=True):
            if found[b] == b:
                found[b] = found[a]
        watch(len(mine))
    return found


def _candidates(hashes, start, count, others):
    """Pairs (earlier, later) whose hashes are close, by the later one.

    Args:
        hashes: uint64 `[2, K]`.
        start: First of the earlier ones.
        count: How many they are.
        others: Rising, int: which may be the later one.
    """
    mine = hashes[:, start : start + count, None]
    theirs = hashes[:, None, others]
    bits = np.bitwise_count(mine[0] ^ theirs[0])
    bits += np.bitwise_count(mine[1] ^ theirs[1])
    later, earlier = np.nonzero(bits.T <= _BITS)
    earlier, later = earlier + start, others[later]
    is_pair = earlier < later
    return earlier[is_pair], later[is_pair]


def _are_alike(look, left, right):
    """Whether small copies differ by no more than `_LEVELS`, bool `[P]`."""
    alike = np.empty(len(left), bool)
    for start in range(0, len(left), 8192):
        part = slice(start, start + 8192)
        shape = -1, 3 * scan.THUMB**2
        a = look.thumbs[left[part]].reshape(shape).astype(np.float32)
        b = look.thumbs[right[part]].reshape(shape).astype(np.float32)
        a -= a.mean(1, keepdims=True)
        b -= b.mean(1, keepdims=True)
        power = np.maximum(np.einsum("pi,pi->p", a, a), 1.0)
        gain = np.einsum("pi,pi->p", a, b) / power
        rest = np.abs(b - gain[:, None] * a).max(1)
        alike[part] = rest <= _LEVELS
    return alike
