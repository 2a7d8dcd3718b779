"""What is due when, and in which order."""

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from configs import progan, stylegan, stylegan2, tiny
from stylegan_tf import config as config_lib
from stylegan_tf.training import growing, schedule, step, timetable


class OrderTest(tf.test.TestCase, parameterized.TestCase):
    """The official codes', see shared/reference.md."""

    def test_stylegan2_regularises_by_updates_of_their_own(self):
        config = config_lib.resolve(stylegan2.get_config("f"))
        self.assertEqual(
            timetable.order(config),
            [
                step.update_generator,
                step.regularise_generator,
                step.update_discriminator,
                step.regularise_discriminator,
                step.update_average,
            ],
        )

    @parameterized.parameters(progan, stylegan)
    def test_before_the_discriminator_is_first_and_nothing_lazy(self, recipe):
        config = config_lib.resolve(recipe.get_config())
        self.assertEqual(
            timetable.order(config),
            [
                step.update_discriminator,
                step.update_average,
                step.update_generator,
            ],
        )

    def test_adaptive_augmentation_begins_and_ends_it(self):
        config = tiny.get_config()
        config.augment.mode = "adaptive"
        updates = timetable.order(config, scores_held_out=True)
        self.assertEqual(updates[0], step.score_held_out)
        self.assertEqual(updates[-1], step.update_augmentation)


class TimetableTest(tf.test.TestCase):
    def test_lazy_updates_are_due_as_often_as_they_are(self):
        config = config_lib.Config(resolution=8)
        config.augment.mode = "adaptive"
        config = config_lib.resolve(config)
        batch = config.training.batch_size
        table = timetable.of(config, config, 4 * batch, 20)
        places = {
            name: np.flatnonzero(getattr(table, name)).tolist()
            for name in ("path_length", "penalty", "held_out", "augmentation")
        }
        self.assertEqual(
            places,
            {
                "path_length": [0, 4, 8, 12, 16],
                "penalty": [12],
                "held_out": [0, 4, 8, 12, 16],
                "augmentation": [3, 7, 11, 15, 19],  # after four
            },
        )

    def test_numbers_are_those_of_the_schedules(self):
        config = stylegan.get_config("f")
        config.growing.rampup_kimg = 1.0
        config.growing.stabilise_kimg = config.growing.fade_kimg = 1.0
        config = config_lib.resolve(config)
        start = 1500  # amid a fade
        shown = growing.config_at(config, start)
        table = timetable.of(config, shown, start, 3)
        seen = start + shown.training.batch_size * np.arange(3)
        self.assertAllEqual(table.images_seen, seen)
        for number, position in enumerate(seen.tolist()):
            rate, _ = growing.learning_rates(config, position)
            alpha = growing.shown(config, position).alpha
            decay = schedule.ema_decay(shown, position)
            self.assertAllClose(table.generator_lr[number], rate)
            self.assertAllClose(table.alpha[number], alpha)
            self.assertAllClose(table.ema_decay[number], decay)
        self.assertLess(table.alpha[0], table.alpha[1])
        self.assertFalse(any(table.penalty))  # it is within the update

    def test_lazy_rates_are_corrected(self):
        config = config_lib.resolve(config_lib.Config(resolution=8))
        table = timetable.of(config, config, 0, 1)
        training = config.training
        self.assertAllClose(table.generator_lr, [training.generator_lr * 0.8])
        self.assertAllClose(
            table.discriminator_lr, [training.discriminator_lr * 16 / 17]
        )


if __name__ == "__main__":
    tf.test.main()
