"""How soon training starts."""

import time

import pytest
import tensorflow as tf

from stylegan_tf import config as config_lib
from stylegan_tf.training.planning import start_up
from tests.helpers import support

pytestmark = pytest.mark.slow


class StartUpTest(tf.test.TestCase):
    def test_two_iterations_are_made_of_noise(self):
        training = config_lib.TrainingConfig(batch_size=2)
        config = support.small_config(resolution=8, training=training)
        began = time.perf_counter()
        seconds = start_up.measure(config, tf.distribute.get_strategy(), began)
        self.assertEqual(
            list(seconds),
            [
                "TensorFlow is loaded",
                "networks are built",
                "first iteration",
                "second iteration",
            ],
        )
        passed = [0.0, *seconds.values(), time.perf_counter() - began]
        self.assertEqual(passed, sorted(passed))

    def test_a_line_is_written_for_each(self):
        text = start_up.to_text({"networks are built": 1.0, "first": 61.26})
        self.assertEqual(
            text, "  networks are built   1.0 s\n  first               61.3 s"
        )


if __name__ == "__main__":
    tf.test.main()
