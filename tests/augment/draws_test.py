"""What is drawn for each transform, and how its parameter is distributed."""

import math

import numpy as np
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf.augment import draws as draws_lib
from stylegan_tf.augment import presets
from tests.helpers import augmentations

_COUNT = 40000


def _parameters(p, preset="bgcfnc", channels=3):
    transforms = presets.of(preset)
    draws = augmentations.random(transforms, (_COUNT, 1, 1, channels))
    found = draws_lib.parameters(draws, p, transforms, channels)
    return {name: value.numpy() for name, value in found.items()}


class DrawsTest(parameterized.TestCase, tf.test.TestCase):
    @parameterized.parameters(
        ("blit", 3, (7, 0, False)),
        ("bgc", 3, (21, 7, False)),
        ("bgc", 1, (18, 6, False)),  # no hue, no saturation
        ("bgc", 2, (18, 6, False)),
        ("bgc", 4, (21, 7, False)),
        ("bgcfnc", 3, (29, 12, True)),
    )
    def test_sizes_count_values_and_gates(self, preset, channels, expected):
        sizes = draws_lib.sizes(presets.of(preset), (8, 8, channels))
        self.assertEqual(sizes, expected)

    def test_columns_belong_to_one_transform_each(self):
        transforms = presets.of("bgcfnc")
        draws = draws_lib.Draws(
            uniform=np.full((1, 29), 0.7, np.float32),
            normal=np.full((1, 12), 0.5, np.float32),
        )
        base = draws_lib.parameters(draws, 1.0, transforms, 3)
        owners = []
        for kind, count in (("uniform", 29), ("normal", 12)):
            for column in range(count):
                numbers = getattr(draws, kind).copy()
                numbers[:, column] = 1.5  # shuts a gate, moves a value
                moved = draws._replace(**{kind: numbers})
                found = draws_lib.parameters(moved, 1.0, transforms, 3)
                owners.append([n for n in base if np.any(found[n] != base[n])])
        for name, (u, v, gates) in augmentations.TAKES.items():
            self.assertEqual(owners.count([name]), u + v + gates, name)

    def test_moments_at_full_strength(self):
        found = _parameters(1.0)
        third = math.pi**2 / 3  # variance of uniform within +-pi
        for name, mean, variance in (
            ("xflip", 1 / 2, 1 / 4),
            ("rotate90", 3 / 2, 5 / 4),
            ("xint", 0, 0.125**2 / 3),
            ("scale", 0, 0.2**2),
            ("rotate", 0, third),
            ("aniso", 0, 0.2**2),
            ("xfrac", 0, 0.125**2),
            ("brightness", 0, 0.2**2),
            ("contrast", 0, 0.5**2),
            ("lumaflip", 1 / 2, 1 / 4),
            ("hue", 0, third),
            ("saturation", 0, 1),
            ("imgfilter", 0, 1),
            ("noise", 0.1 * math.sqrt(2 / math.pi), 0.01 * (1 - 2 / math.pi)),
            ("cutout", 1 / 2, 1 / 12),
        ):
            scale = math.sqrt(variance)
            error = np.abs(found[name].mean(axis=0) - mean) / scale
            self.assertAllLess(error, 0.03)
            ratio = found[name].var(axis=0) / variance
            self.assertAllClose(ratio, np.ones_like(ratio), atol=0.05)

    def test_gates_open_with_probability_p(self):
        found = _parameters(0.3)
        for name in ("xint", "scale", "contrast", "hue", "noise"):
            share = np.any(found[name] != 0, axis=1).mean()
            self.assertAllClose(share, 0.3, atol=0.01)
        share = (found["cutout"][:, 0] >= 0).mean()
        self.assertAllClose(share, 0.3, atol=0.01)
        turned = found["rotate"] != 0
        each = 1 - math.sqrt(0.7)
        self.assertAllClose(turned.mean(axis=0), [each] * 2, atol=0.01)
        self.assertAllClose(turned.any(axis=1).mean(), 0.3, atol=0.01)
        share = (found["imgfilter"] != 0).mean(axis=0)
        self.assertAllClose(share, [0.3] * 4, atol=0.01)

    def test_nothing_acts_at_p_0(self):
        for name, value in _parameters(0.0).items():
            neutral = -1 if name == "cutout" else 0
            self.assertAllEqual(value, np.full_like(value, neutral))


if __name__ == "__main__":
    tf.test.main()
