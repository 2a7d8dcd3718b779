"""The page of normalisations, with and without trained networks."""

import numpy as np
import pytest
import tensorflow as tf

from stylegan_tf.editing.figures import normalisation
from stylegan_tf.editing.toys import contrast, style_transfer


class NormalisationTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        random = np.random.RandomState(0)
        self.content, self.style = random.randint(
            256, size=(2, 8, 8, 3), dtype=np.uint8
        )
        self.maps = style_transfer.Maps(
            "cubes", 8, lambda x: tf.concat([x**3, x], axis=-1)
        )

    def test_adain_has_the_statistics_of_the_style(self):
        figure = normalisation.draw(
            self.maps, self.content, self.style, self.content
        )
        self.assertLen(figure.get_axes(), 4 * 6)
        statistics = figure.get_axes()[12:18]
        adain = statistics[4].collections
        style, result = (each.get_offsets() for each in adain)
        self.assertAllClose(style, result, atol=1e-5)
        (alone,) = statistics[3].collections
        self.assertAllClose(alone.get_offsets(), [[0.0, 1.0]] * 6, atol=1e-5)
        self.assertEqual(statistics[0].get_xlim(), statistics[4].get_xlim())

    @pytest.mark.slow
    def test_what_networks_learned_is_below(self):
        compared = contrast.Compared(
            {"content": self.content[None], "batch norm.": self.style[None]},
            {"all contrasts": {"batch": [2.0, 1.0], "instance": [1.0, 0.5]}},
        )
        figure = normalisation.draw(
            self.maps, self.content, self.style, self.style, compared
        )
        *rows, curves = figure.get_axes()[24:]
        self.assertEqual(rows[1].get_ylabel(), "batch\nnorm.")
        self.assertLen(curves.lines, 2)


if __name__ == "__main__":
    tf.test.main()
