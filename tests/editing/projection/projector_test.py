"""Projection as a whole: its arithmetic, and what it finds."""

import types

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, images
from stylegan_tf.editing.projection import projector, schedule
from stylegan_tf.features import detectors, lpips
from stylegan_tf.networks import build
from tests.helpers import exports, feature_rule, support

_QUICKSTART = "tests/fixtures/quickstart"


class _Linear:
    """A generator of images that are w itself, for all layers the mean."""

    config = types.SimpleNamespace(
        generator=types.SimpleNamespace(z_size=4), num_ws=2
    )
    image_shape, noise_shapes = (2, 2, 1), []

    def labels(self, numbers):
        return None

    def map(self, z, labels):
        return np.repeat(3.0 + z[:, None], 2, axis=1)

    def at_stage(self, ws, noise):
        return tf.reshape(tf.reduce_mean(ws, axis=1), (-1, 2, 2, 1))


class _Squares:
    """A detector whose distance is half the sum of squares."""

    def maps(self, images):
        return [images]

    def distance_of_maps(self, first, second):
        return tf.reduce_sum((first[0] - second[0]) ** 2, [1, 2, 3]) / 2


class ArithmeticTest(tf.test.TestCase):
    def test_it_is_adam_on_shaken_w_with_the_rates_of_the_schedule(self):
        targets, steps = np.float32([[1, 0], [-1, 2]])[None, ..., None], 40
        found = projector.project(
            _Linear(), targets, _Squares(), steps=steps, seed=5, batch_size=1
        )
        z = np.random.RandomState(123).randn(10_000, 4)
        w, m, v = 3 + z.mean(axis=0), 0.0, 0.0
        spread = np.sqrt(np.square(3 + z - w).sum(axis=1).mean())
        for step in range(steps):
            t = step / steps
            shake = np.random.RandomState((5, step)).randn(4) * spread
            gradient = w + shake * schedule.noise_strength(t)
            gradient -= targets.reshape(-1)
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient**2
            rate = schedule.learning_rate(t)
            rate *= np.sqrt(1 - 0.999 ** (step + 1)) / (1 - 0.9 ** (step + 1))
            w = w - rate * m / (np.sqrt(v) + 1e-8)
        self.assertAllClose(found.ws[0, 0], w, rtol=1e-4)
        self.assertAllEqual(found.ws[:, 0], found.ws[:, 1])
        expected = np.square(w - targets.reshape(-1)).sum() / 2
        self.assertAllClose(found.distances, [expected], rtol=1e-3)
        self.assertEqual(found.noise, [])

    def test_more_than_256_pixels_are_compared_as_means_of_boxes(self):
        targets = support.normal(1, 1024, 512, 1)
        moving = projector.Projector(_Linear(), _Squares(), steps=2)
        moving.generator.image_shape = targets.shape[1:]
        seen = moving.goal(targets).images
        self.assertEqual(seen.shape, (1, 256, 128, 1))
        corner = targets[0, :4, :4].mean()
        self.assertAllClose(seen[0, 0, 0, 0], corner, atol=1e-6)

    def test_the_pixel_term_counts_mean_squares(self):
        blind = _Squares()
        blind.distance_of_maps = lambda one, two: (
            0.0 * tf.reduce_sum(one[0] * two[0], [1, 2, 3])
        )
        targets = np.full((1, 2, 2, 1), 2.5, np.float32)
        settings = {"steps": 100, "batch_size": 1}
        found = projector.project(_Linear(), targets, blind, **settings)
        self.assertAllClose(found.ws[0, 0], np.full(4, 3.0), atol=0.1)
        found = projector.project(
            _Linear(), targets, blind, pixel_weight=1.0, **settings
        )
        self.assertAllClose(found.ws[0, 0], np.full(4, 2.5), atol=0.05)


class FindingTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.generator = generators.open(_QUICKSTART)
        cls.detector = detectors.Detectors("offline").of("lpips")
        cls.targets = cls.generator.samples(range(3))
        cls.projector = projector.Projector(
            cls.generator, cls.detector, steps=12, seed=4
        )

    @pytest.mark.slow
    def test_an_image_does_not_depend_on_those_beside_it(self):
        whole = self.projector.project(self.targets, 2)
        self.assertEqual(whole.ws.shape, (3, *self.generator.ws_shape))
        alone = self.projector.project(self.targets[2:], 2)
        turned = self.projector.project(self.targets[::-1], 2)
        for found in (alone, turned):
            self.assertAllEqual(whole.ws[2], found.ws[0])
            self.assertAllEqual(whole.distances[2], found.distances[0])
            for one, two in zip(whole.noise, found.noise, strict=True):
                self.assertAllEqual(one[2], two[0])

    @pytest.mark.slow
    def test_maps_stay_normal_and_distances_are_those_of_the_pictures(self):
        found = self.projector.project(self.targets[:2], 2)
        for maps in found.noise:
            self.assertAllClose(np.mean(maps, (1, 2, 3)), [0, 0], atol=1e-5)
            self.assertAllClose(np.std(maps, (1, 2, 3)), [1, 1], atol=1e-5)
        made = self.generator.synthesize(found.ws, found.noise)
        targets = images.to_float(self.targets[:2])
        expected = self.detector.distance(made, targets)
        self.assertAllClose(found.distances, expected, rtol=1e-4, atol=1e-6)

    @pytest.mark.slow
    def test_the_first_step_has_no_learning_rate(self):
        goal = self.projector.goal(self.targets[:2])
        state, distances = self.projector.advance(self.projector.begin(2), goal)
        mean = self.projector.mean
        self.assertAllEqual(state.values[0][0, 0], mean)
        w_avg = self.generator.network.mapping.w_avg
        self.assertLess(np.linalg.norm(mean - w_avg), 0.2)
        self.assertEqual(distances.shape, (2,))

    @pytest.mark.slow
    def test_w_plus_has_a_w_for_every_layer(self):
        found = projector.project(
            self.generator,
            self.targets[:1],
            self.detector,
            steps=4,
            space="w+",
            batch_size=1,
        )
        self.assertNotAllClose(found.ws[0, 0], found.ws[0, 1])
        with self.assertRaisesRegex(ValueError, "must be one of"):
            projector.Projector(self.generator, self.detector, space="z")

    @pytest.mark.slow
    def test_lpips_measures_as_the_offline_extractor_does(self):
        golden, _ = support.golden("k11_vgg16_lpips")
        heads = {f"lin{i}": golden[f"lpips/lin{i}"] for i in range(5)}
        vgg = feature_rule.vgg16(has_classifier=False)
        detector = lpips.Lpips(vgg, heads, batch_size=1)
        moving = projector.Projector(self.generator, detector, steps=4)
        targets = self.targets[:1]
        first = moving.show(moving.begin(1), moving.goal(targets))[1]
        found = moving.project(targets, 1)
        self.assertLess(found.distances[0], first[0])
        made = self.generator.synthesize(found.ws, found.noise)
        expected = detector.distance(made, images.to_float(targets))
        self.assertAllClose(found.distances, expected, rtol=1e-3)

    def test_targets_of_another_size_are_refused(self):
        with self.assertRaisesRegex(ValueError, r"\(32, 32, 3\). Received"):
            self.projector.project(self.targets[:, ::2])

    @pytest.mark.slow
    def test_generated_images_are_found_five_times_closer(self):
        z = self.generator.latents(range(100, 103))
        others = self.generator.synthesize(self.generator.map(z))
        targets = images.to_float(self.targets)
        random = self.detector.distance(others, targets)
        found = projector.project(
            self.generator, self.targets, self.detector, steps=200
        )
        self.assertAllGreater(random / found.distances, 5.0)


class KindsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters("labels", "stylegan", "progan", "fading")
    @pytest.mark.slow
    def test_every_kind_of_network_comes_closer(self, kind):
        snapshot = exports.snapshot(kind)
        self._try(generators.of_snapshot(snapshot))

    @parameterized.parameters(
        {"image_channels": 1},
        {"image_channels": 4, "base_shape": (4, 3)},
    )
    @pytest.mark.slow
    def test_grey_transparent_and_not_square_ones_too(self, **fields):
        network = build.generator(support.small_config(**fields))
        self._try(generators.Bound(support.shake(network)))

    @pytest.mark.slow
    def test_an_exported_one_finds_the_same(self):
        snapshot = exports.snapshot("labels")
        exported = self._try(generators.open(exports.folder("labels")))
        found = self._try(generators.of_snapshot(snapshot))
        self.assertAllClose(exported.ws, found.ws, rtol=1e-3, atol=1e-3)

    def _try(self, generator):
        labels = generator.labels([0, 1])
        ws = generator.map(generator.latents([0, 1]), labels)
        targets = generator.images(ws)
        detector = detectors.Detectors("offline").of("lpips")
        moving = projector.Projector(generator, detector, steps=60)
        first = moving.show(moving.begin(2), moving.goal(targets))[1]
        found = moving.project(targets, 2)
        self.assertAllLess(found.distances / first, 0.7)
        return found
