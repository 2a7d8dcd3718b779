"""The commands that are proposed, and that training takes the same values."""

import contextlib
import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

from configs import ada
from stylegan_tf import config as config_lib
from stylegan_tf import downloads
from stylegan_tf.data import source as source_lib
from stylegan_tf.data import sources
from stylegan_tf.doctor import costs, proposal, scan
from stylegan_tf.training import devices, settling
from tests.helpers import data_sets, running

_COSTS = costs.Costs(50.0, "made up", 0.1, 0.2)


def _propose(source, *, variant="small", is_ready=True, **options):
    with mock.patch.object(costs, "measure", return_value=_COSTS) as measure:
        made = proposal.make(
            source,
            scan.look(source),
            ada.get_config(variant),
            is_ready=is_ready,
            **options,
        )
    (config, _), _ = measure.call_args
    return made, config


def _arrays(*shape, count=8, seed=0):
    random = np.random.RandomState(seed)
    shape = (count, *shape)
    return source_lib.of_arrays("made", random.randint(0, 256, shape, np.uint8))


class ProposalTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters((32, 32, 3), (24, 32, 3), (16, 16, 1))
    def test_training_takes_what_is_shown(self, height, width, channels):
        contents = data_sets.files(
            9, height=height, width=width, channels=channels
        )
        path = data_sets.folder(self.create_tempdir().full_path, contents)
        made, _ = _propose(sources.open_source(path))
        self.assertEqual(made.prepare, "")
        typed = _fields(made.train)
        config = config_lib.changed(ada.get_config("small"), typed)
        config, choices = settling.settle(config, typed=typed)
        config = config_lib.flatten(devices.resolve(config))
        for each in made.choices:
            self.assertEqual(config[each.field], each.value, each.field)
        shown = {each.field for each in made.choices}
        self.assertContainsSubset({each.field for each in choices}, shown)

    def test_hours_tell_how_long(self):
        made, _ = _propose(_arrays(16, 16, 3), hours=2)
        self.assertIn("--config.training.total_kimg=360", made.train)
        values = {each.field: each.value for each in made.choices}
        self.assertEqual(values["training.total_kimg"], 360)
        self.assertEqual(values["augment.speed_kimg"], 36)
        self.assertAllClose(made.hours, 2)

    def test_without_them_the_rules_tell(self):
        made, _ = _propose(_arrays(16, 16, 3))
        self.assertNotIn("total_kimg", made.train)
        self.assertAllClose(made.hours, 600 / 3.6 / 50)

    @parameterized.parameters(
        ((50, 100, 3), "small", 32, 3),
        ((900, 700, 3), "small", 64, 3),
        ((900, 700, 3), "auto", 256, 3),
        ((60, 60, 1), "small", 64, 1),
    )
    def test_images_that_do_not_fit_are_prepared(
        self, shape, variant, side, channels
    ):
        source = _arrays(*shape, count=2)
        made, config = _propose(source, variant=variant, is_ready=False)
        told = running.parse(made.prepare)
        self.assertEqual(told["resolution"], side)
        self.assertEqual(told["channels"], str(channels))
        self.assertEqual(_fields(made.train)["data.path"], told["output"])
        self.assertEqual(config.image_shape, (side, side, channels))

    def test_few_small_images_do_not_make_all_small(self):
        images = [np.zeros((60, 80, 3), np.uint8)] * 20
        images += [np.zeros((16, 16, 3), np.uint8)]
        made, _ = _propose(source_lib.of_arrays("x", images), is_ready=False)
        self.assertIn("--resolution=64", made.prepare)

    def test_grey_saved_as_colour_is_prepared_as_grey(self):
        grey = np.repeat(_arrays(16, 24, 1).image(0)[None], 3, axis=3)
        made, _ = _propose(source_lib.of_arrays("x", grey))
        told = running.parse(made.prepare)
        self.assertEqual((told["width"], told["height"]), (24, 16))
        self.assertEqual(told["channels"], "1")

    def test_transparent_images_of_several_sizes_are_put_on_white(self):
        images = [np.zeros((20, 20, 4), np.uint8), np.ones((9, 9, 4), np.uint8)]
        images[0][..., 0] = 9
        made, _ = _propose(source_lib.of_arrays("x", images), is_ready=False)
        self.assertIn("--channels=3 --alpha=white", made.prepare)

    def test_transparent_images_of_one_size_are_kept(self):
        made, config = _propose(_arrays(16, 16, 4))
        self.assertEqual(made.prepare, "")
        self.assertEqual(config.image_channels, 4)

    def test_images_whose_sides_differ_are_not_mirrored(self):
        self.assertFalse(proposal.mirror(scan.look(_arrays(16, 16, 3))).value)
        images = _arrays(16, 16, 3, count=60)
        self.assertTrue(proposal.mirror(scan.look(images)).value)
        lit = [images.image(index).copy() for index in range(60)]
        for image in lit:
            image[:, :4] //= 3
        made, _ = _propose(source_lib.of_arrays("x", lit))
        self.assertNotIn("mirror", made.train)
        self.assertIn("differ on average", made.choices[0].reason)

    def test_labels_are_used_where_classes_are_large(self):
        source = _arrays(16, 16, 3, count=120)
        source.given_labels = np.arange(120) % 2
        made, config = _propose(source)
        self.assertIn("--config.data.use_labels=true", made.train)
        self.assertEqual(config.label_size, 2)
        source = _arrays(16, 16, 3, count=120)
        source.given_labels = (np.arange(120) > 116).astype(int)
        made, config = _propose(source)
        self.assertNotIn("use_labels", made.train)
        self.assertIn("has 3 images", made.choices[1].reason)
        self.assertEqual(config.label_size, 0)

    def test_a_run_that_is_there_is_left_alone(self):
        self.enterContext(contextlib.chdir(self.create_tempdir().full_path))
        pathlib.Path("runs/made").mkdir(parents=True)
        made, _ = _propose(_arrays(16, 16, 3))
        self.assertEndsWith(made.train, "--workdir=runs/made-2")

    @pytest.mark.slow
    def test_published_networks_are_offered_on_gpus(self):
        made, _ = _propose(_arrays(256, 256, 3, count=2), variant="auto")
        self.assertIn("--init_from=stylegan2-cat-config-f", made.notes[-1])
        for variant, shape in (("small", (256, 256, 3)), ("auto", (64, 64, 3))):
            made, _ = _propose(_arrays(*shape, count=2), variant=variant)
            self.assertNotIn("init_from", " ".join(made.notes))

    def test_they_are_published(self):
        names = {n for each in proposal.OFFICIAL.values() for n in each}
        self.assertContainsSubset(names, set(downloads.addresses()))

    def test_days_of_training_are_not_all_there_is(self):
        with mock.patch.object(costs, "measure") as measure:
            measure.return_value = _COSTS._replace(images_per_second=1.0)
            source = _arrays(256, 256, 3, count=2)
            made = proposal.make(
                source,
                scan.look(source),
                ada.get_config("small"),
                is_ready=True,
            )
        self.assertIn("--resolution=64", made.notes[0])


def _fields(command):
    """Values of a tools.train command by field."""
    return {
        name.removeprefix("config."): value
        for name, value in running.parse(command).items()
        if name.startswith("config.")
    }


if __name__ == "__main__":
    tf.test.main()
