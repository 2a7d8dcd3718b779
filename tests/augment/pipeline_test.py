"""The augmentation against the official one, and what it promises."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.augment import draws as draws_lib
from stylegan_tf.augment import pipeline, presets
from tests.helpers import augmentations, support


class OfficialTest(tf.test.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.arrays, cls.meta = support.golden("k7_augment")
        tf.config.run_functions_eagerly(True)  # compiling takes longer

    @classmethod
    def tearDownClass(cls):
        tf.config.run_functions_eagerly(False)
        super().tearDownClass()

    def _case(self, case, percentile):
        is_grey = case.startswith("gray")
        x = self.arrays["in/x_gray" if is_grey else "in/x"]
        x = tf.constant(support.nhwc(x))
        transforms = augmentations.transforms(self.meta["cases"][case])
        noise = support.nhwc(self.arrays["in/noise"])
        draws = augmentations.at_percentile(
            transforms, percentile, noise, x.shape[-1]
        )
        return x, draws, transforms

    @pytest.mark.slow
    def test_every_percentile_matches(self):
        count = 0
        for key, expected in self.arrays.items():
            if "/pct" not in key:
                continue
            _, case, percentile = key.split("/")
            with self.subTest(case, percentile=percentile):
                percentile = float(percentile.removeprefix("pct"))
                x, draws, transforms = self._case(case, percentile)
                actual = pipeline.augment(x, draws, 1.0, transforms)
                error = np.abs(actual - support.nhwc(expected)).max()
                self.assertLess(error, 2e-5)
            count += 1
        self.assertEqual(count, 64)

    def test_the_gradient_matches(self):
        percentile = self.meta["cases"]["grad_bgcf"]["pct"]
        x, draws, transforms = self._case("grad_bgcf", percentile)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = pipeline.augment(x, draws, 1.0, transforms)
        dy = support.nhwc(self.arrays["in/grad_bgcf/dy"])
        expected = support.nhwc(self.arrays["out/grad_bgcf/d_x"])
        error = np.abs(tape.gradient(y, x, dy) - expected).max()
        self.assertLess(error, 2e-5)

    def test_recorded_draws_match(self):
        count = 0
        for case, arrays in _recorded_cases():
            with self.subTest(case["name"]):
                transforms = augmentations.transforms(case)
                draws = augmentations.recorded(arrays, transforms)
                x = support.nhwc(arrays["in/x"])
                y = pipeline.augment(x, draws, arrays["in/p"], transforms)
                error = np.abs(y - support.nhwc(arrays["out/y"])).max()
                self.assertLess(error, 1e-4)
            count += 1
        self.assertEqual(count, 8)


def _recorded_cases():
    arrays, meta = support.golden("k7_augment_random_draws")
    for name, case in meta["cases"].items():
        own = {
            key.removeprefix(f"{name}/"): value
            for key, value in arrays.items()
            if key.startswith(f"{name}/")
        }
        yield {**case, "name": name}, own


class PipelineTest(parameterized.TestCase, tf.test.TestCase):
    @parameterized.parameters(1, 2, 3, 4)
    @pytest.mark.slow
    def test_images_stay_as_they_are_at_p_0(self, channels):
        transforms = presets.of("bgcfnc")
        x = support.normal(2, 12, 20, channels)
        draws = augmentations.random(transforms, x.shape)
        y = pipeline.augment(x, draws, 0.0, transforms)
        self.assertAllClose(y, x, rtol=0, atol=1e-5)

    def test_whole_pixels_move_exactly_on_images_not_square(self):
        transforms = presets.Transforms(xint=1.0)
        x = support.normal(1, 16, 24, 3)
        uniform = np.array([[0.5 + 2 / 6, 0.5 - 1 / 4, 0]], np.float32)
        draws = draws_lib.Draws(uniform, np.zeros((1, 0), np.float32))
        y = pipeline.augment(x, draws, 1.0, transforms)
        # By a share of +2/3 and -1/2 of an eighth: 2 right and 1 up.
        expected = np.pad(x, ((0, 0), (0, 1), (2, 0), (0, 0)), "reflect")
        expected = expected[:, 1:, :24]
        self.assertAllClose(y, expected, rtol=0, atol=1e-5)

    @pytest.mark.slow
    def test_opacity_follows_the_geometry_and_keeps_its_values(self):
        for colours in (1, 3):
            x = support.normal(4, 12, 16, colours)
            x = np.concatenate([x, x[..., :1]], axis=-1)
            for preset, follows in (("bg", 1), ("cutout", 1), ("color", 0)):
                transforms = presets.of(preset)
                draws = augmentations.random(transforms, x.shape)
                y = pipeline.augment(x, draws, 1.0, transforms)
                expected = y[..., 0] if follows else x[..., -1]
                self.assertAllClose(y[..., -1], expected, atol=1e-6)
                self.assertNotAllClose(y[..., 0], x[..., 0])

    @pytest.mark.slow
    def test_an_image_depends_on_its_own_draws_alone(self):
        transforms = presets.of("bgcfnc")
        x = support.normal(4, 12, 12, 3)
        draws = augmentations.random(transforms, x.shape)
        y = pipeline.augment(x, draws, 0.8, transforms)
        last = draws_lib.Draws(*(numbers[3:] for numbers in draws))
        alone = pipeline.augment(x[3:], last, 0.8, transforms)
        self.assertAllClose(alone, y[3:], atol=1e-5)

    @pytest.mark.slow
    def test_images_keep_their_type(self):
        transforms = presets.of("bg")
        x = tf.cast(support.normal(1, 8, 8, 3), tf.bfloat16)
        draws = augmentations.random(transforms, x.shape)
        y = pipeline.augment(x, draws, 0.5, transforms)
        self.assertEqual(y.dtype, tf.bfloat16)

    def test_moments_of_what_changes_colours(self):
        count, grey = 4000, 0.5
        x = np.full((count, 1, 1, 3), grey, np.float32)
        half_log = 0.5 * np.log(2)  # of contrast, base e
        for name, mean, variance in (
            ("brightness", grey, 0.2**2),
            (
                "contrast",
                grey * np.exp(half_log**2 / 2),
                grey**2 * (np.exp(2 * half_log**2) - np.exp(half_log**2)),
            ),
            ("lumaflip", 0, grey**2),  # half of them to -grey
            ("hue", grey, 0),  # greys have none
            ("saturation", grey, 0),
            ("noise", grey, 0.1**2),
        ):
            transforms = presets.Transforms(**{name: 1.0})
            draws = augmentations.random(transforms, x.shape)
            y = _late(x, draws, transforms)
            self.assertAllClose(y.mean(), mean, atol=0.02)
            self.assertAllClose(y.var(), variance, rtol=0.1, atol=1e-6)

    def test_a_cut_takes_what_fits_inside(self):
        transforms = presets.of("cutout")
        x = np.ones((4000, 16, 12, 1), np.float32)
        draws = augmentations.random(transforms, x.shape)
        y = _late(x, draws, transforms)
        # Half a side, less 1/16 that a centre near the border loses.
        self.assertAllClose(1 - y.mean(), (1 / 2 - 1 / 16) ** 2, atol=0.01)

    def test_a_band_that_is_amplified_keeps_the_expected_power(self):
        given = {"imgfilter": tf.constant([[0.0, 1, 0, 0], [-2.0, 0, 0, 0]])}
        gains = pipeline.filters.gains(given)
        power = np.array([10, 1, 1, 1]) / 13
        total = np.sum(power * np.square(gains), axis=1)
        self.assertAllClose(total, [1, 1])
        self.assertAllClose(gains[:, 1] / gains[:, 3], [2, 1])
        self.assertAllClose(gains[1, 0] / gains[1, 1], 1 / 4)


def _late(x, draws, transforms):
    """Without the moves of pixels, so that one pixel is enough."""
    return pipeline.augment(x, draws, 1.0, transforms).numpy()


class DerivativesTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.transforms = presets.of("bgcfnc")
        self.x = tf.constant(support.normal(2, 10, 8, 3))
        self.draws = augmentations.random(self.transforms, self.x.shape)
        self.direction = support.normal(2, 10, 8, 3, seed=1)

    def _value(self, x):
        """Something curved of augmented images."""
        y = pipeline.augment(x, self.draws, 0.8, self.transforms)
        return tf.reduce_sum(tf.sin(y) + tf.square(y))

    def _gradient(self, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = self._value(x)
        return tape.gradient(value, x)

    def _squared_gradient_norm(self, x):
        return tf.reduce_sum(tf.square(self._gradient(x)))

    def _check(self, function, gradient):
        step = 1e-2 * self.direction
        rise = function(self.x + step) - function(self.x - step)
        slope = tf.reduce_sum(gradient * self.direction)
        self.assertAllClose(rise / 2e-2, slope, rtol=2e-3)

    @pytest.mark.slow
    def test_the_first_derivative_is_that_of_finite_differences(self):
        self._check(self._value, self._gradient(self.x))

    @pytest.mark.slow
    def test_the_second_derivative_is_that_of_finite_differences(self):
        with tf.GradientTape() as tape:
            tape.watch(self.x)
            value = self._squared_gradient_norm(self.x)
        gradient = tape.gradient(value, self.x)
        self._check(self._squared_gradient_norm, gradient)

    @pytest.mark.slow
    def test_compiled_it_is_the_same(self):
        def all_of_it(x, draws):
            with tf.GradientTape() as tape:
                tape.watch(x)
                norm = self._squared_gradient_norm(x)
            y = pipeline.augment(x, draws, 0.8, self.transforms)
            return y, norm, tape.gradient(norm, x)

        plain = tf.function(all_of_it)(self.x, self.draws)
        compiled = tf.function(all_of_it, jit_compile=True)
        for actual, expected in zip(
            compiled(self.x, self.draws), plain, strict=True
        ):
            error = support.relative_error(actual, expected)
            self.assertLess(error, 1e-5)


if __name__ == "__main__":
    tf.test.main()
