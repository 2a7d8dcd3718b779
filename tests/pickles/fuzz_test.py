"""Official files cut off and with flipped bits: arrays, or one clear error."""

import time

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.interop import network_files
from stylegan_tf.pickles import refusal
from tests.helpers import support

_FILES = sorted(
    path.name
    for pattern in ("k6*.pkl", "k12*.pt")
    for path in support.GOLDEN.glob(pattern)
)
_STEP = 1000  # bytes between two cuts
_FLIPS = {"k6a": 50, "k6d": 50, "k6b": 400, "k12": 150}
_HEAD, _HEAD_FLIPS = 2000, 60
_SECONDS = 5


def _read(content):
    """What came of it: None or the error, which must be a ValueError."""
    start = time.perf_counter()
    try:
        network_files.read_official(content)
    except ValueError as error:
        return error, time.perf_counter() - start
    return None, time.perf_counter() - start


def _flips(content, count, seed):
    """The content with one to eight bits flipped, `count` times."""
    random = np.random.default_rng(seed)
    numbers = np.frombuffer(content, np.uint8)
    for _ in range(count):
        flipped = numbers.copy()
        for place in random.integers(0, len(content), random.integers(1, 9)):
            flipped[place] ^= 1 << random.integers(0, 8)
        yield flipped.tobytes()


@pytest.mark.slow
class FuzzTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_FILES)
    def test_a_file_cut_off_is_refused(self, name):
        content = (support.GOLDEN / name).read_bytes()
        for size in [*range(0, len(content), _STEP), len(content) - 1]:
            error, seconds = _read(content[:size])
            self.assertIsInstance(error, refusal.RefusedPickle, size)
            self.assertRegex(str(error), "cut off|damaged|no file|has no end")
            self.assertLess(seconds, _SECONDS)

    @parameterized.parameters(*enumerate(_FILES))
    def test_flipped_bits_end_in_arrays_or_an_error(self, seed, name):
        content = (support.GOLDEN / name).read_bytes()
        count = _FLIPS[name.split("_")[0]]
        refused = 0
        for flipped in _flips(content, count, seed):
            error, seconds = _read(flipped)
            self.assertLess(seconds, _SECONDS)
            self.assertLess(len(str(error)), 1000)
            refused += error is not None
        self.assertBetween(refused, 1, count)

    @parameterized.parameters(*enumerate(_FILES))
    def test_flipped_bits_among_the_opcodes(self, seed, name):
        content = (support.GOLDEN / name).read_bytes()
        for flipped in _flips(content[:_HEAD], _HEAD_FLIPS, 100 + seed):
            error, seconds = _read(flipped + content[_HEAD:])
            self.assertLess(seconds, _SECONDS)
            self.assertLess(len(str(error)), 1000)


if __name__ == "__main__":
    tf.test.main()
