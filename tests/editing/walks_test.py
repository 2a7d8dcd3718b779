"""Walks: where they begin, how they go on, and that they loop."""

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import generators, latents, pictures
from stylegan_tf.editing import direction_files, walks

_NETWORK = "tests/fixtures/quickstart"
_MEAN = np.float32([1.0, -2.0, 0.5])
_GLASSES = direction_files.Direction(
    "glasses", np.float32([0.6, 0.8, 0]), 1, 3, 2.0
)


def _ws(*shape):
    return np.random.RandomState(3).standard_normal(shape).astype(np.float32)


def _truncation(ws, t):
    return walks.truncation(ws[0], t, w_avg=_MEAN)


def _direction(ws, t):
    return walks.direction(ws[0], t, moves=[(_GLASSES, 1.5)])


_BETWEEN = (walks.slerp, walks.lerp, walks.spline, walks.mixing)


class WalkTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_BETWEEN)
    def test_a_walk_passes_its_keyframes(self, walk):
        ws = _ws(5, 2, 4, 3)
        self.assertAllClose(walk(ws, np.arange(5) / 5), ws, atol=1e-6)

    @parameterized.parameters(*_BETWEEN, _truncation, _direction)
    def test_a_loop_closes(self, walk):
        ws, t = _ws(4, 2, 5, 3), walks.times(60)
        made = walk(ws, t)
        self.assertAllClose(walk(ws, t + 1), made, atol=1e-5)
        steps = np.abs(np.roll(made, -1, axis=0) - made).max(axis=(1, 2, 3))
        self.assertLess(steps[-1], 1.05 * steps[:-1].max())

    @parameterized.parameters(*_BETWEEN, _truncation, _direction)
    def test_a_frame_does_not_depend_on_those_beside_it(self, walk):
        ws, t = _ws(4, 2, 5, 3), walks.times(12)
        apart = [walk(ws, t[i : i + 5]) for i in range(0, 12, 5)]
        self.assertAllEqual(np.concatenate(apart), walk(ws, t))
        self.assertEqual(walk(ws, t).shape, (12, 2, 5, 3))
        self.assertEqual(walk(ws, t).dtype, np.float32)

    def test_lerp_goes_evenly(self):
        keys = np.float32([[[0, 0]], [[4, -8]]])
        made = walks.lerp(keys, np.arange(8) / 8)[:, 0, 0]
        self.assertAllEqual(made, [0, 1, 2, 3, 4, 3, 2, 1])

    def test_slerp_keeps_angles_even_and_lengths_between(self):
        keys = np.float32([[[3, 0]], [[0, 1]]])
        made = walks.slerp(keys, np.arange(3) / 6)[:, 0]
        lengths = np.linalg.norm(made, axis=-1)
        self.assertAllClose(lengths, [3, 7 / 3, 5 / 3])
        angles = np.degrees(np.arctan2(made[:, 1], made[:, 0]))
        self.assertAllClose(angles, [0, 30, 60], atol=1e-4)

    def test_slerp_of_normal_latents_stays_as_long_as_they_are(self):
        z = latents.of_seeds(range(4), 512)[:, None]
        made = np.linalg.norm(walks.slerp(z, walks.times(40)), axis=-1)
        self.assertAllInRange(made / np.sqrt(512), 0.9, 1.1)
        middle = np.linalg.norm(walks.lerp(z, walks.times(40)), axis=-1).min()
        self.assertLess(middle / np.sqrt(512), 0.75)

    def test_a_spline_has_no_jerk(self):
        ws, count = _ws(4, 1, 1, 8), 4000
        made = walks.spline(ws, walks.times(count))
        second = np.diff(made.astype(float), n=2, axis=0) * count**2
        jumps = np.abs(np.diff(second[:: count // 400], axis=0)).max()
        self.assertLess(jumps, 0.1 * np.abs(second).max())

    def test_mixing_moves_the_crossover_over_the_layers(self):
        ws = _ws(2, 3, 4, 5)
        made = walks.mixing(ws, np.arange(4) / 8)
        for layers in range(4):
            expected = latents.mix(ws[0], ws[1], 0, layers)
            self.assertAllEqual(made[layers], expected)

    def test_truncation_shows_the_mean_and_the_reflection(self):
        ws = _ws(2, 4, 3)
        t = np.array([0, 1 / 4, 1 / 2, 3 / 4])
        made = walks.truncation(ws, t, w_avg=_MEAN)
        mean = np.broadcast_to(_MEAN, ws.shape)
        expected = [ws, mean, 2 * _MEAN - ws, mean]
        self.assertAllClose(made, expected, atol=1e-6)
        made = walks.truncation(ws, t, w_avg=_MEAN, cutoff=1)
        self.assertAllEqual(made[:, :, 1:], np.stack([ws] * 4)[:, :, 1:])
        self.assertAllClose(made[1, :, 0], mean[:, 0], atol=1e-6)

    def test_directions_swing_both_ways_in_their_layers(self):
        ws = _ws(2, 4, 3)
        t = np.array([0, 1 / 4, 1 / 2, 3 / 4])
        made = walks.direction(ws, t, moves=[(_GLASSES, 1.5)])
        step = 1.5 * 2.0 * _GLASSES.vector
        for at, swing in zip(made, (0, 1, 0, -1), strict=True):
            self.assertAllEqual(at[:, [0, 3]], ws[:, [0, 3]])
            expected = ws[:, 1:3] + swing * step
            self.assertAllClose(at[:, 1:3], expected, atol=1e-6)

    def test_keyframes_are_dealt_in_runs(self):
        made = walks.keyframes(np.arange(6), 2)
        self.assertAllEqual(made, [[0, 3], [1, 4], [2, 5]])


class RandomTest(tf.test.TestCase):
    def test_a_seed_gives_the_same_walk(self):
        one, same, other = (
            walks.random(seed, 30, 2, 16, smoothing=3) for seed in (5, 5, 6)
        )
        self.assertAllEqual(one, same)
        self.assertNotAllClose(one, other)
        self.assertEqual(one.shape, (30, 2, 16))
        self.assertEqual(one.dtype, np.float32)

    def test_it_has_unit_variance_and_its_end_is_near_its_start(self):
        z = walks.random(1, 120, 4, 64, smoothing=10)
        self.assertAllClose(np.mean(np.square(z)), 1)
        # Blurred noise s frames apart correlates by exp(-s^2 / 4 sigma^2).
        for lag in (1, 10, 20):
            product = np.mean(z * np.roll(z, lag, axis=0))
            expected = np.exp(-((lag / 10) ** 2) / 4)
            self.assertAllClose(product, expected, atol=0.05)
        self.assertAllClose(np.mean(z[0] * z[-1]), 1, atol=0.15)

    def test_slerp_shows_its_frames(self):
        z = walks.random(1, 30, 2, 16, smoothing=3)
        made = walks.slerp(z, walks.times(30))
        self.assertAllClose(made, z, atol=1e-5)


class FramesTest(tf.test.TestCase):
    @pytest.mark.slow
    def test_frames_are_sheets_of_the_styles_images(self):
        generator = generators.open(_NETWORK)
        ws = generator.map(generator.latents(range(6)))
        keys = walks.keyframes(ws, 3)
        made = [
            *walks.frames(
                generator, lambda t: (walks.lerp(keys, t), "const"), 7, 2
            )
        ]
        self.assertLen(made, 7)
        images = generator.images(ws[::2])
        self.assertAllEqual(made[0], pictures.grid(images, 2))

    @pytest.mark.slow
    def test_noise_of_the_keyframes_goes_with_them(self):
        generator = generators.open(_NETWORK)
        ws = generator.map(generator.latents(range(2)))[:, None]
        noise = latents.noise_of_seeds([1, 2], generator.noise_shapes, 128)

        def styles(t):
            maps = [walks.lerp(each[:, None], t) for each in noise]
            return walks.lerp(ws, t), maps

        made = [*walks.frames(generator, styles, 4, 1)]
        expected = generator.images(ws[:, 0], noise)
        self.assertAllEqual(made[::2], expected)


if __name__ == "__main__":
    tf.test.main()
