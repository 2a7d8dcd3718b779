"""Truncation: the line through the mean w."""

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf import generators
from stylegan_tf.editing.figures import truncation
from tests.helpers import exports, support


class TruncationTest(tf.test.TestCase):
    def test_psi_1_is_the_style_0_the_mean_and_minus_1_its_reflection(self):
        ws, w_avg = support.normal(2, 5, 4), np.float32([1, 2, 3, 4])
        line = truncation.line(ws, w_avg, [1, 0, -1, 0.5])
        self.assertEqual(line.shape, (2, 4, 5, 4))
        self.assertAllClose(line[:, 0], ws, rtol=1e-6, atol=1e-6)
        np.testing.assert_array_equal(
            line[:, 1], np.broadcast_to(w_avg, ws.shape)
        )
        self.assertAllClose(line[:, 2], 2 * w_avg - ws, rtol=1e-6, atol=1e-6)
        self.assertAllClose(line[:, 3], (ws + w_avg) / 2, rtol=1e-6, atol=1e-6)
        self.assertAllClose(
            np.linalg.norm(line[:, 2] - w_avg, axis=-1),
            np.linalg.norm(ws - w_avg, axis=-1),
        )

    def test_layers_from_the_cutoff_stay_bit_equal(self):
        ws = support.normal(2, 5, 4)
        line = truncation.line(ws, np.zeros(4, np.float32), [0, -1], cutoff=3)
        for psi in range(2):
            np.testing.assert_array_equal(line[:, psi, 3:], ws[:, 3:])
        np.testing.assert_array_equal(line[:, 0, :3], np.zeros((2, 3, 4)))

    @pytest.mark.slow
    def test_every_row_meets_in_the_mean(self):
        generator = generators.of_snapshot(exports.snapshot("skip"))
        ws = generator.map(generator.latents([0, 1]))
        figure = truncation.draw(generator, ws, ["a", "b"], psis=[1, 0, -1])
        made = [image.get_array() for image in figure.axes[0].images]
        self.assertLen(made, 6)
        np.testing.assert_array_equal(made[1], made[4])
        self.assertNotAllEqual(made[0], made[3])
        texts = {text.get_text() for text in figure.axes[0].texts}
        self.assertContainsSubset(
            {"ψ = 1", "mean\nψ = 0", "antiface\nψ = −1"}, texts
        )

    def test_progan_is_refused(self):
        generator = generators.of_snapshot(exports.snapshot("progan"))
        with self.assertRaisesRegex(ValueError, "no mean w"):
            truncation.draw(generator, np.zeros((1, 1, 12)), ["a"])


if __name__ == "__main__":
    tf.test.main()
