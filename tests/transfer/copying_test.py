"""Networks that start from others: what fits is kept, to the bit."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build
from stylegan_tf.ops import resample
from stylegan_tf.transfer import colours, copying

_SKIP = ("skip", "resnet")
_KINDS = (
    *itertools.product(("orig", "skip", "resnet"), repeat=2),
    *((name, name) for name in ("msg", "revised", "stylegan", "progan")),
)


def _config(kind=_SKIP, resolution=16, **fields):
    config = tiny.get_config()
    config.resolution = resolution
    config.generator.architecture, config.discriminator.architecture = kind
    for name, value in fields.items():
        target, field = config, name
        if "__" in name:
            room, field = name.split("__")
            target = getattr(config, room)
        setattr(target, field, value)
    return config_lib.resolve(config)


def _labels(kind, size):
    """Fields of a network with labels, in the way of its paper."""
    fields = {"label_size": size}
    if kind[0] == "stylegan":
        fields |= {"generator__label_mode": "concat"}
    return fields


def _generator(config, seed):
    return _shaken(build.generator(config), seed)


def _discriminator(config, seed):
    return _shaken(build.discriminator(config), seed)


def _shaken(network, seed):
    """The network with weights that are nowhere zero."""
    random = np.random.RandomState(seed)
    network.set_weights(
        [
            array + np.float32(0.2 * random.randn(*array.shape))
            for array in network.get_weights()
        ]
    )
    return network


def _z(config, count=3):
    return np.random.RandomState(7).randn(count, config.generator.z_size)


def _images(config, count=4):
    shape = (count, *config.image_shape)
    return np.float32(np.random.RandomState(8).uniform(-1, 1, shape))


def _one_hot(size, count=3):
    return np.eye(size, dtype=np.float32)[np.arange(count) % size]


class SameTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(*_KINDS)
    @pytest.mark.slow
    def test_equal_networks_end_bit_equal(self, *kind):
        config = _config(kind)
        for make in (_generator, _discriminator):
            ours, theirs = make(config, 1), make(config, 2)
            copied = copying.copy(ours, theirs)
            self.assertTrue(copied.is_whole)
            self.assertEqual(copied.share(), 1.0)
            for mine, other in zip(ours.weights, theirs.weights, strict=True):
                np.testing.assert_array_equal(mine, other)


class SizesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        *(
            (*kind, *sizes)
            for kind in (_SKIP, ("orig", "orig"), ("stylegan", "stylegan"))
            for sizes in ((8, 16), (16, 8))
        )
    )
    @pytest.mark.slow
    def test_the_smaller_resolutions_give_the_same_features(
        self, g, d, there, here
    ):
        config = _config((g, d), here)
        ours = build.generator(config)
        theirs = _generator(_config((g, d), there), 2)
        copied = copying.copy(ours, theirs)
        self.assertBetween(copied.share(), 0.5, 1.0)
        z = _z(config)
        ws, their_ws = ours.map(z), theirs.map(z)
        count = min(ours.num_ws, theirs.num_ws)
        np.testing.assert_array_equal(ws[:, :count], their_ws[:, :count])
        pairs = list(
            zip(ours.features(ws), theirs.features(their_ws), strict=False)
        )
        self.assertLen(pairs, 2)
        for mine, other in pairs:
            np.testing.assert_array_equal(mine, other)

    @pytest.mark.slow
    def test_a_larger_skip_generator_first_doubles_the_image(self):
        ours = build.generator(_config(resolution=32))
        theirs = _generator(_config(resolution=8), 2)
        copying.copy(ours, theirs)
        z = _z(ours.config)
        expected = theirs(z)
        for _ in range(2):
            expected = resample.upsample2d(expected, theirs.synthesis.fir)
        self.assertAllClose(ours(z), expected, atol=1e-5)

    def test_a_larger_skip_discriminator_first_sees_half_the_image(self):
        kind = ("skip", "skip")
        ours = build.discriminator(_config(kind, 16))
        theirs = _discriminator(_config(kind, 8), 2)
        copying.copy(ours, theirs)
        images = _images(ours.config)
        expected = theirs(resample.downsample2d(images, ours.fir))
        self.assertAllClose(ours(images), expected, atol=1e-5)

    def test_blocks_are_found_in_another_shape(self):
        maps = {"generator__channel_base": 1024}  # 8 at all sizes
        config = _config(resolution=24, base_shape=(4, 6), **maps)
        ours = build.generator(config)
        theirs = _generator(_config(**maps), 2)
        copying.copy(ours, theirs)
        for mine, other in zip(
            ours.synthesis.blocks, theirs.synthesis.blocks, strict=True
        ):
            np.testing.assert_array_equal(
                mine.convs[-1].conv.kernel, other.convs[-1].conv.kernel
            )


class ColoursTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        *itertools.product([_SKIP], ((1, 3), (3, 1), (3, 4), (4, 1), (2, 3))),
        (("orig", "skip"), (3, 1)),
        (("progan", "progan"), (1, 4)),
    )
    @pytest.mark.slow
    def test_first_it_is_shown_as_before(self, kind, channels):
        there, here = channels
        config = _config(kind, image_channels=here)
        their_config = _config(kind, image_channels=there)
        ours, theirs = build.generator(config), _generator(their_config, 2)
        copying.copy(ours, theirs)
        matrix, offset = colours.shown(there, here)
        z = _z(config)
        expected = theirs(z) @ np.float32(matrix) + np.float32(offset)
        self.assertAllClose(ours(z), expected, atol=1e-4)
        if kind[1] == "skip":
            return  # whose edges see that alpha is 0 beyond them
        ours = build.discriminator(config)
        theirs = _discriminator(their_config, 2)
        copying.copy(ours, theirs)
        images = _images(config)
        matrix, offset = colours.shown(here, there)
        expected = theirs(images @ np.float32(matrix) + np.float32(offset))
        self.assertAllClose(ours(images), expected, atol=1e-4)


class ClassesTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        _SKIP, ("orig", "orig"), ("stylegan", "stylegan"), ("msg", "msg")
    )
    @pytest.mark.slow
    def test_labels_that_come_change_nothing_and_are_learned(self, *kind):
        config = _config(kind, **_labels(kind, 5))
        ours, theirs = build.generator(config), _generator(_config(kind), 2)
        copied = copying.copy(ours, theirs)
        z, labels = tf.constant(_z(config), tf.float32), _one_hot(5)
        self.assertAllClose(ours(z, labels), theirs(z), atol=1e-4)
        np.testing.assert_array_equal(ours.mapping.w_avg, theirs.mapping.w_avg)
        self.assertLess(copied.share(), 1.0)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(ours.map(z, labels)[:, 0, :3])
        kernel = ours.mapping.dense[0].kernel
        gradient = tape.gradient(loss, kernel.value)[len(z[0]) :]
        if kind[0] != "stylegan":  # whose embedding learns first
            self.assertGreater(np.max(np.abs(gradient)), 1e-6)

        ours = build.discriminator(config)
        theirs = _discriminator(_config(kind), 2)
        copying.copy(ours, theirs)
        images, labels = _images(config), _one_hot(5, 4)
        self.assertAllClose(ours(images, labels), theirs(images), atol=1e-3)

    def test_the_discriminator_tells_new_labels_apart_from_the_first_step(self):
        ours = build.discriminator(_config(label_size=3))
        copying.copy(ours, _discriminator(_config(), 2))
        images, labels = _images(ours.config), _one_hot(3, 4)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(ours(images, labels))
        kernel = ours.mapping.embed.kernel
        gradient = tape.gradient(loss, kernel.value)
        for of_class in gradient:
            self.assertGreater(np.max(np.abs(of_class)), 1e-6)

    def test_progan_keeps_its_score_and_nearly_its_images(self):
        kind = ("progan", "progan")
        many = {"generator__z_size": 256}  # whose norm hardly changes
        config = _config(kind, label_size=3, **many)
        theirs = _generator(_config(kind, **many), 2)
        ours = build.generator(config)
        copying.copy(ours, theirs)
        z = _z(config)
        self.assertAllClose(ours(z, _one_hot(3)), theirs(z), atol=0.1)
        theirs = _discriminator(_config(kind), 2)
        ours = build.discriminator(config)
        copying.copy(ours, theirs)
        images = _images(config)
        self.assertAllClose(
            ours(images, _one_hot(3, 4)), theirs(images), atol=1e-5
        )

    @parameterized.parameters(_SKIP, ("stylegan", "stylegan"))
    @pytest.mark.slow
    def test_labels_that_go_leave_their_mean(self, *kind):
        there = _config(kind, **_labels(kind, 3))
        theirs = _discriminator(there, 2)
        ours = build.discriminator(_config(kind))
        copying.copy(ours, theirs)
        images = _images(there)
        expected = np.mean(
            [theirs(images, np.repeat(row[None], 4, 0)) for row in np.eye(3)],
            axis=0,
        )
        self.assertAllClose(ours(images), expected, atol=1e-4)
        theirs = _generator(there, 2)
        ours = build.generator(_config(kind))
        copying.copy(ours, theirs)
        z = _z(there, 1)
        z /= np.sqrt(np.mean(z**2))
        means = [
            np.mean(_first_layer(network, z, rows), axis=0)
            for network, rows in ((ours, [None]), (theirs, np.eye(3)))
        ]
        tolerance = 0.1 if kind[0] == "stylegan" else 1e-4  # one norm for all
        self.assertAllClose(*means, atol=tolerance)

    @parameterized.parameters(_SKIP, ("stylegan", "stylegan"))
    @pytest.mark.slow
    def test_other_classes_start_alike(self, *kind):
        config = _config(kind, **_labels(kind, 4))
        there = _config(kind, **_labels(kind, 3))
        theirs, ours = _generator(there, 2), build.generator(config)
        copied = copying.copy(ours, theirs)
        self.assertEqual(copied.share(), 1.0)
        z = np.repeat(_z(config, 1), 4, 0)
        made = ours(z, np.eye(4, dtype=np.float32))
        self.assertAllClose(made, np.repeat(made[:1], 4, 0), atol=1e-4)
        theirs, ours = _discriminator(there, 2), build.discriminator(config)
        self.assertEqual(copying.copy(ours, theirs).share(), 1.0)

    @parameterized.parameters(
        (_SKIP, "projection"),
        (_SKIP, "select"),
        (_SKIP, "logits"),
        (("progan", "progan"), "logits"),
        (("stylegan", "stylegan"), "select"),
    )
    @pytest.mark.slow
    def test_classes_of_the_same_name_are_copied(self, kind, mode):
        fields = {"discriminator__label_mode": mode}
        if mode == "logits":
            fields = {"discriminator__label_logits": True}
            fields["loss__acgan_weight"] = 1.0
        there = _config(
            kind,
            label_names=("apple", "pear", "plum"),
            **_labels(kind, 3) | fields,
        )
        config = _config(
            kind,
            label_names=("plum", "fig", "apple"),
            **_labels(kind, 3) | fields,
        )
        z, images = _z(config, 1), _images(config, 4)
        theirs, ours = _generator(there, 2), build.generator(config)
        copying.copy(ours, theirs)
        rows = np.eye(3, dtype=np.float32)
        for old, new in ((0, 2), (2, 0)):
            self.assertAllClose(
                ours(z, rows[new][None]), theirs(z, rows[old][None]), atol=1e-4
            )
        theirs, ours = _discriminator(there, 2), build.discriminator(config)
        copying.copy(ours, theirs)
        for old, new in ((0, 2), (2, 0)):
            found, expected = (
                network(images, np.repeat(rows[place][None], 4, axis=0))
                for network, place in ((ours, new), (theirs, old))
            )
            self.assertAllClose(found, expected, atol=1e-3)
        if mode == "logits":
            found, expected = ours.classify(images), theirs.classify(images)
            self.assertAllClose(found[:, 0], expected[:, 2], atol=1e-3)
            mean = tf.reduce_mean(expected, axis=1)
            self.assertAllClose(found[:, 1], mean, atol=1e-3)


def _first_layer(network, z, labels):
    """What comes out of the first dense layer, before its activation."""
    mapping = network.mapping
    dense = mapping.dense[0]
    kernel = np.asarray(dense.kernel) * dense.scale
    bias = np.asarray(dense.bias) * dense.lr_multiplier
    rows = [None if each is None else each[None] for each in labels]
    return [
        np.asarray(mapping.inputs(np.float32(z), row)) @ kernel + bias
        for row in rows
    ]


class OthersTest(tf.test.TestCase):
    def test_minibatch_stddev_comes_and_goes(self):
        images = _images(_config())
        configs = [_config(discriminator__minibatch_channels=n) for n in (0, 1)]
        ours = build.discriminator(configs[1])
        theirs = _discriminator(configs[0], 2)
        copying.copy(ours, theirs)
        self.assertAllClose(ours(images), theirs(images), atol=1e-4)

    @pytest.mark.slow
    def test_weights_are_used_as_before_with_another_learning_rate(self):
        ours = build.generator(_config(generator__mapping_lr_multiplier=0.1))
        theirs = _generator(_config(), 2)
        copied = copying.copy(ours, theirs)
        self.assertEqual(copied.share(), 1.0)
        z = _z(ours.config)
        self.assertAllClose(ours.map(z), theirs.map(z), atol=1e-4)

    @pytest.mark.slow
    def test_another_depth_keeps_layers_but_no_mean(self):
        ours = build.generator(_config(generator__mapping_layers=3))
        before = np.asarray(ours.mapping.w_avg)
        copied = copying.copy(ours, _generator(_config(), 2))
        np.testing.assert_array_equal(ours.mapping.w_avg, before)
        self.assertEqual(
            copied.text().split("; ", 1)[1],
            "new: mapping w_avg, dense2 (3 weights)",
        )

    @pytest.mark.slow
    def test_silent_parts_of_skip_change_nothing(self):
        ours = build.generator(_config())
        theirs = _generator(_config(("orig", "resnet")), 2)
        copying.copy(ours, theirs)
        z = _z(ours.config)
        self.assertAllClose(ours(z), theirs(z), atol=1e-5)
        ours = build.discriminator(_config(("orig", "skip")))
        theirs = _discriminator(_config(("orig", "orig")), 2)
        copying.copy(ours, theirs)
        images = _images(ours.config)
        self.assertAllClose(ours(images), theirs(images), atol=1e-5)

    def test_narrower_layers_are_told_by_resolution(self):
        ours = build.generator(_config(generator__channel_base=64))
        copied = copying.copy(ours, _generator(_config(), 2))
        self.assertEqual(
            copied.text(),
            "copied 39 of 48 weights (3,302 of 3,890 parameters); new: conv0 "
            "at 16 (2 weights), conv1 at 16 (4 weights), to_rgb at 16 "
            "(3 weights)",
        )

    def test_a_larger_network_is_told_by_what_is_new(self):
        ours = build.discriminator(_config(resolution=32))
        copied = copying.copy(ours, _discriminator(_config(), 2))
        told = copied.as_dict()
        self.assertEqual(
            copied.text(),
            f"copied {told['copied']} of 23 weights "
            f"({told['copied_parameters']:,} of {told['parameters']:,} "
            "parameters); new: all at 32 (7 weights); left out: from_rgb at "
            "16 (2 weights)",
        )


if __name__ == "__main__":
    tf.test.main()
