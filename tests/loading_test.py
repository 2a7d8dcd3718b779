"""Networks from everything that `stylegan_tf.load` takes."""

import hashlib
import json
import pathlib
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from absl.testing import parameterized

import stylegan_tf
from stylegan_tf import checkpoint
from stylegan_tf import config as config_lib
from stylegan_tf.interop import import_directory
from stylegan_tf.interop.dialects import npz_files
from stylegan_tf.networks import build, growth
from tests.helpers import support

# File, kind, and the images that the official code recorded.
_FILES = (
    ("k6a_ada_32_cond3_Dorig.nosrc.pkl", "stylegan2-ada-pytorch"),
    ("k6b_tf_pgan_32.nosrc.pkl", "progan"),
    ("k6b_tf_sg1_32_uncond.nosrc.pkl", "stylegan"),
    ("k6b_tf_sg2_32_uncond.nosrc.pkl", "stylegan2"),
    ("k6b_tf_sg2ada_32_cond3.nosrc.pkl", "stylegan2-ada"),
    ("k12_rosinality_32.pt", "rosinality"),
)
_ADA, _PROGAN = _FILES[0][0], _FILES[1][0]


def _z(snapshot):
    return support.normal(2, snapshot.config.generator.z_size, seed=1)


def _labels(snapshot):
    size = snapshot.config.label_size
    return np.eye(size, dtype=np.float32)[[0, 1]] if size else None


def _outputs(snapshot):
    """What every network of a snapshot makes of the same inputs."""
    z, labels = _z(snapshot), _labels(snapshot)
    images = support.normal(2, *snapshot.config.image_shape, seed=2)
    return {
        name: network(images if name == "discriminator" else z, labels).numpy()
        for name, network in snapshot.networks().items()
    }


class LoadingTest(tf.test.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.create_tempdir().full_path)

    def assert_same(self, actual, expected, names=checkpoint.NETWORKS):
        actual, expected = _outputs(actual), _outputs(expected)
        self.assertCountEqual(actual, names)
        for name in names:
            error = support.relative_error(actual[name], expected[name])
            self.assertLess(error, 1e-5, name)

    @parameterized.parameters(*_FILES)
    @pytest.mark.slow
    def test_an_official_file_is_a_snapshot(self, name, kind):
        path = support.GOLDEN / name
        snapshot = stylegan_tf.load(path)
        self.assertEqual(snapshot.path, path)
        self.assertEqual(snapshot.images_seen, 0)
        self.assertEqual(snapshot.ema_generator.precision, "float32")
        self.assertEqual(snapshot.provenance["kind"], kind)
        self.assertEqual(snapshot.provenance["source"], str(path))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.assertEqual(snapshot.provenance["sha256"], digest)
        grows = kind in ("progan", "stylegan")
        self.assertEqual(snapshot.stage, growth.Stage(32 if grows else None))
        self.assertCountEqual(snapshot.networks(), checkpoint.NETWORKS)

    @parameterized.parameters(_ADA, _PROGAN)
    @pytest.mark.slow
    def test_an_imported_directory_and_npz_compute_the_same(self, name):
        self.assert_round_trips(name)

    @parameterized.parameters(*[name for name, _ in _FILES[2:]])
    @pytest.mark.slow
    def test_other_kinds_of_files_compute_the_same_too(self, name):
        self.assert_round_trips(name)

    def assert_round_trips(self, name):
        snapshot = stylegan_tf.load(support.GOLDEN / name)
        import_directory.write(snapshot, self.folder / "x")
        loaded = stylegan_tf.load(self.folder / "x")
        self.assertEqual(
            loaded.provenance,
            {**snapshot.provenance, "stylegan_tf": stylegan_tf.__version__},
        )
        self.assertEqual(loaded.stage, snapshot.stage)
        self.assertEqual(loaded.config, snapshot.config)
        self.assert_same(loaded, snapshot)
        npz_files.write(snapshot, self.folder / "x.npz")
        loaded = stylegan_tf.load(self.folder / "x.npz")
        self.assertEqual(loaded.config, snapshot.config)
        self.assertEqual(loaded.stage, snapshot.stage)
        self.assert_same(loaded, snapshot)

    @parameterized.parameters(_ADA, _PROGAN)
    @pytest.mark.slow
    def test_keras_files_compute_the_same(self, name):
        snapshot = stylegan_tf.load(support.GOLDEN / name)
        snapshot.ema_generator.save(self.folder / "x.keras")
        loaded = stylegan_tf.load(self.folder / "x.keras")
        self.assert_same(loaded, snapshot, ["ema_generator"])
        snapshot.ema_generator.save_weights(self.folder / "x.weights.h5")
        with self.assertRaisesRegex(ValueError, "config.json"):
            stylegan_tf.load(self.folder / "x.weights.h5")
        text = config_lib.to_json(snapshot.config)
        (self.folder / "config.json").write_text(text)
        loaded = stylegan_tf.load(self.folder / "x.weights.h5")
        self.assert_same(loaded, snapshot, ["ema_generator"])

    @pytest.mark.slow
    def test_npz_names_are_the_official_ones(self):
        snapshot = stylegan_tf.load(support.GOLDEN / _ADA)
        path = self.folder / "x.npz"
        npz_files.write(snapshot, path)
        with np.load(path) as arrays:
            for name in ("G", "G_ema"):
                const = arrays[f"{name}/synthesis.b4.const"]
                self.assertEqual(const.shape, (10, 4, 4))
            self.assertIn("D/b4.conv.weight", arrays.files)
        npz_files.write(snapshot, path, "tensorflow")
        with np.load(path) as arrays:
            self.assertIn("G_ema/G_synthesis/4x4/Const/const", arrays.files)
        self.assert_same(stylegan_tf.load(path), snapshot)

    def test_a_stage_amid_growing_is_kept(self):
        config = support.small_config(
            {"architecture": "progan"}, {"architecture": "progan"}
        )
        stage = growth.Stage(8, 0.25)
        snapshot = checkpoint.Snapshot(
            path=self.folder,
            config=config,
            images_seen=0,
            ema_generator=build.generator(config),
            stage=stage,
        )
        npz_files.write(snapshot, self.folder / "x.npz")
        loaded = stylegan_tf.load(self.folder / "x.npz")
        self.assertEqual(loaded.stage, stage)
        start = checkpoint.starting_config(self.folder / "x.npz")
        self.assertEqual(start.growing.initial_resolution, 8)

    @pytest.mark.slow
    def test_another_network_is_not_overwritten(self):
        snapshot = stylegan_tf.load(support.GOLDEN / _ADA)
        import_directory.write(snapshot, self.folder)  # empty
        import_directory.write(snapshot, self.folder)  # the same
        snapshot.provenance["sha256"] = "another"
        with self.assertRaisesRegex(FileExistsError, "another network, .*k6a"):
            import_directory.write(snapshot, self.folder)
        (self.folder / "snapshot.json").unlink()
        with self.assertRaisesRegex(FileExistsError, "something else"):
            import_directory.write(snapshot, self.folder)
        self.assertEmpty(list(self.folder.parent.glob(".*tmp")))

    @parameterized.parameters("x.pkl", "x.pt", "x.npz", "x.keras", "x.h5")
    def test_a_damaged_file_is_named(self, name):
        (self.folder / "config.json").write_text(
            config_lib.to_json(support.small_config())
        )
        path = self.folder / name
        path.write_bytes(b"PK\3\4 and no more")
        with self.assertRaisesRegex(ValueError, f"{path} can not be read"):
            stylegan_tf.load(path)

    @pytest.mark.slow
    def test_a_keras_file_of_another_class_is_refused(self):
        snapshot = stylegan_tf.load(support.GOLDEN / _ADA)
        path = self.folder / "x.keras"
        snapshot.discriminator.save(path)
        with self.assertRaisesRegex(ValueError, "of the class Discriminator"):
            stylegan_tf.load(path)

    def test_a_typo_is_answered_with_the_closest_name(self):
        message = "Did you mean `stylegan2-ffhq-config-f`.*Accepted are"
        with self.assertRaisesRegex(FileNotFoundError, message):
            stylegan_tf.load("stylegan2-fhq-config-f")

    def test_an_npz_that_is_none_of_ours_is_refused(self):
        path = self.folder / "x.npz"
        np.savez(path, x=np.zeros(3))
        with self.assertRaisesRegex(ValueError, "none that .*meta_json"):
            stylegan_tf.load(path)
        np.savez(path, x=np.array([None]))
        with self.assertRaisesRegex(ValueError, "none that .*pickle"):
            stylegan_tf.load(path)
        np.savez_compressed(path, x=np.zeros(10_000_000))
        with self.assertRaisesRegex(ValueError, "would unpack to 80000128"):
            stylegan_tf.load(path)

    def test_a_file_of_a_newer_version_says_so(self):
        config = support.small_config()
        snapshot = checkpoint.Snapshot(
            path=self.folder,
            config=config,
            images_seen=0,
            ema_generator=build.generator(config),
        )
        newer = {**config_lib.to_dict(config), "future_field": 1}
        snapshot.ema_generator.save_weights(self.folder / "x.weights.h5")
        (self.folder / "config.json").write_text(json.dumps(newer))
        with mock.patch.object(config_lib, "to_dict", lambda config: newer):
            npz_files.write(snapshot, self.folder / "x.npz")
            snapshot.ema_generator.save(self.folder / "x.keras")
        for name in ("x.npz", "x.keras", "x.weights.h5"):
            with self.assertRaisesRegex(
                ValueError,
                f"^{self.folder}/{name} can not be read.*"
                "`future_field`.*from a newer version of stylegan_tf",
            ):
                stylegan_tf.load(self.folder / name)

    @pytest.mark.slow
    def test_a_weights_file_of_another_network_is_refused(self):
        snapshot = stylegan_tf.load(support.GOLDEN / _ADA)
        path = self.folder / "x.weights.h5"
        snapshot.ema_generator.save_weights(path)
        (self.folder / "config.json").write_text(
            config_lib.to_json(support.small_config())
        )
        with self.assertRaisesRegex(ValueError, "another network"):
            stylegan_tf.load(path)


if __name__ == "__main__":
    tf.test.main()
