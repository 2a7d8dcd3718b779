"""Snapshots: whole or not there, pruned, refused with a reason."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf import checkpoint, run_directory, snapshot_files
from stylegan_tf import config as config_lib
from stylegan_tf.networks import build
from tests.helpers import running, support

_ROOT = pathlib.Path(__file__).parents[1]
_DATA = "weights.data-00000-of-00001"
# Saves and reads a snapshot where names are not decoded as UTF-8.
_SAVE = """
import sys, tensorflow as tf
from stylegan_tf import checkpoint, config
variable = tf.Variable(7.0)
path = checkpoint.save(
    sys.argv[1], {"x": variable}, config=config.Config(), images_seen=8
)
variable.assign(0.0)
checkpoint.restore(path, {"x": variable}, config.Config())
print(sys.getfilesystemencoding(), variable.numpy())
"""


class CheckpointTest(tf.test.TestCase):
    def setUp(self):
        super().setUp()
        self.run_directory = pathlib.Path(self.create_tempdir().full_path)
        self.config = support.small_config()
        self.networks = {
            "ema_generator": build.generator(self.config),
            "discriminator": build.discriminator(self.config),
        }

    def _save(self, images_seen, parts=None):
        return checkpoint.save(
            self.run_directory,
            parts or self.networks,
            config=self.config,
            images_seen=images_seen,
        )

    def test_every_weight_comes_back(self):
        self._save(1000)
        snapshot = stylegan_tf.load(self.run_directory)
        self.assertEqual(snapshot.images_seen, 1000)
        self.assertIsNone(snapshot.generator)
        for name, network in self.networks.items():
            pairs = zip(
                network.weights, getattr(snapshot, name).weights, strict=True
            )
            for saved, loaded in pairs:
                self.assertEqual(
                    saved.path.split("/")[1:], loaded.path.split("/")[1:]
                )
                np.testing.assert_array_equal(saved, loaded)

    def test_nothing_half_written_is_seen(self):
        path = self._save(1000)
        killed = f"{socket.gethostname()}-{2**22 + 1}"  # no process has it
        (path.parent / f".unfinished-{killed}-0000002000").mkdir()
        self.assertEqual(checkpoint.snapshots(self.run_directory), [path])
        self._save(2000)
        names = [path.name for path in path.parent.iterdir()]
        self.assertCountEqual(names, ["0000001000", "0000002000"])

    def test_pruning_keeps_the_newest_and_one_every_so_often(self):
        parts = {"pl_mean": tf.Variable(0.0)}
        for kimg in range(1, 11):
            self._save(kimg * 1000, parts)
        checkpoint.prune(self.run_directory, keep=2, keep_every_kimg=4)
        kept = checkpoint.snapshots(self.run_directory)
        self.assertEqual(
            [int(path.name) // 1000 for path in kept], [1, 4, 8, 9, 10]
        )

    def test_another_architecture_is_refused_with_a_table(self):
        self._save(1000)
        self.config.generator.mapping_layers += 1
        with self.assertRaisesRegex(ValueError, "generator.mapping_layers"):
            checkpoint.restore(self.run_directory, self.networks, self.config)

    def test_missing_weights_and_directories_are_named(self):
        path = self._save(
            1000, {"discriminator": self.networks["discriminator"]}
        )
        info = json.loads((path / "snapshot.json").read_text())
        info["parts"].append("ema_generator")
        (path / "snapshot.json").write_text(json.dumps(info))
        with self.assertRaisesRegex(ValueError, "lacks weights"):
            stylegan_tf.load(path)
        with self.assertRaisesRegex(
            FileNotFoundError,
            f"snapshots is no run directory. It holds .*, or {path.parents[1]}",
        ):
            stylegan_tf.load(path.parent)
        with self.assertRaisesRegex(
            FileNotFoundError, "no such file.*Accepted"
        ):
            stylegan_tf.load(path / "nowhere")

    def test_a_run_without_snapshots_is_told_from_other_folders(self):
        other = pathlib.Path(self.create_tempdir().full_path)
        (other / "photo.png").touch()
        with self.assertRaisesRegex(
            FileNotFoundError, f"^{other} is no run directory. Accepted"
        ):
            checkpoint.find(other)
        (other / run_directory.CONFIG).touch()
        with self.assertRaisesRegex(FileNotFoundError, "no snapshot yet. Acc"):
            checkpoint.find(other)

    def test_a_config_of_a_newer_version_names_its_file(self):
        newer = {**config_lib.to_dict(self.config), "future_field": 1}
        with tf.compat.v1.test.mock.patch.object(
            config_lib, "to_json", lambda config: json.dumps(newer)
        ):
            path = self._save(64)
        snapshot_files.check(path)  # it is whole, and must not be set aside
        message = (
            f"^{path}/config.json can not be read. Unknown config field "
            "`future_field`.* may be from a newer version of stylegan_tf than"
        )
        for read in (
            lambda: stylegan_tf.load(self.run_directory),
            lambda: checkpoint.starting_config(self.run_directory),
            lambda: checkpoint.initialize({}, path, self.config),
            lambda: checkpoint.restore(path, self.networks, self.config),
        ):
            with self.assertRaisesRegex(ValueError, message):
                read()

    @pytest.mark.slow
    def test_a_copy_beside_the_snapshots_is_none(self):
        path = self._save(64)
        older = self._save(16)
        shutil.copytree(path, path.with_name("0000000064.bak"))
        shutil.copytree(path, path.with_name("64 (copy)"))
        self.assertEqual(
            checkpoint.snapshots(self.run_directory), [older, path]
        )
        self.assertEqual(stylegan_tf.load(self.run_directory).path, path)
        checkpoint.prune(self.run_directory, keep=1)
        self.assertTrue(path.with_name("0000000064.bak").exists())

    def test_what_a_snapshot_may_lack_stays_as_it_is(self):
        mean, p = tf.Variable(2.0), tf.Variable(0.5)
        before = self._save(64, {"pl_mean": mean})
        after = self._save(80, {"pl_mean": mean, "augment_p": p})
        for path, expected in ((before, 0.25), (after, 0.5)):
            parts = {"pl_mean": tf.Variable(0.0), "augment_p": p}
            p.assign(0.25)
            checkpoint.restore(path, parts, self.config)
            self.assertEqual(parts["pl_mean"].numpy(), 2.0)
            self.assertEqual(p.numpy(), expected)
        checkpoint.restore(after, {"pl_mean": mean}, self.config)
        with self.assertRaisesRegex(ValueError, "lacks weights"):
            checkpoint.restore(before, {"other": p}, self.config)

    def test_ten_digits_are_not_the_limit(self):
        parts = {"pl_mean": tf.Variable(0.0)}
        paths = [self._save(n, parts) for n in (9_999_999_999, 10**10)]
        self.assertEqual(checkpoint.snapshots(self.run_directory), paths)


def _cut(file):
    file.write_bytes(file.read_bytes()[:-20])


def _flip(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _empty(file):
    file.write_bytes(b"")


_DAMAGES = (
    (_DATA, _cut, "weights.data-00000-of-00001 has 286 of 306 bytes"),
    (_DATA, _flip, "weights.data-00000-of-00001 is not what was written"),
    (_DATA, pathlib.Path.unlink, "weights.data-00000-of-00001 is missing"),
    ("weights.index", _cut, "weights.index has .* of .* bytes"),
    ("weights.index", _flip, "weights.index is not what was written"),
    ("weights.index", pathlib.Path.unlink, "weights.index is missing"),
    ("config.json", _empty, "config.json has 0 of .* bytes"),
    ("config.json", _flip, "config.json is not what was written"),
    ("config.json", pathlib.Path.unlink, "config.json is missing"),
    ("snapshot.json", _empty, "snapshot.json is no JSON"),
    ("snapshot.json", _cut, "snapshot.json is no JSON"),
    ("snapshot.json", pathlib.Path.unlink, "snapshot.json is missing"),
)


class DamageTest(tf.test.TestCase, parameterized.TestCase):
    """Three snapshots of a run, the last one damaged."""

    def setUp(self):
        super().setUp()
        self.run_directory = pathlib.Path(self.create_tempdir().full_path)
        self.variable = tf.Variable(tf.range(50.0))
        self.config = support.small_config()
        self.paths = [self._save(number) for number in (16, 32, 48)]

    def _save(self, number):
        return checkpoint.save(
            self.run_directory,
            {"ema_generator": self.variable},
            config=self.config,
            images_seen=number,
        )

    def _make_old(self):
        """Takes away what earlier versions did not write."""
        for path in self.paths:
            info = snapshot_files.read_info(path)
            del info["files"]
            (path / "snapshot.json").write_text(json.dumps(info))

    @parameterized.parameters(*_DAMAGES)
    @pytest.mark.slow
    def test_the_snapshot_the_file_and_the_one_before_are_named(
        self, name, damage, reason
    ):
        damage(self.paths[2] / name)
        with self.assertRaisesRegex(
            snapshot_files.DamagedError,
            f"The snapshot {self.paths[2]} is damaged: {reason}.*\\. The one "
            f"before it, {self.paths[1]}, is whole.$",
        ):
            stylegan_tf.load(self.run_directory)
        newest, damaged = checkpoint.newest(self.run_directory)
        self.assertEqual(newest, self.paths[1])
        self.assertEqual([each.path for each in damaged], [self.paths[2]])

    @parameterized.parameters(
        *(each[:2] for each in _DAMAGES if each[1] is not _flip),
        (_DATA, _flip),  # TensorFlow's own checksum tells
        ("weights.index", _flip),
    )
    @pytest.mark.slow
    def test_snapshots_of_earlier_versions_too(self, name, damage):
        self._make_old()
        snapshot_files.check(self.paths[2])
        damage(self.paths[2] / name)
        with self.assertRaisesRegex(
            snapshot_files.DamagedError, f"/0000000048 is damaged: .*{name}"
        ):
            stylegan_tf.load(self.run_directory)

    @parameterized.parameters(
        (pathlib.Path.touch, "it is a file, and a folder is needed"),
        (
            lambda path: path.symlink_to(path),
            "it is a link to nothing that can be opened, and a folder",
        ),
        (
            lambda path: path.symlink_to(__file__),
            "it is a link to a file, and a folder is needed",
        ),
    )
    def test_what_is_no_folder_is_damaged_and_set_aside_whole(
        self, make, reason
    ):
        path = self.paths[2]
        shutil.rmtree(path)
        make(path)
        for source in (self.run_directory, path):
            with self.assertRaisesRegex(
                snapshot_files.DamagedError,
                f"The snapshot {path} is damaged: {reason}.* The one before "
                f"it, {self.paths[1]}, is whole.$",
            ):
                stylegan_tf.load(source)
        for read in (snapshot_files.read_info, snapshot_files.read_config):
            with self.assertRaisesRegex(
                snapshot_files.DamagedError, f"is damaged: {reason}"
            ):
                read(path)
        newest, (error,) = checkpoint.newest(self.run_directory)
        self.assertEqual(newest, self.paths[1])
        for _ in range(2):  # the second time in place of the first
            aside = checkpoint.set_aside(error.path)
            self.assertTrue(os.path.lexists(aside))
            self.assertEqual(
                checkpoint.snapshots(self.run_directory), self.paths[:2]
            )
            make(path)
        self._save(48)
        snapshot_files.check(path)
        self.assertTrue(os.path.lexists(aside))
        self.assertEmpty([*path.parent.glob(".*")])

    def test_a_file_named_as_a_snapshot_is_not_pruned(self):
        shutil.rmtree(self.paths[0])
        self.paths[0].write_text("a note")
        checkpoint.prune(self.run_directory, keep=1)
        self.assertEqual(self.paths[0].read_text(), "a note")
        self.assertEqual(
            checkpoint.snapshots(self.run_directory),
            [self.paths[0], self.paths[2]],
        )

    def test_of_several_damaged_ones_none_is_named_as_whole(self):
        _cut(self.paths[2] / _DATA)
        _cut(self.paths[1] / "config.json")
        with self.assertRaisesRegex(ValueError, "0000000016, is whole"):
            stylegan_tf.load(self.run_directory)
        _cut(self.paths[0] / _DATA)
        newest, damaged = checkpoint.newest(self.run_directory)
        self.assertIsNone(newest)
        self.assertLen(damaged, 3)

    def test_one_that_is_set_aside_confuses_nobody(self):
        _cut(self.paths[2] / _DATA)
        aside = checkpoint.set_aside(self.paths[2])
        self.assertEqual(aside.name, "0000000048.damaged")
        self.assertEqual(
            checkpoint.snapshots(self.run_directory), self.paths[:2]
        )
        _cut(self._save(48) / _DATA)
        checkpoint.set_aside(self.paths[2])  # in place of the first
        checkpoint.prune(self.run_directory, keep=1)
        names = sorted(path.name for path in self.paths[0].parent.iterdir())
        self.assertEqual(names, ["0000000032", "0000000048.damaged"])

    @pytest.mark.slow
    def test_the_command_with_the_one_before_works(self):
        generator = build.generator(self.config)
        for number in (64, 80):
            newest = checkpoint.save(
                self.run_directory,
                {"ema_generator": generator},
                config=self.config,
                images_seen=number,
            )
        _flip(newest / _DATA)
        output = self.run_directory / "the images"
        for network in (self.run_directory, newest):
            answer = running.run(
                "generate",
                f"--network={network}",
                "--seeds=1",
                f"--output={output}",
            )
            self.assertEqual(answer.code, 1)
            self.assertLen(answer.errors.splitlines(), 1)
            self.assertIn(f"{newest} is damaged", answer.errors)
            command = answer.errors.split(" Try: ")[1]
            _, _, tool, *arguments = running.words_of(command)
            self.assertEqual(tool, "tools.generate")
            answer = running.run("generate", *arguments)
            self.assertEqual(answer.code, 0, answer.errors)
            self.assertTrue((output / "seed0001.png").exists())
            shutil.rmtree(output)

    def test_weights_that_were_not_written_are_no_snapshot(self):
        before = sorted(self.paths[0].parent.iterdir())
        with tf.compat.v1.test.mock.patch.object(
            snapshot_files.files, "for_tensorflow", lambda path: f"{path}x"
        ):
            with self.assertRaisesRegex(OSError, "weights.index"):
                self._save(64)
        self.assertEqual(sorted(self.paths[0].parent.iterdir()), before)

    @pytest.mark.slow
    def test_a_locale_of_other_names_than_utf_8_loses_nothing(self):
        folder = self.run_directory / "größe"
        done = subprocess.run(
            [sys.executable, "-c", _SAVE, str(folder)],
            cwd=_ROOT,
            env={
                **os.environ,
                "LC_ALL": "C",
                "PYTHONCOERCECLOCALE": "0",
                "PYTHONUTF8": "0",
                "TF_CPP_MIN_LOG_LEVEL": "2",
            },
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.stdout, "ascii 7.0\n", done.stderr[-2000:])
        self.assertTrue((folder / "snapshots/0000000008" / _DATA).exists())
        self.assertEqual([*self.run_directory.glob("gr*")], [folder])


if __name__ == "__main__":
    tf.test.main()
