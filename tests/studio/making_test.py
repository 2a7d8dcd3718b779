"""A visitor's choices, of networks of all kinds, and their addresses."""

import base64
import functools
import io

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized
from PIL import Image

from stylegan_tf import generators
from stylegan_tf.editing import direction_files
from stylegan_tf.networks import build
from stylegan_tf.studio import address, controls, making, typed
from tests.helpers import exports, support

_KINDS = ("skip", "labels", "progan", "fading")


@functools.cache
def _network(kind):
    generator = generators.of_snapshot(exports.snapshot(kind))
    return making.network(generator, {"smile": _direction(generator)})


def _direction(generator):
    layers, size = generator.ws_shape
    vector = np.eye(size, dtype=np.float32)[0]
    return direction_files.Direction("smile", vector, 0, layers, 2.0)


class MakingTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_KINDS)
    @pytest.mark.slow
    def test_a_picture_is_that_of_the_generator(self, kind):
        network = _network(kind)
        generator = network.many
        psi = 0.7 if generator.can_truncate else 1.0
        ws = making.styles(network, 5, psi, 1)
        z, labels = generator.latents([5]), generator.labels([1])
        expected = generator.map(z, labels, truncation_psi=psi)
        self.assertAllClose(ws, expected, atol=1e-5)
        made = making.picture(network, ws).astype(int)
        self.assertEqual(made.shape, generator.image_shape)
        difference = np.abs(made - generator.images(expected)[0])
        self.assertLessEqual(difference.max(), 1)

    @parameterized.parameters(
        ({"image_channels": 1}, (16, 16, 1), "L"),
        ({"image_channels": 4}, (16, 16, 4), "RGBA"),
        ({"base_shape": (4, 8)}, (8, 16, 3), "RGB"),
    )
    @pytest.mark.slow
    def test_pictures_of_all_shapes_are_shown(self, fields, shape, mode):
        network = build.generator(support.small_config(**fields))
        network = making.network(generators.Bound(network))
        image = making.picture(network, making.styles(network, 0))
        self.assertEqual(image.shape, shape)
        html = controls.figure(image, "a.png", "<b>")
        self.assertIn(
            f"--made-width: {shape[1]}; --made-height: {shape[0]}", html
        )
        self.assertIn('alt="&lt;b&gt;"', html)
        png = base64.b64decode(html.partition("base64,")[2].partition('"')[0])
        self.assertEqual(Image.open(io.BytesIO(png)).mode, mode)

    @parameterized.parameters(*_KINDS)
    @pytest.mark.slow
    def test_walks_of_every_kind_begin_at_the_first_seed(self, kind):
        network = _network(kind)
        expected = making.picture(network, making.styles(network, 3))
        for way in making.ways(network):
            frames = making.walk(
                network,
                [3, 4],
                way,
                4,
                psi=1.0,
                chosen_class=0,
                noise="const",
            )
            first, *rest = frames
            self.assertLen(rest, 3)
            difference = np.abs(first.astype(int) - expected)
            self.assertLessEqual(difference.max(), 1)
            self.assertNotAllEqual(first, rest[0])

    def test_all_scales_are_the_other_picture(self):
        network = _network("skip")
        ws, others = (making.styles(network, seed) for seed in (0, 1))
        mixed = making.mixed(network, ws, others, network.scales)
        self.assertAllEqual(mixed, others)
        self.assertAllEqual(making.mixed(network, ws, others, []), ws)
        coarse = next(iter(network.scales))
        mixed = making.mixed(network, ws, others, [coarse])
        last = network.scales[coarse].last
        self.assertAllEqual(mixed[:, :last], others[:, :last])
        self.assertAllEqual(mixed[:, last:], ws[:, last:])

    def test_layers_of_one_style_have_no_scales(self):
        self.assertEmpty(_network("progan").scales)
        self.assertLen(making.ways(_network("progan")), 2)

    def test_directions_move_by_their_spread(self):
        network = _network("skip")
        ws = making.styles(network, 0)
        moved = making.moved(network, ws, {"smile": -1.5})
        self.assertAllClose((moved - ws)[..., 0], np.full(ws.shape[:2], -3.0))
        self.assertAllEqual(making.moved(network, ws, {"smile": 0}), ws)

    def test_directions_of_another_network_are_refused(self):
        generator = _network("skip").many
        other = _direction(generator)._replace(vector=np.ones(7, np.float32))
        with self.assertRaisesRegex(ValueError, "not of this network"):
            making.network(generator, {"smile": other})


class AddressTest(tf.test.TestCase, parameterized.TestCase):
    def test_what_is_said_is_read(self):
        pairs = [
            ("seed", "7"),
            ("psi", "-0.5"),
            ("class", "2"),
            ("noise", "0"),
            ("direction", "smile:1.5"),
            ("__theme", "dark"),
        ]
        self.assertEqual(
            address.read(pairs, _network("labels")),
            {
                "seed": 7,
                "psi": -0.5,
                "class": 2,
                "noise": False,
                "amounts": {"smile": 1.5},
            },
        )
        self.assertEqual(address.read([], _network("labels")), {})

    @parameterized.parameters(
        ("0", False), ("none", False), ("1", True), ("const", True)
    )
    def test_noise_has_two_spellings(self, text, is_there):
        found = address.read([("noise", text)], _network("skip"))
        self.assertEqual(found, {"noise": is_there})

    def test_what_a_network_has_not_is_left_out(self):
        pairs = [("psi", "0.5"), ("noise", "0"), ("seed", "1")]
        self.assertEqual(address.read(pairs, _network("progan")), {"seed": 1})
        pairs = [("class", "2")]
        self.assertEqual(address.read(pairs, _network("skip")), {})

    @parameterized.parameters(
        ("seed", "-1"),
        ("seed", "x"),
        ("seed", "nan"),
        ("seed", "1.5"),
        ("psi", "9"),
        ("class", "3"),
        ("noise", "2"),
        ("direction", "smile:4"),
        ("direction", "smile"),
        ("direction", "frown:1"),
    )
    def test_nonsense_is_a_sentence(self, key, text):
        with self.assertRaisesRegex(typed.Mistake, "must be"):
            address.read([(key, text)], _network("labels"))


if __name__ == "__main__":
    tf.test.main()
