"""Which precision `auto` means, by measurements."""

from unittest import mock

import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import quickstart, tiny
from stylegan_tf import config as config_lib
from stylegan_tf import processor
from stylegan_tf.training import devices, loop, precisions
from stylegan_tf.training import iterations as iterations_lib


def _wide():
    return config_lib.resolve(config_lib.Config(resolution=64))


class PrecisionsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (1.5, "bfloat16"), (1.05, "float32"), (0.5, "float32")
    )
    def test_auto_is_what_is_measured_to_be_faster(self, gain, precision):
        with mock.patch.object(precisions, "gain", return_value=gain):
            resolved = devices.resolve(_wide())
        self.assertEqual(resolved.training.precision, precision)

    def test_narrow_networks_are_float32_without_measuring(self):
        with mock.patch.object(precisions, "gain") as measure:
            for module in (tiny, quickstart):
                config = devices.resolve(module.get_config())
                self.assertEqual(config.training.precision, "float32")
        measure.assert_not_called()

    def test_a_processor_without_it_is_not_tried(self):
        with (
            mock.patch.object(processor, "flags", return_value={"avx2"}),
            mock.patch.object(precisions, "_seconds") as measure,
        ):
            self.assertLess(precisions.gain(_wide(), "bfloat16"), 0.1)
            self.assertEqual(precisions.faster(_wide()), "float32")
        measure.assert_not_called()

    def test_large_batches_and_images_are_cut_for_the_trial(self):
        config = config_lib.Config(resolution=1024)
        config.training.batch_size = 32
        shapes = []

        def remember(shape, precision):
            shapes.append(shape)
            return 1.0

        with (
            mock.patch.object(precisions, "_gain", remember),
            mock.patch.object(processor, "missing", return_value=""),
        ):
            precisions.gain(config_lib.resolve(config), "bfloat16")
        ((rows, height, width, maps),) = shapes
        self.assertEqual((rows, height, width), (1, 256, 256))
        self.assertEqual(maps, 32)

    def test_products_of_float32_are_exact_where_it_was_asked_for(self):
        is_rounded = tf.config.experimental.tensor_float_32_execution_enabled
        before = is_rounded()
        for precision in ("float32", "tf32", "bfloat16", "float16"):
            with precisions.products(precision):
                self.assertEqual(is_rounded(), precision != "float32")
            self.assertEqual(is_rounded(), before)
        with self.assertRaises(KeyError), precisions.products("tf32"):
            raise KeyError
        self.assertEqual(is_rounded(), before)

    @pytest.mark.slow
    def test_updates_have_the_products_of_the_run_and_answers_have_not(self):
        is_rounded = tf.config.experimental.tensor_float_32_execution_enabled
        config = tiny.get_config()
        config.training.precision = "tf32"
        config.training.total_kimg = 0.001
        found = {}

        def iterate(iterations):
            found["updates"] = is_rounded()
            return real(iterations)

        def watch(state, scalars):
            found["answers"] = is_rounded()

        watch.period_kimg = 0
        tf.config.run_functions_eagerly(True)  # no trace is faster for a step
        self.addCleanup(tf.config.run_functions_eagerly, False)
        real = iterations_lib.Iterations.iterate
        with (
            precisions.products("float32"),
            mock.patch.object(iterations_lib.Iterations, "iterate", iterate),
        ):
            loop.train(
                config,
                self.create_tempdir().full_path,
                actions=[watch],
            )
        self.assertEqual(found, {"updates": True, "answers": False})

    def test_a_trial_takes_a_second_and_gives_seconds(self):
        seconds = precisions._seconds((2, 8, 8, 4), "mixed_bfloat16")
        self.assertBetween(seconds, 1e-6, 1.0)


if __name__ == "__main__":
    tf.test.main()
