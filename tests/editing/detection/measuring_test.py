"""Both kinds of images, their distances, and what is kept of them."""

import json
import pathlib

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, images
from stylegan_tf.editing.detection import measuring
from stylegan_tf.editing.projection import projector
from stylegan_tf.features import detectors
from tests.helpers import evaluations, running

_NETWORK = running.ROOT / "tests/fixtures/quickstart"


class _Means:
    """A projector whose distance is an image's mean."""

    def __init__(self, most=None):
        self.batches, self._most = 0, most

    def project(self, targets, batch_size):
        if self.batches == self._most:
            raise KeyboardInterrupt
        self.batches += 1
        means = np.asarray(targets, np.float32).mean((1, 2, 3))
        return projector.Found(None, [], means)


def _sets(count, first=0):
    """Images that are `first`, `first` + 1, ... all over, and 100 more."""

    def images(rows, start):
        values = start + np.arange(rows.start, rows.stop)
        return np.broadcast_to(
            values[:, None, None, None], (len(values), 2, 2, 1)
        )

    return {
        "real": (count, lambda rows: images(rows, first)),
        "generated": (count, lambda rows: images(rows, first + 100)),
    }


def _settings(**fields):
    plain = {"network": "a", "looks": [1.0, 2.0], "steps": 2, "batch_size": 4}
    return {**plain, **fields}


class DetectionTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def test_distances_are_told_batch_by_batch(self):
        (_, real), _ = _sets(5).values()
        seen = []
        found = measuring.distances(
            _Means(), real(slice(0, 5)), 2, report=seen.append
        )
        self.assertEqual(found, [0, 1, 2, 3, 4])
        self.assertEqual(seen, [2, 2, 1])

    def test_what_was_interrupted_goes_on(self):
        path, settings = self.folder / "distances.json", _settings()
        with self.assertRaises(KeyboardInterrupt):
            measuring.measure(_Means(most=3), _sets(10), path, settings)
        kept = json.loads(path.read_text())
        self.assertEqual((len(kept["real"]), len(kept["generated"])), (8, 4))
        again, seen = _Means(), []
        found = measuring.measure(
            again, _sets(10), path, settings, report=seen.append
        )
        self.assertEqual(again.batches, 3)
        self.assertEqual(sum(seen), 20)
        self.assertEqual(found["real"], list(range(10)))
        self.assertEqual(found["generated"], list(range(100, 110)))

    def test_more_are_added_and_fewer_are_taken_of_those_kept(self):
        path, settings = self.folder / "distances.json", _settings()
        measuring.measure(_Means(), _sets(5), path, settings)
        found = measuring.measure(_Means(), _sets(11), path, settings)
        self.assertEqual(found["real"], list(range(11)))
        fewer = measuring.measure(_Means(most=0), _sets(3), path, settings)
        self.assertEqual(fewer["generated"], [100, 101, 102])
        self.assertLen(json.loads(path.read_text())["real"], 11)

    def test_distances_of_other_settings_are_refused(self):
        path = self.folder / "distances.json"
        measuring.measure(_Means(), _sets(2), path, _settings())
        moved = _settings(network="b", looks=[1.1, 2.0])
        self.assertLen(measuring.read(path, moved)["real"], 2)
        other = _settings(looks=[1.0, 3.0], steps=5)
        with self.assertRaisesRegex(ValueError, "settings: network, steps"):
            measuring.read(path, other)
        path.write_text("{")
        with self.assertRaisesRegex(ValueError, "is damaged or .*: remove it"):
            measuring.read(path, _settings())

    @pytest.mark.slow
    def test_reals_come_once_in_an_order_of_the_seed(self):
        data = evaluations.faces(self.folder / "faces", side=32)
        generator = generators.open(_NETWORK)
        source = measuring.open_reals(data, generator)
        _, real = measuring.sets(generator, source, count=40)["real"]
        all_of_them = real(slice(0, 40))
        self.assertAllEqual(real(slice(4, 6)), all_of_them[4:6])
        self.assertLen(np.unique(all_of_them, axis=0), 40)
        _, other = measuring.sets(generator, source, count=40, seed=1)["real"]
        self.assertNotAllEqual(other(slice(0, 40)), all_of_them)

    def test_reals_of_another_size_are_refused(self):
        data = evaluations.faces(self.folder / "faces", side=16)
        with self.assertRaisesRegex(ValueError, "is 16x16x3; expected 32x32x3"):
            measuring.open_reals(data, generators.open(_NETWORK))

    @pytest.mark.slow
    def test_the_generated_are_those_of_tools_generate(self):
        generator = generators.open(_NETWORK)
        source = measuring.open_reals("bundled", generator)
        sets = measuring.sets(
            generator, source, count=20, seed=3, truncation_psi=0.5
        )
        answer = running.run(
            "generate",
            f"--network={_NETWORK}",
            "--seeds=5-6",
            "--noise=random",
            "--truncation_psi=0.5",
            f"--output={self.folder}",
        )
        self.assertEqual(answer.code, 0, answer.errors)
        for index, image in enumerate(sets["generated"][1](slice(2, 4))):
            path = self.folder / f"seed{5 + index:04d}.png"
            read, changes = measuring.read_image(path, (32, 32, 3))
            self.assertAllEqual(read, image)
            self.assertEqual(changes, [])

    def test_what_is_changed_of_an_image_is_said(self):
        image = np.zeros([20, 16, 3], np.uint8)
        path = self.folder / "image.jpg"
        images.to_pil(image).save(path)
        read, changes = measuring.read_image(path, (8, 8, 1))
        self.assertEqual(read.shape, (8, 8, 1))
        expected = ["JPEG", "16x20 made 8x8", "colour to grey"]
        self.assertEqual(changes, expected)
        path.write_text("no image")
        with self.assertRaisesRegex(ValueError, "image.jpg cannot be used: no"):
            measuring.read_image(path, (8, 8, 1))

    @pytest.mark.slow
    def test_settings_name_all_that_distances_depend_on(self):
        generator = generators.open(_NETWORK)
        features = detectors.Detectors("offline").of("lpips")
        made = projector.Projector(generator, features, steps=7, space="w+")
        found = measuring.settings(
            made,
            features,
            dataset="bundled",
            images=12_000,
            truncation_psi=1.0,
            batch_size=4,
        )
        self.assertEqual(found["distance"]["label"], "offline")
        self.assertEqual((found["steps"], found["space"]), (7, "w+"))
        self.assertEqual(found["image_shape"], [32, 32, 3])
        self.assertEqual(found["network"], str(_NETWORK))
        self.assertEqual(json.loads(json.dumps(found)), found)


if __name__ == "__main__":
    tf.test.main()
