"""Says which image is shown when, as a function of seed and position."""

import functools

import numpy as np

_EPOCH, _FLIP, _LABEL = 1, 2, 3  # purposes, so that draws are unrelated


def order(seed, position, size):
    """Index of the image shown at `position` (an int, or ints `[N]`).

    Every run of `size` positions, an epoch, is a new permutation.
    """
    positions = np.asarray(position, np.int64)
    epochs, rows = np.divmod(positions.reshape(-1), size)
    indices = np.empty_like(rows)
    for epoch in np.unique(epochs):
        here = epochs == epoch
        indices[here] = _permutation(int(seed), int(epoch), size)[rows[here]]
    return indices.reshape(positions.shape)


def flips(seed, positions):
    """Whether the images at `positions` are mirrored: fair coins."""
    return _draw(seed, _FLIP, positions) >> np.uint64(63) == 1


def random_labels(source_labels, seed, positions, stream=0):
    """Labels drawn from `source_labels` `[M, L]`: float32 `[N, L]`.

    None as `source_labels` gives `[N, 0]`. Draws of two streams are
    unrelated.
    """
    positions = np.asarray(positions).reshape(-1)
    if source_labels is None:
        return np.zeros([len(positions), 0], np.float32)
    draws = _draw(seed, _LABEL + (stream << 8), positions)
    rows = (draws % np.uint64(len(source_labels))).astype(np.int64)
    return np.asarray(source_labels[rows], np.float32)


@functools.lru_cache(maxsize=4)
def _permutation(seed, epoch, size):
    draws = _draw(seed, _EPOCH + (epoch << 8), np.arange(size))
    return np.argsort(draws, kind="stable")


def _draw(seed, purpose, positions):
    """64 random bits per position: a counter through an avalanche mix.

    Our own rather than NumPy's generators, whose streams may change.
    """
    positions = np.asarray(positions)
    state = positions.reshape(-1).astype(np.uint64)
    for key in np.array([[seed], [purpose]], np.int64).astype(np.uint64):
        state = _mix(state + _mix(key))
    return state.reshape(positions.shape)


def _mix(bits):
    """The finaliser of SplitMix64 (Steele et al., 2014)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
