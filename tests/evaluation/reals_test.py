"""Real images: what is kept of them, and when it is made anew."""

import os
import pathlib
import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import cache, images
from stylegan_tf.evaluation import job, reals
from tests.helpers import evaluations, running, support


class _Detector:
    """Means of the colours; counts what it saw."""

    name, label, sha256, resize = "means", "test", "", "none"

    def __init__(self):
        self.seen = 0

    def features(self, images):
        self.seen += len(images)
        return images.reshape(len(images), -1, 3).mean(1).astype(np.float32)


class RealsTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)
        os.environ[cache.VARIABLE] = str(self.folder / "cache")
        self.addCleanup(os.environ.pop, cache.VARIABLE)
        self.data = evaluations.faces(self.folder / "faces", labels=2)
        self.detector = _Detector()

    def _reals(self, **options):
        return reals.Reals(self.data, support.small_config(), **options)

    def _wanted(self, count=None, is_mirrored=False, dtype=None):
        count = count or self._reals().count()
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
            again[wanted[0]].covariance(), np.cov(features, rowvar=False)
        )

    def test_every_image_is_looked_at_once(self):
        wanted = self._wanted(dtype="float32")
        features = self._reals().collect([wanted])[wanted]
        self.assertLen(np.unique(features, axis=0), 40)

    @pytest.mark.slow
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
        evaluations.faces(
            self.folder / "faces", count=41, labels=2
        )  # another file
        before = self.detector.seen
        self._reals().collect([self._wanted()])
        self.assertEqual(self.detector.seen, before + 41)

    def test_a_damaged_file_is_made_anew(self):
        wanted = self._wanted()
        self._reals().collect([wanted])
        (file,) = (self.folder / "cache").rglob("*.npz")
        file.write_bytes(file.read_bytes()[:50])
        self._reals().collect([wanted])
        self.assertEqual(self.detector.seen, 80)

    def test_labels_are_drawn_from_the_data(self):
        config = support.small_config(label_size=2)
        network = types.SimpleNamespace(config=config)
        work = job.Job(network, None, reals.Reals(self.data, config))
        labels = work.draw_labels()(100)
        self.assertEqual(labels.shape, (100, 2))
        self.assertAllInRange(labels[:, 0].mean(), 0.3, 0.7)
        for data, size, found in (
            (self.data, 3, "2 classes"),
            (evaluations.faces(self.folder / "plain"), 2, "none"),
        ):
            config = support.small_config(label_size=size)
            with self.assertRaisesRegex(
                ValueError, f"labels of {size}(.)* are: {found}"
            ):
                reals.Reals(data, config)

    @pytest.mark.slow
    def test_links_are_followed_as_the_reader_does(self):
        """Another folder's pictures are replaced: the link stays as it was."""
        linked = self.folder / "linked"
        linked.mkdir()
        (linked / "more").symlink_to(self.data)
        evaluations.faces(self.folder / "far", count=9, seed=2)
        (linked / "one.png").symlink_to(self.folder / "far" / "000.png")
        wanted = self._wanted(count=41)
        for change in (
            lambda: None,
            lambda: evaluations.faces(self.folder / "faces", seed=1),
            lambda: evaluations.faces(self.folder / "far", count=1, seed=1),
        ):
            change()
            before = self.detector.seen
            made = reals.Reals(linked, support.small_config())
            made.collect([wanted])
            self.assertEqual(self.detector.seen, before + 41)
        made.collect([wanted])
        self.assertEqual(self.detector.seen, before + 41)

    def test_a_link_to_a_folder_above_ends(self):
        (self.folder / "faces" / "up").symlink_to(self.folder / "faces")
        self.assertEqual(
            reals.fingerprint(self.data), reals.fingerprint(self.data)
        )

    def test_what_cannot_be_read_is_one_line(self):
        (self.folder / "faces" / "dataset.json").unlink()
        path = self.folder / "faces" / "zzz.png"
        for make, message in (
            (
                lambda: path.symlink_to("nowhere.png"),
                "zzz.png cannot be used.*prepare_dataset .*--resolution=16 "
                "--channels=3",
            ),
            (
                lambda: images.write_png(path, np.zeros((8, 8, 3), "uint8")),
                "zzz.png is 8x8x3; expected 16x16x3.*--resolution=16",
            ),
            (
                lambda: images.write_png(path, np.zeros((16, 16, 1), "uint8")),
                "zzz.png is 16x16x1; expected 16x16x3.*--channels=3",
            ),
        ):
            path.unlink(missing_ok=True)
            make()
            with self.assertRaisesRegex(ValueError, message) as context:
                self._reals().collect([self._wanted()])
            self.assertLen(str(context.exception).splitlines(), 1)

    @parameterized.parameters(
        (8, 8, 3), (32, 32, 3), (50, 50, 3), (16, 16, 1), (24, 16, 4)
    )
    @pytest.mark.slow
    def test_another_size_is_refused_with_a_command_that_mends_it(self, *shape):
        """(H, W, C); the command is parsed, and what it says is done."""
        other = self.folder / "other"
        other.mkdir()
        for index in range(3):
            pixels = np.full(shape, 50 * index, np.uint8)
            images.write_png(other / f"{index}.png", pixels)
        config = support.small_config()
        height, width, channels = shape
        with self.assertRaisesRegex(
            ValueError,
            f"{width}x{height}x{channels}; expected 16x16x3",
        ) as context:
            reals.Reals(other, config)
        self.assertLen(str(context.exception).splitlines(), 1)
        _, command = str(context.exception).split("Prepare the images with: ")
        words = running.words_of(command)
        flags = words[words.index("tools.prepare_dataset") + 1 :]
        done = running.run("prepare_dataset", *flags)
        self.assertEqual(done.code, 0, done.errors)
        output = running.parse(command)["output"]
        self.assertEqual(reals.Reals(output, config).count(), 3)


if __name__ == "__main__":
    tf.test.main()
