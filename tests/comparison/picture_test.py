"""Samples of several networks under each other."""

import pathlib

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import checkpoint, sampling
from stylegan_tf.comparison import picture
from stylegan_tf.networks import build
from tests.helpers import support

_PROGAN = {"architecture": "progan"}


def _snapshot(**settings):
    config = support.small_config(**{"resolution": 8, **settings})
    generator = support.shake(build.build_generator(config))
    return checkpoint.Snapshot(
        path=pathlib.Path("unused"),
        config=config,
        images_seen=0,
        ema_generator=generator,
    )


class SamplesTest(tf.test.TestCase):
    def test_they_are_the_seeds_images(self):
        snapshot = _snapshot()
        made = picture.samples(snapshot, [7, 1], 0.5)
        sampler = sampling.Sampler(snapshot.ema_generator, truncation_psi=0.5)
        z = sampling.latents([7, 1], snapshot.config.generator.z_size)
        np.testing.assert_array_equal(made, sampler(z))

    def test_progan_is_drawn_without_truncation(self):
        snapshot = _snapshot(generator=_PROGAN, discriminator=_PROGAN)
        np.testing.assert_array_equal(
            picture.samples(snapshot, [0, 1], 0.5),
            picture.samples(snapshot, [0, 1]),
        )

    def test_conditional_networks_draw_the_classes_in_turn(self):
        snapshot = _snapshot(label_size=2)
        made = picture.samples(snapshot, [5, 5, 5])
        np.testing.assert_array_equal(made[0], made[2])
        self.assertNotAllEqual(made[0], made[1])


class SheetTest(tf.test.TestCase, parameterized.TestCase):
    def test_every_row_has_its_name_and_its_tiles(self):
        tiles = np.zeros((3, 8, 8, 3), np.uint8)
        tiles[:, 2, 5] = (10, 20, 30)
        sheet = picture.sheet([("a", tiles), ("traditional-0", tiles)])
        self.assertEqual(sheet.dtype, np.uint8)
        margin = sheet.shape[1] - 3 * 64
        self.assertEqual(sheet.shape[0], 2 * 64)
        drawn = sheet[:, margin:].reshape(2, 8, 8, 3, 8, 8, 3)
        self.assertAllEqual(
            drawn[:, 2, :, :, 5],
            np.full((2, 8, 3, 8, 3), 1) * np.array([10, 20, 30]),
        )
        for row in (sheet[:64, :margin], sheet[64:, :margin]):
            self.assertTrue((row == 255).any() and (row == 0).any())
            self.assertAllEqual(row[:, :4], np.full((64, 4, 3), 255))
            self.assertAllEqual(row[:, -4:], np.full((64, 4, 3), 255))

    def test_smaller_tiles_are_enlarged_to_the_largest(self):
        rows = [
            ("a", np.zeros((2, 96, 48, 3), np.uint8)),
            ("b", np.full((2, 32, 16, 3), 7, np.uint8)),
        ]
        sheet = picture.sheet(rows)
        self.assertEqual(sheet.shape[0], 2 * 96)
        self.assertAllEqual(sheet[:96, -96:], np.zeros((96, 96, 3)))
        self.assertAllEqual(sheet[96:, -96:], np.full((96, 96, 3), 7))

    @parameterized.parameters(
        ([9], (9, 9, 9)),
        ([9, 0], (255, 255, 255)),
        ([1, 2, 3, 255], (1, 2, 3)),
        ([0, 0, 0, 51], (204, 204, 204)),
    )
    def test_any_channels_become_rgb_over_white(self, pixel, colour):
        tiles = np.broadcast_to(
            np.array(pixel, np.uint8), (1, 8, 8, len(pixel))
        )
        sheet = picture.sheet([("a", tiles)])
        self.assertAllEqual(sheet[0, -1], colour)


if __name__ == "__main__":
    tf.test.main()
