"""How --config, --init_from and --config.FIELD become a config."""

import os
import pathlib
import shlex
from unittest import mock

import tensorflow as tf
from absl.testing import parameterized

from configs import tiny
from stylegan_tf import config as config_lib
from stylegan_tf.command_line import configs
from tests.helpers import running, support

_TINY = f"{running.ROOT}/configs/tiny.py"
_ADA = support.GOLDEN / "k6a_ada_32_cond3_Dorig.nosrc.pkl"


class ChosenTest(tf.test.TestCase, parameterized.TestCase):
    def test_a_config_that_is_given_stays(self):
        self.assertEqual(configs.chosen(_TINY, "x"), tiny.get_config())

    def test_a_network_brings_its_config(self):
        config = configs.chosen(None, _ADA)
        self.assertEqual(config, config_lib.resolve(config))
        self.assertEqual(config.label_size, 3)
        self.assertTrue(config.data.use_labels)

    def test_a_path_may_begin_in_the_home_folder(self):
        file = pathlib.Path(self.create_tempdir().full_path) / "mine.py"
        file.write_text(
            "from configs import tiny\n\n\ndef get_config(folder):\n"
            "    config = tiny.get_config()\n"
            "    config.data.path = '~/' + folder\n"
            "    config.metrics.features = 'auto,~/x'\n"
            "    return config\n"
        )
        with mock.patch.dict(os.environ, HOME="/me"):
            config = configs.load(f"{file}:d")
        self.assertEqual(config.data.path, "/me/d")
        self.assertEqual(config.metrics.features, "auto,/me/x")


class FieldsTest(tf.test.TestCase, parameterized.TestCase):
    @parameterized.parameters(
        (["--config.resolution=64"], {"resolution": 64}),
        (["-config.resolution", "64"], {"resolution": 64}),
        (["--config.training.total_kimg=1"], {"training.total_kimg": 1.0}),
        (["--config.data.path=a:b"], {"data.path": "a:b"}),
        (["--config.growing.tick_kimg="], {"growing.tick_kimg": ""}),
        (["--config.data.mirror"], {"data.mirror": True}),
        (["--config.data.mirror=True"], {"data.mirror": True}),
        (["--noconfig.data.mirror"], {"data.mirror": False}),
        (["--config.base_shape=(4, 3)"], {"base_shape": (4, 3)}),
        (["--config.base_shape=[4, 3]"], {"base_shape": (4, 3)}),
        (["--config.generator.blur_filter=()"], {"generator.blur_filter": ()}),
    )
    def test_they_are_of_their_types(self, typed, expected):
        command = ["python", "-m", "tools.train", *typed, f"--config={_TINY}"]
        given = running.parse(shlex.join(command))
        self.assertEqual(given.pop("config"), _TINY)
        found = {k.removeprefix("config."): v for k, v in given.items()}
        self.assertEqual(found, expected)

    @parameterized.parameters(
        ("--config.base_shape=(4,", "must be numbers, such as (4, 8)"),
        ("--config.base_shape=abc", "must be numbers, such as (4, 8)"),
        ("--config.training.sample_grid={3,4}", "must be numbers, such as"),
        ("--config.training.sample_grid=", "must be numbers, such as (4, 8)"),
        ("--noconfig.resolution", "--config.resolution takes a value"),
        ("--config.nope=1", "unknown config field `nope`"),
        ("--confg=x", "flag 'confg'. Did you mean: config ? See --help"),
    )
    def test_a_mistake_is_one_line(self, typed, expected):
        said = running.run("train", f"--config={_TINY}", "--dry_run", typed)
        self.assertEqual(said.code, 1)
        self.assertIn(expected, said.errors)
        self.assertLen(said.errors.splitlines(), 1)

    @parameterized.parameters(
        ({"data.use_labels": False}, ""),
        ({"data.use_labels": True}, "glasses"),
        ({}, "glasses"),
    )
    def test_without_labels_is_without_attributes(self, typed, expected):
        config = tiny.get_config()
        config.data.attributes = "glasses"
        with (
            mock.patch.object(configs, "load", return_value=config),
            mock.patch.object(configs, "typed", return_value=typed),
        ):
            found = configs.chosen("mine.py")
        self.assertEqual(found.data.attributes, expected)

    def test_labels_that_are_asked_for_and_refused_are_refused(self):
        said = running.run(
            "train",
            f"--config={_TINY}",
            "--dry_run",
            "--config.data.attributes=glasses",
            "--config.data.use_labels=false",
        )
        self.assertEqual(said.code, 1)
        self.assertIn("Received both: drop one", said.errors)

    def test_others_stay_as_they_are(self):
        config = tiny.get_config()
        fields = {"base_shape": (2, 3), "loss.r1_gamma": 3.0}
        made = config_lib.changed(config, fields)
        self.assertEqual(made.loss.r1_gamma, 3.0)
        made.loss.r1_gamma, made.base_shape = config.loss.r1_gamma, (4, 4)
        self.assertEqual(made, config)
        self.assertEqual(config, tiny.get_config())


class FilesTest(tf.test.TestCase, parameterized.TestCase):
    def written(self, text):
        file = pathlib.Path(self.create_tempdir().full_path) / "mine.py"
        file.write_text(text)
        return str(file)

    def test_a_file_may_define_a_dataclass(self):
        file = self.written(
            "from __future__ import annotations\n"
            "import dataclasses\n"
            "from configs import tiny\n"
            "@dataclasses.dataclass\n"
            "class Mine:\n    size: int = 32\n"
            "def get_config():\n    return tiny.get_config()\n"
        )
        self.assertEqual(configs.load(file), tiny.get_config())

    @parameterized.parameters(
        ("x = (\n", "mine.py:1: SyntaxError: '\\(' was never closed$"),
        ("assert 0\n", "mine.py:1: AssertionError$"),
        ("import nope\n", "mine.py:1: ModuleNotFoundError: No module named"),
    )
    def test_its_mistakes_have_a_line(self, text, message):
        with self.assertRaisesRegex(ValueError, message):
            configs.load(self.written(text))

    def test_a_folder_is_none(self):
        with self.assertRaisesRegex(ValueError, "configs is a folder: name"):
            configs.load(f"{running.ROOT}/configs")


if __name__ == "__main__":
    tf.test.main()
