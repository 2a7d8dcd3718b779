"""Attribute classifiers: questions, training, files."""

import json
import pathlib
import pickle
import tempfile

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from stylegan_tf import config as config_lib
from stylegan_tf import images, snapshot_files
from stylegan_tf.data import attributes, sources
from stylegan_tf.features import (
    classifier_training,
    classifiers,
)
from stylegan_tf.interop import network_files
from stylegan_tf.networks import build
from stylegan_tf.pickles import unpickler
from tests.helpers import support
from tests.helpers.interop import making

_COUNT, _SIDE = 40, 8


def _data(folder, fields=None, labels=None):
    """A folder of images that are dark, then bright."""
    for index in range(_COUNT):
        level = 40 if index < _COUNT // 2 else 210
        noise = np.random.RandomState(index).randint(40, size=(_SIDE, _SIDE, 3))
        image = (level + noise).clip(0, 255).astype(np.uint8)
        images.write_png(folder / f"{index:02d}.png", image)
    pairs = [[f"{i:02d}.png", v] for i, v in enumerate(labels or [0] * _COUNT)]
    metadata = {"labels": pairs, "attributes": fields or {}}
    (folder / "dataset.json").write_text(json.dumps(metadata))
    return sources.open_source(folder)


_BRIGHT = [0] * (_COUNT // 2) + [1] * (_COUNT // 2)


class _Folder(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(folder)


class AttributesTest(_Folder):
    def test_fields_become_questions(self):
        kinds = [-1, 0, 1, 2, 3] * (_COUNT // 5)
        fields = {"bright": _BRIGHT, "hair": kinds, "name": ["x"] * _COUNT}
        source = _data(self.folder, fields)
        found = attributes.answers(source)
        self.assertEqual(
            [*found], ["bright", "hair_0", "hair_1", "hair_2", "hair_3"]
        )
        self.assertAllEqual(found["bright"], _BRIGHT)
        self.assertAllEqual(found["hair_2"][:5], [-1, 0, 0, 1, 0])
        found = attributes.answers(source, "long=hair:2|3, bright")
        self.assertEqual([*found], ["long", "bright"])
        self.assertAllEqual(found["long"][:5], [-1, 0, 0, 1, 1])

    def test_classes_do_where_there_are_no_attributes(self):
        source = _data(self.folder, labels=[0, 1, 2, 0] * (_COUNT // 4))
        found = attributes.answers(source)
        self.assertEqual([*found], ["0", "1", "2"])
        self.assertAllEqual(found["2"][:4], [0, 0, 1, 0])

    @parameterized.parameters(
        ("brigth", "Did you mean `bright`"),
        ("a=bright:x", "must look like hair=hair_length:2|3"),
        ("a=bright:7", "with values of 0, 1"),
    )
    def test_what_is_not_there_is_named(self, text, message):
        source = _data(self.folder, {"bright": _BRIGHT})
        with self.assertRaisesRegex(ValueError, message.replace("|", r"\|")):
            attributes.answers(source, text)

    def test_minus_one_is_no_where_all_else_is_one(self):
        signs = [2 * value - 1 for value in _BRIGHT]
        found = attributes.answers(_data(self.folder, {"bright": signs}))
        self.assertAllEqual(found["bright"], _BRIGHT)

    def test_a_data_set_without_any_says_how_to_add_them(self):
        with self.assertRaisesRegex(ValueError, "dataset.json"):
            attributes.answers(_data(self.folder))


class TrainingTest(_Folder):
    def _train(self, answers, **options):
        source = _data(self.folder, {"bright": _BRIGHT})
        config = classifier_training.make_config(
            source.image_shape, channel_base=64, channel_max=8
        )
        return config, *classifier_training.train(
            source, answers, config, batch_size=8, **options
        )

    @pytest.mark.slow
    def test_it_learns_and_is_loaded_again(self):
        answers, shown = np.array(_BRIGHT), []
        config, network, figures = self._train(
            answers, images=400, report=shown.append
        )
        self.assertEqual(figures["accuracy"], 1.0)
        self.assertEqual(figures["held_out"], 4)
        self.assertEqual(sum(shown), 400)
        snapshot_files.write(
            self.folder / "made" / "00-bright",
            {"discriminator": network},
            config=config,
            info={"attribute": "bright", **figures},
        )
        path, about = (
            self.folder / "made" / "00-bright",
            {"attribute": "bright"},
        )
        asked = config_lib.from_dict(config_lib.to_dict(config))
        asked.training.precision = "float32"  # as older versions wrote
        self.assertTrue(classifier_training.is_trained(path, about, asked))
        asked.discriminator.channel_max = 16
        with self.assertRaisesRegex(ValueError, "another size"):
            classifier_training.is_trained(path, about, asked)
        loaded = classifiers.load(self.folder / "made")
        self.assertEqual(loaded.attributes, ("bright",))
        self.assertEqual(loaded.label, "custom")
        pixels = np.stack([np.full((_SIDE, _SIDE, 3), v) for v in (50, 220)])
        logits = loaded.logits(pixels.astype(np.uint8))
        self.assertAllEqual(logits > 0, [[False], [True]])
        alone = classifiers.load(self.folder / "made" / "00-bright")
        self.assertEqual(alone.attributes, ("bright",))
        self.assertAllEqual(
            alone.logits(pixels.astype(np.uint8)),
            loaded.logits(pixels.astype(np.uint8)),
        )
        # Floats, and larger images, mean the same.
        large = images.to_float(images.enlarge(pixels.astype(np.uint8), 4))
        self.assertAllClose(loaded.logits(large), logits, rtol=1e-4)

    @parameterized.parameters(1, 2, 4)
    @pytest.mark.slow
    def test_grey_and_transparent_images_are_learnt_as_they_are_shown(self, c):
        class Source:
            image_shape = 8, 8, c

            def image(self, index):
                image = np.zeros((8, 8, c), np.uint8)  # black, or white below
                if c in (2, 4):
                    image[..., -1] = 20 if index % 2 else 250
                elif index % 2:
                    image[:] = 230
                return image

        config = classifier_training.make_config(
            (8, 8, c), channel_base=64, channel_max=8
        )
        self.assertEqual(config.image_channels, 3 if c == 4 else 1)
        network, figures = classifier_training.train(
            Source(), np.arange(40) % 2, config, images=400, batch_size=8
        )
        self.assertEqual(figures["accuracy"], 1.0)
        loaded = classifiers.Classifiers(
            {"bright": network}, name="x", label="custom", batch_size=2
        )
        shown = np.stack([Source().image(index) for index in range(2)])
        self.assertAllEqual(loaded.logits(shown) > 0, [[False], [True]])

    def test_another_network_is_no_classifier(self):
        config = support.small_config()
        network = build.discriminator(config)
        snapshot_files.write(
            self.folder / "x", {"d": network}, config=config, info={}
        )
        with self.assertRaisesRegex(ValueError, "no attribute classifier"):
            classifiers.load(self.folder)

    @pytest.mark.slow
    def test_unknown_answers_are_left_out_and_equal_ones_refused(self):
        answers = np.where(np.arange(_COUNT) % 2, _BRIGHT, -1)
        _, _, figures = self._train(answers, images=8)
        self.assertEqual(figures["held_out"], 2)
        with self.assertRaisesRegex(ValueError, "all alike"):
            self._train(np.ones(_COUNT, int), images=8)

    def test_an_image_of_another_size_is_named_with_the_remedy(self):
        source = _data(self.folder, {"bright": _BRIGHT})
        config = classifier_training.make_config(
            source.image_shape, channel_base=64, channel_max=8
        )
        images.write_png(source.file(3), np.zeros((8, 8, 1), np.uint8))
        with self.assertRaisesRegex(
            ValueError, f"is 8x8x1; .*--resolution={_SIDE} --channels=3$"
        ):
            classifier_training.train(
                source, np.array(_BRIGHT), config, images=400, batch_size=40
            )

    def test_sizes_that_do_not_fit_are_refused(self):
        with self.assertRaisesRegex(ValueError, "Received: 24x48"):
            classifier_training.make_config(
                (48, 24, 3), channel_base=64, channel_max=8
            )


class PicklesTest(_Folder):
    @pytest.mark.slow
    def test_official_classifiers_are_read_by_the_importer(self):
        """A discriminator alone in a pickle, as those of CelebA-HQ are."""
        golden = support.GOLDEN / "k6b_tf_sg1_32_uncond.nosrc.pkl"
        _, state, _ = unpickler.load(golden)
        variables = [
            (name, np.array(value)) for name, value in state.state["variables"]
        ]
        content = making.lone_pickle({**state.state, "variables": variables})
        for name in ("00-male", "01-smiling"):
            path = self.folder / f"celebahq-classifier-{name}.pkl"
            path.write_bytes(content)
        loaded = classifiers.load(self.folder)
        self.assertEqual(loaded.attributes, ("male", "smiling"))
        self.assertEqual(loaded.label, "custom")  # not all forty
        x = support.normal(4, 32, 32, 3)
        expected = _discriminator(golden)(tf.constant(x))
        self.assertAllClose(
            loaded.logits(x), np.repeat(expected, 2, axis=1), atol=1e-4
        )

    @pytest.mark.slow
    def test_a_pickle_alone_is_one_classifier(self):
        _, state, _ = unpickler.load(
            support.GOLDEN / "k6b_tf_sg2_32_uncond.nosrc.pkl"
        )
        variables = [(n, np.array(v)) for n, v in state.state["variables"]]
        path = self.folder / "celebahq-classifier-19-eyeglasses.pkl"
        path.write_bytes(
            making.lone_pickle({**state.state, "variables": variables})
        )
        loaded = classifiers.load(path)
        self.assertEqual(loaded.attributes, ("eyeglasses",))
        self.assertEqual(
            loaded.logits(support.normal(4, 64, 64, 3)).shape, (4, 1)
        )

    def test_other_pickles_are_refused(self):
        (self.folder / "a.pkl").write_bytes(pickle.dumps([1, 2]))
        with self.assertRaisesRegex(ValueError, "not one discriminator"):
            classifiers.load(self.folder)

    def test_a_folder_without_any_says_where_to_get_them(self):
        with self.assertRaisesRegex(FileNotFoundError, "00-male.*39-wearing"):
            classifiers.load(self.folder)


def _discriminator(path):
    networks = network_files.read_official(path).networks()
    return networks["discriminator"]


if __name__ == "__main__":
    tf.test.main()
