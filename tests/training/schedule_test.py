"""Schedules: which regulariser runs, how fast the average follows."""

import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf.training import schedule


def _config(**training):
    config = config_lib.Config()
    for name, value in training.items():
        setattr(config.training, name, value)
    return config


def _plot(function, steps):
    """One character an iteration, `#` where the function is true."""
    return "".join("#" if function(step) else "." for step in steps)


class LazyTest(tf.test.TestCase):
    def test_regularisers_run_at_once_and_then_every_interval(self):
        config = _config()
        steps = range(20)
        self.assertEqual(
            _plot(lambda step: schedule.runs_path_length(config, step), steps),
            "#...#...#...#...#...",
        )
        self.assertEqual(
            _plot(lambda step: schedule.runs_penalty(config, step), steps),
            "#...............#...",
        )

    def test_a_weight_of_zero_turns_a_regulariser_off(self):
        config = _config()
        config.loss.pl_weight = 0.0
        config.loss.r1_gamma = 0.0
        self.assertFalse(schedule.runs_path_length(config, 0))
        self.assertFalse(schedule.runs_penalty(config, 0))

    def test_the_correction_is_k_over_k_plus_one(self):
        self.assertAllClose(schedule.lazy_correction(16), 16 / 17)
        self.assertAllClose(schedule.lazy_correction(4), 0.8)
        self.assertEqual(schedule.lazy_correction(1), 1.0)


class AverageTest(tf.test.TestCase):
    def test_half_of_a_weight_is_left_after_the_half_life(self):
        config = _config(batch_size=100, ema_half_life_kimg=1.0, ema_rampup=0.0)
        left = 1.0
        for images_seen in range(0, 1000, 100):
            left *= schedule.ema_decay(config, images_seen)
        self.assertAllClose(left, 0.5)

    def test_progan_keeps_the_same_share_at_every_batch(self):
        for batch_size in (3, 512):
            config = _config(batch_size=batch_size, ema_step_decay=0.999)
            self.assertEqual(schedule.ema_decay(config, 10_000), 0.999)

    def test_the_ramp_shortens_the_half_life_at_first(self):
        config = _config(batch_size=32, ema_half_life_kimg=10.0)
        decays = [
            schedule.ema_decay(config, images_seen)
            for images_seen in (0, 1000, 10_000, 200_000, 400_000)
        ]
        self.assertEqual(decays[0], 0.0)
        self.assertAllClose(decays[1], 0.5 ** (32 / 50))
        self.assertEqual(decays, sorted(decays))
        self.assertEqual(decays[3], decays[4])


class PeriodTest(tf.test.TestCase):
    def test_a_period_is_due_once_whatever_the_batch(self):
        for batch_size in (8, 24, 32):
            due = [
                images_seen
                for images_seen in range(batch_size, 2000, batch_size)
                if schedule.is_due(images_seen, batch_size, 0.5)
            ]
            self.assertLen(due, 3)
            self.assertTrue(all(seen % 500 < batch_size for seen in due))

    def test_a_period_of_zero_is_never_due(self):
        self.assertFalse(schedule.is_due(1000, 8, 0))


if __name__ == "__main__":
    tf.test.main()
