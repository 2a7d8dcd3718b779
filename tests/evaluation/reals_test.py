"""Real images: what is kept of them, and when it is made anew."""

import os
import pathlib

import numpy as np
import tensorflow as tf

from stylegan_tf.evaluation import reals
from stylegan_tf.interop import published
from stylegan_tf.metrics import fid
from tests import support
from tests.evaluation import making


class _Detector:
    """Means of the colours; counts what it saw."""

    name, label, sha256, resize = "means", "test", "", "none"

    def __init__(self):
        self.seen = 0

    def features(self, images):
        self.seen += len(images)
        return images.reshape(len(images), -1, 3).mean(1).astype(np.float32)


class RealsTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        os.environ[published.CACHE_VARIABLE] = str(self.folder / "cache")
        self.addCleanup(os.environ.pop, published.CACHE_VARIABLE)
        self.data = making.faces(self.folder / "faces", labels=2)
        self.detector = _Detector()

    def _reals(self, **options):
        return reals.Reals(self.data, support.small_config(), **options)

    def _wanted(self, count=None, is_mirrored=False, dtype=None):
        return reals.Wanted(self.detector, count, is_mirrored, dtype)

    def test_one_pass_serves_all_and_the_next_time_none_is_needed(self):
        wanted = [
            self._wanted(),
            self._wanted(dtype="float32"),
            self._wanted(count=10, dtype="float16"),
        ]
        found = self._reals().collect(wanted)
        self.assertEqual(self.detector.seen, 40)
        features = found[wanted[1]]
        self.assertEqual(features.shape, (40, 3))
        self.assertAllEqual(found[wanted[2]], features[:10].astype("float16"))
        again = self._reals().collect(wanted)
        self.assertEqual(self.detector.seen, 40)
        self.assertAllEqual(again[wanted[1]], features)
        self.assertAllClose(
            again[wanted[0]].covariance(),
            fid.Statistics.of(features).covariance(),
        )

    def test_every_image_is_looked_at_once(self):
        wanted = self._wanted(dtype="float32")
        features = self._reals().collect([wanted])[wanted]
        self.assertLen(np.unique(features, axis=0), 40)

    def test_what_it_depends_on_makes_it_anew(self):
        made = self._wanted()
        self._reals().collect([made])
        for other, options in (
            (self._wanted(count=9), {}),
            (self._wanted(is_mirrored=True), {}),
            (made, {"seed": 1}),
            (made, {"keeps": False}),
        ):
            before = self.detector.seen
            self._reals(**options).collect([other])
            self.assertGreater(self.detector.seen, before, (other, options))
        making.faces(self.folder / "faces", count=41, labels=2)  # another file
        before = self.detector.seen
        self._reals().collect([made])
        self.assertEqual(self.detector.seen, before + 41)

    def test_a_damaged_file_is_made_anew(self):
        wanted = self._wanted()
        self._reals().collect([wanted])
        (file,) = (self.folder / "cache").rglob("*.npz")
        file.write_bytes(file.read_bytes()[:50])
        self._reals().collect([wanted])
        self.assertEqual(self.detector.seen, 80)

    def test_labels_are_drawn_from_the_data(self):
        made = reals.Reals(self.data, support.small_config(label_size=2))
        labels = made.labels(np.random.RandomState(0))(100)
        self.assertEqual(labels.shape, (100, 2))
        self.assertAllInRange(labels[:, 0].mean(), 0.3, 0.7)
        other = reals.Reals(self.data, support.small_config(label_size=3))
        with self.assertRaisesRegex(ValueError, "labels of 3"):
            other.labels(np.random.RandomState(0))


if __name__ == "__main__":
    tf.test.main()
